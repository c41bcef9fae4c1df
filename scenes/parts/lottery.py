"""A draw: all tokens' shares end to end in the order of their ids, and where the random number falls."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, UP, Line, Mobject, Rectangle, Triangle, VGroup

from scenes import style
from scenes.page import Region
from scenes.parts.chips import chip_label
from scenes.parts.curve import Marks
from scenes.parts.label import number
from scenes.reading import Reader, slice_of

_LEAST = 0.02  # of a piece that is drawn by itself, in the frame's units


class Lottery(VGroup):
    """One step's draw in a region: `pieces` are shares, `mark` the random number, `won` what it falls on."""

    def __init__(self, read: Reader, step: int, region: Region) -> None:
        shares = read.trace["generated.probability"][step].astype(np.float64)
        ends = np.concatenate([[0.0], np.cumsum(shares)])
        ends /= ends[-1]
        self.region = region
        drawn = slice_of(read.trace, "generated.probability", step)
        ground = style.mix(style.GROUND, style.SHARE, 0.22)
        whole = Marks(drawn, ground, self._piece(0.0, 1.0, ground).points)
        wide = np.flatnonzero(shares * region.width > _LEAST)
        hue = style.mix(style.GROUND, style.SHARE, 0.6)
        self.pieces = VGroup(whole, *(self._piece(ends[i], ends[i + 1], hue) for i in wide))
        token = int(read.trace["generated.token"][step])
        x = region.left + region.width * float(read.trace["generated.draw"][step])
        tip = Triangle(color=style.HIGHLIGHT, fill_opacity=1, stroke_width=0).scale(0.12).rotate(np.pi)
        upright = Line((x, region.top + 0.1, 0), (x, region.bottom, 0), color=style.HIGHLIGHT, stroke_width=3)
        self.mark = VGroup(upright, tip.move_to((x, region.top + 0.15, 0)))
        lit = self._piece(ends[token], ends[token + 1], style.PROBABILITY)
        self.token = chip_label(read("generated.token", step).token(), 40, style.PROBABILITY)
        figure = number(read("generated.probability", step, token).percent(1), 40)
        told = VGroup(self.token, figure).arrange(buff=0.3).next_to(lit, DOWN, buff=0.35)
        self._inside(told)
        self.won = VGroup(lit, told)
        super().__init__(self.pieces, self.mark, self.won)

    def tell(self, said: Mobject) -> None:
        """Puts a line of words above the mark."""
        self._inside(said.next_to(self.mark, UP, buff=0.15))

    def _inside(self, thing: Mobject) -> None:
        half = thing.width / 2
        thing.set_x(min(max(thing.get_x(), self.region.left + half), self.region.right - half))

    def _piece(self, start: float, end: float, hue: str) -> Rectangle:
        wide = self.region.width * (end - start)
        piece = Rectangle(
            width=max(wide - 0.006, 0.004), height=self.region.height, stroke_width=0, fill_color=hue
        )
        piece.set_fill(opacity=1)
        return piece.move_to(
            (self.region.left + self.region.width * start, self.region.point()[1], 0), aligned_edge=LEFT
        )
