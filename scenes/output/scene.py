"""`output`: the last vector becomes logits, the logits probabilities, and one token fills the blank."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Arrow,
    Circle,
    DashedLine,
    Dot,
    FadeIn,
    FadeOut,
    GrowArrow,
    LaggedStart,
    Mobject,
    Rectangle,
    ReplacementTransform,
    Transform,
    VGroup,
)

from scenes import style
from scenes.clock import BeatClock
from scenes.output.names import named_steps
from scenes.output.script import FEW, NUCLEUS, few, held, nucleus, others, reach
from scenes.output.worked import WorkedLogit
from scenes.page import Region
from scenes.parts.bars import Bars
from scenes.parts.chips import Blank, Chip
from scenes.parts.growing import sentence_line
from scenes.parts.label import formula, number, sentence, words
from scenes.parts.lottery import Lottery
from scenes.parts.mass import Mass
from scenes.parts.matrix import Vector
from scenes.parts.texture import Paint, Texture, folded, logits_paint
from scenes.reading import Reading, slice_of
from scenes.stage import LessonScene

PLAIN = "p_i = e^(z_i) / (sum_j e^(z_j))"
TEMPERED = "p_i = e^(z_i slash T) / (sum_j e^(z_j slash T))"
SHEET = Region(-5.15, 1.35, -2.45, 1.6)  # of all tokens' scores
GRAPH = Region(-5.55, style.RIGHT, -2.55, 1.55)
BIG = Region(2.0, style.RIGHT, GRAPH.bottom + 0.35, 0.0)  # of the number that stands for all of it
BRIGHT = 0.01  # a share that is as bright as it gets, at least: a flat distribution is dark
NAMED = 5  # steps of the staircase that have their names beside them


class Output(LessonScene):
    chapter = "output"

    def lay_out(self) -> None:
        """The sentence with its blank on top, the likeliest tokens on the right."""
        self.chosen = Chip(self.read("generated.token", 0).token(), style.LABEL_SIZE, style.PROBABILITY)
        reserve = max(0.0, self.chosen.width - Blank().width)  # for the word that takes the blank's place
        self.chips, self.blank = sentence_line(self.read, self.trace.length, reserve=reserve)
        self.bars = Bars(self.read, 0, FEW, width=1.75, pitch=0.4, size=style.LABEL_SIZE)
        self.bars.move_to((4.0, SHEET.top - 0.15, 0), aligned_edge=UP)
        self.bars.names.set_x(3.55, direction=RIGHT)
        self.bars.bars.set_x(3.75, direction=LEFT)
        for bar, figure in zip(self.bars.bars, self.bars.numbers, strict=True):
            figure.next_to(bar, RIGHT, buff=0.15)
        self.scores = VGroup(
            *(
                number(self.read("generated.logits", 0, i).decimal(), style.LABEL_SIZE, style.LOGIT).move_to(
                    (3.8, name.get_y(), 0), aligned_edge=LEFT
                )
                for i, name in zip(self.bars.ids, self.bars.names, strict=True)
            )
        )
        self.sheet, self.shares = self._sheets()
        self.graph: Mass | None = None
        self.example: WorkedLogit | None = None

    def worked(self, beat: BeatClock) -> None:
        beat.play(*self._beginning(), share=0.1)
        self.example = worked = WorkedLogit(self.read, self.phrase, SHEET)
        self.origin = self.source("ln_f.out", "weight.unembedding")
        there = FadeIn(worked.row), FadeIn(worked.name), FadeIn(worked.walk.axis), FadeIn(self.origin)
        beat.play(*there, share=0.12, at="row")
        coming = (FadeIn(piece) for piece in worked.walk.pieces)
        beat.play(LaggedStart(*coming, lag_ratio=0.6), share=0.35, most=2.6, at="walk")
        arriving = FadeIn(worked.end), FadeIn(worked.note), FadeIn(worked.total, shift=0.1 * RIGHT)
        beat.play(*arriving, share=0.1, at="total")

    def _beginning(self) -> list[Animation]:
        """The sentence, and the last vector at the left."""
        heading = self.heading(*self._sampling())
        last = slice_of(self.trace, "ln_f.out", self.trace.length - 1)
        vector = Vector(last, Paint(), SHEET.height, 0.34, vertical=True).move_to((style.LEFT + 0.17, 0, 0))
        self.vector = vector.set_y(SHEET.point()[1])
        name = words(self.label("vector"), style.LABEL_SIZE, style.DIM)
        self.name = name.move_to((style.LEFT, SHEET.bottom - 0.3, 0), aligned_edge=LEFT)
        return [*map(FadeIn, (heading, *self.chips.values(), self.blank, self.vector, self.name))]

    def logits(self, beat: BeatClock) -> None:
        if self.example is None:
            beat.play(*self._beginning(), share=0.12)
        vector = self.vector
        arrow = Arrow(
            vector.get_right() + 0.08 * RIGHT, SHEET.point(LEFT) + 0.08 * LEFT, buff=0, stroke_width=3
        )
        count = self.read("logits", how="count").integer()
        note = sentence(*self.phrase("sheet", count=count), size=style.LABEL_SIZE)
        note.move_to((SHEET.right, SHEET.bottom - 0.3, 0), aligned_edge=RIGHT)
        source = self.source("ln_f.out", "logits")
        self.beside = VGroup(arrow.set_color(style.DIM), self.name, source)
        self.note = note
        cover = Rectangle(width=SHEET.width + 0.1, height=SHEET.height + 0.1, stroke_width=0)
        cover.set_fill(style.GROUND, 1).move_to(SHEET.point())
        if self.example is not None:  # its total is the first of the scores
            landing = ReplacementTransform(self.example.total, self.scores[0]), FadeIn(self.bars.names[0])
            beat.play(*self.example.leaving(), FadeOut(self.origin), *landing, share=0.15)
        self.add(self.sheet, cover)
        beat.play(GrowArrow(arrow), FadeIn(note), share=0.1)
        beat.play(cover.animate.stretch(0.001, 1, about_edge=DOWN), FadeIn(source), share=0.3, at="scored")
        self.remove(cover)
        listed = list(zip(self.bars.names, self.scores, strict=True))[self.example is not None :]
        arriving = (FadeIn(VGroup(*line), shift=0.1 * DOWN) for line in listed)
        beat.play(LaggedStart(*arriving, lag_ratio=0.15), share=0.3, most=2.4)

    def softmax(self, beat: BeatClock) -> None:
        source = self.source("generated.probability")
        self.rule = VGroup()
        leaving = [FadeOut(self.vector), FadeOut(self.beside), FadeOut(self.scores, shift=0.1 * RIGHT)]
        if not self.story:
            self.rule.add(formula(PLAIN if self.trace.meta.sampling.greedy else TEMPERED, 50))
            self.rule.move_to(SHEET.point()).shift(0.7 * DOWN)  # the sheet is dark there by then
        beat.play(*leaving, FadeIn(source), share=0.12)
        beat.play(Transform(self.sheet, self.shares), self.bars.growing(), share=0.3, at="bars")
        ring = self._ring()
        figures = (FadeIn(figure) for figure in self.bars.numbers)
        beat.play(LaggedStart(*figures, lag_ratio=0.1), FadeIn(ring), FadeIn(self.rule), share=0.15, at="p")
        self.rest = self.bars.rest()
        self.rest.shift(min(0.0, style.RIGHT - self.rest.get_right()[0]) * RIGHT)
        self.leaving = VGroup(ring, self.rest, self.note, source, self.rule)
        beat.play(FadeIn(self.rest), share=0.08)

    def mass(self, beat: BeatClock) -> None:
        graph = self.graph = Mass(slice_of(self.trace, "generated.probability", 0), GRAPH)
        axes, source = self._axes(graph), self.source("generated.probability")
        table = VGroup(self.bars.names, self.bars.bars, self.bars.numbers)
        beat.play(FadeOut(table), FadeOut(self.sheet), FadeOut(self.leaving), share=0.08)
        beat.play(FadeIn(graph.axis), FadeIn(axes), FadeIn(source), graph.growing(), share=0.3, at="stairs")
        count = min(NAMED, len(self.bars.ids))
        self.names = names = named_steps(self.read, graph, GRAPH, BIG.left, count)
        big = VGroup(
            number(held(self.read), 58, style.PROBABILITY),
            sentence(*self.phrase("lies", few=few(self.read)), size=style.TEXT_SIZE, color=style.INK),
            sentence(*self.phrase("share_rest", others=others(self.read)), size=style.LABEL_SIZE),
        ).arrange(DOWN, buff=0.14, aligned_edge=LEFT)
        big.move_to((BIG.left, BIG.bottom, 0), aligned_edge=DOWN + LEFT)
        crowded = names.get_right()[0] > BIG.left - 0.4
        if crowded or graph.above(BIG.left) < big.get_top()[1] + 0.1:  # a flat line goes through that place
            big.move_to((GRAPH.left + 0.35, GRAPH.top - 0.7, 0), aligned_edge=UP + LEFT)
        beat.play(FadeIn(names), FadeIn(big, shift=0.15 * UP), share=0.15, at="held")
        self.cuts = VGroup()
        if self.trace.meta.sampling.greedy:
            self._cut(beat, graph)
        self.leaving = VGroup(axes, source, names, big)

    def choice(self, beat: BeatClock) -> None:
        chosen, blank = self.chosen, self.blank
        chosen.scale(blank.box.height / chosen.box.height).move_to(blank).align_to(blank, LEFT)
        greedy = self.trace.meta.sampling.greedy
        start = self._likeliest(beat) if greedy else self._drawn(beat)
        flying = start.copy()
        beat.play(Transform(flying, chosen.label), FadeOut(blank), FadeIn(chosen.box), share=0.3, at="chosen")
        self.remove(flying)
        self.add(chosen)

    def _likeliest(self, beat: BeatClock) -> Mobject:
        """The likeliest one's step, or its bar, stands out; returns its name."""
        if self.graph is not None:
            others = [*self.graph.blocks[1:], *self.names[1:], self.cuts]
            beat.play(*(part.animate.set_opacity(style.FADED) for part in others), share=0.2)
            return self.names[0][1][0]
        bars = self.bars
        groups = (bars.names, bars.bars, bars.numbers)
        others = [part for group in groups for i, part in enumerate(group) if i != bars.chosen]
        beat.play(*(part.animate.set_opacity(style.FADED) for part in others), share=0.15)
        return bars.names[bars.chosen]

    def _drawn(self, beat: BeatClock) -> Mobject:
        """All shares end to end in the order of their numbers, and the random number that falls on one."""
        lottery = Lottery(self.read, 0, Region(style.LEFT, style.RIGHT, -1.1, -0.1))
        table = [self.bars.names, self.bars.bars, self.bars.numbers, self.sheet]
        seen = [self.leaving, *(table if self.graph is None else [self.graph])]
        draw = self.read("generated.draw", 0).decimal(3)
        said = sentence(*self.phrase("draw", draw=draw), size=style.TEXT_SIZE, color=style.INK)
        lottery.tell(said)
        beat.play(*(FadeOut(one) for one in seen), FadeIn(lottery.pieces), share=0.2)
        beat.play(FadeIn(lottery.mark, shift=0.8 * DOWN), FadeIn(said), share=0.2)
        beat.play(FadeIn(lottery.won), share=0.1)
        return lottery.token

    def _sheets(self) -> tuple[Texture, Texture]:
        """All tokens' logits as cells, a page of the table in each row, and the same with their shares."""
        scores = slice_of(self.trace, "generated.logits", 0)
        shares = slice_of(self.trace, "generated.probability", 0)
        paints = (
            (scores, logits_paint(scores.values)),
            (shares, Paint(style.SHARES, max(BRIGHT, float(shares.values.max())), gaps=False)),
        )
        pages = folded(self.trace.meta.model.width)
        one, two = (Texture(cells, paint, SHEET.width, SHEET.height, pages) for cells, paint in paints)
        return one.move_to(SHEET.point()), two.move_to(SHEET.point())

    def _ring(self) -> Circle:
        """Round the likeliest token's cell."""
        row, column = divmod(self.bars.ids[0], self.trace.meta.model.width)
        return Circle(0.13, color=style.HIGHLIGHT, stroke_width=2.5).move_to(self.sheet.at(row, column))

    def _axes(self, graph: Mass) -> VGroup:
        """Shares at the left, ranks below."""
        made, size = VGroup(), self.read("logits", how="count")
        for tenths in (0, 5, 10):
            value = self.read("generated.probability", tenths, how="tenths").percent()
            share = number(value, style.NUMBER_SIZE, style.DIM)
            made.add(share.move_to((GRAPH.left - 0.15, graph.up(tenths / 10), 0), aligned_edge=RIGHT))
        name = words(self.label("rank"), style.LABEL_SIZE, style.DIM)
        made.add(name.move_to((GRAPH.left - 0.15, GRAPH.bottom - 0.3, 0), aligned_edge=RIGHT))
        powers = [10**power for power in range(12) if 10**power < 0.5 * graph.size]
        ticks = [(rank, self.read("generated.probability", rank, how="number").integer()) for rank in powers]
        for rank, shown in [*ticks, (graph.size, size.integer())]:
            tick = number(shown, style.NUMBER_SIZE, style.DIM)
            middle = (graph.across(rank - 1) + graph.across(rank)) / 2
            tick.move_to((min(middle, style.RIGHT - tick.width / 2), GRAPH.bottom - 0.3, 0))
            made.add(tick)
        return made

    def _cut(self, beat: BeatClock, graph: Mass) -> None:
        """Where top-k and top-p would cut."""
        count = nucleus(self.read)
        reached = int(self.read("generated.probability", 0, NUCLEUS, how="nucleus").value)
        by_count, by_share = (graph.at(rank, rank) for rank in (FEW, reached))
        ends = (by_count, (by_count[0], GRAPH.bottom, 0)), (by_share, (GRAPH.left, by_share[1], 0))
        upright, level = (DashedLine(*pair, color=style.INK, stroke_width=2.5) for pair in ends)
        top_k = sentence(*self.phrase("top_k", value=few(self.read)), size=style.LABEL_SIZE, color=style.INK)
        low, high = (by_count[1] < GRAPH.bottom + 0.3, by_count[1] > by_share[1] - 0.45)
        top_k.next_to(ends[0][1] if high else by_count, UP + (RIGHT if low or high else LEFT), buff=0.12)
        top_p = VGroup(
            sentence(*self.phrase("top_p", value=reach(self.read)), size=style.LABEL_SIZE, color=style.INK),
            sentence(*self.phrase("keeps", n=count), size=style.LABEL_SIZE),
        ).arrange(DOWN, buff=0.08, aligned_edge=LEFT)
        top_p.next_to(by_share, DOWN + RIGHT, buff=0.15)
        left = max(top_p.get_left()[0], self.names.get_right()[0] + 0.3)
        if left + top_p.width > GRAPH.right - 0.1:  # no room below the line: before it
            left = graph.reaches(top_p.get_bottom()[1]) - 0.15 - top_p.width
        top_p.move_to((left, top_p.get_y(), 0), aligned_edge=LEFT)
        self.cuts = VGroup(
            upright,
            Dot(by_count, color=style.HIGHLIGHT),
            top_k,
            level,
            Dot(by_share, color=style.HIGHLIGHT),
            top_p,
        )
        beat.play(FadeIn(self.cuts[:3]), share=0.1, at="k")
        beat.play(FadeIn(self.cuts[3:]), share=0.1, at="p")

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
