"""`attention`: one score, all of them, their weights, what they gather; then all heads, and the stream."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Transform,
    VGroup,
)

from scenes import style
from scenes.attention import scores
from scenes.attention.gather import Gathering
from scenes.attention.stream import Stream
from scenes.attention.wall import HeadWall
from scenes.clock import BeatClock
from scenes.focus import numbered
from scenes.page import FOOT, fit
from scenes.parts.label import sentence, words

RISE = 3.3  # of the widest arc, as long as there is room for it
LOWER = 1.2  # how far below its later place the sentence stands as long as it is alone


class Attention(scores.ScoreBeats):
    chapter = "attention"

    def arcs(self, beat: BeatClock) -> None:
        """The asking row's weights as arcs over the sentence, thick by weight."""
        self.gathering = parts = Gathering(self.read, self.phrase)
        leaving = [FadeOut(mobject) for mobject in self.flat if mobject is not self.top]
        self.tensor = self.source(self.f.tensor("pattern"))
        line = VGroup(parts.labels, *([parts.mark] if parts.mark is not None else []))
        VGroup(line, parts.percents).shift(LOWER * DOWN)  # in the middle, as long as there are no values
        beat.play(*leaving, FadeIn(line), FadeIn(self.tensor), share=0.1)
        self.bows, self.line = parts.arcs(RISE), line
        drawing = LaggedStart(*(Create(arc) for arc in self.bows), lag_ratio=0.12)
        beat.play(drawing, FadeIn(parts.percents), share=0.3, most=2.0)
        self.outcome = parts.outcome().shift(LOWER * DOWN)
        beat.play(FadeIn(self.outcome, shift=0.15 * UP), share=0.15, at="weight")

    def context(self, beat: BeatClock) -> None:
        """The values under their tokens, dimmed by the weights and summed into the context vector."""
        parts, f = self.gathering, self.f
        lifted = VGroup(self.line, parts.percents, self.outcome)
        lower = parts.arcs(2.0).shift(LOWER * UP)
        beat.play(lifted.animate.shift(LOWER * UP), Transform(self.bows, lower), share=0.08)
        strips, context = parts.strips(), parts.context()
        source = self.source(f.tensor("v"), f.tensor("context"))
        beat.play(FadeOut(self.tensor), FadeIn(source), share=0.06)
        width = self.read("meta.model.head_width", how="meta").integer()
        said = self.phrase("dimmed", width=width)
        note = fit(VGroup(sentence(*said, size=style.SMALL_SIZE)), FOOT, DOWN + LEFT)
        beat.play(*(FadeIn(strip, shift=0.2 * DOWN) for strip in strips), share=0.15, at="value")
        dimmed = (
            strip.texture.animate.set_lit(parts.lit(weight))
            for strip, weight in zip(strips, parts.weights, strict=True)
        )
        beat.play(*dimmed, FadeIn(note), share=0.15)
        bars, joins, total = parts.steps()
        band = parts.band(strips, context)
        clearing = FadeOut(self.bows), FadeOut(self.outcome)
        beat.play(*clearing, Create(band), FadeIn(joins[0]), share=0.12, at="add")
        beat.play(parts.rising(bars), FadeIn(joins[1]), FadeIn(total), share=0.2)
        name = words(self.label("context"), style.LABEL_SIZE, style.VALUE)
        name.next_to(context, UP, buff=0.15)
        beat.play(FadeIn(context, shift=0.3 * DOWN), FadeIn(name), share=0.15, at="context")

    def wall(self, beat: BeatClock) -> None:
        """All heads of all blocks; ours goes to its place, and what others look at is drawn out."""
        wall = HeadWall(self.read, self.phrase)
        leaving = [FadeOut(mobject) for mobject in self.flat if mobject is not self.top]
        large = wall.ours(4.4).move_to((0, -0.3, 0))
        beat.play(*leaving, FadeIn(large), share=0.1)
        card = {key: self.read(f"meta.model.{key}", how="meta").integer() for key in ("heads", "blocks")}
        self._headline("eyes", **card)
        small = wall.ours(1.0).stretch_to_fit_width(wall.side[0]).stretch_to_fit_height(wall.side[1])
        small.move_to(wall.at(self.f.block, self.f.head))
        others = [FadeIn(texture) for texture in wall.textures]
        note = fit(VGroup(words(self.label("reading_down"), style.SMALL_SIZE, style.DIM)), FOOT, DOWN + LEFT)
        source = self.source("block.*.attn.pattern")
        arriving = FadeIn(wall.names()), FadeIn(note), FadeIn(source)
        beat.play(Transform(large, small), *others, *arriving, share=0.2, at="eyes")
        panels = dict(wall.panels())
        beat.play(FadeIn(panels.pop("ours")), share=0.12, at="ours")
        for kind, panel in panels.items():
            beat.play(FadeIn(panel), share=0.12, at=kind)

    def out(self, beat: BeatClock) -> None:
        """All heads side by side, through W_O, added to the stream."""
        stream = Stream(self.read, self.phrase, self.story)
        leaving = [FadeOut(mobject) for mobject in self.flat if mobject is not self.top]
        self._headline("which", **numbered(self.read))
        concat = stream.row("concat")
        scale = fit(VGroup(words(self.label("own_scale"), style.SMALL_SIZE, style.DIM)), FOOT, DOWN + LEFT)
        source = self.source(*stream.sources())
        own = stream.own(concat)
        beat.play(*leaving, FadeIn(concat), FadeIn(scale), FadeIn(source), share=0.12, at="side")
        beat.play(Create(own), share=0.08)
        matrix = stream.matrix()
        beat.play(FadeIn(matrix, shift=0.2 * DOWN), share=0.12, at="matrix")
        before, after = stream.row("before"), stream.row("after")
        figures = stream.figures()
        told = [] if self.story else [FadeIn(figure) for figure in figures[:2]]
        rows = FadeIn(stream.row("out"), shift=0.2 * DOWN), FadeIn(before)
        beat.play(*rows, *told, share=0.15, at="added")
        told = [] if self.story else [FadeIn(figures[2])]
        leaving = [FadeOut(one) for one in (concat, own, matrix)]
        arrows = stream.triangle()
        beat.play(*leaving, FadeIn(after, shift=0.2 * DOWN), Create(arrows), *told, share=0.2, at="cosine")
