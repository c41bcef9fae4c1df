"""The form of our texts: words, with places for what is read from a trace.

    Their {*dot}dot product scores the match: {*pair}{query} with {key} gets {*score}{score}.
    We ask {model}: a GPT-2 of {blocks} {blocks:block|blocks}.

`{query}` is a reading, `{query!d}` one in the dative and `{query!a}` one in the accusative, where it names
a token rather than quotes it: "einem Komma". `{*dot}` says nothing: it is a cue, which names the word after
it for the picture to wait for. `{blocks:block|blocks}` is the word for as many as the reading says, with a
form for each of the language's plural categories, in the order of Unicode's CLDR. `{{` and `}}` are braces.
No text holds a number of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter

NAMES = ("GPT-2", "GPT-3", "3Blue1Brown")  # that have digits in them
CASES = {"a": "accusative", "d": "dative"}


@dataclass(frozen=True)
class Field:
    """A place for a reading, perhaps in a grammatical case; with `forms`, for the word for as many."""

    name: str
    forms: tuple[str, ...] = ()
    case: str = ""


@dataclass(frozen=True)
class CuePoint:
    """Names the word after it."""

    name: str


def parsed(template: str) -> Iterator[str | Field | CuePoint]:
    """A template's parts in their order; raises `ValueError` where a brace is not closed."""
    for literal, name, forms, case in Formatter().parse(template):
        if literal:
            yield literal
        if name is None:
            continue
        if name.startswith("*"):
            yield CuePoint(name[1:])
        else:
            yield Field(name, tuple(forms.split("|")) if forms else (), _case(name, case))


def _case(name: str, sign: str | None) -> str:
    if sign and sign not in CASES:
        raise ValueError(f"{{{name}!{sign}}} is in no case; there are !{', !'.join(CASES)}")
    return CASES[sign] if sign else ""


def fields(template: str) -> set[str]:
    return {part.name for part in parsed(template) if isinstance(part, Field)}


def cue_points(template: str) -> set[str]:
    return {part.name for part in parsed(template) if isinstance(part, CuePoint)}


def own_number(template: str) -> bool:
    """Whether a text holds a digit that is no reading's."""
    return any(char.isdigit() for char in without_names(template))


def without_names(text: str) -> str:
    """A text without the names that have digits in them: none of these is a number."""
    for name in NAMES:
        text = text.replace(name, "")
    return text
