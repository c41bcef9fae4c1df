"""Texts that are made to be pasted and uploaded elsewhere, written again and compared with what is there."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from renders.check.words import other_word, when_shown
from renders.edition.edition import Edition
from renders.publish import post, youtube
from renders.publish.captions import captions
from renders.publish.card import CARD, OEMBED, oembed
from renders.publish.kinds import is_pack
from renders.publish.numbers import NUMBERS, table
from renders.publish.products import writers
from renders.store import layout

ARTICLE, PACK = layout.ARTICLES[1], "youtube"  # a file, and the folder of what is pasted into YouTube
_PACKED = (layout.TITLE, layout.DESCRIPTION, layout.SRT)


def wrong_texts(path: Path, edition: Edition, unproved: list[str]) -> Iterator[str]:
    """What is wrong with the texts at a path: a lesson's folder, with those in it, or one of them.

    Adds to `unproved` those that another version wrote, when at least their numbers are the same.
    """
    same_code = edition.manifest.writers == writers()
    for file in _files(path):
        found = file.read_text(encoding="utf-8", errors="replace")
        meant = _again(file.name, found, edition)
        if found.split() == meant.split():
            continue
        where = f"{file.parent.name}/{file.name}"
        if same_code or re.findall(r"\d+", found) != re.findall(r"\d+", meant):
            says, right = _difference(found, meant, numbers=not same_code)
            yield f"{where}, {_place(found, meant)}: says {says!r}, the lesson says {right!r}"
        else:
            unproved.append(f"{where}: another version wrote it: its numbers alone are compared")


def _files(path: Path) -> Iterator[Path]:
    pack, article = path / PACK, path / "post" / ARTICLE
    if is_pack(path):
        pack = path
    elif not path.is_dir():
        article = path.with_name(ARTICLE)
    texts = (*(pack / name for name in _PACKED), article, path / NUMBERS, path / OEMBED)
    yield from (file for file in texts if file.is_file())


def _again(name: str, found: str, edition: Edition) -> str:
    """The text of a name; where the page will be stands only in the one that was `found`."""
    if name == layout.TITLE:
        return youtube.title(edition)
    if name == layout.DESCRIPTION:
        return youtube.description(edition)
    if name == NUMBERS:
        return table(edition)
    if name == OEMBED:
        address = re.search(rf'"thumbnail_url": "([^"]*){re.escape(CARD)}"', found)
        return oembed(edition, address[1] if address else "")
    if name == ARTICLE:
        return post.markdown(edition)
    with tempfile.TemporaryDirectory(prefix="llm-lesson-") as place:
        captions(edition, Path(place))
        return (Path(place) / name).read_text(encoding="utf-8")


def _difference(found: str, meant: str, *, numbers: bool) -> tuple[str, str]:
    """The first words that differ; of texts that are worded otherwise, the first numbers."""
    if numbers:
        found, meant = (" ".join(re.findall(r"\d+", text)) for text in (found, meant))
    return other_word(found, meant)


def _place(found: str, meant: str) -> str:
    """The line in which two texts first differ, and when it is shown, where it is a caption."""
    lines = found.splitlines()
    both = enumerate(zip_longest(lines, meant.splitlines()), 1)
    line = next((number for number, (one, other) in both if one != other), 0)
    return ", ".join(filter(None, (f"line {line}", when_shown("\n".join(lines[:line])))))
