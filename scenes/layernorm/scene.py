"""`layernorm`: a vector's values on a line, drawn together to one spread; then its learned gain and shift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    FadeIn,
    FadeOut,
    Group,
    Line,
    Rectangle,
    Transform,
    TransformFromCopy,
    VGroup,
    VMobject,
)

from scenes import style
from scenes.clock import BeatClock
from scenes.focus import focus, numbered
from scenes.layernorm.script import SHOWN, focus_norm, listed, std
from scenes.parts.digits import agreeing_digits
from scenes.parts.histogram import Histogram
from scenes.parts.label import formula, mono, number, sentence, words
from scenes.parts.matrix import Vector
from scenes.parts.texture import Paint
from scenes.parts.token_rows import row_count, token_rows
from scenes.reading import slice_of
from scenes.stage import LessonScene

BEFORE, AFTER = -0.15, -1.55  # where the two lines are
RISE, TALL = BEFORE - AFTER, 2.2  # what stands alone at first is so much lower, and so many times as high
WIDTH = 12.6  # of the lines
STEP = 0.11  # of the bars
NAMES, LIST = -5.1, 2.3  # where the tokens' names end, and the height of the first
PARTS = ("normalized", "weight", "bias", "out")
LABELS = {"normalized": "normalized", "weight": "gain", "bias": "bias", "out": "out"}


class Layernorm(LessonScene):
    chapter = "layernorm"

    def lay_out(self) -> None:
        """The focus's vector before and after, on two lines of one scale."""
        f = focus(self.trace)
        self.query, self.source_name = f.query, f.beside("resid_pre")
        before = slice_of(self.trace, self.source_name, f.query)
        after = slice_of(self.trace, focus_norm(self.read, "normalized"), f.query)
        farthest = max(float(np.abs(drawn.values).max()) for drawn in (before, after))
        self.unit = WIDTH / 2 / (1.03 * max(farthest, 1.0))
        self.before = Histogram(before, self.unit, STEP, 1.0).shift((0, BEFORE + 0.03, 0))
        self.after = Histogram(after, self.unit, STEP, 1.15, down=True).shift((0, AFTER - 0.03, 0))
        self.lines = [
            Line((-WIDTH / 2, y, 0), (WIDTH / 2, y, 0), color=style.DIM, stroke_width=1.5)
            for y in (BEFORE, AFTER)
        ]
        self.fan = self._fan(before.values, after.values)
        self.leaving: Group | None = None

    def spread(self, beat: BeatClock) -> None:
        self.rows, figures = self._vectors()
        title = words(self.label("spread_of"), style.LABEL_SIZE, style.DIM)
        title.next_to(figures, UP, buff=0.3).align_to(figures, RIGHT)
        beat.play(*map(FadeIn, self._headed()), FadeIn(self.rows), share=0.2)
        beat.play(FadeIn(title), FadeIn(figures), share=0.2, at="most")
        self.leaving = Group(self.rows, title, figures)
        lit = self._extremes(figures)
        if lit is not None:
            beat.play(lit, share=0.12)

    def centred(self, beat: BeatClock) -> None:
        names, self.bars, self.figures = self._list()
        title = words(self.label("spreads"), style.LABEL_SIZE, style.DIM)
        title.move_to((NAMES + 0.15, LIST + 0.42, 0), aligned_edge=LEFT)
        aside = VGroup(title, names, self.bars, self.figures)
        changing = [FadeOut(self.leaving)] if self.leaving else [*map(FadeIn, self._headed())]
        beat.play(*changing, FadeIn(aside), share=0.12)
        self.before.stretch(TALL, 1, about_edge=DOWN).shift(RISE * DOWN)  # alone it has the room of both
        self.lines[0].shift(RISE * DOWN)
        beat.play(FadeIn(self.lines[0]), FadeIn(self.before, shift=0.2 * DOWN), share=0.2, at="word")
        mean, spread = (
            sentence(*self.phrase(key, value=reading), size=style.LABEL_SIZE)
            for key, reading in (
                ("mean", self.read(focus_norm(self.read, "mean"), self.query).decimal(2)),
                ("spread", self.read(std(self.read), self.query).decimal(1)),
            )
        )
        half = self.unit * float(self.trace[std(self.read)][self.query])
        middle = self.unit * float(self.trace[focus_norm(self.read, "mean")][self.query])
        top = AFTER + TALL + 0.35
        self.bracket = self._bracket(middle, half, top)
        self.upright = Line((middle, AFTER, 0), (middle, top, 0), color=style.INK, stroke_width=1.5)
        right = max(half + middle, 2.2) + 0.3
        spread.move_to((right, top, 0), aligned_edge=LEFT)
        mean.next_to(spread, RIGHT, buff=0.5)
        self.told = VGroup(mean, spread)
        beat.play(FadeIn(mean), FadeIn(self.upright), share=0.15, at="mean")
        beat.play(FadeIn(spread), FadeIn(self.bracket), share=0.15, at="spread")

    def scaled(self, beat: BeatClock) -> None:
        bracket = self._bracket(0.0, self.unit, AFTER - 1.4)
        beat.play(*self._rising(), share=0.12)
        beat.play(FadeIn(self.lines[1]), FadeIn(self.fan), share=0.2, at="divide")
        beat.play(TransformFromCopy(self.bracket, bracket), FadeIn(self.after, shift=0.2 * DOWN), share=0.2)
        name = focus_norm(self.read, "normalized")
        spread = self.read(name, self.query, how="spread").decimal(2)
        mean = self.read(name, self.query, how="mean").decimal(2)
        told = VGroup(
            sentence(*self.phrase("spread", value=spread), size=style.LABEL_SIZE),
            sentence(*self.phrase("mean", value=mean), size=style.LABEL_SIZE),
        ).arrange(RIGHT, buff=0.5)
        told.move_to((max(self.unit, 0.3) + 0.3, AFTER - 1.4, 0), aligned_edge=LEFT)
        _, bars, figures = self._list(after=True)
        shrinking = Transform(self.bars, bars)
        beat.play(FadeIn(told), shrinking, FadeOut(self.figures), share=0.15, at="even")
        beat.play(FadeIn(figures), share=0.08)

    def _rising(self) -> list[Any]:
        """What stands alone makes room for what comes below it."""
        top, foot = BEFORE + 1.35, self.upright.get_start()[0]
        upright = Line((foot, BEFORE, 0), (foot, top, 0), color=style.INK, stroke_width=1.5)
        return [
            self.before.animate.stretch(1 / TALL, 1, about_edge=DOWN).shift(RISE * UP),
            self.lines[0].animate.shift(RISE * UP),
            Transform(self.upright, upright),
            *(part.animate.set_y(top) for part in (self.told, self.bracket)),
        ]

    def learned(self, beat: BeatClock) -> None:
        leaving = [mobject for mobject in self.flat if mobject is not self.flat[0]]
        rows = {part: self._row(part, place) for place, part in enumerate(PARTS)}
        width = self.read("meta.model.width", how="meta").integer()
        note = sentence(*self.phrase("all", width=width), size=style.SMALL_SIZE)
        note.move_to((style.LEFT, style.BOTTOM, 0), aligned_edge=DOWN + LEFT)
        source = self.source(focus_norm(self.read, "*"))
        figures = self._figures(rows)
        rule = [FadeIn(self._rule())] if self.read.locale.level == "math" else []
        beat.play(*(FadeOut(mobject) for mobject in leaving), *rule, share=0.12)
        for place, (part, cue) in enumerate(zip(PARTS, (None, "gain", "bias", "out"), strict=True)):
            arriving = [FadeIn(rows[part], shift=0.15 * DOWN), FadeIn(figures[place])]
            if place == 0:
                arriving += [FadeIn(note), FadeIn(source)]
            beat.play(*arriving, share=0.15, at=cue)

    def _headed(self) -> tuple[VGroup, VGroup]:
        """The heading, and the line that says where the figures are read."""
        heading = self.heading(*self.phrase("block", block=numbered(self.read)["block"]))
        return heading, self.source(self.source_name, std(self.read))

    def _rule(self) -> VGroup:
        """All of the norm as it is written."""
        rule = formula("(x - mu) / sigma dot gamma + beta", 30)
        return VGroup(rule).move_to((0.2, -2.6, 0))

    def _vectors(self) -> tuple[Group, VGroup]:
        """The whole vectors of the tokens on one scale, so that loud and quiet are seen; their spreads."""
        shown = listed(self.read, SHOWN)
        paint = Paint(bound=self.read(self.source_name, how="bound").value)
        count = row_count(shown)
        pitch = min(1.6, 5.0 / count)
        names, heights = token_rows(
            self.read,
            shown,
            -4.9,
            lambda row: (count / 2 - row - 0.5) * pitch - 0.35,
            min(style.LABEL_SIZE, 80 * pitch),
            self.query,
        )
        strips, figures = Group(), VGroup()
        for position, y in heights.items():
            drawn = slice_of(self.trace, self.source_name, position)
            strips.add(Vector(drawn, paint, 9.6, 0.68 * pitch).move_to((0.1, y, 0)))
            figure = number(self.read(std(self.read), position).decimal(1), min(style.TEXT_SIZE, 82 * pitch))
            figures.add(figure.move_to((style.RIGHT, y, 0), aligned_edge=RIGHT))
        return Group(names, strips), figures

    def _extremes(self, figures: VGroup) -> Any:
        """Lets the largest and the smallest of the spreads stand out; None where there is but one."""
        stds, (positions, _) = self.trace[std(self.read)], listed(self.read, SHOWN)
        order = sorted(range(len(positions)), key=lambda place: float(stds[positions[place]]))
        others = VGroup(*(figures[place] for place in order[1:-1]))
        return others.animate.set_opacity(0.55) if others.submobjects else None

    def _list(self, after: bool = False) -> tuple[VGroup, VGroup, VGroup]:
        """The tokens with their spreads as bars and numbers: ahead of the norm, or after it."""
        name = std(self.read)
        unit = 2.6 / float(self.trace[name].max())
        names, heights = token_rows(
            self.read, listed(self.read), NAMES, lambda row: LIST - 0.33 * row, style.SMALL_SIZE, self.query
        )
        bars, figures = VGroup(), VGroup()
        for position, y in heights.items():
            value = (
                self.read(focus_norm(self.read, "normalized"), position, how="spread")
                if after
                else self.read(name, position)
            )
            hue = style.BODY if position == self.query else style.mix(style.GROUND, style.BODY, 0.5)
            bar = Rectangle(
                width=max(unit * float(value.value), 0.02),
                height=0.2,
                stroke_width=0,
                fill_color=hue,
                fill_opacity=1,
            ).move_to((NAMES + 0.15, y, 0), aligned_edge=LEFT)
            bars.add(bar)
            figures.add(number(value.decimal(1), style.SMALL_SIZE).next_to(bar, RIGHT, buff=0.12))
        return names, bars, figures

    def _bracket(self, middle: float, half: float, y: float) -> VGroup:
        """A spread to both sides of a mean."""
        ends = [(middle + side * half, y) for side in (-1, 1)]
        across = Line((*ends[0], 0), (*ends[1], 0), color=style.INK, stroke_width=2)
        ticks = (Line((x, y - 0.08, 0), (x, y + 0.08, 0), color=style.INK, stroke_width=2) for x, y in ends)
        return VGroup(across, *ticks)

    def _fan(self, before: np.ndarray, after: np.ndarray) -> VGroup:
        """A hairline from where each value was to where it is."""
        hues = {False: style.SIGNED.stops[0][1], True: style.SIGNED.stops[-1][1]}
        made = VGroup()
        for positive, hue in hues.items():
            lines = VMobject(stroke_color=hue, stroke_width=1, stroke_opacity=0.4)
            for one, other in zip(before, after, strict=True):
                if bool(other >= 0) is positive:
                    lines.start_new_path(np.array((self.unit * float(one), BEFORE, 0)))
                    lines.add_line_to(np.array((self.unit * float(other), AFTER, 0)))
            if lines.has_points():
                made.add(lines)
        return made

    def _row(self, part: str, place: int) -> Group:
        """One of the four vectors, whole, with its name and the sign before it."""
        source = focus_norm(self.read, part)
        own = self.trace[source].ndim > 1  # the token's, not the model's
        drawn = slice_of(self.trace, source, *[self.query] * own)
        paint = Paint() if own else Paint(style.WEIGHTS, zero=float(part == "weight"))
        strip = Vector(drawn, paint, 9.2, 0.62)
        strip.move_to((0.2, 2.0 - 1.3 * place, 0))
        name = words(self.label(LABELS[part]), style.LABEL_SIZE, style.INK if own else style.LEARNED)
        name.next_to(strip, LEFT, buff=0.3)
        sign = (
            [mono("×+="[place - 1], style.TEXT_SIZE, style.DIM).next_to(name, UP, buff=0.28)] if place else []
        )
        return Group(strip, name, *sign)

    def _figures(self, rows: Mapping[str, Group]) -> list[VGroup]:
        """One value of each vector as a number, framed in its row: those that reckon out when rounded."""
        values = {part: self._values(part) for part in PARTS}
        column, digits = self._agreeing(*values.values())
        made = []
        for part in PARTS:
            strip = rows[part][0]
            source = focus_norm(self.read, part)
            index = [self.query] * (self.trace[source].ndim > 1)
            figure = number(self.read(source, *index, column).decimal(digits), style.TEXT_SIZE)
            figure.next_to(strip, RIGHT, buff=0.3)
            made.append(VGroup(strip.frame_of(column), figure))
        return made

    def _values(self, part: str) -> np.ndarray:
        values = self.trace[focus_norm(self.read, part)]
        return values[self.query] if values.ndim > 1 else values

    def _agreeing(
        self, normalized: np.ndarray, gain: np.ndarray, shift: np.ndarray, out: np.ndarray
    ) -> tuple[int, int]:
        """Of the largest results the first whose rounded numbers reckon out, and with how many digits."""
        order = np.argsort(-np.abs(out), kind="stable")
        for column in (int(place) for place in order):
            operands = [float(vector[column]) for vector in (normalized, gain, shift)]
            digits = agreeing_digits(operands, float(out[column]), lambda n: n[0] * n[1] + n[2], most=2)
            if digits == 2:
                return column, digits
        return int(order[0]), 2
