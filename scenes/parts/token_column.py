"""The prompt's tokens below each other, each with room beside it for what belongs to it."""

from __future__ import annotations

from manim import VGroup

from scenes.focus import shown_positions, token
from scenes.parts.chips import Chip, column, gap, longest_in
from scenes.reading import Reader

ROWS = 7  # tokens that are shown below each other
PITCH = 0.7
LEAST = 0.7  # what a column of wide tokens may be scaled to


def token_column(read: Reader, right: float, y: float, room: float) -> tuple[VGroup, dict[int, Chip]]:
    """The tokens as chips below each other, `room` wide, with a mark for those left out of a long prompt.

    Returns all of it, and the chips by position.
    """
    positions, left_out = shown_positions(read, ROWS)
    chips = {i: Chip(token(read, i).token(), longest=longest_in(room / LEAST)) for i in positions}
    wide = max(chip.width for chip in chips.values())
    for chip in chips.values():
        chip.scale(min(1.0, room / wide))
    things: list[VGroup] = list(chips.values())
    if left_out:
        things.insert(1, gap(left_out, read.locale))
    return column(things, right, y + (len(things) - 1) * PITCH / 2, PITCH), chips
