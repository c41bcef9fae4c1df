"""`position`: each place's learned vector is added to the token's, and what that is good for."""

from __future__ import annotations

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    MoveToTarget,
    Polygon,
    Transform,
    VGroup,
)

from scenes import style
from scenes.clock import BeatClock
from scenes.focus import twice
from scenes.page import FOOT, Region
from scenes.parts.label import Label, mono, number, sentence, words
from scenes.parts.legend import legend
from scenes.parts.matrix import Vector
from scenes.parts.rows import THINNEST, RowPlaces, row_name
from scenes.parts.texture import Paint
from scenes.position.seats import COLUMNS, SHOWN, swapped, told
from scenes.position.sums import TipToTail
from scenes.reading import slice_of
from scenes.stage import LessonScene

PARTS = ("token", "position", "sum")
HUES = {"token": "BODY", "position": "LEARNED", "sum": "INK"}
ROWS = Region(-3.95, style.RIGHT, -2.75, 2.2)
NAMES = ROWS.left - 0.2  # where the tokens' names end
PLACES = style.LEFT + 0.5  # where the places' numbers end
ROOM = NAMES - PLACES - 0.15
HALF = 4.95  # the width of one of two vectors beside each other
THIRDS = (-2.35, 1.305, 4.96)  # the middles of three, each THIRD wide
THIRD = 3.2
PAIR = (1.2, -0.75)  # the heights of one word's two rows
STACK = {"token": 2.2, "position": 1.55, "sum": 0.8}  # the heights of three below each other
BARS = Region(ROWS.left, ROWS.right, -2.7, -0.05)
ORDERS = (-3.05, 3.05)  # the middles of the rows in two orders, each ORDER wide
ORDER = 3.6


class Position(LessonScene):
    chapter = "position"

    def lay_out(self) -> None:
        """The tokens, and for each its own vector and its place's."""
        self.paint = Paint(bound=self.read("embed.sum", how="strongest").value)
        self.places = RowPlaces(self.read, ROWS, SHOWN)
        self.names = self.places.names(NAMES, ROOM)
        height = 0.66 * self.places.pitch
        middles = {"token": ROWS.left + HALF / 2, "position": ROWS.right - HALF / 2}
        self.rows = {
            part: {
                i: self._vector(part, i, HALF, height).move_to((x, y, 0))
                for i, y in self.places.heights.items()
            }
            for part, x in middles.items()
        }
        self.titles = {part: self._title(part).move_to((x, 2.45, 0)) for part, x in middles.items()}
        self.scale_bar = legend(self.read, "embed.sum", "strongest", style.SIGNED.colour)

    def seats(self, beat: BeatClock) -> None:
        names = VGroup(*self.names.values(), self.places.mark(NAMES))
        own = Group(*self.rows["token"].values())
        beat.play(
            FadeIn(self.heading()),
            *(FadeIn(part) for part in (names, own, self.titles["token"], self.scale_bar)),
            share=0.15,
        )
        size = min(style.LABEL_SIZE, max(THINNEST, 60 * self.places.pitch))
        seats = VGroup(
            *(
                number(self.read("tokens", i, how="place").ordinal(), size, style.LEARNED).move_to(
                    (PLACES, y, 0), aligned_edge=RIGHT
                )
                for i, y in self.places.heights.items()
            )
        )
        plus = VGroup(
            *(
                mono("+", size, style.DIM).move_to((ROWS.point()[0], y, 0))
                for y in self.places.heights.values()
            )
        )
        coming = (FadeIn(row, shift=0.4 * LEFT) for row in self.rows["position"].values())
        beat.play(
            LaggedStart(*(FadeIn(seat) for seat in seats), lag_ratio=0.2),
            LaggedStart(*coming, lag_ratio=0.15),
            FadeIn(self.titles["position"]),
            FadeIn(plus),
            share=0.3,
            at="place",
        )
        self.leaving = [names, seats, plus]

    def addition(self, beat: BeatClock) -> None:
        """The last token's two vectors below each other; their first values tip to tail."""
        last = self.trace.length - 1
        whole = {part: self._vector(part, last, ROWS.width, 0.5) for part in PARTS}
        titles = {part: self._title(part) for part in PARTS}
        for part in PARTS:
            whole[part].move_to((ROWS.point()[0], STACK[part], 0))
            titles[part].move_to((NAMES, STACK[part], 0), aligned_edge=RIGHT)
        moving = []
        for part in ("token", "position"):
            self.rows[part][last].target, self.titles[part].target = whole[part], titles[part]
            moving += [MoveToTarget(self.rows[part].pop(last)), MoveToTarget(self.titles[part])]
        stays = [animation.mobject for animation in moving]
        others = [row for part in self.rows.values() for row in part.values()]
        beat.play(*(FadeOut(part) for part in (*self.leaving, *others)), *moving, share=0.12)
        column, digits = told(self.trace)
        sums = TipToTail(self.trace, last, COLUMNS, column, BARS, (style.BODY, style.LEARNED))
        beam = self._beam(whole["sum"], sums.count)
        count = self.read("embed.sum", 0, COLUMNS, how="span").integer()
        first = sentence(*self.phrase("first", count=count), size=22)
        note = VGroup(first, words(self.label("tip"), 22, style.DIM)).arrange(
            DOWN, buff=0.1, aligned_edge=RIGHT
        )
        note.move_to((NAMES, BARS.top - 0.5, 0), aligned_edge=RIGHT)
        beat.play(FadeIn(sums.zero), FadeIn(note), FadeIn(sums.band), sums.growing(0), share=0.15, at="added")
        beat.play(sums.growing(1), share=0.15)
        arriving = [whole["sum"], titles["sum"], beam, sums.landings]
        if not self.story:
            arriving.append(self._equation(column, digits))
        beat.play(*(FadeIn(part) for part in arriving), share=0.15, at="sum")
        self.picture = Group(*stays, sums, note, *arriving)

    def apart(self, beat: BeatClock) -> None:
        """One word at two seats: the same row, two places' rows, two sums."""
        places = twice(self.trace)
        assert places is not None
        left, sums, titles = Group(), Group(), VGroup()
        for part, x in zip(PARTS, THIRDS, strict=True):
            titles.add(self._title(part).move_to((x, 2.2, 0)))
            for place, y in zip(places, PAIR, strict=True):
                vector = self._vector(part, place, THIRD, 1.4).move_to((x, y, 0))
                (sums if part == "sum" else left).add(vector)
        for place, y in zip(places, PAIR, strict=True):
            name = row_name(self.read, place, 1.2, ROOM + 0.6).move_to((NAMES, y, 0), aligned_edge=RIGHT)
            seat = self.read("tokens", place, how="place").ordinal()
            below = sentence(*self.phrase("seat", place=seat), size=style.SMALL_SIZE, color=style.LEARNED)
            left.add(name, below.next_to(name, DOWN, buff=0.1).align_to(name, RIGHT))
            for x in np.convolve(THIRDS, (0.5, 0.5), "valid"):
                sign = "+" if x < THIRDS[1] else "→"
                left.add(mono(sign, 22, style.DIM).move_to((x, y, 0)))
        beat.play(FadeOut(self.picture), FadeIn(left), FadeIn(titles), share=0.15)
        if not self.story:
            cosine = self.read("embed.sum", *places, how="agreement").decimal()
            figure = sentence(*self.phrase("cosine", cosine=cosine), size=style.TEXT_SIZE, color=style.INK)
            figure.move_to((THIRDS[2], -2.1, 0))
            sums.add(figure)
        beat.play(FadeIn(sums, shift=0.3 * RIGHT), share=0.2, at="apart")
        self.picture = Group(left, titles, sums)

    def without(self, beat: BeatClock) -> None:
        """The tokens' rows in two orders, two of them swapped: each row has its like on the other side."""
        pair = swapped(self.read)
        assert pair is not None
        one, other = pair
        places = RowPlaces(self.read, ROWS, SHOWN)
        heights = places.heights
        height = 0.66 * places.pitch
        own, again = (
            {i: self._vector("token", i, ORDER, height).move_to((x, y, 0)) for i, y in heights.items()}
            for x in ORDERS
        )
        edge = ORDERS[0] - ORDER / 2 - 0.15
        names = places.names(edge, edge - style.LEFT)
        beside = {
            i: row_name(self.read, i, places.pitch, edge - style.LEFT).move_to(
                (-edge, y, 0), aligned_edge=LEFT
            )
            for i, y in heights.items()
        }
        wires = {i: self._wire(y, y) for i, y in heights.items()}
        heading, old = self.heading(self.label("without")), self.flat[0]
        arriving = (heading[1], *names.values(), *own.values(), *again.values(), *beside.values())
        marks = VGroup(places.mark(edge))
        beat.play(FadeOut(self.picture), *(FadeIn(part) for part in arriving), FadeIn(marks), share=0.15)
        self.add(heading)
        self.remove(old)
        beat.play(FadeIn(VGroup(*wires.values())), share=0.1)
        for i, j in ((one, other), (other, one)):
            for thing in (again[i], beside[i]):
                thing.generate_target().set_y(heights[j])
        moving = [MoveToTarget(thing) for i in (one, other) for thing in (again[i], beside[i])]
        crossing = [
            Transform(wires[i], self._wire(heights[i], heights[j], lit=True))
            for i, j in ((one, other), (other, one))
        ]
        beat.play(*moving, *crossing, share=0.3, at="swap")
        note = words(self.label("swapped"), style.LABEL_SIZE, style.INK).move_to((ORDERS[1], 2.45, 0))
        lit = (wire.animate.set_stroke(style.INK) for wire in wires.values())
        beat.play(FadeIn(note), *lit, share=0.1, at="set")

    def _vector(self, part: str, position: int, width: float, height: float) -> Vector:
        return Vector(slice_of(self.trace, f"embed.{part}", position), self.paint, width, height)

    def _title(self, part: str) -> Label:
        return words(self.label(part), style.LABEL_SIZE, style.hue(HUES[part]))

    def _beam(self, row: Vector, count: int) -> Polygon:
        """From a vector's first values to where they stand large."""
        low = row.get_bottom()[1] - 0.02
        corners = [(row.place(-0.5)[0], low), (row.place(count - 0.5)[0], low)]
        corners += [(BARS.right, BARS.top + 0.25), (BARS.left, BARS.top + 0.25)]
        points = [np.array((x, y, 0.0)) for x, y in corners]
        return Polygon(*points, stroke_width=0, fill_color=style.WASH, fill_opacity=0.1)

    def _equation(self, column: int, digits: int) -> VGroup:
        """The values of one column as numbers, which reckon out as they stand."""
        last, line = self.trace.length - 1, VGroup()
        for part, sign in zip(PARTS, ("", "+", "="), strict=True):
            if sign:
                line.add(mono(sign, style.TEXT_SIZE, style.DIM))
            value = self.read(f"embed.{part}", last, column).decimal(digits)
            line.add(number(value, style.TEXT_SIZE, style.hue(HUES[part])))
        line.arrange(RIGHT, buff=0.2)
        return line.move_to((BARS.point()[0], FOOT.bottom, 0), aligned_edge=DOWN)

    def _wire(self, start: float, end: float, lit: bool = False) -> Line:
        left, right = ORDERS[0] + ORDER / 2 + 0.08, ORDERS[1] - ORDER / 2 - 0.08
        hue = style.INK if lit else style.DIM
        return Line((left, start, 0), (right, end, 0), color=hue, stroke_width=3 if lit else 1.5)
