"""One worked logit: the last vector beside a row of the unembedding, and the walk of their products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import DOWN, LEFT, RIGHT, Dot, FadeOut, VGroup

from scenes import style
from scenes.focus import likeliest
from scenes.output.facts import products, row, score
from scenes.page import Region
from scenes.parts.chips import chip_label
from scenes.parts.label import number, sentence, words
from scenes.parts.matrix import Vector
from scenes.parts.texture import Paint
from scenes.parts.walk import Walk
from scenes.reading import Reader, slice_of

ROW = -3.8  # the middle of the row's cells
WALK = (-3.0, 3.6)  # what the walk may fill
LONGEST = 12  # characters of the token's name


class WorkedLogit:
    """The likeliest token's, beside a vector in `region`."""

    def __init__(self, read: Reader, phrase: Callable[..., list[Any]], region: Region) -> None:
        drawn = slice_of(read.trace, "weight.unembedding", row(read))
        self.row = Vector(drawn, Paint(), region.height, 0.34, vertical=True).move_to((ROW, 0, 0))
        self.row.set_y(region.point()[1])
        word = chip_label(likeliest(read).token(), style.LABEL_SIZE, style.INK, LONGEST)
        said = words(phrase("row")[0], style.LABEL_SIZE, style.DIM)
        self.name = VGroup(said, word).arrange(RIGHT, buff=0.15)
        self.name.move_to((self.row.get_left()[0], region.bottom - 0.3, 0), aligned_edge=LEFT)
        self.walk = Walk(products(read), *WALK, region.top, region.bottom)
        self.end = Dot(self.walk.end, radius=0.07, color=style.LOGIT)
        self.total = number(score(read).decimal(), style.BIG_SIZE, style.LOGIT)
        ends = self.walk.reaches(region.bottom, region.bottom + self.total.height + 0.1)
        self.total.move_to((ends + 0.25, region.bottom - 0.06, 0), aligned_edge=DOWN + LEFT)
        count = read("meta.model.width", how="meta").integer()
        self.note = sentence(*phrase("products", count=count), size=style.LABEL_SIZE)
        self.note.move_to((WALK[1], region.bottom - 0.3, 0), aligned_edge=RIGHT)

    def leaving(self) -> list[FadeOut]:
        """All but the total."""
        return [*map(FadeOut, (self.row, self.name, self.walk, self.end, self.note))]
