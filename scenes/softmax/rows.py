"""A row of scores as a picture: gaps to the largest, their heights on e^x, and these laid end to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from manim import DOWN, LEFT, RIGHT, Dot, Line, Rectangle, VGroup

from scenes import style
from scenes.focus import focus_of_row, token
from scenes.forms import as_written
from scenes.parts.chips import chip_label
from scenes.parts.curve import Curve
from scenes.parts.label import Label, formula, number, words
from scenes.reading import Reader, Value

ROWS = 8  # at most; of more keys those with the largest scores
NAME, SCORE, GAP, HEIGHT = -4.75, -3.5, 5.4, style.RIGHT  # where the columns end
FRAME = (-3.1, 4.35)  # the curve, from left to right
FOOT, TOP = -2.3, 2.8  # of the rows, of the curve
STRIP = (-3.1, style.RIGHT)  # the heights end to end
STRIP_Y, STRIP_HEIGHT = -2.78, 0.62
FARTHEST = 7.0  # gaps beyond have no place on the axis: e^−7 is less than a thousandth


@dataclass(frozen=True)
class KeyRow:
    """One key: its figures, and what is drawn of it."""

    key: int
    gap: float
    height: float
    share: float
    name: Label
    score: VGroup  # empty where the rounded numbers would not agree
    gap_figure: Label
    height_figure: Label
    gap_bar: VGroup  # none for the largest, and the hairline to the axis
    bar: VGroup  # on the curve, with its dot
    hue: str


class ScoreRows:
    """The focus's row: as many keys as there is room for, each with its figures, beneath one curve."""

    def __init__(self, read: Reader, cell: Callable[..., Value]) -> None:
        """`cell(key, how)` reads the score with a key, or what `how` makes of it in its row."""
        self.focus, self._cell = focus_of_row(read.trace), cell
        f = self.focus
        seen = list(range(f.query + 1))
        exact = [self._cell(key, "gap").value for key in seen]
        largest = sorted(sorted(seen, key=lambda key: -exact[key])[:ROWS])
        self.keys = seen if len(seen) <= ROWS else largest
        self.hidden = [key for key in seen if key not in self.keys]
        low = max(min(-0.6, 1.12 * min(exact[key] for key in self.keys)), -FARTHEST)
        pitch = min(0.52, 2.6 / len(self.keys))
        axis = FOOT + len(self.keys) * pitch + 0.3
        self.curve = Curve(
            np.exp, (low, min(0.06, -0.04 * low)), (0.0, 1.08), FRAME[1] - FRAME[0], TOP - axis
        )
        self.curve.shift((sum(FRAME) / 2, (TOP + axis) / 2, 0) - self.curve.get_center())
        self.floor = axis
        self.digits = self._digits()
        self.rows = [
            self._row(read, key, axis - 0.3 - (place + 0.5) * pitch) for place, key in enumerate(self.keys)
        ]

    @property
    def strongest(self) -> KeyRow:
        return next(row for row in self.rows if row.key == self.focus.key)

    def heads(self, score: str, gap: str) -> tuple[Label, Label, VGroup]:
        """The columns' names, on one line."""
        y = self.floor - 0.12
        one, two = (
            words(text, style.LABEL_SIZE, style.DIM).move_to((x, y, 0), aligned_edge=RIGHT)
            for text, x in ((score, SCORE), (gap, GAP))
        )
        return one, two, formula(f'e^"{gap}"', 30, style.DIM).move_to((HEIGHT, y, 0), aligned_edge=RIGHT)

    def zero(self) -> Line:
        """Where the largest stands: gaps are measured from here."""
        x = self.curve.at(0.0, 0.0)[0]
        return Line((x, self.floor, 0), (x, FOOT, 0), color=style.DIM, stroke_width=1.5)

    def strip(self, width: float) -> VGroup:
        """The heights end to end in the order of the sentence, what is not in a row last, `width` long."""
        shares = [row.share for row in self.rows]
        rest = 1.0 - sum(shares) if self.hidden else 0.0
        made, left = VGroup(), STRIP[0]
        for share, row in zip([*shares, *([rest] if self.hidden else [])], [*self.rows, None], strict=False):
            bright = row is not None and row.key == self.focus.key
            fill = style.PROBABILITY if bright else style.mix(style.GROUND, style.SHARE, 0.2 + 0.5 * share)
            piece = Rectangle(
                width=max(share * width, 0.012), height=STRIP_HEIGHT, fill_color=fill, fill_opacity=1
            ).set_stroke(style.GROUND, 1.5)
            made.add(piece.move_to((left, STRIP_Y, 0), aligned_edge=LEFT))
            left += share * width
        return made

    def _digits(self) -> int | None:
        """The digits, 2 or 3, with which every score less the largest gives its gap; None where none do."""
        scores = {key: self._cell(key).value for key in self.keys}
        gaps = {key: self._cell(key, "gap").value for key in self.keys}
        largest = scores[self.focus.key]
        for digits in (2, 3):
            top = as_written(largest, digits)
            if all(
                as_written(scores[key], digits) - top == as_written(gaps[key], digits) for key in self.keys
            ):
                return digits
        return None

    def _row(self, read: Reader, key: int, y: float) -> KeyRow:
        f, lit = self.focus, key == self.focus.key
        gap, height = self._cell(key, "gap"), self._cell(key, "height")
        hue = style.PROBABILITY if lit else style.mix(style.GROUND, style.SHARE, 0.62)
        size = style.NUMBER_SIZE

        def figure(value: Label, right: float) -> Label:
            return value.move_to((right, y, 0), aligned_edge=RIGHT)

        score = figure(number(self._cell(key).decimal(self.digits or 2), size, style.DIM), SCORE)
        name = chip_label(token(read, key).token(), size, style.KEY if lit else style.INK, 11)
        return KeyRow(
            key,
            gap.value,
            height.value,
            read(f.tensor("pattern"), f.head, f.query, key).value,
            figure(name, NAME),
            score if self.digits else VGroup(),
            figure(number(gap.decimal(self.digits or 2), size), GAP),
            figure(number(height.decimal(3), size, style.PROBABILITY), HEIGHT),
            self._gap_bar(gap.value, y),
            self._bar(gap.value, height.value, hue),
            hue,
        )

    def _gap_bar(self, gap: float, y: float) -> VGroup:
        zero = self.curve.at(0.0, 0.0)[0]
        left = max(self.curve.at(gap, 0.0)[0], FRAME[0])
        if zero - left < 0.01:
            return VGroup()
        bar = Rectangle(
            width=zero - left,
            height=0.1,
            stroke_width=0,
            fill_color=style.mix(style.GROUND, style.BODY, 0.5),
            fill_opacity=1,
        )
        bar.move_to(((zero + left) / 2, y, 0))
        if gap < self.curve.across[0]:  # beyond the axis: no place on the curve
            return VGroup(bar)
        lead = Line((left, y + 0.05, 0), (left, self.floor, 0), color=style.PROBABILITY, stroke_width=1.5)
        return VGroup(bar, lead.set_stroke(opacity=0.6))

    def _bar(self, gap: float, height: float, hue: str) -> VGroup:
        if gap < self.curve.across[0]:
            return VGroup()
        foot, head = self.curve.at(gap, 0.0), self.curve.at(gap, height)
        bar = Rectangle(
            width=0.13, height=max(head[1] - foot[1], 0.01), stroke_width=0, fill_color=hue, fill_opacity=1
        )
        dot = Dot(head, radius=0.065, color=style.mix(hue, style.INK, 0.35))
        return VGroup(bar.move_to(foot, aligned_edge=DOWN), dot)
