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
from scenes.catalogue import label, line
from scenes.growing import sentence_line
from scenes.parts.bars import Bars
from scenes.parts.chips import Blank, Chip
from scenes.parts.label import sentence, words
from scenes.reading import reading
from scenes.stage import LessonScene

PANELS = 3  # distributions side by side
SHOWN = 6  # tokens in each
LONGEST = 10  # characters of such a token


class Loop(LessonScene):
    chapter = "loop"

    def construct(self) -> None:
        trace = self.trace
        steps = int(trace["generated.token"].shape[0])
        chips, _, blank = self._line(0)
        source = self.source("generated.probability", "generated.token")
        with self.beat("append") as beat:
            beat.play(FadeIn(self.heading()), *(FadeIn(chip) for chip in chips.values()), share=0.15)
            beat.play(FadeIn(blank, shift=0.2 * LEFT), FadeIn(source), share=0.12)
            ring = self._walk()
            beat.play(LaggedStart(*(FadeIn(part) for part in ring), lag_ratio=0.25), share=0.3, at="round")
            beat.close(FadeOut(ring))

        panels = VGroup()
        for step in range(1, steps):
            with self.beat(f"step{step}") as beat:
                column = (step - 1) % PANELS
                if column == 0 and panels.submobjects:
                    beat.play(FadeOut(panels), share=0.1, most=0.4)
                    panels = VGroup()
                bars = Bars(
                    trace, step, SHOWN, width=1.35, pitch=0.46, size=style.SMALL_SIZE, longest=LONGEST
                )
                place = reading(trace, "generated.token", step, how="place").ordinal()
                title = sentence(*line("loop.new", place=place), size=style.LABEL_SIZE).next_to(
                    bars, UP, buff=0.3
                )
                panel = VGroup(title, bars).move_to(((column - 1) * 4.45, -0.85, 0))
                panels.add(panel)
                beat.play(FadeIn(title), FadeIn(bars.names), bars.growing(), FadeIn(bars.numbers), share=0.35)
                longer, new, next_blank = self._line(step)
                flying = bars.names[bars.chosen].copy()
                beat.play(
                    *self._moving(chips, longer, new),
                    FadeOut(blank),
                    ReplacementTransform(flying, new.label),
                    FadeIn(new.box),
                    share=0.3,
                )
                self.remove(*longer.values(), new.label, new.box)
                self.add(*longer.values())
                if step < steps - 1:
                    beat.play(FadeIn(next_blank, shift=0.2 * LEFT), share=0.1, most=0.4)
                chips, blank = longer, next_blank

        with self.beat("end") as beat:
            if steps == 1:
                beat.play(FadeOut(blank), share=0.1)
            beat.play(panels.animate.set_opacity(style.FADED), share=0.15)
            self.clear_all(beat)

    def _moving(self, before: dict[int, VGroup], after: dict[int, VGroup], new: Chip) -> list[Animation]:
        """From one sentence to the next: what is in both moves, the rest comes or goes; but not `new`."""
        return [
            *(ReplacementTransform(before[key], after[key]) for key in before if key in after),
            *(FadeOut(part) for key, part in before.items() if key not in after),
            *(FadeIn(part) for key, part in after.items() if key not in before and part is not new),
        ]

    def _line(self, step: int) -> tuple[dict[int, VGroup], Chip, Blank]:
        """The sentence when a step has added its token: all of it, that token, marked, and the next blank."""
        chips, blank = sentence_line(self, self.trace.length + step + 1)
        new = chips[self.trace.length + step]
        assert isinstance(new, Chip)
        new.box.set_stroke(style.PROBABILITY)
        return chips, new, blank

    def _walk(self) -> VGroup:
        """The path that is walked again for each token, as words in a ring."""
        names = [
            words(label(f"loop.{name}"), style.TEXT_SIZE, style.DIM)
            for name in ("tokens", "embedding", "attention", "output")
        ]
        row = VGroup(*names).arrange(RIGHT, buff=1.2).move_to((0, -0.6, 0))
        arrows = [
            Arrow(a.get_right(), b.get_left(), buff=0.2, color=style.DIM, stroke_width=3)
            for a, b in pairwise(names)
        ]
        start, end = row[-1].get_bottom() + 0.15 * DOWN, row[0].get_bottom() + 0.15 * DOWN
        back = CurvedArrow(
            start, end, angle=-PI / 5, color=style.PROBABILITY, stroke_width=3, tip_length=0.22
        )
        return VGroup(*row, *arrows, back)
