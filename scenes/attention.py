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
from scenes.catalogue import label, line
from scenes.focus import focus, shown_positions, token
from scenes.parts.arcs import Arcs
from scenes.parts.cells import Grid, Strip, legend, of_all_values
from scenes.parts.chips import LONGEST, Chip, chip_label, gap
from scenes.parts.label import formula, number, sentence, words
from scenes.reading import cells, reading
from scenes.stage import LessonScene

ROWS = 7  # tokens on each side of the grid
CELLS = 10  # of each value vector
RIGHT_HALF = 3.75  # the middle of what stands beside the grid


class Attention(LessonScene):
    chapter = "attention"

    def construct(self) -> None:
        self.f = focus(self.trace)
        self.positions, self.left_out = shown_positions(self.trace, ROWS, self.f.key)
        self.side = min(0.92, 4.3 / len(self.positions))
        self._choose_head()
        self._weigh()
        self._gather()

    def _choose_head(self) -> None:
        """All heads by what they carry to the answer; the first of them is lit."""
        trace, f = self.trace, self.f
        with self.beat("head") as beat:
            scores = trace["heads.attribution"]  # (block, head)
            bound = reading(trace, "heads.attribution", how="largest").value
            side = min(0.62, 4.4 / max(scores.shape))
            board = VGroup()
            lit = Square()
            for (b, h), score in np.ndenumerate(scores):
                cell = Square(
                    side * 0.9, stroke_width=0, fill_color=style.signed(float(score), bound), fill_opacity=1
                )
                cell.set_stroke(style.LINE, 1).move_to((h * side, b * side, 0))
                board.add(cell)
                if (b, h) == (f.block, f.head):
                    lit = cell
            board.move_to((-2.4, -0.2, 0))
            board.drawn = cells(trace, "heads.attribution")  # type: ignore[attr-defined]
            across, down = (
                words(label(f"attention.{axis}"), style.LABEL_SIZE, style.DIM) for axis in ("heads", "blocks")
            )
            across.next_to(board, DOWN, buff=0.2)
            axes = VGroup(across, down.rotate(PI / 2).next_to(board, LEFT, buff=0.25))
            value = reading(trace, "heads.attribution", f.block, f.head).decimal()
            note = VGroup(
                words(label("attention.carried"), style.LABEL_SIZE, style.DIM),
                words(label("attention.to the logit"), style.LABEL_SIZE, style.DIM),
                number(value, style.TITLE_SIZE, style.POSITIVE),
            ).arrange(DOWN, buff=0.14, aligned_edge=LEFT)
            note.next_to(board, RIGHT, buff=0.9)
            frame = Square(side, color=style.HIGHLIGHT, stroke_width=4).move_to(lit)
            scale = legend(trace, "heads.attribution", "largest")
            source = VGroup(self.source("heads.attribution"), scale)
            plain = self.heading()
            beat.play(FadeIn(plain), FadeIn(board, lag_ratio=0.02), FadeIn(axes), FadeIn(source), share=0.25)
            beat.hold(0.15)
            beat.play(Create(frame), FadeIn(note, shift=0.2 * RIGHT), share=0.12)
            block = reading(trace, "heads.attribution", 0, how="argmax").ordinal()
            blocks = reading(trace, "heads.attribution", 0, how="size").integer()
            head = reading(trace, "heads.attribution", 1, how="argmax").ordinal()
            heads = reading(trace, "heads.attribution", 1, how="size").integer()
            which = line("attention.which", block=block, blocks=blocks, head=head, heads=heads)
            self.headline = self.heading(*which)
            leaving = (FadeOut(mobject) for mobject in (board, axes, note, frame, source))
            beat.close(*leaving, FadeIn(self.headline[1:]))
            self.remove(plain)
            self.add(self.headline)

    def _weigh(self) -> None:
        """One grid in place: raw → ÷√d_k → mask → softmax."""
        trace, f = self.trace, self.f
        grid = self._grid("scores")
        grid.move_to((-2.6, -0.3, 0))
        rows, columns = self._axes(grid)
        source = self.source(f.tensor("scores"))
        framed = Square(self.side, color=style.HIGHLIGHT, stroke_width=4).move_to(grid.at[f.query, f.key])
        maths = [
            formula("q dot k"),
            formula("(q dot k) / sqrt(d_k)"),
            formula("(q dot k) / sqrt(d_k) + M"),
            formula('"softmax" ((q dot k) / sqrt(d_k) + M)'),
        ]
        for formed in maths:
            formed.move_to((RIGHT_HALF, 0.9, 0))
        pair = VGroup(
            chip_label(token(trace, f.query).token(), style.TEXT_SIZE, style.QUERY, longest=9),
            words(label("attention.asks"), style.LABEL_SIZE, style.DIM),
            chip_label(token(trace, f.key).token(), style.TEXT_SIZE, style.KEY, longest=9),
        ).arrange(RIGHT, buff=0.25)
        pair.move_to((RIGHT_HALF, -0.75, 0))

        def result(stage: str) -> VGroup:
            value = reading(trace, f.tensor(stage), f.head, f.query, f.key).decimal(
                2 if stage == "pattern" else 1
            )
            colour = style.PROBABILITY if stage == "pattern" else style.INK
            kind = words(label(f"attention.{stage}"), style.LABEL_SIZE, style.DIM)
            figure = number(value, style.TITLE_SIZE, colour)
            return VGroup(kind, figure).arrange(RIGHT, buff=0.3).next_to(pair, DOWN, buff=0.3)

        shown = result("scores")
        with self.beat("scores") as beat:
            # Dim until the words "query" and "key" give them their colours.
            asking, answering = (labels.copy().set_fill(style.DIM) for labels in (rows, columns))
            beat.play(FadeIn(asking, shift=0.2 * RIGHT), FadeIn(answering, shift=0.2 * DOWN), share=0.1)
            beat.play(ReplacementTransform(asking, rows), share=0.1, at="query")
            beat.play(ReplacementTransform(answering, columns), share=0.1, at="key")
            appearing = (FadeIn(VGroup(s, n)) for s, n in zip(grid.squares, grid.numbers, strict=True))
            beat.play(
                LaggedStart(*appearing, lag_ratio=0.06),
                FadeIn(maths[0]),
                FadeIn(source),
                share=0.3,
                most=2.5,
                at="dot",
            )
            beat.play(Create(framed), FadeIn(pair), share=0.12, at="pair")
            beat.play(FadeIn(shown, shift=0.1 * DOWN), share=0.1, at="score")

        self.remove(*grid.squares, *grid.numbers)
        self.add(grid)
        self.bring_to_front(framed)
        for index, stage in enumerate(("scaled", "masked", "pattern"), start=1):
            with self.beat({"masked": "mask", "pattern": "softmax"}.get(stage, stage)) as beat:
                following = self._grid(stage).move_to(grid)
                next_source, next_shown = self.source(f.tensor(stage)), result(stage)
                if stage == "scaled":
                    width = reading(trace, "meta.model.head_width", how="meta").integer()
                    note = sentence("d", "k", " = ", width, size=style.LABEL_SIZE)
                    note[1].scale(0.7).shift(0.08 * DOWN + 0.02 * LEFT)
                    beat.play(FadeIn(note.next_to(maths[-1], UP, buff=0.4)), share=0.1)
                beat.play(FadeOut(maths[index - 1]), FadeIn(maths[index]), share=0.1)
                changes = [FadeOut(grid.numbers), ReplacementTransform(grid.squares, following.squares)]
                beat.play(*changes, FadeOut(source), FadeOut(shown), share=0.15)
                beat.play(FadeIn(following.numbers), FadeIn(next_source), FadeIn(next_shown), share=0.12)
                self.remove(following.squares, following.numbers)
                self.add(following)
                self.bring_to_front(framed)
                grid, source, shown = following, next_source, next_shown
                if stage == "pattern":
                    row = VGroup(*(grid.at[f.query, k] for k in self.positions))
                    lit = Rectangle(
                        width=row.width + 0.1, height=row.height + 0.1, color=style.QUERY, stroke_width=4
                    ).move_to(row)
                    total = words(label("attention.sums"), style.LABEL_SIZE, style.DIM)
                    total.next_to(grid, DOWN, buff=0.2)
                    beat.play(ReplacementTransform(framed, lit), FadeIn(total), share=0.12)
                    beat.close(*(FadeOut(m) for m in self.mobjects if m is not self.headline))

    def _grid(self, stage: str) -> Grid:
        """The head's grid at a stage. Scores lose their decimal where a cell is too narrow for it."""
        trace, f = self.trace, self.f
        source = f.tensor(stage)
        drawn = cells(trace, source, f.head)
        largest = np.abs(drawn.values[np.isfinite(drawn.values)]).max()
        digits = 1 if largest < (99.95 if self.side > 0.8 else 9.95) else 0
        texts = {}
        for q in self.positions:
            for k in self.positions:
                if stage == "pattern" and k > q:
                    continue  # a dot: the future has no weight
                value = reading(trace, source, f.head, q, k)
                texts[q, k] = value.compact() if stage == "pattern" else value.decimal(digits)
        scores = cells(trace, f.tensor("scores" if stage == "scores" else "scaled"), f.head).values
        bound = float(np.abs(scores).max())
        paint = style.weight if stage == "pattern" else lambda v: style.signed(v, bound)
        return Grid(drawn, self.positions, texts, paint, self.side)

    def _axes(self, grid: Grid) -> tuple[VGroup, VGroup]:
        """Queries down the left, keys along the top, and what was left out said."""
        size = style.LABEL_SIZE
        rows, columns = VGroup(), VGroup()
        for p in self.positions:
            row = chip_label(token(self.trace, p).token(), size, style.QUERY, longest=9)
            rows.add(row.next_to(grid.at[p, self.positions[0]], LEFT, buff=0.22))
            column = chip_label(token(self.trace, p).token(), size, style.KEY, longest=9).rotate(PI / 4)
            corner = grid.at[self.positions[0], p].get_top() + 0.12 * UP
            columns.add(column.shift(corner - column.get_corner(DOWN + LEFT) - 0.1 * RIGHT))
        if self.left_out:
            rows.add(gap(self.left_out).next_to(rows, DOWN, buff=0.15).align_to(rows, RIGHT))
        return rows, columns

    def _gather(self) -> None:
        """The last token's weights as arcs, and the values that they gather into the context vector."""
        trace, f = self.trace, self.f
        values = [reading(trace, f.tensor("pattern"), f.head, f.query, p) for p in self.positions]
        if self.left_out:
            rest = reading(trace, f.tensor("pattern"), f.head, f.query, *self.positions, how="rest")
            values.insert(1, rest)
        for longest in (LONGEST, 9, 7):  # rather fewer letters than letters too small to read
            chips = [Chip(token(trace, p).token(), style.TEXT_SIZE, longest=longest) for p in self.positions]
            things: list[VGroup] = list(chips)
            if self.left_out:
                things.insert(1, gap(self.left_out))
            row = VGroup(*things).arrange(RIGHT, buff=0.45)
            if row.width <= 10.0 / 0.7:
                break
        if row.width > 10.0:
            row.scale(10.0 / row.width)
        row.move_to((-0.2, 0.15, 0))
        percents = VGroup(
            *(
                number(value.percent(), style.LABEL_SIZE, style.PROBABILITY).next_to(thing, DOWN, buff=0.15)
                for value, thing in zip(values, things, strict=True)
            )
        )
        for percent in percents:
            percent.set_y(chips[0].get_bottom()[1] - 0.3)
        weights = [trace[f.tensor("pattern")][f.head, f.query, p].item() for p in self.positions]
        arcs = Arcs(chips, chips[-1], weights)
        source = self.source(f.tensor("pattern"))
        marked: Any = chips[-1].box.animate.set_stroke(style.QUERY)
        with self.beat("arcs") as beat:
            beat.play(FadeIn(row), FadeIn(source), share=0.12)
            beat.play(marked, share=0.06)
            beat.play(LaggedStart(*(Create(arc) for arc in arcs), lag_ratio=0.15), share=0.3, most=2.0)
            told = (FadeIn(percent, shift=0.1 * DOWN) for percent in percents)
            beat.play(LaggedStart(*told, lag_ratio=0.15), share=0.2)

        strips, context, aside = self._vectors(chips, percents.get_bottom()[1] - 0.2)
        with self.beat("context") as beat:
            next_source = self.source(f.tensor("v"), f.tensor("context"))
            beat.play(FadeIn(strips, shift=0.2 * DOWN), FadeIn(aside), share=0.12)
            beat.play(FadeOut(source), FadeIn(next_source), share=0.05)
            dimmed = (strip.animate.set_opacity(w) for strip, w in zip(strips, weights, strict=True))
            beat.play(*dimmed, share=0.15)
            beat.hold(0.1)
            copies = [strip.copy() for strip in strips]
            gathered = (copy.animate.move_to(context) for copy in copies)
            name = words(label("attention.context"), style.LABEL_SIZE).next_to(context, UP, buff=0.2)
            beat.play(*gathered, FadeIn(name), share=0.2)
            beat.play(*(FadeOut(copy) for copy in copies), FadeIn(context), share=0.05)
            self.clear_all(beat)

    def _vectors(self, chips: list[Chip], top: float) -> tuple[VGroup, Strip, VGroup]:
        """The values under their tokens, the context vector beside them, and what is to be said of both."""
        trace, f = self.trace, self.f
        bound = reading(trace, f.tensor("v"), how="bound").value

        def strip(stage: str, position: int) -> Strip:
            drawn = cells(trace, f.tensor(stage), f.head, position, (0, CELLS))
            return Strip(drawn, bound, 0.2, 0.5, vertical=True)

        strips = VGroup(
            *(strip("v", p).set_x(chip.get_x()) for p, chip in zip(self.positions, chips, strict=True))
        )
        strips.set_y(top - strips.height / 2)
        context = strip("context", f.query)
        context.move_to((min(strips.get_right()[0] + 2.0, 6.1), strips.get_y(), 0))
        shown = of_all_values(trace, f.tensor("v"), CELLS)
        scale = legend(trace, f.tensor("v"))
        name = words(label("attention.values"), style.LABEL_SIZE, style.DIM).next_to(strips, LEFT, buff=0.3)
        return strips, context, VGroup(name, scale, shown.next_to(scale, RIGHT, buff=0.6))
