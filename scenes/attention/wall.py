"""All heads of all blocks as a wall of small grids, one image a block; ours and the named ones drawn out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Group, Rectangle, VGroup, VMobject

from llmtrace.trace import Array, block
from scenes import style
from scenes.attention.facts import Named, named_heads, share_of
from scenes.focus import focus
from scenes.measures import FROM
from scenes.parts.label import sentence, words
from scenes.parts.matrix import past
from scenes.parts.texture import Paint, Texture
from scenes.reading import Reader, slice_of

LEFT_EDGE, TOP, WIDE, HIGH = -5.35, 2.3, 7.7, 5.0  # of the wall
ROOM = 0.32  # that a name beside the wall needs
PANEL, PANELS = 3.05, 1.3  # where the drawn-out grids begin, and how large they are


class HeadWall:
    """`textures` has one image a block, with all its heads beside each other and no future."""

    def __init__(self, read: Reader, phrase: Callable[..., list[Any]]) -> None:
        self.read, self.focus, self.phrase = read, focus(read.trace), phrase
        card, length = read.trace.meta.model, read.trace.length
        self.blocks, self.heads = card.blocks, card.heads
        self.gap = max(1, round(0.16 * length))  # cells between two heads
        self.pitch = HIGH / self.blocks
        high = 0.84 * self.pitch
        share = self.heads + (self.heads - 1) * self.gap / length
        self.width = min(WIDE, 2.0 * high * share)
        self.side = self.width / share, min(high, 1.2 * self.width / share)
        self.pitch = min(self.pitch, self.side[1] / 0.84)
        self.textures = [self._texture(at) for at in range(self.blocks)]

    def at(self, index: int, head: int) -> Array:
        """The middle of a head's grid."""
        step = self.side[0] * (1 + self.gap / self.read.trace.length)
        return np.array((LEFT_EDGE + self.side[0] / 2 + head * step, self._y(index), 0.0))

    def frame(self, index: int, head: int, hue: str) -> Rectangle:
        width, height = (side + 0.07 for side in self.side)
        return Rectangle(width=width, height=height, color=hue, stroke_width=3).move_to(self.at(index, head))

    def ours(self, side: float) -> Texture:
        """Our head's grid alone, as large as wanted."""
        return self._alone(self.focus.block, self.focus.head, side)

    def names(self) -> VGroup:
        """The numbers of the blocks and heads, where all of one kind have room; else of ours."""
        made, size = VGroup(), style.SMALL_SIZE
        blocks = range(self.blocks) if self.pitch >= ROOM else [self.focus.block]
        for index in blocks:
            number = self.read("heads.attribution", index, how="place").ordinal()
            name = sentence(*self.phrase("block", block=number), size=size)
            made.add(name.move_to((LEFT_EDGE - 0.15, self._y(index), 0), aligned_edge=RIGHT))
        step = self.at(0, 1)[0] - self.at(0, 0)[0] if self.heads > 1 else WIDE
        heads = range(self.heads) if step >= 0.92 else [self.focus.head]
        for head in heads:
            name = sentence(
                *self.phrase("head", head=self.read("heads.attribution", head, how="column").ordinal()),
                size=size,
            )
            made.add(name.move_to((self.at(0, head)[0], TOP + 0.12, 0), aligned_edge=DOWN))
        return made

    def panels(self) -> list[tuple[str, Group]]:
        """Ours and the named heads, drawn out beside the wall, by what they look at."""
        found = named_heads(self.read.trace) if self.read.trace.length > FROM else []
        lines: list[tuple[str, int, int, Named | None]] = [("ours", self.focus.block, self.focus.head, None)]
        lines += [(one.kind, one.block, one.head, one) for one in found]
        return [
            (kind, self._panel(place, kind, index, head, one))
            for place, (kind, index, head, one) in enumerate(lines)
        ]

    def _panel(self, place: int, kind: str, index: int, head: int, one: Named | None) -> Group:
        hue = style.PROBABILITY if one is None else style.INK
        grid = self._alone(index, head, PANELS)
        y = TOP - PANELS / 2 - place * 1.85
        grid.move_to((PANEL + PANELS / 2, y, 0))
        around = Rectangle(width=PANELS + 0.14, height=PANELS + 0.14, color=hue, stroke_width=3).move_to(grid)
        text = VGroup(words(self.phrase(kind)[0], style.LABEL_SIZE, hue))
        if one is not None:
            share = share_of(self.read, one)
            text.add(sentence(*self.phrase("of_weight", share=share), size=style.SMALL_SIZE, color=style.INK))
        number = self.read("heads.attribution", index, how="place").ordinal()
        where = self.phrase(
            "where", block=number, head=self.read("heads.attribution", head, how="column").ordinal()
        )
        text.add(sentence(*where, size=style.SMALL_SIZE))
        text.arrange(DOWN, buff=0.16, aligned_edge=LEFT)
        text.move_to((PANEL + PANELS + 0.22, y, 0), aligned_edge=LEFT)
        return Group(grid, around, self.frame(index, head, hue), self._lead(index, head, y, place, hue), text)

    def _lead(self, index: int, head: int, y: float, place: int, hue: str) -> VMobject:
        """From a head in the wall to its panel, through the gap above its row."""
        start = self.at(index, head) + (self.side[1] / 2 + 0.035) * UP
        lane = start + 0.5 * max(self.pitch - self.side[1] - 0.07, 0.0) * UP
        turn = LEFT_EDGE + self.width + 0.2 + 0.15 * place
        corners = [start, lane, (turn, lane[1], 0), (turn, y, 0), (PANEL - 0.07, y, 0)]
        line = VMobject(stroke_color=hue, stroke_width=2)
        return line.set_points_as_corners([np.array(corner) for corner in corners])

    def _alone(self, index: int, head: int, side: float) -> Texture:
        drawn = slice_of(self.read.trace, block(index, "attn.pattern"), head)
        return Texture(drawn, _paint(), side, side, past)

    def _texture(self, index: int) -> Texture:
        drawn = slice_of(self.read.trace, block(index, "attn.pattern"))
        texture = Texture(drawn, _paint(), self.width, self.side[1], self._beside)
        return texture.move_to((LEFT_EDGE + self.width / 2, self._y(index), 0))

    def _beside(self, patterns: Array) -> Array:
        """(heads, T, T) → (T, columns): the grids beside each other, without the future."""
        length = patterns.shape[-1]
        seen = np.where(np.tri(length) > 0, patterns, np.nan)
        parted = np.pad(seen, ((0, 0), (0, 0), (0, self.gap)), constant_values=np.nan)
        return np.asarray(np.concatenate(parted, axis=1)[:, : -self.gap])

    def _y(self, index: int) -> float:
        return float(TOP - self.side[1] / 2 - index * self.pitch)


def _paint() -> Paint:
    """That of attention weights, the same for all heads."""
    return Paint(style.SHARES, bound=1.0)
