"""The page that a picture is laid out on: regions, and `fit`, instead of coordinates.

    TITLE ───────────────────
    MAIN            │  SIDE          BODY is both together
    FOOT ────────────────────

    fit(grid, MAIN)                      # in its middle, smaller where it would not fit
    fit(legend, FOOT, DOWN + LEFT)       # in its lower left corner
    for panel, place in zip(panels, BODY.columns(3)):
        fit(panel, place, UP)            # side by side, at the top of each third

The chapter's title stands in TITLE, and in FOOT the scale of its colours and which tensors it was read
from. What a chapter is about fills MAIN, with its formula and its number beside it, or all of BODY.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from manim import ORIGIN, Mobject

from scenes import style

_Fitted = TypeVar("_Fitted", bound=Mobject)


@dataclass(frozen=True)
class Region:
    """A part of the page, by its edges in manim's units."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def point(self, direction: Any = ORIGIN) -> npt.NDArray[np.float64]:
        """The middle, or that of an edge, or a corner: `point(UP)`, `point(DOWN + LEFT)`."""
        x, y = np.sign(np.asarray(direction)[:2])
        middle = (self.left + self.right) / 2, (self.bottom + self.top) / 2
        return np.array((middle[0] + x * self.width / 2, middle[1] + y * self.height / 2, 0.0))

    def inset(self, x: float, y: float) -> Region:
        """The region without a border of `x` on the left and right, and of `y` below and above."""
        return Region(self.left + x, self.right - x, self.bottom + y, self.top - y)

    def columns(self, count: int, gap: float = 0.4) -> list[Region]:
        """As many equal regions side by side, from the left."""
        wide = (self.width - gap * (count - 1)) / count
        lefts = (self.left + place * (wide + gap) for place in range(count))
        return [Region(left, left + wide, self.bottom, self.top) for left in lefts]

    def rows(self, count: int, gap: float = 0.3) -> list[Region]:
        """As many equal regions below each other, from the top."""
        high = (self.height - gap * (count - 1)) / count
        tops = (self.top - place * (high + gap) for place in range(count))
        return [Region(self.left, self.right, top - high, top) for top in tops]


def fit(thing: _Fitted, region: Region, edge: Any = ORIGIN) -> _Fitted:
    """Puts a thing in a region's middle, or at an edge or corner of it, smaller where it would not fit."""
    size = max(thing.width / region.width, thing.height / region.height)
    if size > 1.0:
        thing.scale(1.0 / size)
    thing.move_to(region.point(edge), aligned_edge=np.asarray(edge))
    return thing


_BETWEEN = 0.4  # the main thing and what stands beside it
_SIDE = 2 * 3.75 - style.RIGHT  # where that begins: its middle is at 3.75

TITLE = Region(style.LEFT, style.RIGHT, 2.8, style.TOP)
BODY = Region(style.LEFT, style.RIGHT, -3.0, 2.8)
MAIN = Region(style.LEFT, _SIDE - _BETWEEN, BODY.bottom, BODY.top)
SIDE = Region(_SIDE, style.RIGHT, BODY.bottom, BODY.top)
FOOT = Region(style.LEFT, style.RIGHT, style.BOTTOM, -3.0)
