"""`output`: the last vector becomes logits, the logits probabilities, and one token fills the blank."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, UP, Arrow, FadeIn, FadeOut, GrowArrow, LaggedStart, Transform, VGroup

from scenes import style
from scenes.focus import CELLS
from scenes.parts.bars import Bars
from scenes.parts.cells import Strip, legend, of_all_values
from scenes.parts.chips import Blank, Chip
from scenes.parts.growing import sentence_line
from scenes.parts.label import Label, formula, number, words
from scenes.reading import Reading, slice_of
from scenes.stage import BeatClock, LessonScene

BARS = 10  # the likeliest tokens
PLAIN = "p_i = e^(z_i) / (sum_j e^(z_j))"
TEMPERED = "p_i = e^(z_i slash T) / (sum_j e^(z_j slash T))"


class Output(LessonScene):
    chapter = "output"

    def lay_out(self) -> None:
        """The sentence with its blank on top, the likeliest tokens on the right."""
        self.chosen = Chip(self.read("generated.token", 0).token(), style.LABEL_SIZE, style.PROBABILITY)
        reserve = max(0.0, self.chosen.width - Blank().width)  # for the word that takes the blank's place
        self.chips, self.blank = sentence_line(self.read, self.trace.length, reserve=reserve)
        self.bars = Bars(self.read, 0, BARS, width=4.6, pitch=0.4, size=style.LABEL_SIZE)
        self.bars.move_to((2.4, -0.6, 0))
        self.bars.names.set_x(0.35, direction=RIGHT)
        self.bars.bars.set_x(0.6, direction=LEFT)
        for bar, figure in zip(self.bars.bars, self.bars.numbers, strict=True):
            figure.next_to(bar, RIGHT, buff=0.18)
        self.scores = VGroup(
            *(
                number(self.read("generated.logits", 0, i).decimal(), style.LABEL_SIZE, style.LOGIT).move_to(
                    (0.7, name.get_y(), 0), aligned_edge=LEFT
                )
                for i, name in zip(self.bars.ids, self.bars.names, strict=True)
            )
        )
        self.last_source = self.source("ln_f.out", "logits")

    def logits(self, beat: BeatClock) -> None:
        strip, shown, scale, arrow, name = vector = self._vector()
        self.vector = VGroup(*vector)
        heading = self.heading(*self._sampling())
        chips = (FadeIn(chip) for chip in self.chips.values())
        beat.play(FadeIn(heading), *chips, FadeIn(self.blank), share=0.12)
        beat.play(FadeIn(strip, shift=0.2 * DOWN), FadeIn(shown), FadeIn(scale), share=0.15)
        beat.play(GrowArrow(arrow), FadeIn(name), share=0.12)
        listed = (
            FadeIn(VGroup(token, score), shift=0.1 * DOWN)
            for token, score in zip(self.bars.names, self.scores, strict=True)
        )
        listing = LaggedStart(*listed, lag_ratio=0.15)
        beat.play(listing, FadeIn(self.last_source), share=0.35, most=2.4, at="scored")

    def softmax(self, beat: BeatClock) -> None:
        rule = formula(PLAIN if self.trace.meta.sampling.greedy else TEMPERED, 40).move_to((-4.3, -0.75, 0))
        source = self.source("generated.probability")
        beat.play(FadeOut(self.vector), FadeOut(self.last_source), FadeIn(rule), FadeIn(source), share=0.12)
        beat.play(FadeOut(self.scores, shift=0.1 * RIGHT), share=0.08, most=style.QUICK)
        beat.play(self.bars.growing(), share=0.25, at="bars")
        figures = (FadeIn(figure) for figure in self.bars.numbers)
        beat.play(LaggedStart(*figures, lag_ratio=0.1), share=0.15, at="p")
        beat.play(FadeIn(self.bars.rest()), share=0.08)

    def choice(self, beat: BeatClock) -> None:
        bars, chosen, blank = self.bars, self.chosen, self.blank
        flying = bars.names[bars.chosen].copy()
        chosen.scale(blank.box.height / chosen.box.height).move_to(blank).align_to(blank, LEFT)
        others = (
            part
            for group in (bars.names, bars.bars, bars.numbers)
            for i, part in enumerate(group)
            if i != bars.chosen
        )
        beat.play(*(part.animate.set_opacity(style.FADED) for part in others), share=0.15)
        beat.play(
            Transform(flying, chosen.label), FadeOut(blank), FadeIn(chosen.box), share=0.25, at="chosen"
        )
        self.remove(flying)
        self.add(chosen)

    def _vector(self) -> tuple[Strip, VGroup, VGroup, Arrow, Label]:
        """The last token's vector, how much of it is shown, its scale, and the arrow into the unembedding."""
        bound = self.read("ln_f.out", how="bound").value
        drawn = slice_of(self.trace, "ln_f.out", self.trace.length - 1, (0, CELLS))
        strip = Strip(drawn, bound, 0.28, 0.55, vertical=True)
        strip.move_to((-5.4, -0.75, 0))
        arrow = Arrow(
            strip.get_right() + 0.15 * RIGHT, (-2.2, -0.75, 0), buff=0, color=style.DIM, stroke_width=3
        )
        name = words(self.label("unembedding"), style.LABEL_SIZE, style.DIM).next_to(arrow, UP, buff=0.12)
        shown = of_all_values(self.read, "ln_f.out", CELLS, "shown_short").next_to(strip, DOWN, buff=0.15)
        return strip, shown, legend(self.read, "ln_f.out"), arrow, name

    def _sampling(self) -> list[str | Reading]:
        """How the probabilities were shaped before the draw; nothing when the likeliest token is taken."""
        sampling, shown = self.trace.meta.sampling, list[str | Reading]()
        if sampling.greedy:
            return shown
        for name, digits in (("temperature", 2), ("top_k", 0), ("top_p", 2)):
            if getattr(sampling, name) is not None:
                value = self.read(f"meta.sampling.{name}", how="meta").decimal(digits)
                shown += [", "] * bool(shown) + self.phrase(name, value=value)
        return shown
