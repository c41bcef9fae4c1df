"""A matrix as a grid: a cell for each value that is shown, coloured by it; and the scale of such colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import DOWN, LEFT, RIGHT, Rectangle, Square, VGroup

from scenes import style
from scenes.page import FOOT, fit
from scenes.parts.label import Label, mono, number
from scenes.reading import Reader, Reading, Slice

_LEGEND = 2.4  # the length of its bar


class Grid(VGroup):
    """A square matrix whose cells carry their numbers.

    `drawn` holds the values shown, (row, column); `texts` their readings, None for a cell without a number;
    `paint` turns a value into a colour. The future's cells, where `texts` has None, show a dot.
    """

    def __init__(
        self,
        drawn: Slice,
        rows: list[int],
        texts: dict[tuple[int, int], Reading],
        paint: Callable[[float], str],
        side: float,
    ) -> None:
        self.squares, self.numbers, self.drawn = VGroup(), VGroup(), drawn
        self.at: dict[tuple[int, int], Square] = {}
        for i, row in enumerate(rows):
            for j, column in enumerate(rows):
                value = float(drawn.values[row, column])
                colour = paint(value) if np.isfinite(value) else style.GROUND
                square = Square(
                    side * 0.94, stroke_color=style.LINE, stroke_width=1, fill_color=colour, fill_opacity=1
                ).move_to((j * side, -i * side, 0.0))
                text = texts.get((row, column))
                label = (
                    number(text, style.SMALL_SIZE, style.ink_on(colour))
                    if text
                    else mono("·", color=style.DIM)
                )
                self.squares.add(square)
                self.numbers.add(_fit(label, side * 0.86).move_to(square))
                self.at[row, column] = square
        super().__init__(self.squares, self.numbers)
        self.move_to((0, 0, 0))


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


def _fit(label: Label, width: float) -> Label:
    return label if label.width <= width else label.scale(width / label.width)
