"""Rows for a prompt's tokens, one below the other, as tall as fits; and a token's name beside its row."""

from __future__ import annotations

from manim import RIGHT, VGroup

from scenes.focus import shown_positions, token
from scenes.page import Region
from scenes.parts.chips import Chip, chip_label, gap
from scenes.reading import Reader

THINNEST = 17.8  # the type of a name in a long prompt
_BOXED = 0.55  # the pitch from which a name has a box
_SIZE = 34.0


class RowPlaces:
    """Where the rows of at most `most` tokens stand in a region: `heights` by position, `pitch` apart."""

    def __init__(self, read: Reader, region: Region, most: int = 20, tallest: float = 1.55) -> None:
        positions, self.hidden = shown_positions(read, most)
        count = len(positions) + (self.hidden is not None)
        self.pitch = min(tallest, region.height / count)
        first = region.point()[1] + (count / 2 - 0.5) * self.pitch
        after = {
            position: place + (self.hidden is not None and place > 0)
            for place, position in enumerate(positions)
        }
        self.heights = {position: first - row * self.pitch for position, row in after.items()}
        self._read, self._second = read, first - self.pitch

    def names(self, right: float, room: float) -> dict[int, VGroup]:
        """The tokens' names by position; they end at `right`."""
        return {
            position: row_name(self._read, position, self.pitch, room).move_to(
                (right, y, 0), aligned_edge=RIGHT
            )
            for position, y in self.heights.items()
        }

    def mark(self, right: float) -> VGroup:
        """What stands in the second row for the tokens that are left out; empty where none is."""
        if self.hidden is None:
            return VGroup()
        words = gap(self.hidden, self._read.locale, THINNEST)
        return words.move_to((right, self._second, 0), aligned_edge=RIGHT)


def row_name(read: Reader, position: int, pitch: float, room: float) -> VGroup:
    """A row's token in its box, or without one where rows are thin; at most `room` wide."""
    reading = token(read, position).token()
    if pitch < _BOXED:
        name = VGroup(chip_label(reading, max(THINNEST, 60 * pitch), longest=14))
    else:
        name = Chip(reading, min(_SIZE, _SIZE * pitch), longest=12)
    return name.scale(min(1.0, room / name.width))
