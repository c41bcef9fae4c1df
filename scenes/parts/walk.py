"""Many products laid end to end, from top to bottom: a walk whose end is their sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Line, VGroup, VMobject

from scenes import style
from scenes.parts.staircase import unit_for

PIECES = 12  # that come one after the other


class Walk(VGroup):
    """Steps to the right for positive products and to the left for negative ones, each a row lower.

    `top`, `bottom`: of the rows. `left`, `right`: what the walk may fill. `pieces` are its parts in order.
    """

    def __init__(self, values: Sequence[float], left: float, right: float, top: float, bottom: float) -> None:
        sums = np.concatenate([[0.0], np.cumsum(np.asarray(values, np.float64))])
        unit = unit_for(values, right - left)
        x = left + (sums - sums.min()) * unit
        y = np.linspace(top, bottom, len(values) + 1)
        self.axis = Line((x[0], top + 0.1, 0), (x[0], bottom - 0.1, 0), color=style.DIM, stroke_width=1.5)
        self.end = np.array((x[-1], bottom, 0.0))
        self._corners = np.column_stack([x, y])
        self.pieces = VGroup()
        hues = (style.SIGNED.stops[0][1], style.SIGNED.stops[-1][1])
        for steps in np.array_split(np.arange(len(values)), min(PIECES, len(values))):
            piece = VGroup()
            for positive, hue in enumerate(hues):
                path = VMobject(stroke_color=hue, stroke_width=2.2)
                for step in steps:
                    if (values[step] >= 0) == bool(positive):
                        middle = (y[step] + y[step + 1]) / 2
                        path.start_new_path(np.array((x[step], middle, 0)))
                        path.add_line_to(np.array((x[step + 1], middle, 0)))
                if path.has_points():
                    piece.add(path)
            self.pieces.add(piece)
        super().__init__(self.axis, self.pieces)

    def reaches(self, bottom: float, top: float) -> float:
        """How far to the right it goes between two heights."""
        x, y = self._corners.T
        return float(x[(y >= bottom) & (y <= top)].max(initial=self.end[0]))
