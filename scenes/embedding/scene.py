"""`embedding`: each id picks its row of the learned table."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    LaggedStart,
    Line,
    Rectangle,
    TransformFromCopy,
    VGroup,
)

from scenes import style
from scenes.focus import CELLS
from scenes.parts.cells import Strip, legend, of_all_values
from scenes.parts.label import number, sentence, words
from scenes.parts.token_column import token_column
from scenes.reading import slice_of
from scenes.stage import BeatClock, LessonScene


class Embedding(LessonScene):
    chapter = "embedding"

    def lay_out(self) -> None:
        """The tokens on the left, the table in the middle, and on the right the row that each token takes."""
        self.tokens, self.chips = token_column(self.read, right=-4.3, y=0.15, room=2.25)
        self.table = Rectangle(
            width=1.5,
            height=4.6,
            stroke_color=style.DIM,
            stroke_width=2,
            fill_color=style.PANEL,
            fill_opacity=1,
        ).move_to((-1.6, 0.15, 0))
        size = self.read("meta.model.vocabulary", how="meta")
        self.rows = {
            i: Line(self.table.get_left(), self.table.get_right(), color=style.KEY, stroke_width=3).move_to(
                self.table.get_top() + int(self.trace["tokens"][i]) / size.value * self.table.height * DOWN
            )
            for i in self.chips
        }
        self.wires = {
            i: Line(
                chip.get_right() + 0.1 * RIGHT, self.rows[i].get_left(), color=style.KEY, stroke_width=1.5
            )
            for i, chip in self.chips.items()
        }
        bound = self.read("embed.token", how="bound").value
        self.strips = {
            i: Strip(slice_of(self.trace, "embed.token", i, (0, CELLS)), bound, 0.42, 0.44).move_to(
                (1.15, chip.get_y(), 0), aligned_edge=LEFT
            )
            for i, chip in self.chips.items()
        }

    def lookup(self, beat: BeatClock) -> None:
        rows = self.read("meta.model.vocabulary", how="meta").integer()
        note = VGroup(
            words(self.label("table"), style.SMALL_SIZE, style.DIM),
            sentence(*self.phrase("rows", count=rows), size=style.SMALL_SIZE),
        ).arrange(DOWN, buff=0.06)
        note.next_to(self.table, DOWN, buff=0.18)
        beat.play(FadeIn(self.heading()), FadeIn(self.tokens, shift=0.2 * RIGHT), share=0.15)
        beat.play(FadeIn(self.table), FadeIn(note), share=0.15)
        beat.play(
            LaggedStart(*(Create(wire) for wire in self.wires.values()), lag_ratio=0.2),
            *(FadeIn(row) for row in self.rows.values()),
            share=0.3,
            at="row",
        )
        taken = (TransformFromCopy(self.rows[i], strip) for i, strip in self.strips.items())
        beat.play(LaggedStart(*taken, lag_ratio=0.15), share=0.3, most=2.2)

    def vector(self, beat: BeatClock) -> None:
        first = self.strips[0]
        shown = of_all_values(self.read, "embed.token", CELLS)
        shown.next_to(VGroup(*self.strips.values()), DOWN, buff=0.25).align_to(first, LEFT)
        scale = legend(self.read, "embed.token")
        beat.play(FadeIn(shown), FadeIn(scale), FadeIn(self.source("embed.token")), share=0.12)
        others = [part for i, part in self.strips.items() if i] + list(self.tokens[1:])
        beat.play(
            *(part.animate.set_opacity(style.FADED) for part in others),
            *(wire.animate.set_opacity(0.1) for wire in self.wires.values()),
            share=0.1,
        )
        told = (FadeIn(figure, shift=0.1 * UP) for figure in self._figures(first))
        beat.play(LaggedStart(*told, lag_ratio=0.5), share=0.3, at="first")

    def _figures(self, strip: Strip) -> list[VGroup]:
        """The first three values above their cells, each with a line to its cell."""
        figures = VGroup(
            *(number(self.read("embed.token", 0, c).decimal(), style.LABEL_SIZE) for c in range(3))
        )
        figures.arrange(RIGHT, buff=0.35).next_to(strip, UP, buff=0.42).align_to(strip, LEFT)
        return [
            VGroup(
                figure,
                Line(cell.get_top(), figure.get_bottom(), color=style.DIM, stroke_width=1.5, buff=0.04),
            )
            for figure, cell in zip(figures, strip[:3], strict=True)
        ]
