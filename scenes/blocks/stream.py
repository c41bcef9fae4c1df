"""The last token's stream through all blocks: its vector after each, and a circle for each that is added."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from manim import DOWN, UP, Animation, Circle, Create, FadeIn, Group, Line, VGroup

from llmtrace.trace import block
from scenes import style
from scenes.blocks.facts import blocks, length, longest, numbered
from scenes.page import Region
from scenes.parts.label import number
from scenes.parts.matrix import Vector
from scenes.parts.texture import Paint
from scenes.reading import Reader, slice_of

HUES = {"attn": "PROBABILITY", "mlp": "FEED_FORWARD"}
DARKEST = 0.08  # how bright the circle of the shortest would be at least
RADIUS = 0.21  # of a circle, at most


class Stream:
    """In `region`: the start at its left edge, and each block in the middle that `middle` says.

    `pitch` is from one block to the next; with `numbered` each circle has its length below it.
    """

    def __init__(
        self, read: Reader, region: Region, middle: Callable[[int], float], pitch: float, numbered: bool
    ) -> None:
        self.read, self.region, self.pitch = read, region, pitch
        self.y = region.point()[1]
        last, count = read.trace.length - 1, blocks(read)
        names = ["embed.sum", *(block(index, "resid_post") for index in range(count))]
        after = [slice_of(read.trace, name, last) for name in names]
        bound = read(names[-1], last, how="strongest").value  # one scale: so is seen how it grows
        places = [region.left, *(middle(index) + 0.34 * pitch for index in range(count))]
        thick = min(0.36, 0.3 * pitch)
        self.vectors = [
            Vector(drawn, Paint(bound=bound), region.height, thick, vertical=True).move_to((x, self.y, 0))
            for drawn, x in zip(after, places, strict=True)
        ]
        most = length(read, *longest(read)).value
        self.circles = {
            (index, part): self._circle(index, part, middle(index) + offset * pitch, most)
            for index in range(count)
            for part, offset in (("attn", -0.36), ("mlp", 0.0))
        }
        self.lines = [
            Line(one.get_right(), other.get_left(), color=style.BODY, stroke_width=2.5)
            for one, other in pairwise(self.vectors)
        ]
        self.lengths = VGroup(*(self._length(*key) for key in self.circles)) if numbered else VGroup()

    def growing(self) -> list[Animation]:
        """Block after block, from the start."""
        made = []
        for index, line in enumerate(self.lines):
            circles = [FadeIn(self.circles[index, part], scale=0.6) for part in HUES]
            made += [Create(line), *circles, FadeIn(self.vectors[index + 1])]
        return made

    @property
    def start(self) -> Vector:
        return self.vectors[0]

    def all(self) -> Group:
        return Group(*self.lines, *self.vectors, *self.circles.values(), self.lengths)

    def frame(self) -> VGroup:
        """Round what adds the longest vector; with its block's number, where not every block has one."""
        index, part = longest(self.read)
        circle = self.circles[index, part]
        ring = Circle(circle.width / 2 + 0.09, color=style.HIGHLIGHT, stroke_width=3).move_to(circle)
        if self.lengths:
            return VGroup(ring)
        name = number(numbered(self.read, index), style.LABEL_SIZE)
        return VGroup(ring, name.next_to(self.vectors[index + 1], UP, buff=0.15).set_x(ring.get_x()))

    def _circle(self, index: int, part: str, x: float, most: float) -> VGroup:
        """An adder, as bright as what it adds is long."""
        radius, hue = min(RADIUS, 0.11 * self.pitch), style.hue(HUES[part])
        ground = Circle(radius, stroke_width=0).set_fill(style.GROUND, 1)
        bright = float(length(self.read, index, part).value) / (float(most) or 1.0)
        disc = Circle(radius, color=hue, stroke_width=2).set_fill(hue, DARKEST + (1 - DARKEST) * bright)
        arm = 0.55 * radius
        plus = VGroup(
            Line((-arm, 0, 0), (arm, 0, 0), stroke_width=2.5, color=style.INK),
            Line((0, -arm, 0), (0, arm, 0), stroke_width=2.5, color=style.INK),
        )
        return VGroup(ground, disc, plus).move_to((x, self.y, 0))

    def _length(self, index: int, part: str) -> VGroup:
        made = number(length(self.read, index, part).decimal(0), style.SMALL_SIZE, style.DIM)
        return made.next_to(self.circles[index, part], DOWN, buff=0.14)
