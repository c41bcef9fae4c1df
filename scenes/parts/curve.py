"""A function's curve, with values of the trace on it: what an activation takes in and puts out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import Line, VGroup, VMobject

from llmtrace.trace import Array
from scenes import style
from scenes.reading import Slice

_STEPS = 160  # of the curve
_ROUND = 0.5522847498  # a quarter circle's handles (Stone & DeRose 1989)


class Marks(VMobject):
    """Many dots or bars as one outline; `drawn` is the slice whose values they stand for."""

    def __init__(self, drawn: Slice, color: str, points: Array) -> None:
        super().__init__(fill_color=color, fill_opacity=1, stroke_width=0)
        self.drawn, self.points = drawn, points


class Curve(VGroup):
    """`function` from `low` to `high`, in a frame of a width and a height about the origin.

    `marks` are dots at values, all of them one outline: there may be thousands.
    """

    def __init__(
        self,
        function: Callable[[Array], Array],
        across: tuple[float, float],
        up: tuple[float, float],
        width: float,
        height: float,
        color: str | None = None,
    ) -> None:
        """`across` and `up`: the range of each axis. The curve ends where it leaves them."""
        self.across, self.up = across, up
        self._box = VMobject().set_points_as_corners([(0, 0, 0), (width, 0, 0), (width, height, 0)])
        self._box.set_stroke(opacity=0).move_to((0, 0, 0))
        x = np.linspace(*across, _STEPS + 1)
        y = np.asarray(function(x), np.float64)
        inside = np.isfinite(y) & (y >= up[0]) & (y <= up[1])
        self.line = VMobject(color=color or style.INK, stroke_width=3)
        self.line.set_points_as_corners([self.at(*place) for place in zip(x[inside], y[inside], strict=True)])
        self.axes = VGroup(
            *(
                Line(self.at(*start), self.at(*end), color=style.DIM, stroke_width=1.5)
                for start, end in self._axes()
            )
        )
        super().__init__(self._box, self.axes, self.line)

    def at(self, x: float, y: float) -> Array:
        """Where a point of the plane stands."""
        low, corner, high = self._box.points[0], self._box.points[4], self._box.points[-1]
        right = (x - self.across[0]) / (self.across[1] - self.across[0])
        rise = (y - self.up[0]) / (self.up[1] - self.up[0])
        return np.asarray(low + (corner - low) * right + (high - corner) * rise)

    def marks(
        self, across: Slice, up: Slice, color: str, radius: float = 0.06, where: Array | None = None
    ) -> Marks:
        """A dot for every value of two slices of one shape: `across` gives its x, `up` its y.

        `where`, of their shape, tells which of them.
        """
        chosen = np.ones(across.values.shape, bool) if where is None else where
        pairs = zip(across.values[chosen], up.values[chosen], strict=True)
        centres = np.array([self.at(float(x), float(y)) for x, y in pairs]).reshape(-1, 3)
        return Marks(up, color, dots(centres, radius))

    def histogram(self, across: Slice, bins: int, height: float, color: str, below: float = 0.2) -> Marks:
        """How many values are where: bars that hang so far below the axis, the longest `height` long.

        Raises `ValueError` when a value is outside of the curve's range: no bar would count it.
        """
        counts, edges = np.histogram(across.values, bins, self.across)
        if missing := across.values.size - int(counts.sum()):
            low, high = self.across
            outside = f"{missing} of {across.values.size} values lie outside of {low} to {high}"
            raise ValueError(f"{across.source}: {outside}")
        tallest = max(int(counts.max()), 1)
        corners = []
        for count, start, end in zip(counts, edges, edges[1:], strict=False):
            left, right = self.at(start, self.up[0])[0], self.at(end, self.up[0])[0]
            top = self.at(start, 0.0)[1] - below
            gap, low = 0.06 * (right - left), top - height * count / tallest
            corners.append([(left + gap, top), (right - gap, top), (right - gap, low), (left + gap, low)])
        return Marks(across, color, np.concatenate([rectangle(np.array(box)) for box in corners]))

    def _axes(self) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """The axes that lie in the frame."""
        (left, right), (low, high) = self.across, self.up
        level, upright = min(max(0.0, low), high), min(max(0.0, left), right)
        return [((left, level), (right, level)), ((upright, low), (upright, high))]


def dots(centres: Array, radius: float) -> Array:
    """(16 · dots, 3): circles around (dots, 3) points."""
    return (centres[:, None] + _circle(radius)).reshape(-1, 3)


def _circle(radius: float) -> Array:
    """(16, 3): four cubic curves."""
    one = np.array([(1, 0), (1, _ROUND), (_ROUND, 1), (0, 1)])
    turned = [one @ np.linalg.matrix_power(np.array([(0, 1), (-1, 0)]), turns) for turns in range(4)]
    return np.pad(radius * np.concatenate(turned), ((0, 0), (0, 1)))


def rectangle(corners: Array) -> Array:
    """(16, 3): the sides of (4, 2) corners as cubic curves."""
    following = np.roll(corners, -1, axis=0)
    sides = [corners + (following - corners) * share for share in (0, 1 / 3, 2 / 3, 1)]
    return np.pad(np.stack(sides, axis=1).reshape(-1, 2), ((0, 0), (0, 1)))
