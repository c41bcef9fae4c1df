"""Where things stand at the network's end: the last lane, the table again, its scores and their shares.

The table's right side, a page a column and a token a row, is folded out into the wall, a page a row and a
token a column. The floor before the wall has the same columns. Knows no manim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np

from llmtrace.trace import Array

WIDE = 16.0  # of the stream's channels
PAGE = 0.16  # from page to page of the table, at most
LANE = -3.0  # where the last norm stands
ROAD = -16.0  # where the stream is seen from
APART = 3.2  # the wall from the table
LONG, HIGH, DEEP = 30.0, 10.0, 12.5  # the wall's length and height, and how far the floor reaches
THICK = 0.14
TOWER = 8.2  # the height of one for the share that fills it (`bars.full`)
STOUT = 0.55  # the widest that a tower is
LIFT = 2.0  # that the drawn one rises
BANDS = 11  # in which the scores come

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class ExitPlan:
    """Measures of the exit of a model, for a number of tokens."""

    tokens: int
    width: int
    vocabulary: int

    @property
    def pages(self) -> int:
        return ceil(self.vocabulary / self.width)

    @property
    def lane(self) -> float:
        """Of a token in the stream."""
        return min(1.6, max(0.2, 8 / self.tokens))

    @property
    def back(self) -> float:
        """The far side of the stream; the lanes lie around 0."""
        return -self.lane * self.tokens / 2

    @property
    def front(self) -> float:
        """The face of the table."""
        return self.back - 1.0

    @property
    def page(self) -> float:
        """From page to page of the table, which is no deeper than it is wide."""
        return min(PAGE, WIDE / self.pages)

    @property
    def thick(self) -> float:
        """The table's depth."""
        return self.pages * self.page

    @property
    def left(self) -> float:
        """The left end of the wall."""
        return WIDE + APART

    @property
    def wall(self) -> float:
        """The face of the wall."""
        return self.front - self.thick

    @property
    def near(self) -> float:
        """The far end of the floor."""
        return self.wall + 0.4

    @property
    def cell(self) -> tuple[float, float]:
        """Of a token on the floor: along its row, and from page to page."""
        return LONG / self.width, DEEP / self.pages

    def place(self, token: int) -> tuple[float, float]:
        """The middle of a token's cell, x and z."""
        page, row = divmod(token, self.width)
        across, away = self.cell
        return self.left + (row + 0.5) * across, self.near + (page + 0.5) * away

    def bands(self) -> list[tuple[int, int]]:
        """Pages from one up to another, that come together."""
        edges = np.linspace(0, self.pages, min(BANDS, self.pages) + 1).round().astype(int).tolist()
        return list(pairwise(edges))

    def folded(self, values: Array) -> Array:
        """Tokens from the first of a page on → (page, row); what is missing of the last page is no cell."""
        room = -len(values) % self.width
        padded = np.pad(values.astype(np.float32), (0, room), constant_values=np.nan)
        return padded.reshape(-1, self.width)

    def stout(self, tokens: Sequence[int]) -> list[float]:
        """How wide each of these tokens' towers is: no wider than its cell's nearness to others' allows."""
        _, away = self.cell
        made = []
        for token in tokens:
            x, z = self.place(token)
            beside = [abs(self.place(other)[0] - x) for other in tokens if other != token]
            level = [abs(self.place(other)[1] - z) < 0.9 * away for other in tokens if other != token]
            near = [gap for gap, same in zip(beside, level, strict=True) if same]
            made.append(min([STOUT, *(0.9 * gap for gap in near)]))
        return made
