"""The prompt's tokens as the names of rows, with a row for those that are left out."""

from __future__ import annotations

from collections.abc import Callable

from manim import RIGHT, VGroup

from scenes import style
from scenes.focus import token
from scenes.parts.chips import chip_label, gap
from scenes.reading import Reader, Reading

LONGEST = 9  # characters of a name


def row_count(shown: tuple[list[int], Reading | None]) -> int:
    """How many rows `token_rows` fills."""
    positions, hidden = shown
    return len(positions) + (hidden is not None)


def token_rows(
    read: Reader,
    shown: tuple[list[int], Reading | None],
    right: float,
    height: Callable[[int], float],
    size: float = style.LABEL_SIZE,
    lit: int | None = None,
) -> tuple[VGroup, dict[int, float]]:
    """The names, which end at `right`, and the height of each position's row.

    `shown` is what `shown_positions` gives; `height` tells a row's from its number; `lit` is the position
    that asks.
    """
    positions, hidden = shown
    names, heights = VGroup(), dict[int, float]()
    for place, position in enumerate(positions):
        y = height(place + (hidden is not None and place > 0))
        hue = style.QUERY if position == lit else style.INK
        name = chip_label(token(read, position).token(), size, hue, LONGEST)
        names.add(name.move_to((right, y, 0), aligned_edge=RIGHT))
        heights[position] = y
    if hidden is not None:
        names.add(gap(hidden, read.locale).move_to((right, height(1), 0), aligned_edge=RIGHT))
    return names, heights
