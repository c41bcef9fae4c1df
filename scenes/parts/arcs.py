"""Attention as arcs over a row of tokens, as wide as the weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from manim import CubicBezier, VGroup, VMobject

from scenes import style

WIDEST = 24.0  # the stroke of weight 1


class Arcs(VGroup):
    """One arc from each key to the query, in the order of `keys`; `weights` are theirs, 0 to 1."""

    def __init__(
        self, keys: Iterable[VMobject], query: VMobject, weights: Sequence[float], rise: float = 2.0
    ) -> None:
        """`rise`: how much higher the widest arc is than the narrowest."""
        super().__init__()
        keys = list(keys)
        top = query.get_top()
        reach = max((abs(top[0] - key.get_x()) for key in keys), default=1.0)
        for key, weight in zip(keys, weights, strict=True):
            start = key.get_top()
            span = abs(top[0] - start[0])
            lift = np.array((0.0, 0.55 + rise * (span / max(reach, 4.0) if len(keys) > 1 else 0.7), 0.0))
            loop = 0.3 if len(keys) > 1 else 0.9  # onto itself; alone it has all the room
            lean = np.array((loop, 0.0, 0.0)) if span < 1e-6 else np.zeros(3)
            arc = CubicBezier(start - lean, start - lean + lift, top + lean + lift, top + lean)
            colour = style.mix(style.LINE, style.PROBABILITY, 0.4 + 0.6 * weight)
            self.add(arc.set_stroke(colour, width=max(1.0, WIDEST * weight)))
