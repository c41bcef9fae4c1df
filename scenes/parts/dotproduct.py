"""One dot product: two vectors, the product of each pair below its column, and the sum that they come to."""

from __future__ import annotations

from math import prod

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, DashedLine, Line, Polygon, VGroup

from scenes import style
from scenes.how import TIMES
from scenes.parts.digits import agreeing_digits
from scenes.parts.label import mono, number
from scenes.parts.matrix import Vector
from scenes.parts.staircase import Staircase, unit_for
from scenes.parts.texture import Assembly, Paint
from scenes.reading import Reader, Reading, Slice, Value

_CELL = 0.49  # the height of a row of cells
_GAP = 0.08  # between the two rows
_BELOW = 0.55  # from the lower row to the stairs


class DotProduct(Assembly):
    """`one` and `other` above each other, and below each pair its product as a step of `steps`.

    The steps are laid end to end, so that they end at the height of `total`. Columns are shared: each pair is
    above its step. `width` and `height` are those of all of it; its top left corner is at the origin.
    """

    def __init__(
        self,
        read: Reader,
        one: Slice,
        other: Slice,
        total: Reading,
        width: float,
        height: float,
        hues: tuple[str, str] | None = None,
    ) -> None:
        """`hues`: by default those of a query and a key.

        Raises `ValueError` when the slices are no vectors of one length.
        """
        if one.values.shape != other.values.shape:
            raise ValueError(
                f"{one.source} and {other.source}: {one.values.shape} against {other.values.shape}"
            )
        hues = hues or (style.QUERY, style.KEY)
        self.slices, self.hues = (one, other), hues
        values = [self._product(read, place).value for place in range(len(one.values))]
        self.products = np.array(values)
        self.one, self.other = (Vector(drawn, Paint(), width, _CELL) for drawn in (one, other))
        self.one.move_to((width / 2, -_CELL / 2, 0))
        self.other.next_to(self.one, DOWN, buff=_GAP)
        self.edges = VGroup(
            _edge(self.one, UP, hues[0]),
            _edge(self.other, DOWN, hues[1]),
        )
        top = -2 * _CELL - _GAP - _BELOW
        self.steps = Staircase(values, width / len(values), unit_for(values, height + top))
        self.steps.shift((width / len(values) / 2, top, 0) - np.array((0, self.steps.get_top()[1], 0)))
        self.zero = Line(*self.steps.zero, color=style.DIM, stroke_width=1.5)
        self.leads = VGroup(*(self._lead(place) for place in range(len(values))))
        self.total = number(total, style.BIG_SIZE)
        self.landing = self._land()
        super().__init__(
            self.leads, self.zero, self.steps, self.one, self.other, self.edges, self.landing, self.total
        )

    @property
    def strongest(self) -> int:
        """The pair whose product counts for most."""
        return int(np.argmax(np.abs(self.products)))

    def column(self, place: int) -> Polygon:
        """A line around a pair."""
        half = self.one.cell[0] / 2
        top, low = (self.one.at(-0.5, place), self.other.at(0.5, place))
        corners = (top + half * LEFT, top + half * RIGHT, low + half * RIGHT, low + half * LEFT)
        return Polygon(*corners, color=style.HIGHLIGHT, stroke_width=3)

    def equation(self, read: Reader, place: int, size: float = style.NUMBER_SIZE, shown: int = 2) -> VGroup:
        """A pair and its product as numbers that agree: operands, and below them the product.

        Where no number of digits makes them agree, the operands stand alone.
        """
        pair = [self._operand(read, which, place) for which in (0, 1)]
        product = self._product(read, place)
        digits = agreeing_digits([value.value for value in pair], product.value, prod, shown)
        numbers = [
            number(value.decimal(digits or shown), size, hue)
            for value, hue in zip(pair, self.hues, strict=True)
        ]
        above = VGroup(numbers[0], mono("×", size, style.DIM), numbers[1]).arrange(RIGHT, buff=0.14)
        if digits is None:
            return VGroup(above)
        below = VGroup(mono("=", size, style.DIM), number(product.decimal(shown), size)).arrange(
            RIGHT, buff=0.14
        )
        return VGroup(above, below.next_to(above, DOWN, buff=0.14).align_to(above, LEFT))

    def _operand(self, read: Reader, which: int, place: int) -> Value:
        drawn = self.slices[which]
        return read(drawn.source, *_whole(drawn), place)

    def _product(self, read: Reader, place: int) -> Value:
        one, other = self.slices
        names = f"{one.source}{TIMES}{other.source}"
        return read(names, *_whole(one), place, *_whole(other), place, how="product")

    def _lead(self, place: int) -> Line:
        """A hairline from a pair to its step."""
        before = self.steps.sums[place - 1] if place else 0.0
        upper = max(before, self.steps.sums[place])
        start, end = self.other.at(0.5, place), self.steps.place(place, upper)
        line = Line(start + 0.05 * DOWN, end + 0.02 * UP, color=style.HIGHLIGHT, stroke_width=1)
        return line.set_stroke(opacity=0.1)

    def _land(self) -> VGroup:
        """Puts the total at the height where the steps end, and a dotted line between them."""
        last = len(self.steps.sums) - 1
        end = self.steps.place(last - 0.5, self.steps.sums[-1])
        left = self.one.get_left()[0]
        self.total.move_to((left, end[1], 0), aligned_edge=LEFT)
        if self._covered(self.total.get_right()[0]):  # steps stand where the number would
            self.total.next_to(self.steps.place(last + 0.5, self.steps.sums[-1]), RIGHT, buff=0.25)
            return VGroup()
        start = self.total.get_right() + 0.2 * RIGHT
        if start[0] + 0.3 > end[0]:
            return VGroup()
        dots = DashedLine(start, end, dash_length=0.025, dashed_ratio=0.25, color=style.INK, stroke_width=2)
        return VGroup(dots)

    def _covered(self, right: float) -> bool:
        """Whether a step left of `right` is at the height of the total."""
        top, low = self.total.get_top()[1] + 0.1, self.total.get_bottom()[1] - 0.1
        return any(
            bar.get_left()[0] < right + 0.2 and bar.get_bottom()[1] < top and bar.get_top()[1] > low
            for bar in self.steps.bars
        )


def _edge(vector: Vector, side: np.ndarray, hue: str) -> Line:
    start, end = (vector.get_corner(side + end) + 0.04 * side for end in (LEFT, RIGHT))
    return Line(start, end, color=hue, stroke_width=3)


def _whole(drawn: Slice) -> tuple[int, ...]:
    """The index of a vector in its tensor; raises `ValueError` where a part of it is left out."""
    if not all(isinstance(index, int) for index in drawn.index):
        raise ValueError(f"{drawn.source}{list(drawn.index)}: a dot product takes whole vectors")
    return tuple(int(index) for index in drawn.index if isinstance(index, int))
