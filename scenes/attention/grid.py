"""The head's grid: queries down its left edge, keys along its top, and a cell for each pair of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from manim import DOWN, LEFT, PI, RIGHT, UP, Group, Polygon, Rectangle, VGroup, VMobject

from llmtrace.trace import Array
from scenes import style
from scenes.attention.facts import eager
from scenes.focus import focus, shown_positions, token
from scenes.measures import below_largest
from scenes.page import FOOT, MAIN, fit
from scenes.parts.chips import chip_label, gap
from scenes.parts.label import sentence, words
from scenes.parts.matrix import Matrix, Vector
from scenes.parts.texture import Paint
from scenes.parts.token_rows import row_count
from scenes.reading import Reader, slice_of

WHOLE, SHOWN = 20, 12  # tokens that are all drawn; places of a longer sentence, one of them for the rest
SIDE = 4.0  # of the grid
NAMES, QUERIES, KEYS = 1.55, 1.1, 0.5  # how wide the names and the queries are, how high the keys
BOTTOM = -2.78
SLANTED = 0.36  # the side of a cell from which on slanted names fit above


class HeadGrid:
    """The grid of the shown head at its stages: scores, scaled, masked, pattern."""

    def __init__(self, read: Reader, phrase: Callable[..., list[Any]]) -> None:
        """`phrase` gives the chapter's labels with readings among their words."""
        self.read, self.focus, self.phrase = read, focus(read.trace), phrase
        limit = WHOLE if read.trace.length <= WHOLE else SHOWN
        shown = shown_positions(read, limit, self.focus.key, self.focus.query)
        self.positions, self.hidden = shown
        self.count = row_count(shown)
        self.place = {p: i + (self.hidden is not None and i > 0) for i, p in enumerate(self.positions)}
        self.cell = min(2.2, SIDE / self.count)
        side = self.cell * self.count
        left = MAIN.left + NAMES + QUERIES + 0.25
        self.middle = np.array((left + SIDE / 2, BOTTOM + SIDE / 2, 0.0))
        self.left, self.top = self.middle[0] - side / 2, self.middle[1] + side / 2
        self.size = min(style.LABEL_SIZE, max(18.5, 100 * self.cell))

    def at(self, query: int, key: int) -> Array:
        """The middle of a pair's cell."""
        return self._spot(self.place[query], self.place[key])

    def stage(self, name: str) -> Matrix:
        """All cells at a stage. A score's colour is how far it lies below the largest of its row."""
        drawn = slice_of(self.read.trace, self.focus.tensor(name), self.focus.head)
        matrix = Matrix(drawn, self._paint(name), (self.cell, self.cell), self._arranged(name))
        return matrix.move_to(self.middle)

    def filling(self) -> list[Matrix]:
        """The rows of the scores, one after the other."""
        drawn = slice_of(self.read.trace, self.focus.tensor("scores"), self.focus.head)
        arranged = self._arranged("scores")
        made = []
        for place in range(self.count):
            row = Matrix(
                drawn, self._paint("scores"), (self.cell, self.cell), partial(_row_of, arranged, place)
            )
            made.append(row.move_to((self.middle[0], self._spot(place, 0)[1], 0)))
        return made

    def numbers(self, name: str, matrix: Matrix) -> VGroup:
        """The asking row's numbers, in its cells where they have room."""
        f, row = self.focus, self.place[self.focus.query]
        texts = {}
        for p in self.positions:
            value = self.read(f.tensor(name), f.head, f.query, p)
            texts[row, self.place[p]] = value.percent() if name == "pattern" else value.decimal(1)
        return matrix.write(texts, style.LABEL_SIZE)

    def rest(self) -> VGroup:
        """What each row gives to the tokens that are not drawn, in the place that stands for them."""
        made, f = VGroup(), self.focus
        if self.hidden is None:
            return made
        for p in self.positions:
            share = self.read(f.tensor("pattern"), f.head, p, *self.positions, how="rest")
            (red, green, blue) = style.SHARES.rgb(np.array([share.value]))[0]
            fill = f"#{red:02X}{green:02X}{blue:02X}"
            cell = Rectangle(width=self.cell, height=self.cell, stroke_width=0).set_fill(fill, 1).scale(0.92)
            made.add(cell.move_to(self._spot(self.place[p], 1)))
        return made

    def rows(self) -> Group:
        """Who asks: names and whole queries."""
        f, made = self.focus, Group()
        paint = Paint(bound=self.read(f.tensor("q"), f.head, how="strongest").value)
        right = self.left - QUERIES - 0.2
        thick = min(0.72 * self.cell, 0.5)
        for p in self.positions:
            y = self.at(p, p)[1]
            hue = style.QUERY if p == f.query else style.INK
            name = chip_label(token(self.read, p).token(), self.size, hue, 8)
            vector = Vector(slice_of(self.read.trace, f.tensor("q"), f.head, p), paint, QUERIES, thick)
            made.add(name.move_to((right, y, 0), aligned_edge=RIGHT))
            made.add(vector.move_to((self.left - 0.1, y, 0), aligned_edge=RIGHT))
        if self.hidden is not None:
            made.add(
                gap(self.hidden, self.read.locale).move_to(
                    (right, self._spot(1, 0)[1], 0), aligned_edge=RIGHT
                )
            )
        asks = words(self.phrase("asks")[0], style.LABEL_SIZE, style.QUERY)
        made.add(asks.move_to((right, self.top + 0.14, 0), aligned_edge=RIGHT))
        return made

    def columns(self) -> Group:
        """Who answers: names and whole keys."""
        f, made = self.focus, Group()
        paint = Paint(bound=self.read(f.tensor("k"), f.head, how="strongest").value)
        thick = min(0.72 * self.cell, 0.5)
        labels = VGroup()
        for p in self.positions:
            x = self.at(p, p)[0]
            vector = Vector(slice_of(self.read.trace, f.tensor("k"), f.head, p), paint, KEYS, thick, True)
            made.add(vector.move_to((x, self.top + 0.08, 0), aligned_edge=DOWN))
            hue = style.KEY if p == f.key else style.INK
            labels.add(chip_label(token(self.read, p).token(), self.size, hue, 6))
        flat = max(label.width for label in labels) < 0.95 * self.cell
        foot = self.top + KEYS + 0.14
        for p, label in zip(self.positions, labels, strict=True):
            x = self.at(p, p)[0]
            if flat:
                label.move_to((x, foot, 0), aligned_edge=DOWN)
            elif self.cell >= SLANTED:
                label.rotate(PI / 4)
                label.shift(np.array((x - 0.08, foot, 0)) - label.get_corner(DOWN + LEFT))
            else:
                label.rotate(PI / 2).move_to((x, foot, 0), aligned_edge=DOWN)
        made.add(*labels)
        answers = words(self.phrase("answers")[0], style.LABEL_SIZE, style.KEY)
        made.add(answers.move_to((self.left - 0.15, self.top + KEYS - 0.02, 0), aligned_edge=RIGHT))
        return made

    def framed(self, query: int, keys: tuple[int, int], hue: str | None = None) -> Polygon:
        """A line around the cells of a query with the keys from one to another."""
        half = self.cell / 2 + 0.03
        first, last = self.at(query, keys[0]), self.at(query, keys[1])
        up, aside = half * UP, half * RIGHT
        corners = first + up - aside, last + up + aside, last - up + aside, first - up - aside
        return Polygon(*corners, color=hue or style.HIGHLIGHT, stroke_width=4)

    def struck(self) -> VMobject:
        """A stroke through every cell of the future."""
        made = VMobject(stroke_color=style.DIM, stroke_width=1.5)
        half = 0.26 * self.cell
        for row in range(self.count):
            for column in range(row + 1, self.count):
                middle = self._spot(row, column)
                made.start_new_path(middle + half * (DOWN + LEFT))
                made.add_line_to(middle + half * (UP + RIGHT))
        return made

    def eager_row(self) -> Polygon | None:
        """The later tokens of the row that would give them most, where that row is drawn."""
        query = eager(self.read.trace)
        later = [p for p in self.positions if p > query]
        return self.framed(query, (later[0], later[-1])) if query in self.place and later else None

    def legend(self, name: str) -> VGroup:
        """The scale of the colours; a score's end so far below the largest of its row."""
        size, dim = style.SMALL_SIZE, style.DIM
        if name == "pattern":
            none, whole = (words(self.phrase(key)[0], size, dim) for key in ("no_weight", "all_weight"))
            return self._scale(style.SHARES, none, whole)
        if self.read.trace.length == 1:  # nothing lies below the largest
            return VGroup()
        depth = self.read(self.focus.tensor(name), self.focus.head, how="depth").decimal(1)
        start = sentence(*self.phrase("below", depth=depth), size=size)
        return self._scale(style.SCORES, start, words(self.phrase("best")[0], size, dim))

    def _scale(self, scale: style.Scale, start: VGroup, end: VGroup) -> VGroup:
        steps = VGroup()
        for red, green, blue in scale.rgb(np.linspace(0, 1, 25)):
            part = Rectangle(width=0.08, height=0.16, stroke_width=0)
            steps.add(part.set_fill(f"#{red:02X}{green:02X}{blue:02X}", 1))
        bar = steps.arrange(RIGHT, buff=0)
        return fit(VGroup(start, bar, end).arrange(RIGHT, buff=0.2), FOOT, DOWN + LEFT)

    def _spot(self, row: int, column: int) -> Array:
        return np.array((self.left + (column + 0.5) * self.cell, self.top - (row + 0.5) * self.cell, 0.0))

    def _paint(self, name: str) -> Paint:
        if name == "pattern":
            return Paint(style.SHARES, bound=1.0)
        depth = self.read(self.focus.tensor(name), self.focus.head, how="depth").value
        return Paint(style.SCORES, bound=depth, zero=-depth)

    def _arranged(self, name: str) -> Callable[[Array], Array]:
        """Brings the cells to their places: none for the tokens that are not drawn, none for the future."""
        future = name in ("masked", "pattern")

        def arrange(values: Array) -> Array:
            told = values if name == "pattern" else below_largest(values)
            if future:
                told = np.where(np.tri(len(told)) > 0, told, np.nan)
            made = np.full((self.count, self.count), np.nan)
            places = list(self.place.values())
            made[np.ix_(places, places)] = told[np.ix_(self.positions, self.positions)]
            return made

        return arrange


def _row_of(arranged: Callable[[Array], Array], place: int, values: Array) -> Array:
    return np.asarray(arranged(values)[place])
