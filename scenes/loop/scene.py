"""`loop`: the sentence grows, a token at a time, each with its own distribution."""

from __future__ import annotations

from itertools import pairwise

from manim import (
    DOWN,
    LEFT,
    PI,
    RIGHT,
    UP,
    Animation,
    Arrow,
    CurvedArrow,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    VGroup,
)

from scenes import style
from scenes.page import BODY, fit
from scenes.parts.bars import Bars
from scenes.parts.chips import Blank, Chip
from scenes.parts.growing import sentence_line
from scenes.parts.label import sentence, words
from scenes.stage import BeatClock, LessonScene

PANELS = 3  # distributions side by side
SHOWN = 6  # tokens in each
LONGEST = 10  # characters of such a token


class Loop(LessonScene):
    chapter = "loop"

    def lay_out(self) -> None:
        self.steps = len(self.trace["generated.token"])
        self.chips, _, self.blank = self._line(0)
        self.panels = VGroup()  # the distributions that are on screen

    def append(self, beat: BeatClock) -> None:
        source = self.source("generated.probability", "generated.token")
        chips = (FadeIn(chip) for chip in self.chips.values())
        beat.play(FadeIn(self.heading()), *chips, share=0.15)
        beat.play(FadeIn(self.blank, shift=0.2 * LEFT), FadeIn(source), share=0.12)
        ring = self._walk()
        beat.play(LaggedStart(*(FadeIn(part) for part in ring), lag_ratio=0.25), share=0.3, at="round")
        beat.close(FadeOut(ring))

    def step(self, beat: BeatClock) -> None:
        step = beat.number
        if step % PANELS == 1 and self.panels.submobjects:
            beat.play(FadeOut(self.panels), share=0.1, most=0.4)
            self.panels = VGroup()
        title, bars = self._panel(step)
        self.panels.add(VGroup(title, bars))
        beat.play(FadeIn(title), FadeIn(bars.names), bars.growing(), FadeIn(bars.numbers), share=0.35)
        longer, new, blank = self._line(step)
        flying = bars.names[bars.chosen].copy()
        beat.play(
            *self._moving(longer, new),
            FadeOut(self.blank),
            ReplacementTransform(flying, new.label),
            FadeIn(new.box),
            share=0.3,
        )
        self.remove(*longer.values(), new.label, new.box)
        self.add(*longer.values())
        if step < self.steps - 1:
            beat.play(FadeIn(blank, shift=0.2 * LEFT), share=0.1, most=0.4)
        self.chips, self.blank = longer, blank

    def end(self, beat: BeatClock) -> None:
        if self.steps == 1:
            beat.play(FadeOut(self.blank), share=0.1)
        beat.play(self.panels.animate.set_opacity(style.FADED), share=0.15)

    def _panel(self, step: int) -> tuple[VGroup, Bars]:
        """A step's title and bars, at the next of the places side by side."""
        bars = Bars(self.read, step, SHOWN, width=1.35, pitch=0.46, size=style.SMALL_SIZE, longest=LONGEST)
        place = self.read("generated.token", step, how="place").ordinal()
        title = sentence(*self.phrase("new", place=place), size=style.LABEL_SIZE).next_to(bars, UP, buff=0.3)
        column = (step - 1) % PANELS
        VGroup(title, bars).move_to(((column - 1) * 4.45, -0.85, 0))
        return title, bars

    def _moving(self, after: dict[int, VGroup], new: Chip) -> list[Animation]:
        """From this sentence to the next: what is in both moves, the rest comes or goes; but not `new`."""
        before = self.chips
        return [
            *(ReplacementTransform(before[key], after[key]) for key in before if key in after),
            *(FadeOut(part) for key, part in before.items() if key not in after),
            *(FadeIn(part) for key, part in after.items() if key not in before and part is not new),
        ]

    def _line(self, step: int) -> tuple[dict[int, VGroup], Chip, Blank]:
        """The sentence when a step has added its token: all of it, that token, marked, and the next blank."""
        chips, blank = sentence_line(self.read, self.trace.length + step + 1)
        new = chips[self.trace.length + step]
        assert isinstance(new, Chip)
        new.box.set_stroke(style.PROBABILITY)
        return chips, new, blank

    def _walk(self) -> VGroup:
        """The path that is walked again for each token, as words in a ring."""
        names = [
            words(self.label(name), style.TEXT_SIZE, style.DIM)
            for name in ("tokens", "embedding", "attention", "output")
        ]
        row = fit(VGroup(*names).arrange(RIGHT, buff=1.2), BODY).shift(0.5 * DOWN)
        arrows = [
            Arrow(a.get_right(), b.get_left(), buff=0.2, color=style.DIM, stroke_width=3)
            for a, b in pairwise(names)
        ]
        start, end = row[-1].get_bottom() + 0.15 * DOWN, row[0].get_bottom() + 0.15 * DOWN
        back = CurvedArrow(
            start, end, angle=-PI / 5, color=style.PROBABILITY, stroke_width=3, tip_length=0.22
        )
        return VGroup(*row, *arrows, back)
