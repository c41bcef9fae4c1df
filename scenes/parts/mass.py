"""What the likeliest tokens hold together: a staircase of their shares over the logarithm of their rank."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, FadeIn, GrowFromEdge, LaggedStart, Line, Rectangle, VGroup, VMobject

from llmtrace.trace import Array
from scenes import style
from scenes.page import Region
from scenes.parts.curve import Marks
from scenes.reading import Slice

STEPS = 60  # that are drawn as blocks of their own; what comes after is a line
_LINE = 240  # points of that line


class Mass(VGroup):
    """The shares of a row laid on each other, the likeliest first, in a region of the page.

    `blocks` are the first ones, each as high as its share; `line` is what all up to a rank hold.
    """

    def __init__(self, drawn: Slice, region: Region) -> None:
        """`drawn`: (vocabulary) probabilities."""
        shares = np.sort(drawn.values.astype(np.float64))[::-1]
        self.region, self.size = region, len(shares)
        self.held = np.concatenate([[0.0], np.cumsum(shares)])
        ranks = range(1, min(STEPS, self.size) + 1)
        self.blocks = VGroup(*(self._block(rank) for rank in ranks))
        stairs = [place for rank in ranks for place in (self.at(rank, rank - 1), self.at(rank, rank))]
        after = np.unique(np.geomspace(len(ranks), self.size, _LINE).astype(int))
        along = [*stairs, *(self.at(int(rank), rank) for rank in after)]
        self.line = VMobject(color=style.PROBABILITY, stroke_width=2.5)
        self.line.set_points_as_corners([self.at(0, 0), *along])
        corners = [*along, region.point(DOWN + RIGHT), region.point(DOWN + LEFT)]
        ground = VMobject().set_points_as_corners([*corners, corners[0]])
        self.ground = Marks(drawn, style.mix(style.GROUND, style.SHARE, 0.09), ground.points)
        self.axis = VGroup(
            *(
                Line(region.point(edge + LEFT), region.point(edge + RIGHT), color=style.DIM, stroke_width=1.5)
                for edge in (DOWN, -DOWN)
            )
        )
        super().__init__(self.ground, self.axis, self.blocks, self.line)

    def at(self, held: int, rank: float) -> Array:
        """Where what the likeliest `held` tokens have together stands, at the end of a rank."""
        return np.array((self.across(rank), self.up(float(self.held[held])), 0.0))

    def across(self, rank: float) -> float:
        """The x at which a rank ends; rank 0 ends where rank 1 begins."""
        share = np.log1p(rank) / np.log1p(self.size)
        return float(self.region.left + self.region.width * share)

    def up(self, share: float) -> float:
        """The y at which a share of the whole stands."""
        return self.region.bottom + self.region.height * min(share, 1.0)

    def reaches(self, y: float) -> float:
        """The x from which on the line is at a height."""
        share = (y - self.region.bottom) / self.region.height
        return self.across(int(np.searchsorted(self.held, share)))

    def above(self, x: float) -> float:
        """The y of the line over an x."""
        rank = np.expm1((x - self.region.left) / self.region.width * np.log1p(self.size))
        return self.up(float(np.interp(rank, np.arange(len(self.held)), self.held)))

    def growing(self) -> LaggedStart:
        """An animation in which the blocks rise one after the other, and the line follows."""
        rising = [GrowFromEdge(block, DOWN) for block in self.blocks]
        return LaggedStart(FadeIn(self.ground), *rising, FadeIn(self.line), lag_ratio=0.06)

    def _block(self, rank: int) -> Rectangle:
        left, right = self.across(rank - 1), self.across(rank)
        low, high = self.up(float(self.held[rank - 1])), self.up(float(self.held[rank]))
        block = Rectangle(
            width=right - left,
            height=max(high - low, 1e-3),
            stroke_width=0,
            fill_color=style.PROBABILITY if rank == 1 else style.mix(style.GROUND, style.SHARE, 0.62),
            fill_opacity=1,
        )
        return block.move_to((left, low, 0), aligned_edge=DOWN + LEFT)
