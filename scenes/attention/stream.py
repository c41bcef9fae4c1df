"""All heads side by side, through one matrix, added to the stream: each a whole vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Arrow, Group, Polygon, VGroup

from scenes import style
from scenes.attention.facts import turned
from scenes.focus import focus
from scenes.parts.label import formula, mono, number, sentence, words
from scenes.parts.matrix import Vector
from scenes.parts.texture import Paint, Texture
from scenes.reading import Reader, slice_of

LENGTH, MIDDLE = 9.2, 0.05  # of the vectors
NAMES, FIGURES = MIDDLE - LENGTH / 2 - 0.25, MIDDLE + LENGTH / 2 + 0.2
ROWS = {"concat": 2.25, "out": -0.2, "before": -1.25, "after": -2.3}
THICK = 0.55
ARROWS = (1.6, 5.4, 1.65)  # the height of their middle, and how wide and high they may be
MATRIX = (1.05, 1.1)  # its middle's height, and how high it is


class Stream:
    """What attention does to the asking token's vector."""

    def __init__(self, read: Reader, phrase: Callable[..., list[Any]], story: bool) -> None:
        self.read, self.focus, self.phrase, self.story = read, focus(read.trace), phrase, story
        f = self.focus
        self.names = {
            "concat": f.tensor("concat"),
            "out": f.tensor("out"),
            "before": f.beside("resid_pre"),
            "after": f.beside("resid_mid"),
        }

    def row(self, part: str) -> Group:
        """One of the vectors with its name, and the sign before it."""
        drawn = slice_of(self.read.trace, self.names[part], self.focus.query)
        vector = Vector(drawn, Paint(), LENGTH, THICK).move_to((MIDDLE, ROWS[part], 0))
        made = Group(vector, self._name(words(self.phrase(part)[0], style.LABEL_SIZE), ROWS[part]))
        sign = {"before": "+", "after": "="}.get(part)
        if sign and not self.story:
            made.add(mono(sign, style.LABEL_SIZE, style.DIM).move_to((MIDDLE, ROWS[part] + 0.52, 0)))
        return made

    def own(self, row: Group) -> Polygon:
        """A line around what our head put in."""
        width, head = self.read.trace.meta.model.head_width, self.focus.head
        frame: Polygon = row[0].frame_of((head * width, (head + 1) * width), style.PROBABILITY, 4)
        return frame

    def matrix(self) -> Group:
        """The weights that all heads go through, where the trace has them all; else those of ours."""
        whole = "weight.block.o" in self.read.trace
        drawn = slice_of(self.read.trace, "weight.block.o" if whole else "weight.o")
        texture = Texture(
            drawn, Paint(style.WEIGHTS), LENGTH, MATRIX[1], lambda v: v.reshape(-1, v.shape[-1])
        ).move_to((MIDDLE, MATRIX[0], 0))
        plain = words(self.phrase("matrix")[0], style.LABEL_SIZE, style.LEARNED)
        name = plain if self.story else formula("W_O", 36, style.LEARNED)
        return Group(texture, self._name(name, MATRIX[0]))

    def figures(self) -> tuple[VGroup, VGroup, VGroup]:
        """How long the vector was, how long what is added is, and how far the two point apart."""
        lengths = [
            self._figure(
                self.phrase(
                    "long", value=self.read(self.names[part], self.focus.query, how="norm").decimal(1)
                ),
                ROWS[part],
            )
            for part in ("before", "out")
        ]
        cosine = VGroup(
            number(turned(self.read), 62),
            words(self.phrase("cosine")[0], style.LABEL_SIZE, style.DIM),
        ).arrange(DOWN, buff=0.14, aligned_edge=LEFT)
        cosine.move_to((2.9, ARROWS[0], 0), aligned_edge=LEFT)
        return lengths[0], lengths[1], cosine

    def triangle(self) -> VGroup:
        """The vector before, what is added and the sum, tip to tail, in the plane that they span."""
        before, added, after = (
            float(self.read(self.names[part], self.focus.query, how="norm").value)
            for part in ("before", "out", "after")
        )
        along = (before**2 + after**2 - added**2) / (2 * before)  # of the sum, along what was before
        corners = np.array([(0, 0, 0), (before, 0, 0), (along, max(after**2 - along**2, 0.0) ** 0.5, 0)])
        wide, high = np.ptp(corners[:, 0]), np.ptp(corners[:, 1])
        corners *= min(ARROWS[1] / wide, ARROWS[2] / (high or 1.0))
        corners += np.array((-1.6, ARROWS[0], 0)) - (corners.max(axis=0) + corners.min(axis=0)) / 2
        hues = style.DIM, style.PROBABILITY, style.INK
        ends = ((0, 1), (1, 2), (0, 2))
        arrows = VGroup(
            *(
                Arrow(corners[a], corners[b], buff=0, color=hue, stroke_width=5, tip_length=0.2)
                for (a, b), hue in zip(ends, hues, strict=True)
            )
        )
        names = VGroup(
            *(
                words(self.phrase(part)[0], style.LABEL_SIZE, hue).next_to(
                    arrow.get_center(), side, buff=0.15
                )
                for arrow, part, hue, side in zip(
                    arrows, ("before", "added", "after"), hues, (DOWN, RIGHT, UP + LEFT), strict=True
                )
            )
        )
        return VGroup(arrows, names)

    def sources(self) -> list[str]:
        return list(self.names.values())

    def _figure(self, parts: list[Any], y: float) -> VGroup:
        line = sentence(*parts, size=style.LABEL_SIZE, color=style.INK)
        room = style.RIGHT - FIGURES
        if line.width > room:
            line.scale(room / line.width)
        return line.move_to((FIGURES, y, 0), aligned_edge=LEFT)

    def _name(self, name: Any, y: float) -> Any:
        return name.move_to((NAMES, y, 0), aligned_edge=RIGHT)
