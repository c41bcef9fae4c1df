"""`qkv`: the vector meets three matrices; one number of the query is worked out, then all of them."""

from __future__ import annotations

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    DashedLine,
    Dot,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Rectangle,
    Transform,
    VGroup,
)

from scenes import style
from scenes.clock import BeatClock
from scenes.focus import focus, numbered, shown_positions, token
from scenes.page import FOOT, fit
from scenes.parts.chips import chip_label
from scenes.parts.label import Label, number, sentence, words
from scenes.parts.matrix import Matrix, Vector
from scenes.parts.texture import Paint
from scenes.parts.token_rows import row_count, token_rows
from scenes.parts.walk import Walk
from scenes.qkv.script import column, normed, products, total
from scenes.reading import slice_of
from scenes.stage import LessonScene

HUES = {"q": "QUERY", "k": "KEY", "v": "VALUE"}
NAMES = {"q": "query", "k": "key", "v": "value"}
SAYS = {"q": "asks", "k": "am", "v": "bring"}
TOP, BOTTOM = 2.25, -2.3  # of the matrices
VECTOR = -6.2  # the middle of the vector
SMALL = (3.4, (-3.55, 0.35, 4.25))  # a matrix's width beside two others, and where its middle is
LARGE = (5.6, -2.45)  # the same of W_Q alone
ROW = -2.78  # the height of what the matrices make
LISTED = 7  # tokens
UNLIT = 0.35  # a matrix that has not been spoken of yet
BADGES = (-2.7, 1.1, 4.9)  # the middles of their queries, keys and values


class Qkv(LessonScene):
    chapter = "qkv"

    def lay_out(self) -> None:
        """The vector that goes in, the three matrices, and what they make of it."""
        f, height = focus(self.trace), TOP - BOTTOM
        self.focus = f
        self.vector = Vector(slice_of(self.trace, normed(self.read), f.query), Paint(), height, 0.42, True)
        self.vector.move_to((VECTOR, (TOP + BOTTOM) / 2, 0))
        self.matrices, self.made = dict[str, Matrix](), dict[str, Vector]()
        for part, x in zip(HUES, SMALL[1], strict=True):
            weights = slice_of(self.trace, f"weight.{part}")
            rows, columns = weights.values.shape
            matrix = Matrix(weights, Paint(style.WEIGHTS), (SMALL[0] / columns, height / rows))
            self.matrices[part] = matrix.move_to((x, (TOP + BOTTOM) / 2, 0))
            made = slice_of(self.trace, f.tensor(part), f.head, f.query)
            self.made[part] = Vector(made, Paint(), SMALL[0], 0.4).move_to((x, ROW, 0))

    def badges(self, beat: BeatClock) -> None:
        at = numbered(self.read)
        heading = self.heading(*self.phrase("which", block=at["block"], head=at["head"]))
        word = chip_label(token(self.read, self.focus.query).token(), style.LABEL_SIZE, style.INK, 8)
        self.word = word.next_to(self.vector, UP, buff=0.15)
        self.word.shift(max(0.0, style.LEFT - self.word.get_left()[0]) * RIGHT)
        source = self.source(normed(self.read), "weight.*")
        self.titles = {part: self._title(part) for part in HUES}
        for matrix in self.matrices.values():
            matrix.texture.set_lit(UNLIT)
        there = [FadeIn(matrix) for matrix in self.matrices.values()]
        beat.play(FadeIn(heading), FadeIn(self.vector), FadeIn(self.word), FadeIn(source), *there, share=0.12)
        for part in HUES:
            lit = self.matrices[part].texture.animate.set_lit(1.0)
            arriving = FadeIn(self.titles[part]), FadeIn(self._place(part))
            beat.play(lit, *arriving, share=0.18, at=NAMES[part])

    def one(self, beat: BeatClock) -> None:
        matrix, place = self.matrices["q"], column(self.read)
        leaving = [*(self.matrices[part] for part in "kv"), *self.titles.values(), *self._frames()]
        made, middle = self.made["q"], (TOP + BOTTOM) / 2
        made.stretch_to_fit_width(LARGE[0]).set_x(LARGE[1])
        self.large = Group(self._size(), *self._named(made))
        larger = matrix.animate.stretch_to_fit_width(LARGE[0]).move_to((LARGE[1], middle, 0))
        beat.play(*(FadeOut(one) for one in leaving), larger, share=0.12)
        walk = Walk(products(self.read), 1.2, 4.6, TOP, BOTTOM)
        lit = matrix.frame((0, matrix.shape[0]), place)
        beat.play(FadeIn(self.large), FadeIn(lit), FadeIn(walk.axis), share=0.12, at="weights")
        said = {"count": self.read("weight.q", 0, how="size").integer()}
        if "weight.q_bias" in self.trace:
            said["value"] = self.read("weight.q_bias", place).decimal(2)
        note = sentence(
            *self.phrase("with_bias" if len(said) > 1 else "products", **said), size=style.LABEL_SIZE
        )
        note.move_to((style.RIGHT, TOP + 0.36, 0), aligned_edge=RIGHT)
        coming = (FadeIn(piece) for piece in walk.pieces)
        beat.play(FadeIn(note), LaggedStart(*coming, lag_ratio=0.6), share=0.35, most=2.6, at="end")
        landing, arrived = self._landing(walk), number(total(self.read).decimal(2), 56, style.QUERY)
        right = min(walk.end[0] + 0.3, style.RIGHT - arrived.width)
        arrived.move_to((right, ROW - 0.05, 0), aligned_edge=LEFT)
        cell = made.frame_of(place)
        beat.play(FadeIn(landing), FadeIn(arrived), FadeIn(cell), share=0.12, at="total")
        self.worked = Group(walk, note, landing, arrived)
        self.lit = VGroup(lit, cell)

    def query(self, beat: BeatClock) -> None:
        matrix, made = self.matrices["q"], self.made["q"]
        rows, columns = matrix.shape
        all_of_it = VGroup(matrix.frame((0, rows), (0, columns)), made.frame_of((0, columns)))
        shapes = [FadeIn(self._shapes())] if self.read.locale.level == "math" else []
        beat.play(Transform(self.lit, all_of_it), FadeIn(made), *shapes, share=0.3, at="all")

    def others(self, beat: BeatClock) -> None:
        middle = (TOP + BOTTOM) / 2
        moves = [
            self.matrices["q"].animate.stretch_to_fit_width(SMALL[0]).move_to((SMALL[1][0], middle, 0)),
            self.made["q"].animate.stretch_to_fit_width(SMALL[0]).set_x(SMALL[1][0]),
        ]
        if self.story:  # all three stand there already
            beat.play(FadeIn(self.made["q"], shift=0.2 * DOWN), share=0.15)
            for part in "kv":
                beat.play(FadeIn(self.made[part], shift=0.2 * DOWN), share=0.22, at=NAMES[part])
            return
        beat.play(FadeOut(self.worked), FadeOut(self.large), FadeOut(self.lit), *moves, share=0.18)
        beat.play(FadeIn(self.titles["q"]), FadeIn(self._place("q")), share=0.08)
        for part in "kv":
            arriving = FadeIn(self.matrices[part]), FadeIn(self.titles[part]), FadeIn(self._place(part))
            beat.play(*arriving, FadeIn(self.made[part], shift=0.2 * DOWN), share=0.22, at=NAMES[part])

    def all_tokens(self, beat: BeatClock) -> None:
        kept = self.flat[0]
        leaving = [mobject for mobject in self.flat if mobject is not kept]
        source = self.source(*(self.focus.tensor(part) for part in HUES))
        beat.play(*(FadeOut(mobject) for mobject in leaving), share=0.12)
        names, rows = self._badges_of_all()
        beat.play(FadeIn(names), FadeIn(source), share=0.12)
        beat.play(LaggedStart(*(FadeIn(row) for row in rows), lag_ratio=0.15), share=0.35, at="all")

    def _title(self, part: str) -> VGroup:
        """What a matrix makes, and what that is for."""
        name = words(self.label(NAMES[part]), style.TEXT_SIZE, style.hue(HUES[part]))
        says = words(self.label(SAYS[part]), style.LABEL_SIZE, style.DIM)
        line = VGroup(name, says).arrange(RIGHT, buff=0.25)
        says.align_to(name, DOWN)
        return line.next_to(self.matrices[part], UP, buff=0.12)

    def _place(self, part: str) -> Rectangle:
        """Where the badge will be."""
        frame = Rectangle(width=SMALL[0], height=0.4, stroke_color=style.hue(HUES[part]), stroke_width=1.5)
        return frame.move_to(self.made[part])

    def _frames(self) -> list[Rectangle]:
        return [mobject for mobject in self.flat if isinstance(mobject, Rectangle)]

    def _size(self) -> VGroup:
        """How many weights the matrix has, above it."""
        rows, columns = (self.read("weight.q", axis, how="size").integer() for axis in (0, 1))
        line = sentence(*self.phrase("weights", rows=rows, columns=columns), size=style.LABEL_SIZE)
        return line.set_color(style.LEARNED).move_to((LARGE[1], TOP + 0.36, 0))

    def _shapes(self) -> VGroup:
        """The shapes of the vector, of the matrix and of what they make."""
        rows, columns = (self.read("weight.q", axis, how="size").integer() for axis in (0, 1))
        query = self.focus.query
        one = self.read("tokens", query, query + 1, how="span").integer()
        line = sentence(*self.phrase("shapes", one=one, rows=rows, columns=columns), size=style.LABEL_SIZE)
        shapes = VGroup(fit(line, FOOT, DOWN + LEFT))
        self.large.add(shapes)
        return shapes

    def _named(self, made: Vector) -> tuple[Label, Rectangle]:
        """The query's name and the frame that its numbers will fill."""
        name = words(self.label("query"), style.LABEL_SIZE, style.QUERY)
        frame = Rectangle(width=made.width, height=made.height, stroke_color=style.QUERY, stroke_width=1.5)
        return name.next_to(made, LEFT, buff=0.2), frame.move_to(made)

    def _landing(self, walk: Walk) -> VGroup:
        """From the end of the walk down to the row of the query, and along it to the cell."""
        foot = np.array((walk.end[0], ROW, 0.0))
        drop = Line(walk.end, foot, color=style.INK, stroke_width=2)
        edge = self.made["q"].get_right() + 0.12 * RIGHT
        dots = DashedLine(edge, foot, dash_length=0.03, dashed_ratio=0.3, color=style.INK, stroke_width=2)
        return VGroup(drop, dots, Dot(foot, radius=0.07, color=style.INK))

    def _badges_of_all(self) -> tuple[VGroup, list[Group]]:
        """The tokens below each other, each with query, key and value; one scale for each of the three."""
        shown, f = shown_positions(self.read, LISTED, upto=self.focus.query), self.focus
        count = row_count(shown)
        pitch = min(1.5, 5.0 / count)
        paints = {
            part: Paint(bound=self.read(f.tensor(part), f.head, how="strongest").value) for part in HUES
        }
        names, heights = token_rows(
            self.read, shown, -4.75, lambda row: (count / 2 - row - 0.5) * pitch - 0.3
        )
        for part, x in zip(HUES, BADGES, strict=True):
            name = words(self.label(NAMES[part]), style.TEXT_SIZE, style.hue(HUES[part]))
            names.add(name.move_to((x, count / 2 * pitch + 0.1, 0)))
        rows = []
        for position, y in heights.items():
            strips = (
                Vector(slice_of(self.trace, f.tensor(part), f.head, position), paint, 3.5, 0.62 * pitch)
                for part, paint in paints.items()
            )
            rows.append(Group(*(s.move_to((x, y, 0)) for s, x in zip(strips, BADGES, strict=True))))
        return names, rows
