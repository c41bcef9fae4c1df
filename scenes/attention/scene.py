"""`attention`: one head's scores become weights on one grid, and the weights gather the values."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    PI,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Rectangle,
    ReplacementTransform,
    Square,
    VGroup,
)

from scenes import style
from scenes.focus import focus, shown_positions, token, which
from scenes.page import SIDE, fit
from scenes.parts.arcs import Arcs
from scenes.parts.cells import Board, Grid, Strip, legend, of_all_values
from scenes.parts.chips import LONGEST, Chip, chip_label, gap
from scenes.parts.label import formula, number, sentence, words
from scenes.reading import slice_of
from scenes.stage import BeatClock, LessonScene

ROWS = 7  # tokens on each side of the grid
CELLS = 10  # of each value vector
FORMULAS = {
    "scores": "q dot k",
    "scaled": "(q dot k) / sqrt(d_k)",
    "masked": "(q dot k) / sqrt(d_k) + M",
    "pattern": '"softmax" ((q dot k) / sqrt(d_k) + M)',
}


class Attention(LessonScene):
    chapter = "attention"

    def lay_out(self) -> None:
        """The grid on the left, its formula and the focus's own score beside it."""
        self.f = focus(self.trace)
        self.positions, self.left_out = shown_positions(self.read, ROWS, self.f.key)
        self.side = min(0.92, 4.3 / len(self.positions))
        self.grid = self._grid("scores").move_to((-2.6, -0.3, 0))
        self.framed = Square(self.side, color=style.HIGHLIGHT, stroke_width=4)
        self.framed.move_to(self.grid.at[self.f.query, self.f.key])
        self.formulas = {stage: fit(formula(math), SIDE).shift(UP) for stage, math in FORMULAS.items()}
        self.pair = VGroup(
            self._named(self.f.query, style.QUERY),
            words(self.label("asks"), style.LABEL_SIZE, style.DIM),
            self._named(self.f.key, style.KEY),
        ).arrange(RIGHT, buff=0.25)
        fit(self.pair, SIDE).shift(0.65 * DOWN)
        self.stage = "scores"
        self.tensor = self.source(self.f.tensor("scores"))
        self.result = self._result("scores")

    def head(self, beat: BeatClock) -> None:
        """All heads by what they carry to the answer; the first of them is lit."""
        f = self.f
        board, axes = self._board()
        value = self.read("heads.attribution", f.block, f.head).decimal()
        note = VGroup(
            words(self.label("carried"), style.LABEL_SIZE, style.DIM),
            words(self.label("to_the_logit"), style.LABEL_SIZE, style.DIM),
            number(value, style.TITLE_SIZE, style.POSITIVE),
        ).arrange(DOWN, buff=0.14, aligned_edge=LEFT)
        note.next_to(board, RIGHT, buff=0.9)
        frame = Square(board.side, color=style.HIGHLIGHT, stroke_width=4).move_to(board.at[f.block, f.head])
        foot = VGroup(self.source("heads.attribution"), legend(self.read, "heads.attribution", "largest"))
        title = self.heading()
        beat.play(FadeIn(title), FadeIn(board, lag_ratio=0.02), FadeIn(axes), FadeIn(foot), share=0.25)
        beat.hold(0.15)
        beat.play(Create(frame), FadeIn(note, shift=0.2 * RIGHT), share=0.12)
        self.headline = self.heading(*self.phrase("which", **self._which()))
        leaving = (FadeOut(mobject) for mobject in (board, axes, note, frame, foot))
        beat.close(*leaving, FadeIn(self.headline[1:]))
        self.remove(title)
        self.add(self.headline)

    def scores(self, beat: BeatClock) -> None:
        rows, columns = self._axes()
        # Dim until the words "query" and "key" give them their colours.
        asking, answering = (labels.copy().set_fill(style.DIM) for labels in (rows, columns))
        beat.play(FadeIn(asking, shift=0.2 * RIGHT), FadeIn(answering, shift=0.2 * DOWN), share=0.1)
        beat.play(ReplacementTransform(asking, rows), share=0.1, at="query")
        beat.play(ReplacementTransform(answering, columns), share=0.1, at="key")
        cells = zip(self.grid.squares, self.grid.numbers, strict=True)
        appearing = LaggedStart(*(FadeIn(VGroup(*cell)) for cell in cells), lag_ratio=0.06)
        arriving = FadeIn(self.formulas["scores"]), FadeIn(self.tensor)
        beat.play(appearing, *arriving, share=0.3, most=2.5, at="dot")
        beat.play(Create(self.framed), FadeIn(self.pair), share=0.12, at="pair")
        beat.play(FadeIn(self.result, shift=0.1 * DOWN), share=0.1, at="score")
        self.remove(*self.grid.squares, *self.grid.numbers)
        self.add(self.grid)
        self.bring_to_front(self.framed)

    def scaled(self, beat: BeatClock) -> None:
        width = self.read("meta.model.head_width", how="meta").integer()
        note = sentence("d", "k", " = ", width, size=style.LABEL_SIZE)
        note[1].scale(0.7).shift(0.08 * DOWN + 0.02 * LEFT)
        beat.play(FadeIn(note.next_to(self.formulas["pattern"], UP, buff=0.4)), share=0.1)
        self._become("scaled", beat)

    def mask(self, beat: BeatClock) -> None:
        self._become("masked", beat)

    def softmax(self, beat: BeatClock) -> None:
        self._become("pattern", beat)
        row = VGroup(*(self.grid.at[self.f.query, key] for key in self.positions))
        lit = Rectangle(width=row.width + 0.1, height=row.height + 0.1, color=style.QUERY, stroke_width=4)
        total = words(self.label("sums"), style.LABEL_SIZE, style.DIM).next_to(self.grid, DOWN, buff=0.2)
        beat.play(ReplacementTransform(self.framed, lit.move_to(row)), FadeIn(total), share=0.12)
        beat.close(*(FadeOut(mobject) for mobject in self.flat if mobject is not self.headline))

    def arcs(self, beat: BeatClock) -> None:
        """The last token's weights as arcs over the sentence."""
        self.row, self.chips = self._sentence()
        self.percents = self._percents()
        self.weights = [
            self.trace[self.f.tensor("pattern")][self.f.head, self.f.query, p].item() for p in self.positions
        ]
        arcs = Arcs(self.chips, self.chips[-1], self.weights)
        self.tensor = self.source(self.f.tensor("pattern"))
        asking: Any = self.chips[-1].box.animate.set_stroke(style.QUERY)
        beat.play(FadeIn(self.row), FadeIn(self.tensor), share=0.12)
        beat.play(asking, share=0.06)
        beat.play(LaggedStart(*(Create(arc) for arc in arcs), lag_ratio=0.15), share=0.3, most=2.0)
        told = (FadeIn(percent, shift=0.1 * DOWN) for percent in self.percents)
        beat.play(LaggedStart(*told, lag_ratio=0.15), share=0.2)

    def context(self, beat: BeatClock) -> None:
        """The values under their tokens, gathered by these weights into the context vector."""
        strips, context, aside = self._vectors(self.percents.get_bottom()[1] - 0.2)
        source = self.source(self.f.tensor("v"), self.f.tensor("context"))
        beat.play(FadeIn(strips, shift=0.2 * DOWN), FadeIn(aside), share=0.12)
        beat.play(FadeOut(self.tensor), FadeIn(source), share=0.05)
        dimmed = (strip.animate.set_opacity(w) for strip, w in zip(strips, self.weights, strict=True))
        beat.play(*dimmed, share=0.15)
        beat.hold(0.1)
        copies = [strip.copy() for strip in strips]
        name = words(self.label("context"), style.LABEL_SIZE).next_to(context, UP, buff=0.2)
        beat.play(*(copy.animate.move_to(context) for copy in copies), FadeIn(name), share=0.2)
        beat.play(*(FadeOut(copy) for copy in copies), FadeIn(context), share=0.05)

    def _become(self, stage: str, beat: BeatClock) -> None:
        """The grid, in place, as it is at the next stage: raw → ÷√d_k → mask → softmax."""
        grid = self._grid(stage).move_to(self.grid)
        source, result = self.source(self.f.tensor(stage)), self._result(stage)
        beat.play(FadeOut(self.formulas[self.stage]), FadeIn(self.formulas[stage]), share=0.1)
        changes = [FadeOut(self.grid.numbers), ReplacementTransform(self.grid.squares, grid.squares)]
        beat.play(*changes, FadeOut(self.tensor), FadeOut(self.result), share=0.15)
        beat.play(FadeIn(grid.numbers), FadeIn(source), FadeIn(result), share=0.12)
        self.remove(grid.squares, grid.numbers)
        self.add(grid)
        self.bring_to_front(self.framed)
        self.stage, self.grid, self.tensor, self.result = stage, grid, source, result

    def _board(self) -> tuple[Board, VGroup]:
        """A cell for each head, a row for each block, and what its two axes are."""
        bound = self.read("heads.attribution", how="largest").value
        board = Board(slice_of(self.trace, "heads.attribution"), bound, most=4.4)
        board.move_to((-2.4, -0.2, 0))
        across, down = (words(self.label(axis), style.LABEL_SIZE, style.DIM) for axis in ("heads", "blocks"))
        across.next_to(board, DOWN, buff=0.2)
        return board, VGroup(across, down.rotate(PI / 2).next_to(board, LEFT, buff=0.25))

    def _named(self, position: int, hue: str) -> VGroup:
        """A token of the pair, with its place where its word stands twice."""
        word = token(self.read, position)
        named = VGroup(chip_label(word.token(), style.TEXT_SIZE, hue, longest=9))
        if which(self.read, position).text != word.word().text:
            place = self.read("tokens", position, how="place").ordinal()
            named.add(number(place, style.SMALL_SIZE, style.DIM))
        return named.arrange(RIGHT, buff=0.1)

    def _which(self) -> dict[str, Any]:
        """Which head of which block it is, of how many."""
        return {
            "block": self.read("heads.attribution", 0, how="argmax").ordinal(),
            "blocks": self.read("heads.attribution", 0, how="size").integer(),
            "head": self.read("heads.attribution", 1, how="argmax").ordinal(),
            "heads": self.read("heads.attribution", 1, how="size").integer(),
        }

    def _result(self, stage: str) -> VGroup:
        """The focus's own number at a stage, below the pair."""
        f = self.f
        value = self.read(f.tensor(stage), f.head, f.query, f.key).decimal(2 if stage == "pattern" else 1)
        colour = style.PROBABILITY if stage == "pattern" else style.INK
        kind = words(self.label(stage), style.LABEL_SIZE, style.DIM)
        figure = number(value, style.TITLE_SIZE, colour)
        return VGroup(kind, figure).arrange(RIGHT, buff=0.3).next_to(self.pair, DOWN, buff=0.3)

    def _grid(self, stage: str) -> Grid:
        """The head's grid at a stage. Scores lose their decimal where a cell is too narrow for it."""
        trace, f = self.trace, self.f
        source = f.tensor(stage)
        drawn = slice_of(trace, source, f.head)
        largest = np.abs(drawn.values[np.isfinite(drawn.values)]).max()
        digits = 1 if largest < (99.95 if self.side > 0.8 else 9.95) else 0
        texts = {}
        for q in self.positions:
            for k in self.positions:
                if stage == "pattern" and k > q:
                    continue  # a dot: the future has no weight
                value = self.read(source, f.head, q, k)
                texts[q, k] = value.compact() if stage == "pattern" else value.decimal(digits)
        scores = slice_of(trace, f.tensor("scores" if stage == "scores" else "scaled"), f.head).values
        bound = float(np.abs(scores).max())
        paint = style.weight if stage == "pattern" else lambda v: style.signed(v, bound)
        return Grid(drawn, self.positions, texts, paint, self.side)

    def _axes(self) -> tuple[VGroup, VGroup]:
        """Queries down the left, keys along the top, and what was left out said."""
        size, grid = style.LABEL_SIZE, self.grid
        rows, columns = VGroup(), VGroup()
        for p in self.positions:
            row = chip_label(token(self.read, p).token(), size, style.QUERY, longest=9)
            rows.add(row.next_to(grid.at[p, self.positions[0]], LEFT, buff=0.22))
            column = chip_label(token(self.read, p).token(), size, style.KEY, longest=9).rotate(PI / 4)
            corner = grid.at[self.positions[0], p].get_top() + 0.12 * UP
            columns.add(column.shift(corner - column.get_corner(DOWN + LEFT) - 0.1 * RIGHT))
        if self.left_out:
            hidden = gap(self.left_out, self.read.locale)
            rows.add(hidden.next_to(rows, DOWN, buff=0.15).align_to(rows, RIGHT))
        return rows, columns

    def _sentence(self) -> tuple[VGroup, list[Chip]]:
        """The tokens in a row, with a mark for those left out: all of it, and the chips."""
        for longest in (LONGEST, 9, 7):  # rather fewer letters than letters too small to read
            chips = [
                Chip(token(self.read, p).token(), style.TEXT_SIZE, longest=longest) for p in self.positions
            ]
            things: list[VGroup] = list(chips)
            if self.left_out:
                things.insert(1, gap(self.left_out, self.read.locale))
            row = VGroup(*things).arrange(RIGHT, buff=0.45)
            if row.width <= 10.0 / 0.7:
                break
        if row.width > 10.0:
            row.scale(10.0 / row.width)
        return row.move_to((-0.2, 0.15, 0)), chips

    def _percents(self) -> VGroup:
        """Below each token its weight, and below the mark for those left out the sum of theirs."""
        pattern, f = self.f.tensor("pattern"), self.f
        values = [self.read(pattern, f.head, f.query, p) for p in self.positions]
        if self.left_out:
            values.insert(1, self.read(pattern, f.head, f.query, *self.positions, how="rest"))
        percents = VGroup(
            *(
                number(value.percent(), style.LABEL_SIZE, style.PROBABILITY).next_to(thing, DOWN, buff=0.15)
                for value, thing in zip(values, self.row, strict=True)
            )
        )
        for percent in percents:
            percent.set_y(self.chips[0].get_bottom()[1] - 0.3)
        return percents

    def _vectors(self, top: float) -> tuple[VGroup, Strip, VGroup]:
        """The values under their tokens, the context vector beside them, and what is to be said of both."""
        trace, f = self.trace, self.f
        bound = self.read(f.tensor("v"), how="bound").value

        def strip(stage: str, position: int) -> Strip:
            drawn = slice_of(trace, f.tensor(stage), f.head, position, (0, CELLS))
            return Strip(drawn, bound, 0.2, 0.5, vertical=True)

        strips = VGroup(
            *(strip("v", p).set_x(chip.get_x()) for p, chip in zip(self.positions, self.chips, strict=True))
        )
        strips.set_y(top - strips.height / 2)
        context = strip("context", f.query)
        context.move_to((min(strips.get_right()[0] + 2.0, 6.1), strips.get_y(), 0))
        shown = of_all_values(self.read, f.tensor("v"), CELLS)
        scale = legend(self.read, f.tensor("v"))
        name = words(self.label("values"), style.LABEL_SIZE, style.DIM).next_to(strips, LEFT, buff=0.3)
        return strips, context, VGroup(name, scale, shown.next_to(scale, RIGHT, buff=0.6))
