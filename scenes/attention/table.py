"""The asking row as a list: the tokens that answer best, each with what it has at a stage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import LEFT, RIGHT, VGroup

from scenes import style
from scenes.attention.facts import unrooted
from scenes.focus import focus, token
from scenes.page import SIDE
from scenes.parts.chips import chip_label
from scenes.parts.label import formula, number, sentence, words
from scenes.reading import Reader

LISTED = 4
SIZE = 30
PITCH = 0.55
HEAD = 0.25  # the height of the columns' names
COLUMNS = (4.7, SIDE.right)  # where the two columns end


class RowTable:
    """The best answers to the asking token; `best` are their positions, the others have a line together."""

    def __init__(self, read: Reader, phrase: Callable[..., list[Any]]) -> None:
        self.read, self.focus, self.phrase = read, focus(read.trace), phrase
        row = read.trace[self.focus.tensor("pattern")][self.focus.head, self.focus.query]
        order = [int(p) for p in np.argsort(-row, kind="stable") if p <= self.focus.query]
        self.best = order if len(order) <= LISTED + 1 else order[:LISTED]
        self.others = len(order) - len(self.best)

    def names(self) -> VGroup:
        """Which row it is, and whose answers are listed."""
        f = self.focus
        asking = chip_label(token(self.read, f.query).token(), style.LABEL_SIZE, style.QUERY, 8)
        title = VGroup(words(self.phrase("row_of")[0], style.LABEL_SIZE, style.DIM), asking)
        title.arrange(RIGHT, buff=0.15)
        made = VGroup(title.move_to((SIDE.left, HEAD + 0.6, 0), aligned_edge=LEFT))
        for place, key in enumerate(self.best):
            hue = style.KEY if key == f.key else style.INK
            name = chip_label(token(self.read, key).token(), SIZE, hue, 8)
            made.add(name.move_to((SIDE.left, self._y(place), 0), aligned_edge=LEFT))
        if self.others:
            count = self.read("tokens", 0, self.others, how="span").integer()
            line = sentence(*self.read.locale.phrase("more", hidden=count), size=style.LABEL_SIZE)
            made.add(line.move_to((SIDE.left, self._y(len(self.best)), 0), aligned_edge=LEFT))
        return made

    def scores(self, stage: str) -> VGroup:
        """The scores at a stage, and how far each lies below the largest."""
        source, f = self.focus.tensor(stage), self.focus
        values = [self.read(source, f.head, f.query, key).decimal(1) for key in self.best]
        gaps = [self.read(source, f.head, f.query, key, how="gap").decimal(1) for key in self.best]
        return VGroup(
            self._column(0, self._head(stage), [number(value, SIZE) for value in values]),
            self._column(1, self._head("gap"), [number(value, SIZE, style.DIM) for value in gaps]),
        )

    def weights(self) -> VGroup:
        """How far each lies below the largest, and its weight: with the others' sum they come to one."""
        f, source = self.focus, self.focus.tensor("pattern")
        gaps = [self.read(f.tensor("scaled"), f.head, f.query, k, how="gap").decimal(1) for k in self.best]
        values = [self.read(source, f.head, f.query, key) for key in self.best]
        if self.others:
            values.append(self.read(source, f.head, f.query, *self.best, how="rest"))
        figures = [number(value.percent(), SIZE, style.PROBABILITY) for value in values]
        return VGroup(
            self._column(0, self._head("gap"), [number(value, SIZE, style.DIM) for value in gaps]),
            self._column(1, self._head("pattern"), figures),
        )

    def without_root(self) -> VGroup:
        """What the weights would be had the scores not been divided."""
        figures = [number(unrooted(self.read, key).percent(), SIZE) for key in self.best]
        head = VGroup(self._head("without"), formula("sqrt(d_k)", style.LABEL_SIZE, style.DIM))
        return self._column(0, head.arrange(RIGHT, buff=0.14), figures)

    def _head(self, key: str) -> VGroup:
        return words(self.phrase(key)[0], style.LABEL_SIZE, style.DIM)

    def _column(self, which: int, head: VGroup, figures: list[Any]) -> VGroup:
        right = COLUMNS[which]
        made = VGroup(head.move_to((right, HEAD, 0), aligned_edge=RIGHT))
        for place, figure in enumerate(figures):
            made.add(figure.move_to((right, self._y(place), 0), aligned_edge=RIGHT))
        return made

    def _y(self, place: int) -> float:
        return HEAD - 0.62 - place * PITCH
