"""Attention as arcs over a row of tokens, as wide as the weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import CubicBezier, VGroup, VMobject

from scenes import style

WIDEST = 14.0  # the stroke of weight 1


class Arcs(VGroup):
    """One arc from each key to the query, in the order of `keys`; `weights` are theirs, 0 to 1."""

    def __init__(self, keys: Sequence[VMobject], query: VMobject, weights: Sequence[float]) -> None:
        super().__init__()
        top = query.get_top()
        reach = max((abs(top[0] - key.get_x()) for key in keys), default=1.0)
        for key, weight in zip(keys, weights, strict=True):
            start = key.get_top()
            span = abs(top[0] - start[0])
            rise = np.array((0.0, 0.55 + 2.0 * span / max(reach, 4.0), 0.0))
            lean = np.array((0.3, 0.0, 0.0)) if span < 1e-6 else np.zeros(3)  # a loop onto itself
            arc = CubicBezier(start - lean, start - lean + rise, top + lean + rise, top + lean)
            colour = style.mix(style.LINE, style.PROBABILITY, 0.25 + 0.75 * weight)
            self.add(arc.set_stroke(colour, width=max(1.0, WIDEST * weight)))
