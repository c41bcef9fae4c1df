"""`mlp`: a vector widens; its neurons stand on the curve that lets some through; what they say is added."""

from __future__ import annotations

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Group,
    Line,
    VGroup,
)

from scenes import style
from scenes.clock import BeatClock
from scenes.focus import focus, numbered, token
from scenes.mlp.script import PROMOTED, by_formula, feed_forward, neurons
from scenes.parts.chips import chip_label
from scenes.parts.curve import Curve
from scenes.parts.label import formula, mono, number, sentence, words
from scenes.parts.matrix import Matrix, Vector
from scenes.parts.texture import Paint
from scenes.reading import slice_of
from scenes.stage import LessonScene

LEFT_EDGE, RIGHT_EDGE = -6.4, 2.3  # of the curve
FLOOR, TOP = -1.25, 2.45
BELOW = 1.5  # how far the histogram hangs
SPEAKERS = 3  # neurons that are named
SHOWN, LONGEST = 3, 9  # tokens that each pushes towards, and their characters
COLUMN = 3.1  # where their lines begin
PARTS = ("resid_mid", "mlp.out", "resid_post")
LABELS = ("stream", "thought", "next")


class Mlp(LessonScene):
    chapter = "mlp"

    def lay_out(self) -> None:
        """What the neurons take in and put out, and the curve that all of the block's neurons stand on."""
        f = focus(self.trace)
        self.query, self.muted = f.query, style.mix(style.GROUND, style.BODY, 0.45)
        self.takes = slice_of(self.trace, feed_forward(self.read, "pre"), f.query)
        self.puts = slice_of(self.trace, feed_forward(self.read, "act"), f.query)
        low, high = float(self.takes.values.min()), float(self.takes.values.max())
        least, most = float(self.puts.values.min()), float(self.puts.values.max())
        across = min(low * 1.04, -0.5), max(high * 1.06, 0.5)
        up = min(least * 1.2, -0.05 * most), most * 1.08
        self.curve = Curve(self._passed, across, up, RIGHT_EDGE - LEFT_EDGE, TOP - FLOOR, style.DIM)
        self.curve.shift(((LEFT_EDGE + RIGHT_EDGE) / 2, (TOP + FLOOR) / 2, 0))
        self.told, self.edges = list[VGroup](), list[Line]()

    def widen(self, beat: BeatClock) -> None:
        heading = self._heading()
        width, hidden = self.trace["ln_f.out"].shape[1], len(self.takes.values)
        before = slice_of(self.trace, focus(self.trace).beside("ln2.out"), self.query)
        vector = Vector(before, Paint(), 5.2, 0.5, True).move_to((-5.6, -0.35, 0))
        folded = -(-hidden // width)  # columns as long as the vector

        def fold(values: np.ndarray) -> np.ndarray:
            padded = np.pad(values.astype(np.float32), (0, folded * width - hidden), constant_values=np.nan)
            return np.asarray(padded.reshape(folded, width).T)

        wide = Matrix(self.takes, Paint(), (0.5, 5.2 / width), fold).move_to((1.6, -0.35, 0))
        wide.texture.stretch_to_fit_width(8.6)
        counts = VGroup(
            number(self.read("meta.model.width", how="meta").integer(), style.TEXT_SIZE),
            number(neurons(self.read), style.TEXT_SIZE, style.FEED_FORWARD),
        )
        for count, below in zip(counts, (vector, wide), strict=True):
            count.next_to(below, UP, buff=0.15)
        source = self.source(before.source, self.takes.source)
        beat.play(FadeIn(heading), FadeIn(vector), FadeIn(counts[0]), FadeIn(source), share=0.18)
        beat.play(FadeIn(wide, shift=0.4 * RIGHT), FadeIn(counts[1]), share=0.25, at="wide")
        self.leaving = Group(vector, wide, counts, source)

    def bend(self, beat: BeatClock) -> None:
        zero = self.curve.at(0.0, 0.0)
        takes, puts = (
            words(self.label(key), style.LABEL_SIZE, style.DIM) for key in ("takes_in", "puts_out")
        )
        takes.move_to((RIGHT_EDGE, zero[1] + 0.3, 0), aligned_edge=RIGHT)
        puts.move_to((zero[0] + 0.2, TOP + 0.1, 0), aligned_edge=LEFT)
        self.read_from = self.source(self.takes.source, self.puts.source)
        beat.play(FadeOut(self.leaving), FadeIn(self.curve.axes), FadeIn(self.read_from), share=0.12)
        drawing = [Create(self.curve.line), FadeIn(takes), FadeIn(puts)]
        if by_formula(self.read):
            rule = formula('"GELU"(x) = x dot Phi(x)', 44)
            rule.move_to((LEFT_EDGE, TOP - 0.4, 0), aligned_edge=LEFT)
            cited = words(self.label("cited"), style.SMALL_SIZE, style.DIM).next_to(rule, DOWN, buff=0.2)
            self.rule = VGroup(rule, cited.align_to(rule, LEFT))
            drawing.append(FadeIn(self.rule))
        beat.play(*drawing, share=0.15, at="curve")
        fires = self.takes.values > 0
        self.dots = VGroup(
            *(
                self.curve.marks(self.takes, self.puts, hue, 0.055, where).set_fill(opacity=0.6)
                for hue, where in ((style.FEED_FORWARD, fires), (self.muted, ~fires))
                if where.any()
            )
        )
        for dots, cue in zip(self.dots, ("above", "below") if fires.any() else ("below",), strict=False):
            beat.play(FadeIn(dots), share=0.15, at=cue)

    def firing(self, beat: BeatClock) -> None:
        hanging = self.curve.histogram(self.takes, 40, BELOW, self.muted)
        standing = words(self.label("standing"), style.SMALL_SIZE, style.DIM)
        standing.move_to((style.LEFT, style.BOTTOM, 0), aligned_edge=DOWN + LEFT)
        beat.play(FadeIn(hanging, shift=0.2 * DOWN), FadeIn(standing), share=0.2)
        above = self.read(self.puts.source, self.query, how="above").integer()
        of = sentence(*self.phrase("of", neurons=neurons(self.read)), size=style.TITLE_SIZE)
        lines = VGroup(
            VGroup(number(above, 58, style.FEED_FORWARD), of).arrange(RIGHT, buff=0.25),
            words(self.label("above", above=above), style.LABEL_SIZE),
        ).arrange(DOWN, buff=0.2, aligned_edge=LEFT)
        lines.move_to((style.LEFT, 2.5, 0), aligned_edge=UP + LEFT)
        leaving = [FadeOut(self.rule)] if by_formula(self.read) else []
        beat.play(FadeIn(lines), *leaving, share=0.2, at="count")

    def strongest(self, beat: BeatClock) -> None:
        first, *others = self._speakers()
        beat.play(FadeIn(first), share=0.2, at="first")
        for other in others:
            beat.play(FadeIn(other), share=0.12)

    def promotes(self, beat: BeatClock) -> None:
        """Under each of them the tokens whose rows its own row agrees with most."""
        source = self.source(self.puts.source, PROMOTED)
        named = [] if self.told else [FadeIn(VGroup(*self._speakers()))]
        beat.play(FadeOut(self.read_from), FadeIn(source), *named, share=0.06 + 0.14 * bool(named))
        for rank, (told, edge) in enumerate(zip(self.told, self.edges, strict=True)):
            tokens = [self.read(PROMOTED, rank, place).token() for place in range(SHOWN)]
            names = [chip_label(one, style.LABEL_SIZE, style.INK, LONGEST) for one in tokens]
            line = VGroup(mono("→", style.LABEL_SIZE, style.FEED_FORWARD), *names).arrange(RIGHT, buff=0.22)
            while line.width > style.RIGHT - told.get_left()[0] and len(line) > 2:
                line.remove(line[-1])
            line.next_to(told, DOWN, buff=0.14, aligned_edge=LEFT)
            longer = edge.animate.put_start_and_end_on(edge.get_start(), (COLUMN, line.get_bottom()[1], 0))
            beat.play(longer, FadeIn(line, shift=0.1 * RIGHT), share=0.15, at=None if rank else "towards")

    def added(self, beat: BeatClock) -> None:
        kept = self.flat[0]
        leaving = [mobject for mobject in self.flat if mobject is not kept]
        names = [focus(self.trace).beside(part) for part in PARTS]
        scale = self.read(names[-1], how="bound").value
        source = self.source(*names)
        width = self.read("meta.model.width", how="meta").integer()
        note = sentence(*self.phrase("all", width=width), size=style.SMALL_SIZE)
        note.move_to((style.LEFT, style.BOTTOM, 0), aligned_edge=DOWN + LEFT)
        beat.play(*(FadeOut(mobject) for mobject in leaving), share=0.12)
        for place, (name, cue) in enumerate(zip(names, (None, "add", "new"), strict=True)):
            hue = style.FEED_FORWARD if place == 1 else style.INK
            strip = Vector(slice_of(self.trace, name, self.query), Paint(bound=scale), 9.6, 0.8)
            strip.move_to((1.0, 1.7 - 1.7 * place, 0))
            label = words(self.label(LABELS[place]), style.LABEL_SIZE, hue).next_to(strip, LEFT, buff=0.3)
            signs = ("", "+", "" if self.story else "=")
            sign = [mono(sign, style.TEXT_SIZE, style.DIM) for sign in signs[place : place + 1] if sign]
            row = Group(strip, label, *(one.next_to(label, UP, buff=0.42) for one in sign))
            arriving = [FadeIn(row, shift=0.15 * DOWN)] + [FadeIn(note), FadeIn(source)] * (place == 0)
            beat.play(*arriving, share=0.18, at=cue)

    def _speakers(self) -> list[VGroup]:
        """The loudest neurons on the curve, each with a line to its name and to what it puts out."""
        ranked = [self.read(self.puts.source, self.query, rank, how="ranked") for rank in range(SPEAKERS)]
        made = list[VGroup]()
        for rank, neuron in enumerate(ranked):
            out = self.read(self.puts.source, self.query, neuron.value)
            place = self.curve.at(float(self.takes.values[neuron.value]), float(out.value))
            name, says = (
                self.phrase("neuron", neuron=neuron.ordinal()),
                self.phrase("out", out=out.decimal(2)),
            )
            told = VGroup(
                sentence(*name, size=style.TEXT_SIZE, color=style.INK),
                sentence(*says, size=style.LABEL_SIZE, color=style.FEED_FORWARD),
            ).arrange(DOWN, buff=0.12, aligned_edge=LEFT)
            told.move_to((COLUMN + 0.25, 2.0 - 1.55 * rank, 0), aligned_edge=LEFT)
            edge = Line((COLUMN, told.get_top()[1], 0), (COLUMN, told.get_bottom()[1], 0))
            lead = Line(place + 0.12 * RIGHT, (COLUMN, told.get_y(), 0), stroke_width=1.8)
            lines = VGroup(edge, lead).set_color(style.FEED_FORWARD)
            dot = Dot(place, radius=0.09, color=style.mix(style.FEED_FORWARD, style.HIGHLIGHT, 0.7))
            self.told.append(told)
            self.edges.append(edge)
            made.append(VGroup(lines, dot, told))
        return made

    def _heading(self) -> VGroup:
        block = numbered(self.read)["block"]
        blocks = self.read("meta.model.blocks", how="meta").integer()
        word = token(self.read, self.query).word()
        return self.heading(*self.phrase("which", block=block, blocks=blocks, word=word))

    def _passed(self, across: np.ndarray) -> np.ndarray:
        """What the block's neurons put out for what they take in: between two of them, in a straight line."""
        takes, puts = (
            self.trace[name].ravel().astype(np.float64) for name in (self.takes.source, self.puts.source)
        )
        order = np.argsort(takes)
        return np.asarray(np.interp(across, takes[order], puts[order]))
