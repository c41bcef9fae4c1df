"""A vector's values on a line: how many stand where, negative and positive ones in their colours."""

from __future__ import annotations

import numpy as np
from manim import VGroup

from scenes import style
from scenes.parts.curve import Marks, rectangle
from scenes.reading import Slice


class Histogram(VGroup):
    """Bars upwards from y = 0, or `down` from it, about x = 0; each counts the values of `step` on the axis.

    `unit` is the length of a value of 1, and the tallest bar is `height` high. `drawn` is the whole vector.
    """

    def __init__(self, drawn: Slice, unit: float, step: float, height: float, down: bool = False) -> None:
        self.drawn = drawn
        places = np.floor(drawn.values.astype(np.float64) * unit / step).astype(int)
        bins, counts = np.unique(places, return_counts=True)
        tallest = height / counts.max()
        boxes: dict[bool, list[np.ndarray]] = {False: [], True: []}
        for place, count in zip(bins, counts, strict=True):
            left, right = (place + 0.06) * step, (place + 0.94) * step
            end = -count * tallest if down else count * tallest
            corners = np.array([(left, 0.0), (right, 0.0), (right, end), (left, end)])
            boxes[bool(place >= 0)].append(rectangle(corners))
        hues = {False: style.SIGNED.stops[0][1], True: style.SIGNED.stops[-1][1]}
        super().__init__(
            *(Marks(drawn, hues[side], np.concatenate(parts)) for side, parts in boxes.items() if parts)
        )
