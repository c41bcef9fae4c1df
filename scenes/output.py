"""`output`: the last vector becomes logits, the logits probabilities, and one token fills the blank."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Arrow,
    FadeIn,
    FadeOut,
    GrowArrow,
    LaggedStart,
    Transform,
    VGroup,
)

from scenes import style
from scenes.catalogue import label, line
from scenes.focus import BARS
from scenes.growing import sentence_line
from scenes.parts.bars import Bars
from scenes.parts.cells import Strip, legend, of_all_values
from scenes.parts.chips import Blank, Chip
from scenes.parts.label import formula, number, words
from scenes.reading import Reading, cells, reading
from scenes.stage import LessonScene

CELLS = 12  # of the last vector
PLAIN = "p_i = e^(z_i) / (sum_j e^(z_j))"
TEMPERED = "p_i = e^(z_i slash T) / (sum_j e^(z_j slash T))"


class Output(LessonScene):
    chapter = "output"

    def construct(self) -> None:
        trace = self.trace
        last = trace.length - 1
        bound = reading(trace, "ln_f.out", how="bound").value
        chosen = Chip(reading(trace, "generated.token", 0).token(), style.LABEL_SIZE, style.PROBABILITY)
        reserve = max(0.0, chosen.width - Blank().width)  # for the word that takes the blank's place
        chips, blank = sentence_line(self, trace.length, reserve=reserve)
        bars = Bars(trace, 0, BARS, width=4.6, pitch=0.4, size=style.LABEL_SIZE)
        bars.move_to((2.4, -0.6, 0))
        bars.names.set_x(0.35, direction=RIGHT)
        bars.bars.set_x(0.6, direction=LEFT)
        for bar, figure in zip(bars.bars, bars.numbers, strict=True):
            figure.next_to(bar, RIGHT, buff=0.18)
        logits = VGroup(
            *(
                number(
                    reading(trace, "generated.logits", 0, i).decimal(), style.LABEL_SIZE, style.LOGIT
                ).move_to((0.7, name.get_y(), 0), aligned_edge=LEFT)
                for i, name in zip(bars.ids, bars.names, strict=True)
            )
        )
        strip = Strip(cells(trace, "ln_f.out", last, (0, CELLS)), bound, 0.28, 0.55, vertical=True)
        strip.move_to((-5.4, -0.75, 0))
        arrow = Arrow(
            strip.get_right() + 0.15 * RIGHT, (-2.2, -0.75, 0), buff=0, color=style.DIM, stroke_width=3
        )
        name = words(label("output.unembedding"), style.LABEL_SIZE, style.DIM).next_to(arrow, UP, buff=0.12)
        shown = of_all_values(trace, "ln_f.out", CELLS, "shown short").next_to(strip, DOWN, buff=0.15)
        scale = legend(trace, "ln_f.out")

        with self.beat("logits") as beat:
            heading = self.heading(*self._sampling())
            beat.play(FadeIn(heading), *(FadeIn(chip) for chip in chips.values()), FadeIn(blank), share=0.12)
            beat.play(FadeIn(strip, shift=0.2 * DOWN), FadeIn(shown), FadeIn(scale), share=0.15)
            beat.play(GrowArrow(arrow), FadeIn(name), share=0.12)
            listed = (
                FadeIn(VGroup(n, value), shift=0.1 * DOWN)
                for n, value in zip(bars.names, logits, strict=True)
            )
            source = self.source("ln_f.out", "logits")
            beat.play(LaggedStart(*listed, lag_ratio=0.15), FadeIn(source), share=0.35, most=2.4, at="scored")

        with self.beat("softmax") as beat:
            vector = VGroup(strip, shown, scale, arrow, name)
            rule = formula(PLAIN if trace.meta.sampling.greedy else TEMPERED, 40).move_to((-4.3, -0.75, 0))
            next_source = self.source("generated.probability")
            beat.play(FadeOut(vector), FadeOut(source), FadeIn(rule), FadeIn(next_source), share=0.12)
            beat.play(FadeOut(logits, shift=0.1 * RIGHT), share=0.08, most=style.QUICK)
            beat.play(bars.growing(), share=0.25, at="bars")
            beat.play(LaggedStart(*(FadeIn(n) for n in bars.numbers), lag_ratio=0.1), share=0.15, at="p")
            beat.play(FadeIn(bars.rest(trace, 0)), share=0.08)

        with self.beat("choice") as beat:
            flying = bars.names[bars.chosen].copy()
            chosen.scale(blank.box.height / chosen.box.height).move_to(blank).align_to(blank, LEFT)
            others = [
                part
                for group in (bars.names, bars.bars, bars.numbers)
                for i, part in enumerate(group)
                if i != bars.chosen
            ]
            beat.play(*(part.animate.set_opacity(style.FADED) for part in others), share=0.15)
            beat.play(
                Transform(flying, chosen.label), FadeOut(blank), FadeIn(chosen.box), share=0.25, at="chosen"
            )
            self.remove(flying)
            self.add(chosen)
            self.clear_all(beat)

    def _sampling(self) -> list[str | Reading]:
        """How the probabilities were shaped before the draw; nothing when the likeliest token is taken."""
        sampling, shown = self.trace.meta.sampling, list[str | Reading]()
        if sampling.greedy:
            return shown
        for name, digits in (("temperature", 2), ("top_k", 0), ("top_p", 2)):
            if getattr(sampling, name) is not None:
                value = reading(self.trace, f"meta.sampling.{name}", how="meta").decimal(digits)
                shown += [", "] * bool(shown) + line(f"output.{name}", value=value)
        return shown
