"""A sum drawn end to end: each bar begins where the last one ended, so that the sum is a place to land on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import LaggedStart, Line, MoveToTarget, Rectangle, VGroup

from llmtrace.trace import Array
from scenes import style

_LEAST = 0.018  # the height of a bar that would be none: two pixels at 1080p


class Staircase(VGroup):
    """`values` as bars beside each other, each from where the sum was to where it is with it.

    Steps go to the right and sums up; or, `down`, steps go down and sums to the right. The first step stands
    at the origin, the sum 0 is the axis through it. `sums` are the sums after each step.
    """

    def __init__(
        self,
        values: Sequence[float],
        pitch: float,
        unit: float,
        thickness: float = 0.83,
        down: bool = False,
        colours: tuple[str, str] | None = None,
    ) -> None:
        """`pitch`: from step to step; `unit`: the length of a value of 1; `thickness`: of a step, in pitches.

        `colours`: of negative values, of positive ones; by default those of signed cells.
        """
        colours = colours or (style.SIGNED.stops[0][1], style.SIGNED.stops[-1][1])
        self.pitch, self.unit, self.down = pitch, unit, down
        self.sums = np.cumsum(np.asarray(values, np.float64))
        self.bars, self.joins = VGroup(), VGroup()
        before, half = 0.0, thickness * pitch / 2
        for step, (value, after) in enumerate(zip(values, self.sums, strict=True)):
            length = max(abs(value) * unit, _LEAST)
            width, height = (length, 2 * half) if down else (2 * half, length)
            bar = Rectangle(
                width=width, height=height, stroke_width=0, fill_color=colours[int(value > 0)], fill_opacity=1
            )
            self.bars.add(bar.move_to(self._raw(step, (before + after) / 2)))
            if step + 1 < len(self.sums):
                ends = self._raw(step - half / pitch, after), self._raw(step + 1 + half / pitch, after)
                self.joins.add(Line(*ends, color=style.INK, stroke_width=1.2, stroke_opacity=0.45))
            before = float(after)
        self._zero = VGroup(Line(self._raw(-0.5, 0), self._raw(len(self.sums) - 0.5, 0)))
        self._zero.set_stroke(opacity=0)
        super().__init__(self._zero, self.joins, self.bars)

    @property
    def zero(self) -> tuple[Array, Array]:
        """The ends of the axis of the sum 0."""
        start, end = self._zero[0].get_start_and_end()
        return start, end

    def place(self, step: float, total: float) -> Array:
        """Where a step stands with a sum, as the stairs stand now."""
        start, end = self.zero
        along = end - start
        length = float(np.linalg.norm(along))
        up = (
            np.array((-along[1], along[0], 0.0)) / length
        )  # a quarter turn: from right to up, from down to right
        scale = length / (self.pitch * len(self.sums))
        return np.asarray(start + along * (step + 0.5) / len(self.sums) + up * total * self.unit * scale)

    def growing(self, lag: float = 0.12) -> LaggedStart:
        """An animation in which each bar grows from where the last one ended."""
        before = 0.0
        for step, (bar, after) in enumerate(zip(self.bars, self.sums, strict=True)):
            bar.generate_target()
            bar.stretch(0.001, 0 if self.down else 1).move_to(self.place(step, before))
            before = float(after)
        return LaggedStart(*(MoveToTarget(bar) for bar in self.bars), lag_ratio=lag)

    def _raw(self, step: float, total: float) -> Array:
        along, up = step * self.pitch, total * self.unit
        return np.array((up, -along, 0.0) if self.down else (along, up, 0.0))


def unit_for(values: Sequence[float], room: float) -> float:
    """The length of a value of 1 with which all sums, and 0, lie within `room`."""
    sums = np.cumsum([0.0, *values])
    return room / (float(sums.max() - sums.min()) or 1.0)
