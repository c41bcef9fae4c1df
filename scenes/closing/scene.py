"""`closing`: the whole path in one picture, where it is at work, and where to go on."""

from __future__ import annotations

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Arrow,
    FadeIn,
    FadeOut,
    Group,
    GrowArrow,
    LaggedStart,
    Mobject,
    Rectangle,
    RoundedRectangle,
    VGroup,
)

from llmtrace.trace import block
from scenes import style
from scenes.clock import BeatClock
from scenes.closing.script import values
from scenes.focus import focus, token
from scenes.page import BODY, Region, fit
from scenes.parts.chips import Chip, chip_label
from scenes.parts.growing import sentence_line
from scenes.parts.label import mono, number, words
from scenes.parts.matrix import Vector, past
from scenes.parts.texture import Paint, Texture, folded
from scenes.reading import slice_of
from scenes.stage import LessonScene

STATIONS = ("tokens", "embedding", "attention", "thought", "blocks", "output")
HUES = ("INK", "INK", "PROBABILITY", "FEED_FORWARD", "INK", "PROBABILITY")
PLACES = Region(style.LEFT, style.RIGHT, -1.95, 1.45)
GAP = 0.5
PICTURED = 5  # tokens of the sentence, and likeliest ones
FOLDED = 32  # neurons in a row
TODAY = ("assistants", "translation", "writing", "learning")
FURTHER = ("walk", "film", "paper")


class Closing(LessonScene):
    chapter = "closing"

    def lay_out(self) -> None:
        """The finished sentence, and below it a miniature of each chapter of the path."""
        self.f = focus(self.trace)
        steps = len(self.trace["generated.token"])
        chips, _ = sentence_line(self.read, self.trace.length + steps)
        for position, chip in chips.items():
            if position >= self.trace.length and isinstance(chip, Chip):
                chip.box.set_stroke(style.PROBABILITY)
        self.sentence = VGroup(*chips.values()).set_x(0)
        made = (self._tokens, self._vectors, self._pattern, self._neurons, self._stream, self._likeliest)
        self.panels, self.arrows = Group(), list[Arrow]()
        self.at_work = VGroup()
        for name, hue, picture, place in zip(
            STATIONS, HUES, made, PLACES.columns(len(STATIONS), GAP), strict=True
        ):
            self.panels.add(self._panel(name, style.hue(hue), picture(), place))
        for before, after in zip(self.panels, self.panels[1:], strict=False):
            start, end = before[0].get_right() + 0.06 * RIGHT, after[0].get_left() + 0.06 * LEFT
            self.arrows.append(Arrow(start, end, buff=0, color=style.DIM, stroke_width=3, tip_length=0.16))

    def path(self, beat: BeatClock) -> None:
        beat.play(FadeIn(self.heading()), FadeIn(self.sentence), FadeIn(self.panels[0]), share=0.12)
        for cue, first, last in (("numbers", 1, 2), ("attention", 2, 5), ("word", 5, 6)):
            arriving = [
                part
                for place in range(first, last)
                for part in (GrowArrow(self.arrows[place - 1]), FadeIn(self.panels[place]))
            ]
            beat.play(LaggedStart(*arriving, lag_ratio=0.4), share=0.25, most=2.0, at=cue)

    def today(self, beat: BeatClock) -> None:
        self.at_work = VGroup(*(words(self.label(key), style.TEXT_SIZE, style.INK) for key in TODAY)).arrange(
            RIGHT, buff=0.9
        )
        fit(self.at_work, Region(BODY.left, BODY.right, -3.3, -2.6))
        beat.play(
            LaggedStart(*(FadeIn(one, shift=0.15 * UP) for one in self.at_work), lag_ratio=0.3),
            share=0.4,
            most=2.0,
            at="today",
        )

    def further(self, beat: BeatClock) -> None:
        rows = VGroup()
        for key in FURTHER:
            name = words(self.label(key), style.TITLE_SIZE, style.INK)
            about = words(self.label(f"{key}_is"), style.LABEL_SIZE, style.DIM)
            rows.add(VGroup(name, about).arrange(DOWN, buff=0.1, aligned_edge=LEFT))
        rows.arrange(DOWN, buff=0.42, aligned_edge=LEFT)
        fit(rows, Region(-3.9, BODY.right, -2.9, 1.5), LEFT)
        self.rows = rows
        leaving = (FadeOut(one) for one in (self.panels, *self.arrows, *self.at_work))
        beat.play(*leaving, share=0.12, most=style.QUICK, at="further")
        arriving = (FadeIn(row, shift=0.2 * RIGHT) for row in rows)
        beat.play(LaggedStart(*arriving, lag_ratio=0.5), share=0.3, most=2.0)

    def proof(self, beat: BeatClock) -> None:
        figure = number(values(self.read), 76, style.PROBABILITY)
        about = words(self.label("numbers"), style.TEXT_SIZE, style.INK)
        command = mono(self.label("check"), style.TITLE_SIZE, style.INK)
        box = RoundedRectangle(
            width=command.width + 0.7,
            height=0.85,
            corner_radius=0.12,
            stroke_color=style.DIM,
            stroke_width=2,
            fill_color=style.PANEL,
            fill_opacity=1,
        )
        lines = VGroup(figure, about, VGroup(box, command.move_to(box)))
        lines.arrange(DOWN, buff=0.4).move_to((0, -0.7, 0))
        beat.play(FadeOut(self.rows), share=0.1, most=style.QUICK, at="values")  # they stay on to be read
        beat.play(FadeIn(figure, shift=0.15 * UP), FadeIn(about), share=0.2)
        beat.play(FadeIn(lines[2]), share=0.15)

    def _panel(self, name: str, hue: str, picture: Mobject, place: Region) -> Group:
        """A miniature in its frame, and its name below it."""
        frame = RoundedRectangle(
            width=place.width,
            height=place.height,
            corner_radius=0.1,
            stroke_color=style.LINE,
            stroke_width=2,
            fill_color=style.PANEL,
            fill_opacity=0.5,
        ).move_to(place.point())
        inside = place.inset(0.16, 0.2)
        picture.move_to(inside.point())
        label = words(self.label(name), style.LABEL_SIZE, hue)
        label.scale(min(1.0, (place.width + 0.35) / label.width))
        label.move_to((place.point()[0], place.bottom - 0.3, 0))
        return Group(frame, picture, label)

    @property
    def _room(self) -> tuple[float, float]:
        """The width and height that a miniature may have."""
        inside = PLACES.columns(len(STATIONS), GAP)[0].inset(0.16, 0.2)
        return inside.width, inside.height

    def _tokens(self) -> Mobject:
        """The last tokens of the prompt below each other."""
        width, height = self._room
        first = max(0, self.trace.length - PICTURED)
        chips = [
            Chip(token(self.read, place).token(), style.LABEL_SIZE, longest=8)
            for place in range(first, self.trace.length)
        ]
        column = VGroup(*chips).arrange(DOWN, buff=0.12)
        return column.scale(min(1.0, width / column.width, height / column.height))

    def _vectors(self) -> Mobject:
        """A column for each token: all values of its vector."""
        width, height = self._room
        drawn = slice_of(self.trace, "embed.sum")
        return Texture(drawn, Paint(gaps=False), width, height, np.transpose)

    def _pattern(self) -> Mobject:
        """The shown head's attention."""
        width, height = self._room
        side = min(width, height)
        drawn = slice_of(self.trace, self.f.tensor("pattern"), self.f.head)
        return Texture(drawn, Paint(style.SHARES, 1.0), side, side, past)

    def _neurons(self) -> Mobject:
        """What the shown block's neurons put out for the last token."""
        width, height = self._room
        drawn = slice_of(self.trace, self.f.beside("mlp.act"), self.f.query)
        return Texture(drawn, Paint(gaps=False), width, height, folded(FOLDED))

    def _stream(self) -> Mobject:
        """The last token's vector after each block."""
        width, height = self._room
        count = self.trace.meta.model.blocks
        last = self.trace.length - 1
        slices = [slice_of(self.trace, block(index, "resid_post"), last) for index in range(count)]
        thick = width / count
        strips = [Vector(one, Paint(gaps=False), height, 0.86 * thick, vertical=True) for one in slices]
        return Group(*(strip.move_to((place * thick, 0, 0)) for place, strip in enumerate(strips)))

    def _likeliest(self) -> Mobject:
        """The likeliest next tokens as bars."""
        width, height = self._room
        source, pitch, rows = "generated.probability", height / PICTURED, VGroup()
        other = style.mix(style.GROUND, style.SHARE, 0.6)
        most = self.read(source, 0, 0, how="ranked").value
        unit = 0.45 * width / float(self.read(source, 0, most).value)
        for rank in range(min(PICTURED, self.trace["logits"].size)):
            one = self.read(source, 0, rank, how="ranked")
            bar = Rectangle(
                width=max(unit * float(self.read(source, 0, one.value).value), 0.02),
                height=0.55 * pitch,
                stroke_width=0,
                fill_color=style.PROBABILITY if rank == 0 else other,
                fill_opacity=1,
            ).move_to((0.08, -rank * pitch, 0), aligned_edge=LEFT)
            name = chip_label(one.token(), style.SMALL_SIZE, style.INK, 6)
            name.scale(min(1.0, 0.5 * width / name.width))
            rows.add(VGroup(name.move_to((0, -rank * pitch, 0), aligned_edge=RIGHT), bar))
        return rows
