"""What is said, cut for a page: sentences, their words with times, and the readings among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from renders.edition.edition import Edition
from renders.edition.manifest import EditionBeat, TimedWord
from renders.edition.rows import Row
from scenes.reading import Reading
from voiceover.plain import plain_text

_ENDS = re.compile(r"[.?!…][”’“»\"')\]]*$")  # how the last word of a sentence ends


@dataclass(frozen=True)
class Piece:
    """A word, or the part of one that is a reading or none; `space`: it stands apart from the one before."""

    text: str
    word: int  # which word of the sentence it is, or is a part of
    space: bool


@dataclass(frozen=True)
class Run:
    """Pieces that are all of one reading, or of none."""

    pieces: tuple[Piece, ...]
    reading: Reading | None


@dataclass(frozen=True)
class Sentence:
    """What has a time to go to; times in seconds of the whole lesson."""

    start: float
    end: float
    runs: tuple[Run, ...]
    words: tuple[TimedWord, ...]

    @property
    def spoken(self) -> Iterator[tuple[Reading, float, float]]:
        """Its readings, and when each is said."""
        for run in self.runs:
            if run.reading:
                first, last = run.pieces[0].word, run.pieces[-1].word
                yield run.reading, self.words[first].start, self.words[last].end


def sentences(edition: Edition, chapter: str, beat: EditionBeat) -> list[Sentence]:
    """The sentences of a beat; one for all of it where the times of its words are not known."""
    words = [word for caption in beat.captions for word in caption.words]
    if not words:
        words = [TimedWord(plain_text(beat.text), beat.words_from, beat.words_to)]
    readings = [
        reading_of(row)
        for row in edition.rows
        if row.where == "speech" and (row.chapter, row.beat) == (chapter, beat.name) and row.text
    ]
    found = _found(" ".join(word.text for word in words), readings)
    parts, at = list[Sentence](), 0
    for group in _grouped(words):
        length = sum(len(word.text) + 1 for word in group)
        own = [(a - at, b - at, one) for a, b, one in found if at <= a and b <= at + length]
        parts.append(Sentence(group[0].start, group[-1].end, tuple(_runs(group, own)), tuple(group)))
        at += length
    return parts


def reading_of(row: Row) -> Reading:
    """A row of a text as the reading that it was made of."""
    index = tuple(i for i in row.index if isinstance(i, int))
    return Reading(row.text or "", row.tensor, index, row.how, row.form)


def runs_of(text: str, readings: Sequence[Reading]) -> tuple[Run, ...]:
    """A text of one line, cut at its readings."""
    words = [TimedWord(word, 0.0, 0.0) for word in text.split()]
    return tuple(_runs(words, _found(" ".join(word.text for word in words), readings)))


def _grouped(words: Sequence[TimedWord]) -> Iterator[list[TimedWord]]:
    group: list[TimedWord] = []
    for word in words:
        group.append(word)
        if _ENDS.search(word.text):
            yield group
            group = []
    if group:
        yield group


def _found(text: str, readings: Sequence[Reading]) -> list[tuple[int, int, Reading]]:
    """Where each reading stands in a text, in characters of it; the longest are looked for first."""
    found: list[tuple[int, int, Reading]] = []
    for reading in sorted(readings, key=lambda one: len(one.text), reverse=True):
        wanted = plain_text(reading.text)
        start = text.find(wanted) if wanted else -1
        while start >= 0:
            end = start + len(wanted)
            free = all(end <= a or b <= start for a, b, _ in found)
            if free and not _within_number(text, start, end):
                found.append((start, end, reading))
                break
            start = text.find(wanted, start + 1)
    return sorted(found, key=lambda one: one[0])


def _within_number(text: str, start: int, end: int) -> bool:
    """Whether what stands there is a part of something longer: the 3 of 0.37, or of 3rd."""
    before, after = text[:start][-1:], text[end:]
    more = bool(re.match(r"\w|[.,]\d", after))
    return more or before.isalnum() or (before in tuple(".,−") and text[start].isdigit())


def _runs(words: Sequence[TimedWord], found: Sequence[tuple[int, int, Reading]]) -> Iterator[Run]:
    edges = sorted({0, *(place for a, b, _ in found for place in (a, b)), 10**9})
    spans, at = list[tuple[int, int]](), 0
    for word in words:
        spans.append((at, at + len(word.text)))
        at += len(word.text) + 1
    for first, last in pairwise(edges):
        reading = next((one for a, b, one in found if (a, b) == (first, last)), None)
        pieces = []
        for number, (a, b) in enumerate(spans):
            start, end = max(a, first), min(b, last)
            if start < end:
                text = words[number].text[start - a : end - a]
                pieces.append(Piece(text, number, space=start == a and number > 0))
        if pieces:
            yield Run(tuple(pieces), reading)
