"""`opening`: the sentence with a blank, the answer for a moment, the machine with its card, the promise."""

from __future__ import annotations

from typing import Any

from manim import (
    DOWN,
    LEFT,
    ORIGIN,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Rectangle,
    Transform,
    VGroup,
    Write,
)

from scenes import style
from scenes.clock import BeatClock
from scenes.focus import focus
from scenes.journey import FRAME
from scenes.page import Region, fit
from scenes.parts.bars import Bars
from scenes.parts.label import mono, number, words
from scenes.parts.prompt import prompt_with_blank
from scenes.parts.space.flight import Flight, Lighting
from scenes.parts.space.notes import plate
from scenes.parts.space.projector import View
from scenes.stage import LessonScene

CARD = ("blocks", "heads", "width", "vocabulary", "parameters")
ALONE = Region(style.LEFT, style.RIGHT, -2.4, 2.4)  # the sentence at first
ABOVE = Region(style.LEFT, style.RIGHT, 0.9, style.TOP)  # while its answer is seen
ANSWER = Region(-4.2, 4.6, -3.2, 0.1)
TOP = Region(style.LEFT, 2.9, 2.74, style.TOP)  # the sentence beside the machine
CORNER = Region(3.0, style.RIGHT, 2.75, style.TOP)  # what its colours mean
READABLE = 23.0  # the least of its type; where it would be smaller, it leaves
LIKELIEST = 5
SEEN = 0.72  # how much of the answer is there, where that can be read
ADDRESS = Region(1.5, style.RIGHT, 1.9, 2.4)
FIRST = View(azimuth=24, elevation=13, nearness=1 / 200)


class Opening(LessonScene):
    chapter = "opening"

    def lay_out(self) -> None:
        """The sentence as large as fits; it is there from the first frame on."""
        self.text, self.blank, _ = prompt_with_blank(self.read, ALONE)
        self.add(self.text)

    def sentence(self, beat: BeatClock) -> None:
        beat.play(Create(self.blank[0]), Write(self.blank.mark), share=0.25)

    def answer(self, beat: BeatClock) -> None:
        """The likeliest words for a moment, dimmed."""
        self._move(beat, ABOVE, UP)
        bars = Bars(self.read, 0, LIKELIEST, 5.0, 0.62, style.LABEL_SIZE)
        fit(bars, ANSWER).set_opacity(style.legible(style.PROBABILITY, SEEN))
        beat.play(FadeIn(bars), share=0.1, most=0.3, at="answer")
        beat.hold(0.12)
        beat.play(FadeOut(bars), share=0.1, most=0.3)
        self._move(beat, ALONE, ORIGIN)

    def model(self, beat: BeatClock) -> None:
        """The whole network lights up while one flies round it; its card stands in the free corner."""
        self.machine = self.journey.machine
        self.machine.look(self.machine.framed(FIRST, FRAME))
        for box in self.machine.boxes:
            box.set_lit(0.0)
        self._aside(beat)
        self.add(self.machine)
        beat.play(Lighting(self.machine, {}, rest=1.0), share=0.12)
        beat.play(Flight(self.machine, self.journey.view("whole")), share=0.4, most=4)
        rows = (FadeIn(row, shift=0.2 * RIGHT) for row in self._card())
        beat.play(LaggedStart(*rows, lag_ratio=0.3), FadeIn(self._scale()), share=0.25, most=2.5)

    def promise(self, beat: BeatClock) -> None:
        """One value with its address: the floor that it is read from stays lit."""
        f = focus(self.trace)
        floor = f"{f.tensor('pattern')}.{f.head}"
        beat.play(Lighting(self.machine, {floor: 1.0}, rest=0.3), share=0.25)
        if not self.story:
            beat.play(FadeIn(self._address(), shift=0.2 * UP), share=0.25, at="read")

    def _move(self, beat: BeatClock, region: Region, edge: Any) -> None:
        """Brings the sentence into a region, smaller where it would not fit."""
        whole = VGroup(self.text, self.blank)
        size = min(1.0, region.width / whole.width, region.height / whole.height)
        target = whole.copy().scale(size)
        target.move_to(region.point(edge), aligned_edge=edge)
        beat.play(
            self.text.animate.scale(size).move_to(target[0]),
            self.blank.animate.scale(size).move_to(target[1]),
            share=0.1,
            most=style.QUICK,
        )

    def _aside(self, beat: BeatClock) -> None:
        """Sets the sentence anew above the machine; where it could not be read there, it leaves."""
        text, blank, size = prompt_with_blank(self.read, TOP)
        VGroup(text, blank).move_to(TOP.point(UP + LEFT), aligned_edge=UP + LEFT)
        if len(text) == len(self.text) and size >= READABLE:
            moves = [Transform(self.text, text), Transform(self.blank, blank)]
        else:
            coming = [FadeIn(text), FadeIn(blank)] if size >= READABLE else []
            moves = [FadeOut(self.text), FadeOut(self.blank), *coming]
        beat.play(*moves, share=0.1, most=style.QUICK)

    def _address(self) -> VGroup:
        """One value of the trace with its address."""
        f = focus(self.trace)
        value = self.read(f.tensor("pattern"), f.head, f.query, f.key).decimal(4)
        place = f"{f.tensor('pattern')}[{f.head}, {f.query}, {f.key}] = "
        shown = VGroup(
            mono(place, style.NUMBER_SIZE, style.DIM), number(value, style.NUMBER_SIZE, style.PROBABILITY)
        )
        fit(shown.arrange(RIGHT, buff=0.12), ADDRESS, UP + RIGHT)
        return VGroup(plate(shown), shown)

    def _card(self) -> VGroup:
        """The model's name and what it is made of, a row for each."""

        def row(field: str) -> VGroup:
            count = self.read(f"meta.model.{field}", how="meta").integer()
            figure = number(count, style.SMALL_SIZE)
            name = words(self.label(field, count=count), style.SMALL_SIZE, style.DIM)
            return VGroup(figure, name.next_to(figure, RIGHT, buff=0.2).align_to(figure, DOWN))

        name = number(self.read("meta.model.name", how="meta").name(), style.TEXT_SIZE)
        rows = [VGroup(plate(one), one) for one in (name, *map(row, CARD))]
        card = VGroup(*rows).arrange(DOWN, buff=0.08, aligned_edge=LEFT)
        return card.move_to((style.LEFT, style.BOTTOM, 0), aligned_edge=DOWN + LEFT)

    def _scale(self) -> VGroup:
        """What the colours of the machine's cells mean."""
        steps = VGroup(
            *(
                Rectangle(
                    width=0.07,
                    height=0.16,
                    stroke_width=0,
                    fill_color=style.SIGNED.colour(step / 12 - 1),
                    fill_opacity=1,
                )
                for step in range(25)
            )
        ).arrange(RIGHT, buff=0)
        ends = [mono(sign, style.SMALL_SIZE, style.DIM) for sign in "−+"]
        bar = VGroup(ends[0], steps, ends[1]).arrange(RIGHT, buff=0.15)
        note = words(self.label("scale"), 20, style.DIM).next_to(bar, DOWN, buff=0.1).align_to(bar, RIGHT)
        return fit(VGroup(bar, note), CORNER, UP + RIGHT)
