"""The scale of a picture's colours, with what its ends stand for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import DOWN, LEFT, RIGHT, Rectangle, VGroup

from scenes import style
from scenes.page import FOOT, fit
from scenes.parts.label import mono, number
from scenes.reading import Reader

_LEGEND = 2.4  # the length of its bar


def legend(
    read: Reader,
    source: str,
    how: str,
    colour: Callable[[float], str],
) -> VGroup:
    """The colour scale of signed values up to `bound`, at the bottom left; ≤ and ≥ say that it clips.

    `colour`: that of a share of the bound, from −1 to 1.
    """
    bound = read(source, how=how)
    steps = np.linspace(-1, 1, 25)
    bar = VGroup(
        *(
            Rectangle(
                width=_LEGEND / len(steps),
                height=0.16,
                stroke_width=0,
                fill_color=colour(float(s)),
                fill_opacity=1,
            )
            for s in steps
        )
    ).arrange(RIGHT, buff=0)
    ends = [
        VGroup(mono(sign, style.SMALL_SIZE, style.DIM), number(bound.decimal(), style.SMALL_SIZE, style.DIM))
        for sign in ("≤ −", "≥")
    ]
    for end in ends:
        end.arrange(RIGHT, buff=0.08)
    scale = VGroup(ends[0], bar, ends[1]).arrange(RIGHT, buff=0.2)
    return fit(scale, FOOT, DOWN + LEFT)
