"""A lesson's words, one file for each language: what is said, and what stands on screen.

The language of a lesson is set once, around all that is written or drawn:

    with told_in("de"):
        lesson = write_lesson(trace)

A new language is a new file like `en.py`, a line in `LANGUAGES`, and its numbers and symbols in
`voiceover.languages`. Imports no manim.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from string import Formatter
from typing import TypeVar

from scenes.catalogue.base import Catalogue
from scenes.catalogue.de import DE
from scenes.catalogue.en import EN

__all__ = ["LANGUAGES", "Catalogue", "catalogue", "label", "line", "told_in"]

LANGUAGES: dict[str, Catalogue] = {one.language: one for one in (EN, DE)}

_current: ContextVar[Catalogue] = ContextVar("catalogue", default=EN)
_Part = TypeVar("_Part")


def catalogue() -> Catalogue:
    """The words of the language that is set; English where none is."""
    return _current.get()


@contextmanager
def told_in(language: str, *, heard: bool = False) -> Iterator[None]:
    """Everything that is written and drawn inside is in this language, a key of `LANGUAGES`.

    With `heard`, beats are told as to one who sees no picture.
    """
    words = LANGUAGES[language]
    token = _current.set(replace(words, beats=words.heard) if heard else words)
    try:
        yield
    finally:
        _current.reset(token)


def label(key: str) -> str:
    """Words on screen that hold no number."""
    return catalogue().labels[key]


def line(key: str, **readings: _Part) -> list[str | _Part]:
    """Words on screen with readings among them, in the language's order."""
    parts: list[str | _Part] = []
    for literal, field, _, _ in Formatter().parse(label(key)):
        parts += [literal] * bool(literal) + [readings[name] for name in (field,) if name]
    return parts
