"""Captions cut to what can be read at a time, measured as they are drawn.

Elsewhere captions are counted in characters; a character that no font has is drawn as its code point, seven
letters wide. Such a caption is shown in parts, one after the other, not in letters of a few pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from renders.shot import BurnedCaption
from scenes import style
from scenes.parts.label import broken, words

SIZE = 32.0  # of the letters, in the units of style.TEXT_SIZE
WIDTH = style.RIGHT - style.LEFT  # of a line, in manim's units
SPACE = 0.17  # between two words
LINES = 2  # that the band below the picture has room for
LEAST = 0.8  # of `SIZE`: a line that fits when it is so small is not cut

_Word = tuple[str, int]  # as it is drawn, and the frame on which it is spoken


def pages(caption: BurnedCaption, wide: float = WIDTH, most: int = LINES) -> list[BurnedCaption]:
    """The caption as it is or, where it would have to be too small, parts of it that share its time.

    `wide`: of a line, in manim's units; `most`: how many lines there is room for.
    """
    if len(caption.lines) <= most and all(width(line) * LEAST <= wide for line in caption.lines):
        return [caption]
    lines = list(_filled(list(_fitting(caption, wide)), wide))
    parts = [lines[place : place + most] for place in range(0, len(lines), most)]
    widths = [sum(width([text for text, _ in line]) for line in part) for part in parts]
    ends = [
        caption.start + round((caption.end - caption.start) * done / sum(widths))
        for done in accumulate(widths, initial=0.0)
    ]
    return [
        BurnedCaption(
            start,
            end,
            tuple(tuple(text for text, _ in line) for line in part),
            tuple(min(max(begin, start), end) for line in part for _, begin in line),
        )
        for part, start, end in zip(parts, ends, ends[1:], strict=False)
        if start < end
    ]


def width(line: Sequence[str]) -> float:
    """Of a line of words, in manim's units."""
    return sum(map(_width, line)) + SPACE * (len(line) - 1)


@lru_cache(maxsize=4000)
def _width(text: str) -> float:
    return float(words(text, SIZE).width)


def _fitting(caption: BurnedCaption, wide: float) -> Iterator[_Word]:
    """The words, those wider than a line in pieces that share the word's time."""
    texts = [text for line in caption.lines for text in line]
    for text, begin, until in zip(texts, caption.begins, [*caption.begins[1:], caption.end], strict=True):
        pieces = broken(text, SIZE, wide)
        widths = list(accumulate(map(_width, pieces), initial=0.0))
        for piece, before in zip(pieces, widths, strict=False):
            yield piece, begin + round((until - begin) * before / max(widths[-1], 1e-6))


def _filled(parts: Sequence[_Word], wide: float) -> Iterator[list[_Word]]:
    """Lines of as many words as fit."""
    line: list[_Word] = []
    for part in parts:
        if line and width([text for text, _ in [*line, part]]) > wide:
            yield line
            line = []
        line.append(part)
    yield line
