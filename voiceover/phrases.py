"""A text's smallest parts for the eye, and when each is spoken: what captions are cut into."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from voiceover.languages import WORDINGS
from voiceover.plain import plain_text, visible
from voiceover.rewriting import Span
from voiceover.timing import TimedText

__all__ = ["LINE", "Unit", "pieces_of", "units_of"]

LINE = 42
"""Characters a line."""
_OPENING = tuple("‘“„([")


@dataclass(frozen=True)
class Unit:
    """The smallest part of a text that is never cut: a word, or words that belong together such as "37 %"."""

    text: str
    start: float  # seconds
    end: float
    cost: float  # of ending a cue after it: 0 at the end of a sentence


def units_of(timed: TimedText, at: float, end: float) -> list[Unit]:
    """The parts of a text whose speech begins `at` seconds, none of which ends after `end`."""
    pieces = pieces_of(timed)
    texts = [plain_text(timed.text[first:last]) for first, last in pieces]
    times = _times(timed, pieces, at, end)
    costs = [_cost(a, b, timed.language) for a, b in pairwise([*texts, "."])]
    return [Unit(text, *time, cost) for text, time, cost in zip(texts, times, costs, strict=True)]


def _cost(text: str, following: str, language: str) -> float:
    last = text.rstrip("’”“\"')]»")[-1:]
    if last in tuple(".!?"):
        return 0.0
    if last in tuple(";:"):
        return 0.4
    if last in tuple(",…—–"):
        return 0.8
    return 2.0 if following.lower() in WORDINGS[language].joining else 4.0


def pieces_of(timed: TimedText) -> list[Span]:
    """The text's words, in characters of it; those that belong together are one, as far as a line holds."""
    text, inside = timed.text, set[int]()  # characters that a spoken word goes on after
    for word in timed.words:
        inside.update(range(word.written[0] + 1, word.written[1]))
    pieces: list[Span] = []
    for first, last in _words(text):
        if pieces:
            start, stop = pieces[-1]
            said_as_one = not inside.isdisjoint(range(stop, first + 1))
            if last - start <= LINE and (said_as_one or _belong(text[start:stop], text[first:last])):
                pieces[-1] = (start, last)
                continue
        pieces += _broken(text, first, last)
    return pieces


def _words(text: str) -> Iterator[Span]:
    """What stands between spaces and control characters."""
    edges = [index for index, (a, b) in enumerate(pairwise(f" {text} ")) if visible(a) != visible(b)]
    yield from zip(edges[::2], edges[1::2], strict=True)


def _belong(one: str, other: str) -> bool:
    """Whether a line never ends between two words: "37 %", "− 1", "‘ be’"."""
    if one.rpartition(" ")[2] in _OPENING:
        return True
    return (one[-1].isdigit() and other[0] == "%") or (one[-1] in "−±≈√#" and other[0].isdigit())


def _broken(text: str, first: int, last: int) -> Iterator[Span]:
    """A word longer than a line, in pieces of a line; no mark is cut from its letter."""
    while last - first > LINE:
        cut = first + LINE
        while cut > first + 1 and unicodedata.category(text[cut])[0] == "M":
            cut -= 1
        yield first, cut
        first = cut
    yield first, last


def _times(timed: TimedText, pieces: Sequence[Span], at: float, end: float) -> list[tuple[float, float]]:
    """(start, end) of each piece. One without a spoken word shares the time of the spoken one before it."""
    spoken = _spoken(timed, pieces, at, end)
    times: list[tuple[float, float]] = []
    for number, (_, start, stop) in enumerate(spoken):
        after, limit = spoken[number + 1][:2] if number + 1 < len(spoken) else (len(pieces), end)
        group = pieces[len(times) : after]
        times += [(start, stop)] if len(group) == 1 else _shared(group, start if times else at, limit)
    return times or _shared(pieces, at, end)


def _spoken(
    timed: TimedText, pieces: Sequence[Span], at: float, end: float
) -> list[tuple[int, float, float]]:
    """The pieces in which a spoken word begins: which, and when their words begin and end."""
    found: list[tuple[int, float, float]] = []
    words = list(timed.words)
    for index, (_, last) in enumerate(pieces):
        own = [word for word in words if word.written[0] < last]
        if own:
            words = words[len(own) :]
            begin = min(max(at + own[0].start, found[-1][2] if found else at), end)
            found.append((index, begin, min(max(begin, at + own[-1].end), end)))
    return found


def _shared(pieces: Sequence[Span], start: float, end: float) -> list[tuple[float, float]]:
    """A stretch of time shared out by length."""
    edges = np.cumsum([0, *(last - first for first, last in pieces)])
    points = start + (end - start) * edges / max(1, edges[-1])
    return [(float(a), float(b)) for a, b in pairwise(points)]
