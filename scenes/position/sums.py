"""Sums value by value: each first operand as a bar from zero, the second from its tip."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, UP, GrowFromEdge, LaggedStart, Line, Rectangle, VGroup

from llmtrace.trace import Array, Trace
from scenes import style
from scenes.page import Region
from scenes.reading import slice_of

_BAR = 0.3  # the width of a bar, by that of its column
_LEAST = 0.02  # the length of a bar that would be none


class TipToTail(VGroup):
    """The first values of a token's row, its place's and their sum, in columns over a region.

    `bars[0]` are the token's, `bars[1]` the place's, `landings` where the sums are; `band` lights one column.
    """

    def __init__(
        self, trace: Trace, row: int, count: int, lit: int, region: Region, hues: Sequence[str]
    ) -> None:
        names = ("embed.token", "embed.position", "embed.sum")
        self.count = min(count, trace[names[0]].shape[1])
        slices = [slice_of(trace, name, row, (0, self.count)) for name in names]
        one, other, total = (drawn.values.astype(np.float64) for drawn in slices)
        ends = np.concatenate([[0.0], one, total])
        unit = region.height / (float(np.ptp(ends)) or 1.0)
        zero = region.bottom - float(ends.min()) * unit
        pitch = region.width / self.count
        self.zero = Line((region.left, zero, 0), (region.right, zero, 0), color=style.DIM, stroke_width=1.5)
        self.bars = (VGroup(), VGroup())
        self.landings = VGroup()
        self._edges: tuple[list[Array], list[Array]] = ([], [])
        for place in range(self.count):
            x = region.left + (place + 0.5) * pitch
            steps = ((0.0, one[place]), (one[place], one[place] + other[place]))
            for side, (bars, hue, (start, end)) in enumerate(zip(self.bars, hues, steps, strict=True)):
                bar = Rectangle(
                    width=_BAR * pitch,
                    height=max(abs(end - start) * unit, _LEAST),
                    stroke_width=0,
                    fill_color=hue,
                    fill_opacity=1,
                )
                bar.move_to((x + (side - 0.5) * _BAR * pitch, zero + (start + end) / 2 * unit, 0))
                bars.add(bar)
                self._edges[side].append(DOWN if end >= start else UP)
            y = zero + total[place] * unit
            half = 0.42 * pitch
            self.landings.add(Line((x - half, y, 0), (x + half, y, 0), color=style.INK, stroke_width=4))
        for drawn, bars in zip(slices, (*self.bars, self.landings), strict=True):
            vars(bars)["drawn"] = drawn  # what they stand for, as a texture says it
        self.band = Rectangle(
            width=pitch, height=region.height + 0.3, stroke_width=0, fill_color=style.WASH, fill_opacity=0.1
        ).move_to((region.left + (lit + 0.5) * pitch, region.point()[1], 0))
        super().__init__(self.band, self.zero, *self.bars, self.landings)

    def growing(self, which: int) -> LaggedStart:
        """An animation in which bars grow from where they begin."""
        bars = zip(self.bars[which], self._edges[which], strict=True)
        return LaggedStart(*(GrowFromEdge(bar, edge) for bar, edge in bars), lag_ratio=0.1)
