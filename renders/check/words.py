"""Every number that was shown or said, read again from the trace and formatted again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from renders.edition.edition import Edition
from renders.edition.manifest import EditionBeat
from renders.edition.rows import Row
from renders.terminal import clock
from scenes.reading import Reader, slice_of
from scenes.template import without_names
from voiceover.plain import plain_text

_SLACK = 1e-3  # seconds: times in the file are not rounded, those of format 1 are sums


def named(chapter: str, beat: str, seconds: float) -> str:
    """Where something is wrong: chapter, beat, and when in the lesson."""
    return f"{chapter}, {beat} at {clock(seconds)}"


def wrong_rows(edition: Edition) -> Iterator[str]:
    """The rows that the trace does not bear out, or whose times are not their beat's."""
    beats = {(chapter.name, beat.name): beat for chapter, beat in edition.manifest.beats}
    read = Reader(edition.trace, edition.locale)
    for row in edition.rows:
        beat = beats.get((row.chapter, row.beat or ""))
        if beat is None and row.where != "cover":
            yield f"{row.chapter}, {row.beat}: has a reading, and the lesson has no such beat"
            continue
        where = named(row.chapter, beat.name, beat.start + row.start) if beat else "cover"
        if edition.manifest.format > 1 and beat and row.end > beat.end - beat.start + _SLACK:
            yield f"{where}: {row.tensor} is there until {row.end:.3f} s, and the beat is over before"
        if line := wrong_row(read, row):
            yield f"{where}: {row.tensor}{list(row.index)}: {line}"


def wrong_row(read: Reader, row: Row) -> str | None:
    """What is wrong with one row, or None."""
    try:
        if row.sha256 is not None:
            same = slice_of(read.trace, row.tensor, *row.index).digest == row.sha256
            return None if same else "other values were drawn than the trace has"
        index = tuple(i for i in row.index if isinstance(i, int))
        text = read.again(row.tensor, index, row.how, row.form)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return f"cannot be read again ({error!r})"
    return None if text == row.text else f"shown as {row.text!r}, the trace says {text!r}"


def wrong_words(edition: Edition) -> Iterator[str]:
    """Beats with a number in their words that is no reading, or with captions that say something else."""
    said: dict[tuple[str, str | None], list[str]] = {}
    for row in edition.rows:
        if row.where == "speech" and row.text is not None:
            said.setdefault((row.chapter, row.beat), []).append(row.text)
    for chapter, beat in edition.manifest.beats:
        where = named(chapter.name, beat.name, beat.start)
        if number := number_without_reading(beat.text, said.get((chapter.name, beat.name), [])):
            yield f"{where}: {number} is said, and no reading has it"
        yield from (f"{where}: {line}" for line in _wrong_captions(beat))


def number_without_reading(text: str, readings: Iterable[str]) -> str | None:
    """The first number in a text that stands in none of these readings' texts."""
    for reading in sorted(readings, key=len, reverse=True):
        text = text.replace(reading, " ")
    found = re.search(r"\d+", without_names(text))
    return found[0] if found else None


def _wrong_captions(beat: EditionBeat) -> Iterator[str]:
    shown = " ".join(caption.text for caption in beat.captions)
    if beat.captions and _letters(shown) != _letters(plain_text(beat.text)):
        yield "its captions do not say its words"
    for caption in beat.captions:
        if _letters(" ".join(word.text for word in caption.words)) != _letters(caption.text):
            yield f"the words of a caption are not those that it shows: {caption.text!r}"
        if not beat.start - _SLACK <= caption.start <= caption.end <= beat.end + _SLACK:
            yield f"a caption is not within its beat: {caption.text!r}"


def _letters(text: str) -> str:
    return "".join(text.split())


def other_word(found: str, meant: str) -> tuple[str, str]:
    """The first words of two texts that differ."""
    for one, other in zip_longest(found.split(), meant.split(), fillvalue="nothing more"):
        if one != other:
            return one, other
    return "other spaces", "its own"


def when_shown(before: str) -> str:
    """When a caption is shown, by the text up to it; "" where that has no times."""
    times = re.findall(r"^(\d\d:\d\d:\d\d)[.,]\d+ -->", before, re.MULTILINE)
    return f"at {times[-1].lstrip('0:') or '0'}" if times else ""
