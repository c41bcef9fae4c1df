"""`embedding`: each number picks its row of the learned table; rows that are alike lie close together."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Mobject,
    MoveToTarget,
    Polygon,
    VGroup,
)
from manim.utils.rate_functions import smootherstep

from scenes import style
from scenes.clock import BeatClock
from scenes.embedding.map import FROM, TO, Turn, WordMap
from scenes.focus import token, twice
from scenes.page import FOOT, Region, fit
from scenes.parts.label import number, sentence, words
from scenes.parts.legend import legend
from scenes.parts.matrix import Matrix, Vector
from scenes.parts.rows import RowPlaces, row_name
from scenes.parts.texture import Paint, Texture
from scenes.reading import slice_of
from scenes.stage import LessonScene

TABLE = Region(-4.15, style.RIGHT, -2.75, 2.6)
MAP = Region(style.LEFT, style.RIGHT, -2.85, 2.65)
NAMES = TABLE.left - 0.2  # where the tokens' chips end
ROOM = NAMES - style.LEFT
TALL = 1.5  # the pitch of a row that stands alone
WITH_IDS = 1.2  # the pitch from which ids stand below the tokens
LENS = 8  # values that are lifted out as numbers


class Embedding(LessonScene):
    chapter = "embedding"

    def lay_out(self) -> None:
        """The tokens on the left, and for each its whole row."""
        bound = self.read("embed.token", how="strongest").value
        self.paint = Paint(bound=bound)
        self.places = RowPlaces(self.read, TABLE)
        self.chips = self.places.names(NAMES, ROOM)
        self.rows = {
            position: self._vector(position, 0.66 * self.places.pitch).move_to((TABLE.point()[0], y, 0))
            for position, y in self.places.heights.items()
        }
        self.names = VGroup(*self.chips.values())
        if self.places.pitch > WITH_IDS:
            self.names.add(*(self._id(position, chip) for position, chip in self.chips.items()))
        if self.places.hidden:
            self.names.add(self.places.mark(NAMES))

    def lookup(self, beat: BeatClock) -> None:
        """A wall of real rows; those of the prompt's tokens come out of it."""
        beat.play(FadeIn(self.heading()), FadeIn(self.names, shift=0.2 * RIGHT), share=0.1)
        wall, note = self._wall()
        self.scale_bar = legend(self.read, "embed.token", "strongest", style.SIGNED.colour)
        beat.play(FadeIn(wall), FadeIn(note), FadeIn(self.scale_bar), share=0.15)
        for position, row in self.rows.items():
            row.generate_target()
            self._into_wall(position, row, wall)
        beat.until("row")
        beat.play(*(FadeIn(row) for row in self.rows.values()), *self._dimmed(wall), share=0.08)
        coming = (MoveToTarget(row) for row in self.rows.values())
        beat.play(LaggedStart(*coming, lag_ratio=0.1), FadeOut(wall), FadeOut(note), share=0.3, most=2.2)
        self.alone = Group(self.names, *self.rows.values())

    def vector(self, beat: BeatClock) -> None:
        """The last token's row, and its first values large."""
        last = self.trace.length - 1
        chip, row = row_name(self.read, last, TALL, ROOM), self._vector(last, 0.95)
        row.move_to((TABLE.point()[0], 1.75, 0))
        chip.move_to((NAMES, 1.75, 0), aligned_edge=RIGHT)
        others = [part for part in (*self.names, *self.rows.values()) if part is not self.rows[last]]
        self.rows[last].target = row
        beat.play(
            *(FadeOut(part) for part in others), MoveToTarget(self.rows[last]), FadeIn(chip), share=0.15
        )
        lens = self._lens(last, self.rows[last])
        beat.play(FadeIn(lens, shift=0.3 * DOWN), share=0.2, at="first")
        self.alone = Group(chip, self.rows[last], lens)

    def same(self, beat: BeatClock) -> None:
        """Two places with one word: two rows that are one."""
        places = twice(self.trace)
        assert places is not None
        pair = Group()
        for position, y in zip(places, (1.35, -1.15), strict=True):
            chip = row_name(self.read, position, TALL, ROOM).move_to((NAMES, y, 0), aligned_edge=RIGHT)
            which = self.read("tokens", position, how="place").ordinal()
            seat = sentence(*self.phrase("seat", place=which), size=style.SMALL_SIZE)
            seat.next_to(chip, DOWN, buff=0.12).align_to(chip, RIGHT)
            pair.add(chip, seat, self._vector(position, 1.1).move_to((TABLE.point()[0], y, 0)))
        beat.play(FadeOut(self.alone), FadeIn(pair), share=0.2)
        note = words(self.label("equal"), style.TEXT_SIZE, style.INK).move_to((TABLE.point()[0], 0.1, 0))
        beat.play(FadeIn(note), share=0.15, at="same")
        self.alone = Group(pair, note)

    def place(self, beat: BeatClock) -> None:
        """The map comes, and turns."""
        self.map = WordMap(self.read, MAP)
        heading = self.heading(self.label("map"))
        old = self.flat[0]
        beat.play(FadeOut(self.alone), FadeOut(self.scale_bar), share=0.08, most=style.QUICK, at="place")
        dots = [*self.map.marks.values(), self.map.chips]
        beat.play(*(FadeIn(part) for part in dots), FadeIn(heading[1]), share=0.12)
        self.add(heading)
        self.remove(old)
        beat.play(Turn(self.map, TO, dots, rate_func=smootherstep), share=0.9, most=9)

    def near(self, beat: BeatClock) -> None:
        """Threads to the neighbours; the nearest two words are lit."""
        note = words(self.label("threads"), 22, style.mix(style.LEARNED, style.INK, 0.3))
        fit(note, FOOT, DOWN + RIGHT)
        beat.play(FadeIn(self.map.threads), FadeIn(self.map.names), FadeIn(note), share=0.2)
        arriving: list[Animation] = [FadeIn(self.map.pair)]
        if not self.story:
            arriving.append(FadeIn(self.map.cosines))
        beat.play(*arriving, share=0.2, at="near")

    def shadow(self, beat: BeatClock) -> None:
        share = self.read("projection.explained", how="total").percent()
        count = self.read("projection.point", 0, how="size").integer()
        kept = sentence(*self.phrase("kept", share=share, count=count), size=22)
        fit(kept, FOOT, DOWN + LEFT)
        beat.play(FadeIn(kept), share=0.15, at="shadow")
        parts = [part for part in self.map if part is not self.map.cosines or not self.story]
        beat.play(Turn(self.map, (FROM + TO) / 2, parts, rate_func=smootherstep), share=0.7, most=6)

    def _id(self, position: int, chip: VGroup) -> VGroup:
        return number(token(self.read, position).id(), 20, style.DIM).next_to(chip, DOWN, buff=0.07)

    def _vector(self, position: int, height: float) -> Vector:
        return Vector(slice_of(self.trace, "embed.token", position), self.paint, TABLE.width, height)

    def _wall(self) -> tuple[Mobject, VGroup]:
        """All rows of the table that the trace has, in the order of their numbers, and how many there are."""
        if "projection.row" not in self.trace:
            return VGroup(), VGroup()
        self.order = np.argsort(self.trace["projection.token"])
        drawn = slice_of(self.trace, "projection.row")
        wall = Texture(drawn, self.paint, TABLE.width, TABLE.height, lambda rows: rows[self.order])
        shown = self.read("projection.row", 0, how="size").integer()
        count = self.read("meta.model.vocabulary", how="meta").integer()
        note = sentence(*self.phrase("wall", shown=shown, count=count), size=22)
        if self.read.locale.level == "math":
            width = self.read("embed.token", 1, how="size").integer()
            shape = sentence(*self.phrase("shape", count=count, width=width), size=22)
            note = VGroup(note, shape).arrange(RIGHT, buff=0.4)
        fit(note, FOOT, DOWN + RIGHT)
        return wall.move_to(TABLE.point()), note

    def _into_wall(self, position: int, row: Vector, wall: Mobject) -> None:
        """Puts a row where it stands in the wall, if it is there."""
        if not isinstance(wall, Texture):
            return
        ids = self.trace["projection.token"][self.order].tolist()
        if (token_id := int(self.trace["tokens"][position])) in ids:
            row.stretch_to_fit_height(wall.height / len(ids)).move_to(wall.at(ids.index(token_id), 0))
            row.set_x(wall.get_x())

    def _dimmed(self, wall: Mobject) -> list[Any]:
        return [wall.animate.set_lit(0.25)] if isinstance(wall, Texture) else []

    def _lens(self, position: int, row: Vector) -> Group:
        """The first values of a row as cells with their numbers, below it."""
        count = min(LENS, row.shape[1])
        drawn = slice_of(self.trace, "embed.token", position, (0, count))
        cells = Matrix(drawn, self.paint, (TABLE.width / LENS, 1.3))
        cells.move_to((TABLE.left, -1.1, 0), aligned_edge=LEFT)
        texts = {(0, place): self.read("embed.token", position, place).decimal() for place in range(count)}
        cells.write(texts, 27)
        first, end = row.place(-0.5), row.place(count - 0.5)
        low = row.get_bottom()[1]
        top = cells.get_corner(UP + LEFT), cells.get_corner(UP + RIGHT)
        corners = [(first[0], low, 0), (end[0], low, 0), top[1], top[0]]
        beam = Polygon(*map(np.array, corners), stroke_width=0, fill_color=style.WASH, fill_opacity=0.14)
        word = token(self.read, position).word()
        note = sentence(*self.phrase("begins", word=word), size=style.LABEL_SIZE)
        note.next_to(cells, DOWN, buff=0.25).align_to(cells, LEFT)
        return Group(beam, cells, note)
