"""Tokens with their probabilities as bars."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, RIGHT, LaggedStart, MoveToTarget, Rectangle, VGroup

from llmtrace.trace import Trace
from scenes import style
from scenes.parts.chips import LONGEST, chip_label
from scenes.parts.label import number, sentence
from scenes.reading import Reader, slice_of

_FLAT = 0.1


def full(*shares: float) -> float:
    """The share that fills all its room: the largest, but at least a tenth, so that flat looks flat."""
    return max(_FLAT, *shares)


def full_of_steps(trace: Trace) -> float:
    """One for all steps of a trace, so that bars of one step can be compared with those of another."""
    return full(float(trace["generated.probability"].max()))


class Bars(VGroup):
    """The likeliest tokens of one step, the chosen one lit, with their share of the whole vocabulary.

    `names`, `bars` and `numbers` are in falling order of probability; `full_of_steps` would be `width` wide.
    A chosen token outside the likeliest `count` takes the last place.
    """

    def __init__(
        self,
        read: Reader,
        step: int,
        count: int,
        width: float,
        pitch: float,
        size: float,
        longest: int = LONGEST,
    ) -> None:
        self._read, self._step = read, step
        trace, source = read.trace, "generated.probability"
        row = trace[source][step]
        chosen = int(trace["generated.token"][step])
        self.ids = [int(i) for i in np.argsort(-row, kind="stable")[:count]]
        ranks = {token: rank for rank, token in enumerate(self.ids)}
        if chosen not in ranks:
            self.ids[-1] = chosen
        self.names, self.bars, self.numbers = VGroup(), VGroup(), VGroup()
        self.drawn = slice_of(trace, source, step)
        unit = width / full_of_steps(trace)
        for place, token in enumerate(self.ids):
            lit = token == chosen
            name = (read("generated.token", step) if lit else read(source, step, place, how="ranked")).token()
            y = -place * pitch
            label = chip_label(name, size, style.PROBABILITY if lit else style.INK, longest)
            colour = style.PROBABILITY if lit else style.mix(style.GROUND, style.SHARE, 0.55)
            bar = Rectangle(
                width=max(unit * float(row[token]), 0.02),
                height=pitch * 0.62,
                stroke_width=0,
                fill_color=colour,
                fill_opacity=1,
            )
            percent = number(read(source, step, token).percent(1), size * 0.92)
            self.names.add(label.move_to((-0.25, y, 0), aligned_edge=RIGHT))
            self.bars.add(bar.move_to((0, y, 0), aligned_edge=LEFT))
            self.numbers.add(percent.next_to(bar, RIGHT, buff=0.18))
        self.chosen = self.ids.index(chosen)
        super().__init__(self.names, self.bars, self.numbers)

    def growing(self, lag: float = 0.1) -> LaggedStart:
        """An animation in which every bar grows to the right from nothing."""
        for bar in self.bars:
            bar.generate_target()
            bar.stretch(0.001, 0, about_edge=LEFT)
        return LaggedStart(*(MoveToTarget(bar) for bar in self.bars), lag_ratio=lag)

    def rest(self, size: float = style.SMALL_SIZE) -> VGroup:
        """A line that says what all other tokens have together."""
        share = self._read("generated.probability", self._step, *self.ids, how="rest").percent(1)
        others = sentence(*self._read.locale.phrase("others", share=share), size=size)
        return others.next_to(self, DOWN, buff=0.25).align_to(self.bars, LEFT)
