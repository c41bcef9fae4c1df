"""Flags over points of space: each a word on a pole, none over another, however near the points are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import Line, RoundedRectangle, VGroup, VMobject

from scenes import style
from scenes.parts.space.projector import Points, View
from scenes.parts.space.room_plan import risen
from scenes.parts.space.scenery import Veil

_PAD = (0.14, 0.09)  # of a flag around its words
_POLE = 0.3  # the shortest
_APART = 0.09  # two flags
_LEFT = 0.2  # of a flag, left of its pole


class Flags:
    """Words over points of space, the one that is furthest left the highest, so that no pole crosses a flag.

    `points` tells where they are now, (flags, 3). `marked` is put in front of the words of the same place as
    far as `mark` says, 0 to 1.
    """

    def __init__(
        self, words: Sequence[VMobject], points: Callable[[], Points], marked: tuple[int, VMobject]
    ) -> None:
        self._points = points
        self.flags = [_flag(word, style.LINE) for word in words]
        self._marked, other = marked
        self.mark = _flag(other, style.PROBABILITY)
        self.poles = [Line((0, 0, 0), (0, 1, 0), color=style.DIM, stroke_width=1.6) for _ in words]
        self.mobject = VGroup(*self.poles, *self.flags, self.mark)
        self._veils = [(Veil(pole), Veil(flag)) for pole, flag in zip(self.poles, self.flags, strict=True)]
        self._veil = Veil(self.mark)
        self.share, self.marking = 1.0, 0.0

    def place(self, view: View) -> None:
        feet = view.project(self._points())  # (flags, 2)
        placed: list[tuple[float, float, float]] = []  # left, right, top
        for number in np.argsort(-feet[:, 0], kind="stable").tolist():
            (x, y), flag = feet[number].tolist(), self.flags[number]
            left = min(x - _LEFT, style.RIGHT - flag.width)
            right = left + flag.width
            under = [top for start, end, top in placed if start < right + _APART and left < end + _APART]
            tops = [top for foot, top in feet.tolist() if left - 0.1 < foot < right + 0.1]
            low = max([y + _POLE, *(top + _APART for top in under), *(top + 0.12 for top in tops)])
            placed.append((left, right, low + flag.height))
            middle = ((left + right) / 2, low + flag.height / 2, 0.0)
            flag.move_to(middle)
            self.poles[number].put_start_and_end_on((x, y, 0.0), (x, low, 0.0))
            if number == self._marked:
                self.mark.move_to(middle)

    def reveal(self, there: float) -> None:
        """One after the other, from the first."""
        self.share = there
        for number, (pole, flag) in enumerate(self._veils):
            part = risen(there, number, len(self._veils), 2.0)
            pole.reveal(part)
            flag.reveal(part * (1 - self.marking) if number == self._marked else part)
        self._veil.reveal(there * self.marking)


def _flag(words: VMobject, hue: str) -> VGroup:
    box = RoundedRectangle(
        width=words.width + 2 * _PAD[0],
        height=words.height + 2 * _PAD[1],
        corner_radius=0.08,
        stroke_color=hue,
        stroke_width=1.8,
        fill_color=style.PANEL,
        fill_opacity=0.92,
    )
    return VGroup(box, words.move_to(box))
