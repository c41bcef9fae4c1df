"""`blocks`: the logit lens beside every block, and below it what each step adds to the winning score."""

from __future__ import annotations

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    FadeIn,
    FadeOut,
    Group,
    GrowFromEdge,
    LaggedStart,
    Line,
    Rectangle,
    VGroup,
    VMobject,
)

from llmtrace.trace import block
from scenes import style
from scenes.blocks.facts import blocks, settled, strongest, written
from scenes.blocks.stream import HUES, Stream
from scenes.clock import BeatClock
from scenes.focus import likeliest
from scenes.page import FOOT, Region, fit
from scenes.parts.chips import ADVANCE, chip_label
from scenes.parts.label import Label, number, sentence, words
from scenes.reading import Value
from scenes.stage import LessonScene

FIRST, LAST = -5.75, 4.55  # where the blocks' columns begin and end
ENDS = (-6.2, 5.05, 6.05)  # the middles of the embedding's step, the norm's shift and the score
GUESSES, PITCH = 2.2, 0.42  # the height of the first guess, and from one to the next
FLOOR, CEILING = -2.35, 0.45  # of the steps
NUMBERED = 8  # blocks, up to which steps have their numbers and every block three guesses
SEEN = 0.05  # the height from which on a step is one, and its number worth reading
COLUMNS = 12  # of guesses, at most
BEHIND = 0.2  # how bright a guess's share is behind it
STREAM = Region(ENDS[0], LAST, -2.25, 0.85)  # what is added, and what it comes to


class Blocks(LessonScene):
    chapter = "blocks"

    def lay_out(self) -> None:
        """The columns, and the steps end to end."""
        self.count, self.final = blocks(self.read), likeliest(self.read)
        self.pitch = (LAST - FIRST) / self.count
        self.named = self.count <= NUMBERED
        self.values = self._steps()
        sums = np.concatenate([[0.0], np.cumsum([value.value for value, *_ in self.values])])
        self.unit = (CEILING - FLOOR) / (float(sums.max() - sums.min()) or 1.0)
        self.zero = FLOOR - float(sums.min()) * self.unit
        self.sums = sums
        self.stands = Stream(self.read, STREAM, self._middle, self.pitch, self.named and not self.story)
        self.leaving = Group()
        shares = (self.read(f"lens.{index:02d}.probability", 0).value for index in range(self.count))
        self.most = float(max(shares))

    def stream(self, beat: BeatClock) -> None:
        stands, legend = self.stands, self._legend()
        source = self.source("resid_post", "attn.out", "mlp.out")
        beat.play(FadeIn(self.heading()), *map(FadeIn, (*self._panels(), stands.start, source)), share=0.1)
        beat.play(LaggedStart(*stands.growing(), lag_ratio=0.3), FadeIn(legend), share=0.4, most=3.5)
        beat.play(FadeIn(stands.lengths), share=0.1, at="long")
        ring = stands.frame()
        beat.play(FadeIn(ring), share=0.1, at="most")
        self.leaving = Group(ring, source)

    def guess(self, beat: BeatClock) -> None:
        label = words(self.label("so_far"), style.LABEL_SIZE, style.DIM)
        label.move_to((style.LEFT, GUESSES + 0.45, 0), aligned_edge=LEFT)
        columns = [self._column(index) for index in range(self.count)]
        self.origin = self.source("lens.*")
        there = [FadeIn(label), FadeIn(self.origin)]
        if self.story:
            there += [FadeIn(self.heading()), *map(FadeIn, self._panels()), FadeIn(self.stands.all())]
        beat.play(*there, FadeOut(self.leaving), share=0.15)
        since = settled(self.read)
        early, late = columns[: max(since, 1)], columns[max(since, 1) :]
        arriving = (FadeIn(column, shift=0.15 * DOWN) for column in early)
        beat.play(LaggedStart(*arriving, lag_ratio=0.25), share=0.35, most=2.4, at="early")
        if late:
            arriving = (FadeIn(column, shift=0.15 * DOWN) for column in late)
            beat.play(LaggedStart(*arriving, lag_ratio=0.25), share=0.25, at="late")

    def added(self, beat: BeatClock) -> None:
        left, right = ((x, self.zero, 0) for x in (style.LEFT, style.RIGHT))
        base = Line(left, right, color=style.DIM, stroke_width=1.5)
        noted = [base, self._end("shift", ENDS[1]), *([self._legend()] if self.story else [])]
        if self.read.locale.level == "math":
            noted.append(fit(words(self.label("cited"), style.SMALL_SIZE, style.DIM), FOOT, DOWN))
        leaving, source = Group(self.stands.all(), self.origin), self.source("lens.*", "attn.out", "mlp.out")
        beat.play(FadeOut(leaving), *map(FadeIn, (*noted, source)), share=0.1)
        self.bars = [self._bar(place) for place in range(len(self.values))]
        rising = [value.value >= 0 for value, *_ in self.values]
        growing = (GrowFromEdge(bar, DOWN if up else UP) for bar, up in zip(self.bars, rising, strict=True))
        beat.play(LaggedStart(*growing, lag_ratio=0.3), share=0.4, most=3.0, at="steps")
        score = self.read("generated.logits", 0, self.final.value)
        bar = Rectangle(width=0.75, height=max(abs(float(score.value)) * self.unit, 0.02), stroke_width=0)
        foot, head = (DOWN, UP) if score.value >= 0 else (UP, DOWN)
        bar.set_fill(style.LOGIT, 1).move_to((ENDS[2], self.zero, 0), aligned_edge=foot)
        figure = number(score.decimal(1), style.BIG_SIZE, style.LOGIT)
        figure.next_to(bar, head, buff=0.12)
        figure.shift(min(0.0, style.RIGHT - figure.get_right()[0]) * RIGHT)
        name = words(self.label("score"), style.SMALL_SIZE, style.LOGIT).move_to((ENDS[2], FLOOR - 0.45, 0))
        beat.play(GrowFromEdge(bar, foot), FadeIn(figure), FadeIn(name), share=0.15, at="total")

    def largest(self, beat: BeatClock) -> None:
        index, part = strongest(self.read)
        place = next(i for i, (_, at, of) in enumerate(self.values) if (at, of) == (index, part))
        bar = self.bars[place]
        frame = Rectangle(width=bar[0].width + 0.1, height=bar[0].height + 0.1, color=style.HIGHLIGHT)
        frame.set_stroke(width=3).move_to(bar[0])
        arriving = [FadeIn(frame)] + ([] if self.named else [FadeIn(self._figure(place, bar[0]))])
        beat.play(*arriving, share=0.25, at="most")

    def _steps(self) -> list[tuple[Value, int, str]]:
        """What is added, in order: each with its block and its kind; the ends belong to none."""
        made = [(written(self.read, "embed.sum"), -1, "embed")]
        for index in range(self.count):
            made += [(written(self.read, block(index, f"{part}.out")), index, part) for part in HUES]
        return [*made, (self.read("ln_f.bias", how="shifted"), self.count, "shift")]

    def _middle(self, index: int) -> float:
        return FIRST + (index + 0.5) * self.pitch

    def _panels(self) -> list[VGroup]:
        """A ground for every block, and what is below it: the steps' names."""
        made = []
        every = -(-self.count // COLUMNS)
        for index in range(self.count):
            panel = Rectangle(width=self.pitch * 0.94, height=GUESSES - FLOOR + 0.95, stroke_width=0)
            panel.set_fill(style.PANEL, 0.5).move_to((self._middle(index), (GUESSES + FLOOR - 0.45) / 2, 0))
            parts = VGroup(panel)
            if index % every == 0:
                reading = self.read("heads.attribution", index, how="place").ordinal()
                name = (
                    sentence(*self.phrase("block", block=reading), size=style.SMALL_SIZE)
                    if self.named
                    else number(reading, style.SMALL_SIZE, style.DIM)
                )
                parts.add(name.move_to((self._middle(index), FLOOR - 0.45, 0)))
            made.append(parts)
        return [*made, VGroup(self._end("embedding", ENDS[0]))]

    def _end(self, key: str, x: float) -> Label:
        """The name below the first step, or below the last one."""
        return words(self.label(key), style.SMALL_SIZE, style.DIM).move_to((x, FLOOR - 0.45, 0))

    def _column(self, index: int) -> VGroup:
        """The likeliest tokens by the lens after a block, the final one lit."""
        made, every = VGroup(), -(-self.count // COLUMNS)
        if index % every:
            return made
        room = self.pitch * every * (0.84 if self.named else 0.92)
        for rank in range(3 if self.named else 1):
            source = f"lens.{index:02d}"
            one = self.read(f"{source}.token", rank)
            lit = one.value == self.final.value
            y = GUESSES - PITCH * rank
            hue = style.LOGIT if lit else style.INK
            left, beside = self._middle(index) - room / 2, 0.0
            if self.named:
                value = self.read(f"{source}.probability", rank)
                share = value.percent()
                bar = Rectangle(width=room * value.value / self.most, height=0.8 * PITCH, stroke_width=0)
                bar.set_fill(style.LOGIT if lit else style.DIM, BEHIND)
                made.add(bar.move_to((left - 0.04, y, 0), aligned_edge=LEFT))
                reached = bar.width > room - 1.2 * ADVANCE * style.SMALL_SIZE * len(share.text)
                figure = number(share, style.SMALL_SIZE, style.INK if reached else style.DIM)
                made.add(figure.move_to((left + room, y, 0), aligned_edge=RIGHT))
                beside = figure.width + 0.1
            longest = max(2, int((room - beside) / (style.SMALL_SIZE * ADVANCE)))
            name = chip_label(one.token(), style.SMALL_SIZE, hue, min(longest, 10))
            made.add(name.move_to((left, y, 0), aligned_edge=LEFT))
        return made

    def _bar(self, place: int) -> VGroup:
        """One step, from where the sum was to where it is, with its number where there is room."""
        _, index, part = self.values[place]
        low, high = sorted(self.sums[place : place + 2])
        inside = part in HUES
        width = self.pitch * 0.38 if inside else 0.55
        x = (
            self._middle(index) + (-0.22 if part == "attn" else 0.22) * self.pitch
            if inside
            else ENDS[index >= 0]
        )
        bar = Rectangle(width=width, height=max((high - low) * self.unit, 0.025), stroke_width=0)
        bar.set_fill(style.hue(HUES.get(part, "BODY")), 1)
        bar.move_to((x, self.zero + (low + high) / 2 * self.unit, 0))
        made = VGroup(bar)
        if self.named and bar.height >= SEEN:
            made.add(self._figure(place, bar))
        return made

    def _figure(self, place: int, bar: VMobject) -> VGroup:
        value = self.values[place][0]
        figure = number(value.decimal(1), style.SMALL_SIZE)
        return VGroup(figure.next_to(bar, UP if value.value >= 0 else DOWN, buff=0.06))

    def _legend(self) -> VGroup:
        """Which colour is which step."""
        entries = VGroup()
        for part, key in (("attn", "attention"), ("mlp", "thought")):
            square = Rectangle(width=0.2, height=0.2, stroke_width=0).set_fill(style.hue(HUES[part]), 1)
            entries.add(
                VGroup(square, words(self.label(key), style.SMALL_SIZE, style.DIM)).arrange(RIGHT, buff=0.12)
            )
        entries.arrange(RIGHT, buff=0.4)
        return entries.move_to((style.LEFT, style.BOTTOM, 0), aligned_edge=DOWN + LEFT)
