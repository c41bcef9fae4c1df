"""One worked dot product: two vectors, the stairs of their products, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Mobject, Square, VGroup

from scenes import style
from scenes.attention.facts import cell
from scenes.focus import focus, token
from scenes.page import FOOT, fit
from scenes.parts.chips import Chip
from scenes.parts.dotproduct import DotProduct
from scenes.parts.label import formula, sentence, words
from scenes.reading import Reader, slice_of

LEFT_EDGE, TOP = -4.35, 2.45
WIDE, NARROW, HIGH = 10.9, 8.7, 5.2


class WorkedScore:
    """The focus's query with its key."""

    def __init__(self, read: Reader, phrase: Callable[..., list[Any]], story: bool) -> None:
        self.read, self.phrase, self.story = read, phrase, story
        self.dot = self._made(WIDE)
        if self.dot.total.get_right()[0] > style.RIGHT:  # the number stands behind the stairs
            self.dot = self._made(NARROW)
        self._there: list[Mobject] = [*self.dot.steps.bars, self.dot.zero, self.dot.total, self.dot.landing]
        self.names = VGroup(*(self._chip(which) for which in (0, 1)))
        self.column = self.dot.column(self.dot.strongest)
        self.equation = None if story else self._placed(self.dot.equation(read, self.dot.strongest, 27))

    def note(self) -> VGroup:
        """How many products they are, at the foot."""
        count = self.read("meta.model.head_width", how="meta").integer()
        return fit(
            VGroup(sentence(*self.phrase("products", count=count), size=style.LABEL_SIZE)), FOOT, DOWN + LEFT
        )

    def rule(self) -> VGroup | None:
        """What the colours of a pair say of its product, where there is room for that."""
        lines = VGroup()
        for key, pairs in (("same", ((1, 1), (0, 0))), ("different", ((1, 0), (0, 1)))):
            swatches = VGroup(*(self._swatch(pair) for pair in pairs)).arrange(RIGHT, buff=0.12)
            text = words(self.phrase(key)[0], style.LABEL_SIZE)
            lines.add(VGroup(swatches, text).arrange(RIGHT, buff=0.25))
        lines.arrange(DOWN, buff=0.3, aligned_edge=LEFT)
        return self._free(lines)

    def formula(self) -> VGroup | None:
        """The sum as it is written."""
        made = formula("q dot k = sum_c q_c k_c", 40)
        return self._free(made)

    def _made(self, width: float) -> DotProduct:
        f, trace = focus(self.read.trace), self.read.trace
        one = slice_of(trace, f.tensor("q"), f.head, f.query)
        other = slice_of(trace, f.tensor("k"), f.head, f.key)
        dot = DotProduct(self.read, one, other, cell(self.read, "scores").decimal(1), width, HIGH)
        return dot.shift((LEFT_EDGE, TOP, 0))

    def _chip(self, which: int) -> Chip:
        f = focus(self.read.trace)
        position, hue = ((f.query, style.QUERY), (f.key, style.KEY))[which]
        vector = (self.dot.one, self.dot.other)[which]
        chip = Chip(token(self.read, position).token(), style.LABEL_SIZE, hue, 8)
        chip.scale(min(1.0, vector.height / chip.height))
        return chip.move_to((LEFT_EDGE - 0.2, vector.get_y(), 0), aligned_edge=RIGHT)

    def _swatch(self, signs: tuple[int, int]) -> VGroup:
        cells = (
            Square(0.2, stroke_width=0, fill_color=style.SIGNED.stops[-1 if sign else 0][1], fill_opacity=1)
            for sign in signs
        )
        return VGroup(*cells).arrange(DOWN, buff=0.02)

    def _placed(self, equation: VGroup) -> VGroup | None:
        """Beside the strongest step, on the side that is free."""
        bar, taken = self.dot.steps.bars[self.dot.strongest], self._taken()
        for corner in (UP + RIGHT, DOWN + RIGHT, UP + LEFT, DOWN + LEFT):
            aside = np.array((corner[0], 0, 0))
            equation.next_to(bar, aside, buff=0.25).align_to(bar, corner[1] * UP)
            if self._clear(_extent(equation), taken):
                self._there.append(equation)
                return equation
        return self._free(equation, bar.get_center())

    def _free(self, thing: VGroup, near: np.ndarray | None = None) -> VGroup | None:
        """Moved to where nothing is, below the vectors, near a point or far to the right; else None."""
        half, taken = np.array((thing.width, thing.height)) / 2, self._taken()
        left, right = LEFT_EDGE + half[0], style.RIGHT - half[0]
        low, high = TOP - HIGH + half[1], self._ceiling - 0.3 - half[1]
        spots = [np.array((x, y)) for y in np.linspace(high, low, 9) for x in np.linspace(right, left, 13)]
        if near is not None:
            spots.sort(key=lambda spot: float(np.linalg.norm(spot - near[:2])))
        for spot in spots:
            if self._clear(np.array((spot - half, spot + half)), taken):
                self._there.append(thing.move_to((*spot, 0)))
                return thing
        return None

    def _taken(self) -> np.ndarray:
        """(things, 2, 2): the extents of what stands there."""
        return np.array([_extent(one) for one in self._there if one.family_members_with_points()])

    @property
    def _ceiling(self) -> float:
        return float(self.dot.other.get_bottom()[1]) - 0.2

    def _clear(self, extent: np.ndarray, taken: np.ndarray, room: float = 0.15) -> bool:
        """Whether an extent lies on no step, not on the line of 0, not on the total and in the frame."""
        (left, bottom), (right, top) = extent
        if right > style.RIGHT or left < LEFT_EDGE or bottom < TOP - HIGH - 0.1 or top > self._ceiling:
            return False
        shared = np.minimum(extent[1], taken[:, 1]) - np.maximum(extent[0], taken[:, 0])  # (things, 2)
        return not (shared > -room).all(axis=1).any()


def _extent(thing: Mobject) -> np.ndarray:
    """(2, 2): the lower left and the upper right corner."""
    return np.array((thing.get_corner(DOWN + LEFT)[:2], thing.get_corner(UP + RIGHT)[:2]))
