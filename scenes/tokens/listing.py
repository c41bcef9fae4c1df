"""The vocabulary's list around one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from manim import LEFT, RIGHT, RoundedRectangle, VGroup, VMobject

from scenes import style
from scenes.focus import token
from scenes.page import Region
from scenes.parts.chips import chip_label
from scenes.parts.label import number, sentence
from scenes.reading import Reader

BESIDE = 4  # entries above, and as many below
PITCH = 0.53
LONGEST = 12  # characters of an entry


class Listing(VGroup):
    """`own`, the entry of the token at a place, in its frame, with the `others` around it and a `header`."""

    def __init__(
        self, read: Reader, place: int, region: Region, phrase: Callable[..., Sequence[Any]]
    ) -> None:
        vocabulary = read("meta.model.vocabulary", how="meta")
        self.header = sentence(*phrase("list", count=vocabulary.integer()), size=style.LABEL_SIZE)
        self.header.move_to((region.left, region.top - 0.2, 0), aligned_edge=LEFT)
        first = region.top - 0.85
        at = token(read, place).value
        above, below = min(BESIDE, at), min(BESIDE, vocabulary.value - 1 - at)
        self.others, self.wire = VGroup(), VMobject(color=style.INK, stroke_width=2)
        for line, off in enumerate(range(-above, below + 1)):
            y = first - line * PITCH
            entry = read("tokens", place, off, how="beside")
            hue = style.DIM if off else style.INK
            size = style.LABEL_SIZE if off else 1.1 * style.LABEL_SIZE
            label = number(entry.id(), size, hue).move_to((region.left + 1.15, y, 0), aligned_edge=RIGHT)
            spelled = chip_label(entry.token(), size, hue, LONGEST).move_to(
                (region.left + 1.4, y, 0), aligned_edge=LEFT
            )
            row = VGroup(label, spelled)
            if off:
                self.others.add(row)
            else:
                self.own = VGroup(self._frame(region, y), row)
        super().__init__(self.header, self.others, self.own)

    def connect(self, box: VMobject) -> None:
        """A line from a box on the left to the token's entry."""
        start, end = box.get_right(), self.own.get_left()
        bend = start[0] + 0.45 * (end[0] - start[0])
        corners = [start, np.array((bend, start[1], 0.0)), np.array((bend, end[1], 0.0)), end]
        self.add(self.wire.set_points_as_corners(corners))

    def _frame(self, region: Region, y: float) -> RoundedRectangle:
        frame = RoundedRectangle(
            width=region.width,
            height=PITCH * 0.96,
            corner_radius=0.07,
            stroke_color=style.INK,
            stroke_width=2.6,
            fill_color=style.mix(style.PANEL, style.WASH, 0.16),
            fill_opacity=1,
        )
        return frame.move_to(((region.left + region.right) / 2, y, 0))
