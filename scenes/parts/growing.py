"""The sentence across the top of a picture, as it grows by the tokens that the model adds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from manim import RIGHT, VGroup

from scenes import style
from scenes.focus import shown_positions, token
from scenes.parts.chips import LONGEST, Blank, Chip, gap
from scenes.reading import Reader

LINE = 12.6  # the widest that the sentence may be
LEAST = 0.81  # of its size: what it may be scaled down to and still be read
SPACE = 0.12  # between its tokens
SHORTER = ((7, LONGEST), (7, 9), (4, 9), (4, 7))  # places for the prompt, characters of a token
PROMPT_GAP, ADDED_GAP = -1, -2  # where a count stands for tokens of the prompt, and for added ones


def sentence_line(
    read: Reader, upto: int, size: float = style.LABEL_SIZE, reserve: float = 0.0
) -> tuple[dict[int, VGroup], Blank]:
    """The first `upto` tokens as chips by their positions, and a blank after them, across the top.

    Where the sentence, with all that it is to grow by, would be too small to read, its tokens lose letters;
    where that is not enough, a count stands for the first of the added ones. `reserve` is room to keep free
    on the right.
    """
    length, steps = read.trace.length, int(read.trace["generated.token"].shape[0])
    blank = Blank(size)
    mark = _added_gap(read, steps).width + SPACE
    for places, longest in SHORTER:
        prompt = _prompt(read, size, places, longest)
        added = [_chip(read, position, size, longest) for position in range(length, length + steps)]
        room = LINE / LEAST - _span(prompt.values()) - blank.width
        shown = _newest([_span([chip]) for chip in added], room, mark)
        if shown == steps:
            break
    hidden = max(0, upto - length - shown)
    chips = prompt | ({ADDED_GAP: _added_gap(read, hidden)} if hidden else {})
    chips |= {position: added[position - length] for position in range(length + hidden, upto)}
    row = VGroup(*chips.values(), blank).arrange(RIGHT, buff=SPACE)
    if row.width + reserve > LINE:
        row.scale((LINE - reserve) / row.width)
    row.move_to((min(0.0, (LINE - row.width) / 2 - reserve), 2.25, 0))
    return chips, blank


def _prompt(read: Reader, size: float, places: int, longest: int) -> dict[int, VGroup]:
    positions, left_out = shown_positions(read, places)
    chips: dict[int, VGroup] = {i: _chip(read, i, size, longest) for i in positions}
    if left_out is None:
        return chips
    first = positions[0]
    return {first: chips.pop(first), PROMPT_GAP: gap(left_out, read.locale), **chips}


def _chip(read: Reader, position: int, size: float, longest: int) -> VGroup:
    return Chip(token(read, position).token(), size, longest=longest)


def _added_gap(read: Reader, hidden: int) -> VGroup:
    return gap(read("generated.token", 0, hidden, how="span").integer(), read.locale)


def _span(chips: Iterable[VGroup]) -> float:
    return float(sum(chip.width + SPACE for chip in chips))


def _newest(widths: Sequence[float], room: float, mark: float) -> int:
    """How many added tokens fit at any time, with a mark for those before them unless all fit."""
    for count in range(len(widths), 1, -1):
        widest = max(sum(widths[i : i + count]) for i in range(len(widths) - count + 1))
        if widest + mark * (count < len(widths)) <= room:
            return count
    return 1
