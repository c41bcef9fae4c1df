"""The first half of `attention`: which head it is, one score worked out, all of them, and their weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Group,
    GrowFromEdge,
    LaggedStart,
    MoveToTarget,
    Rectangle,
    Transform,
    VGroup,
)

from scenes import style
from scenes.attention.dot import WorkedScore
from scenes.attention.facts import eager, elsewhere, peeking
from scenes.attention.grid import HeadGrid
from scenes.attention.table import RowTable
from scenes.clock import BeatClock
from scenes.focus import focus, numbered, token, which
from scenes.page import FOOT, SIDE, fit
from scenes.parts.chips import chip_label
from scenes.parts.label import formula, number, sentence, words
from scenes.parts.matrix import Matrix
from scenes.parts.texture import Paint
from scenes.reading import slice_of
from scenes.stage import LessonScene

WHOLE = '"softmax" ((q dot k) / sqrt(d_k) + M)'
GLYPHS = {"scores": (8, 11), "scaled": (11, 16), "masked": (16, 18), "pattern": (0, 8)}  # of it, by stage
CLOSING = 18  # its last parenthesis
TITLE_LINE = 0.85  # the height of the list's title
BOARD = 4.9  # the most that the board of heads is high


class ScoreBeats(LessonScene):
    """The beats up to the weights; `Attention` goes on from there."""

    def lay_out(self) -> None:
        self.f = focus(self.trace)
        self.grid_parts = HeadGrid(self.read, self.phrase)
        self.table = RowTable(self.read, self.phrase)
        self.formula = fit(formula(WHOLE, 44), SIDE).move_to((SIDE.point()[0], 1.95, 0))
        self.formula.set_opacity(0)
        self.asides: list[VGroup] = []
        self.counter: VGroup | None = None

    def head(self, beat: BeatClock) -> None:
        """All heads by what they carry to the answer; the first of them is lit."""
        board, names, note = self._board()
        f, foot = self.f, VGroup(self.source("heads.attribution"), self._board_legend())
        lit = board.frame(f.block, f.head, width=4)
        title = self.heading()
        self.add(title)
        beat.play(FadeIn(board), FadeIn(names), FadeIn(foot), share=0.12)
        beat.play(Create(lit), FadeIn(note, shift=0.2 * RIGHT), share=0.15, at="most")
        self.top = self.heading(*self.phrase("which", **numbered(self.read)))
        self.leaving = Group(board, names, note, lit, foot)
        beat.close(FadeIn(self.top[1:]))
        self.remove(title)
        self.add(self.top)

    def dot(self, beat: BeatClock) -> None:
        """The focus's query and key, cell under cell, and their products end to end."""
        self.worked = worked = WorkedScore(self.read, self.phrase, self.story)
        dot = worked.dot
        source = self.source(self.f.tensor("q"), self.f.tensor("k"), self.f.tensor("scores"))
        self._headline("with_itself" if self.f.key == self.f.query else "pair")
        one = Group(dot.one, dot.edges[0], worked.names[0])
        other = Group(dot.other, dot.edges[1], worked.names[1])
        beat.play(FadeOut(self.leaving), FadeIn(dot.zero), FadeIn(source), share=0.08)
        beat.play(FadeIn(one, shift=0.2 * DOWN), share=0.1, at="query")
        beat.play(FadeIn(other, shift=0.2 * DOWN), share=0.1, at="key")
        told = [FadeIn(part) for part in (worked.equation, worked.rule()) if part is not None]
        strongest = GrowFromEdge(dot.steps.bars[dot.strongest], UP)
        beat.play(Create(worked.column), FadeIn(dot.leads), strongest, *told, share=0.15, at="pair")
        self.remove(dot.steps.bars[dot.strongest])
        note = worked.note()
        written = [FadeIn(part) for part in [self._sum()] if part is not None]
        beat.play(dot.steps.growing(), FadeIn(dot.steps.joins), FadeIn(note), share=0.3, most=2.6, at="sum")
        beat.play(FadeIn(dot.landing), FadeIn(dot.total), *written, share=0.12, at="score")

    def grid(self, beat: BeatClock) -> None:
        """Every pair's score in its cell: rows ask, columns answer."""
        parts = self.grid_parts
        leaving = [mobject for mobject in self.flat if mobject is not self.top]
        self.tensor = self.source(self.f.tensor("scores"))
        self._headline("which", **numbered(self.read))
        rows, columns = parts.rows(), parts.columns()
        beat.play(*(FadeOut(one) for one in leaving), FadeIn(rows, shift=0.2 * RIGHT), share=0.15, at="rows")
        beat.play(FadeIn(columns, shift=0.2 * DOWN), FadeIn(self.tensor), share=0.12, at="columns")
        filling = parts.filling()
        coming = LaggedStart(*(FadeIn(row) for row in filling), lag_ratio=0.3)
        beat.play(coming, *self._formula_to("scores"), share=0.25, most=2.2, at="fill")
        self.cells = parts.stage("scores")
        self.remove(*filling)
        self.add(self.cells)
        self.framed = parts.framed(self.f.query, (parts.positions[0], parts.positions[-1]), style.QUERY)
        self.listed, self.names = self.table.scores("scores"), self.table.names()
        self.numbers = parts.numbers("scores", parts.stage("scores"))
        self.legend = parts.legend("scores")
        arriving = [FadeIn(self.names), FadeIn(self.listed), FadeIn(self.numbers), FadeIn(self.legend)]
        beat.play(Create(self.framed), *arriving, share=0.15, at="best")

    def scaled(self, beat: BeatClock) -> None:
        beat.until("divide")
        self._become("scaled", beat)
        width = self.read("meta.model.head_width", how="meta").integer()
        note = VGroup(
            formula("d_k", 36, style.DIM), words("=", style.LABEL_SIZE, style.DIM), number(width, 27)
        )
        note.arrange(RIGHT, buff=0.14).move_to((SIDE.right, TITLE_LINE, 0), aligned_edge=RIGHT)
        beat.play(FadeIn(note), share=0.1, at="after")
        self.asides = [note]

    def mask(self, beat: BeatClock) -> None:
        struck = self.grid_parts.struck()
        self._become("masked", beat, at="future", more=[Create(struck)] if struck.has_points() else [])
        self.struck = struck
        if self.trace.length == 1:
            return
        asker = chip_label(token(self.read, eager(self.trace)).token(), style.TEXT_SIZE, style.INK, 12)
        lines = ("would_go", "is_later", "without_mask")
        hues = (style.INK, style.INK, style.DIM)
        told = VGroup(
            asker,
            number(peeking(self.read), 62, style.PROBABILITY),
            *(words(self.label(key), style.LABEL_SIZE, hue) for key, hue in zip(lines, hues, strict=True)),
        ).arrange(DOWN, buff=0.16, aligned_edge=LEFT)
        told.move_to((SIDE.left, -0.9, 0), aligned_edge=LEFT)
        around = self.grid_parts.eager_row()
        self.counter = VGroup(told, *([around] if around is not None else []))
        leaving = [FadeOut(part) for part in (self.names, self.listed, *self.asides)]
        beat.play(*leaving, FadeIn(self.counter), share=0.2, at="without")

    def softmax(self, beat: BeatClock) -> None:
        back = [FadeIn(self.names)] if self.counter is not None else []
        away = [FadeOut(self.counter if self.counter is not None else self.listed)]
        self.listed = self.table.weights()
        self._become("pattern", beat, at="weights", more=[*away, *back, FadeIn(self.listed)])
        lit = Transform(self.framed, self.framed.copy().set_stroke(style.PROBABILITY))
        beat.play(lit, share=0.12, at="one")

    def unscaled(self, beat: BeatClock) -> None:
        """The asking row's weights as they would be, beside what they are."""
        without = self.table.without_root()
        beat.play(FadeOut(self.listed[0]), FadeIn(without), share=0.2, at="without")

    def _become(
        self, stage: str, beat: BeatClock, at: str | None = None, more: list[Any] | None = None
    ) -> None:
        """The grid, in place, as it is at the next stage; its list and its formula go along."""
        parts = self.grid_parts
        cells = parts.stage(stage)
        source, legend = self.source(self.f.tensor(stage)), parts.legend(stage)
        numbers = parts.numbers(stage, cells)
        leaving = [FadeOut(self.tensor), FadeOut(self.legend), FadeOut(self.numbers)]
        arriving = [FadeIn(source), FadeIn(legend), FadeIn(numbers), *self._formula_to(stage), *(more or [])]
        if stage == "scaled":
            listed = self.table.scores("scaled")
            leaving.append(FadeOut(self.listed))
            arriving.append(FadeIn(listed))
            self.listed = listed
        beat.play(Transform(self.cells.texture, cells.texture), *leaving, *arriving, share=0.25, at=at)
        self.tensor, self.legend, self.numbers = source, legend, numbers

    def _formula_to(self, stage: str) -> list[Any]:
        """The formula grows by what is new at a stage; the rest does not move."""
        if self.story:
            return []
        self.formula.generate_target()
        start, end = GLYPHS[stage]
        self.formula.target[start:end].set_opacity(1)
        if stage == "pattern":
            self.formula.target[CLOSING].set_opacity(1)
        return [MoveToTarget(self.formula)]

    def _sum(self) -> Any:
        return None if self.read.locale.level != "math" else self.worked.formula()

    def _headline(self, key: str, **readings: Any) -> None:
        """Another aside beside the chapter's title."""
        if not readings:
            query, key_at = (which(self.read, p) for p in (self.f.query, self.f.key))
            readings = {"query": query} if key == "with_itself" else {"query": query, "answer": key_at}
        self.remove(self.top)
        top = self.heading(*self.phrase(key, **readings))
        fits = top.get_right()[0] <= style.RIGHT  # two long words do not: then it stays as it was
        self.top = top if fits else self.heading(*self.phrase("which", **numbered(self.read)))
        self.add(self.top)

    def _board(self) -> tuple[Matrix, VGroup, VGroup]:
        """A cell for each head, a row for each block; where the lit one stands; what it carries."""
        drawn = slice_of(self.trace, "heads.attribution")
        rows, columns = drawn.values.shape
        side = min(BOARD / rows, 7.4 / columns, 0.9)
        bound = self.read("heads.attribution", how="strongest").value
        board = Matrix(drawn, Paint(bound=bound), (side, side))
        board.move_to((-2.2, -0.35, 0))
        f, size = self.f, style.LABEL_SIZE
        at = numbered(self.read)
        across = sentence(*self.phrase("head", head=at["head"]), size=size, color=style.INK)
        down = sentence(*self.phrase("block", block=at["block"]), size=size, color=style.INK)
        cell = board.at(f.block, f.head)
        across.move_to((cell[0], board.get_top()[1] + 0.1, 0), aligned_edge=DOWN)
        down.move_to((board.get_left()[0] - 0.2, cell[1], 0), aligned_edge=RIGHT)
        value = self.read("heads.attribution", f.block, f.head).decimal()
        target = "to_the_answer" if self.story else "to_the_logit"
        note = VGroup(
            number(value, 62, style.POSITIVE),
            words(self.label("carried"), style.LABEL_SIZE),
            words(self.label(target), style.LABEL_SIZE, style.DIM),
        )
        if elsewhere(self.trace):
            asking = self.phrase("asking", query=which(self.read, f.query))
            note.add(sentence(*asking, size=size), words(self.label("not_guessing"), size, style.DIM))
        note.arrange(DOWN, buff=0.16, aligned_edge=LEFT)
        note.move_to((board.get_right()[0] + 0.7, cell[1], 0), aligned_edge=LEFT)
        return board, VGroup(across, down), note

    def _board_legend(self) -> VGroup:
        """The scale of what a head carries, up to the strongest of all."""
        bar = VGroup()
        for red, green, blue in style.SIGNED.rgb(np.linspace(-1, 1, 25)):
            part = Rectangle(width=0.08, height=0.16, stroke_width=0)
            bar.add(part.set_fill(f"#{red:02X}{green:02X}{blue:02X}", 1))
        size, dim = style.SMALL_SIZE, style.DIM
        ends = [words(self.label(key), size, dim) for key in ("against", "towards")]
        line = VGroup(ends[0], bar.arrange(RIGHT, buff=0), ends[1]).arrange(RIGHT, buff=0.2)
        return fit(line, FOOT, DOWN + LEFT)
