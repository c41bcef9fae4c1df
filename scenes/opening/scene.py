"""`opening`: the sentence with a blank, the model's card, and the promise."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    ORIGIN,
    RIGHT,
    UP,
    Arrow,
    Create,
    FadeIn,
    GrowArrow,
    LaggedStart,
    RoundedRectangle,
    VGroup,
    Write,
)

from scenes import style
from scenes.focus import focus
from scenes.page import FOOT, fit
from scenes.parts.label import mono, number, words
from scenes.parts.prompt import prompt_with_blank
from scenes.stage import BeatClock, LessonScene

MOST_BLOCKS = 12  # a taller stack is drawn with a gap in it
CARD = ("blocks", "heads", "width", "vocabulary", "parameters")


class Opening(LessonScene):
    chapter = "opening"

    def lay_out(self) -> None:
        self.text, self.blank = prompt_with_blank(self.read)
        self.address = self._address()

    def sentence(self, beat: BeatClock) -> None:
        beat.play(FadeIn(self.text, shift=0.2 * UP), share=0.3)
        beat.play(Create(self.blank[0]), Write(self.blank.mark), share=0.3)

    def model(self, beat: BeatClock) -> None:
        stack = self._stack()
        goes_in = Arrow(2.3 * DOWN, 1.65 * DOWN, buff=0, color=style.DIM, stroke_width=3)
        comes_out = Arrow(ORIGIN, 0.65 * UP, buff=0, color=style.PROBABILITY, stroke_width=3)
        goes_in.set_x(stack.get_x())
        comes_out.next_to(stack, UP, buff=0.12)
        beside = 2 * (stack.get_x() - self.address.get_right()[0] - 0.5)  # of the address, which is to come
        small = min(0.75, 7.2 / self.text.width, beside / self.text.width, 1.2 / self.text.height)
        beat.play(
            self.text.animate.scale(small).next_to(goes_in, DOWN, buff=0.15),
            self.blank.animate.scale(0.75).next_to(comes_out, UP, buff=0.15),
            share=0.15,
        )
        beat.play(GrowArrow(goes_in), share=0.06)
        beat.play(LaggedStart(*(FadeIn(b, shift=0.15 * UP) for b in stack), lag_ratio=0.25), share=0.2)
        beat.play(GrowArrow(comes_out), share=0.06)
        rows = (FadeIn(row, shift=0.2 * RIGHT) for row in self._card())
        beat.play(LaggedStart(*rows, lag_ratio=0.3), share=0.4, most=4)

    def promise(self, beat: BeatClock) -> None:
        beat.play(FadeIn(self.address, shift=0.2 * UP), share=0.3)

    def _address(self) -> VGroup:
        """One value of the trace with its address, in the corner."""
        f = focus(self.trace)
        value = self.read(f.tensor("pattern"), f.head, f.query, f.key).decimal(4)
        place = f"{f.tensor('pattern')}[{f.head}, {f.query}, {f.key}] = "
        shown = VGroup(
            mono(place, style.NUMBER_SIZE, style.DIM), number(value, style.NUMBER_SIZE, style.PROBABILITY)
        )
        return fit(shown.arrange(RIGHT, buff=0.12), FOOT, DOWN + LEFT)

    def _card(self) -> VGroup:
        """The model's name and what it is made of, a row for each."""

        def row(field: str) -> VGroup:
            count = self.read(f"meta.model.{field}", how="meta").integer()
            name = words(self.label(field, count=count), style.LABEL_SIZE, style.DIM)
            figure = number(count, style.LABEL_SIZE)
            figure.move_to((1.75, 0, 0), aligned_edge=LEFT).align_to(name, DOWN)
            return VGroup(name.move_to((0, figure.get_y(), 0), aligned_edge=LEFT), figure)

        name = number(self.read("meta.model.name", how="meta").name(), style.TITLE_SIZE * 0.8)
        rows = [row(field) for field in CARD]
        for label, figure in rows:
            figure.set_x(-2.2, direction=LEFT)
            label.set_x(-5.4, direction=LEFT)
        card = VGroup(name, *rows).arrange(DOWN, buff=0.3, aligned_edge=LEFT)
        return card.move_to((style.LEFT + 0.4, 0.6, 0), aligned_edge=LEFT)

    def _stack(self) -> VGroup:
        """The model's blocks on each other."""
        blocks = self.trace.meta.model.blocks
        shown = min(blocks, MOST_BLOCKS)
        height = min(0.55, 3.5 / shown)
        layers = VGroup()
        for index in range(shown):
            if blocks > shown and index == shown // 2:
                layers.add(mono("…", style.LABEL_SIZE, style.DIM))
                continue
            layers.add(
                RoundedRectangle(
                    width=3.6,
                    height=height * 0.78,
                    corner_radius=0.08,
                    stroke_color=style.DIM,
                    stroke_width=2,
                    fill_color=style.PANEL,
                    fill_opacity=1,
                )
            )
        return layers.arrange(UP, buff=height * 0.22).move_to((2.9, -1.5, 0), aligned_edge=DOWN)
