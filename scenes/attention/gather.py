"""The sentence with its weights as arcs, its values below, and what they come to: the context vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    LaggedStart,
    Line,
    MoveToTarget,
    Polygon,
    Rectangle,
    VGroup,
)

from scenes import style
from scenes.attention.grid import SHOWN, WHOLE
from scenes.focus import focus, shown_positions, token
from scenes.how import TIMES
from scenes.parts.arcs import Arcs
from scenes.parts.chips import chip_label, gap
from scenes.parts.label import number, words
from scenes.parts.matrix import Vector
from scenes.parts.staircase import unit_for
from scenes.parts.texture import Paint
from scenes.reading import Reader, slice_of

LEFT_END, RIGHT_END = style.LEFT, 4.3  # of the sentence; beside it stand the outcome and the context
LINE = 0.1  # the tokens stand on this height, their weights hang from it
TOP, BOTTOM = -0.4, -2.75  # of the values
CONTEXT = 5.6  # the middle of the context vector
STAIRS = (0.85, 2.25)  # from where to where the sum of one cell may run; above it is the corner map
FAINTEST = 0.2  # of the brightness of the largest weight's value


class Gathering:
    """The tokens beside each other, as wide as their words, with a place for those that are not drawn."""

    def __init__(self, read: Reader, phrase: Callable[..., list[Any]]) -> None:
        self.read, self.focus, self.phrase = read, focus(read.trace), phrase
        limit = WHOLE if read.trace.length <= WHOLE else SHOWN
        self.positions, self.hidden = shown_positions(read, limit, self.focus.key, self.focus.query)
        self.values = [self._weight(p) for p in self.positions]
        self.labels, self.percents, self.mark = self._sentence()
        self.weights = [float(value.value) for value in self.values]

    def arcs(self, rise: float) -> Arcs:
        """From each token that the query sees, up to itself."""
        at = self.positions.index(self.focus.query)
        return Arcs(self.labels[: at + 1], self.labels[at], self.weights[: at + 1], rise)

    def strips(self) -> list[Vector]:
        """Each token's whole value, below it."""
        f = self.focus
        return [
            self._strip(slice_of(self.read.trace, f.tensor("v"), f.head, p), label.get_x())
            for p, label in zip(self.positions, self.labels, strict=True)
        ]

    def context(self) -> Vector:
        """What they come to, on its own scale: a mean is smaller than what it is of."""
        f = self.focus
        drawn = slice_of(self.read.trace, f.tensor("context"), f.head, f.query)
        return Vector(drawn, Paint(), TOP - BOTTOM, 0.6, True).move_to((CONTEXT, (TOP + BOTTOM) / 2, 0))

    def lit(self, weight: float) -> float:
        """How bright a value is drawn, by its weight: the largest as it is."""
        return FAINTEST + (1 - FAINTEST) * weight / max(self.weights)

    @property
    def worked(self) -> int:
        """The cell of the context that is worked out: its strongest."""
        f = self.focus
        return int(np.argmax(np.abs(self.read.trace[f.tensor("context")][f.head, f.query])))

    def band(self, strips: list[Vector], context: Vector) -> Polygon:
        """A line around that cell in all vectors, also in what comes later."""
        first, last = strips[0].place(self.worked), context.place(self.worked)
        half = max(context.cell[1] / 2 + 0.03, 0.05) * UP
        start, end = (strips[0].get_left()[0] - 0.06) * RIGHT, (context.get_right()[0] + 0.06) * RIGHT
        y = np.array((0.0, first[1], 0.0))
        assert abs(first[1] - last[1]) < 1e-6
        corners = (start + y + half, end + y + half, end + y - half, start + y - half)
        return Polygon(*corners, color=style.HIGHLIGHT, stroke_width=2.5).set_z_index(1)

    def steps(self) -> tuple[VGroup, VGroup, VGroup]:
        """That cell's products of weight and value, each above its token and end to end; joins; the sum."""
        products = self._products()
        low = max(STAIRS[0], self.labels.get_top()[1] + 0.15)
        unit = unit_for(products, STAIRS[1] - low)
        sums = np.concatenate([[0.0], np.cumsum(products)])
        heights = low + (sums - sums.min()) * unit
        xs = [thing.get_x() for thing in self._things()]
        bars, joins = VGroup(), VGroup()
        for x, value, start, end in zip(xs, products, heights, heights[1:], strict=False):
            hue = style.SIGNED.stops[-1 if value > 0 else 0][1]
            bar = Rectangle(width=0.3, height=max(abs(end - start), 0.018), stroke_width=0)
            bars.add(bar.set_fill(hue, 1).move_to((x, (start + end) / 2, 0)))
        for x, following, y in zip(xs, [*xs[1:], CONTEXT - 0.4], heights[1:], strict=False):
            line = Line((x + 0.15, y, 0), (following - 0.15, y, 0), color=style.INK, stroke_width=1.2)
            joins.add(line.set_stroke(opacity=0.5))
        f = self.focus
        total = self.read(f.tensor("context"), f.head, f.query, self.worked).decimal(2)
        figure = number(total, style.TITLE_SIZE)
        figure.move_to((CONTEXT - 0.35, heights[-1], 0), aligned_edge=LEFT)
        hue = style.DIM
        zero = Line(
            (LEFT_END, heights[0], 0), (xs[-1] + 0.3, heights[0], 0), color=style.DIM, stroke_width=1.5
        )
        return bars, VGroup(zero, joins), VGroup(figure)

    def rising(self, bars: VGroup) -> LaggedStart:
        """An animation in which each bar comes out of its token."""
        for bar in bars:
            bar.generate_target()
            bar.stretch(0.001, 1)
        return LaggedStart(*(MoveToTarget(bar) for bar in bars), lag_ratio=0.15)

    def _things(self) -> list[Any]:
        return [self.labels[0], self.mark, *self.labels[1:]] if self.mark else list(self.labels)

    def _products(self) -> list[float]:
        """The products of the cell that is worked out; that of the tokens not drawn is what is left."""
        f, at = self.focus, self.worked
        names = f"{f.tensor('pattern')}{TIMES}{f.tensor('v')}"

        def product(p: int) -> float:
            return float(self.read(names, f.head, f.query, p, f.head, p, at, how="product").value)

        shown = [product(p) for p in self.positions]
        if self.hidden is not None:
            rest = sum(product(p) for p in range(self.read.trace.length) if p not in self.positions)
            shown.insert(1, rest)
        return shown

    def _weight(self, position: int) -> Any:
        f = self.focus
        return self.read(f.tensor("pattern"), f.head, f.query, position)

    def _strip(self, drawn: Any, x: float) -> Vector:
        bound = self.read(self.focus.tensor("v"), self.focus.head, how="strongest").value
        count = len(self.labels) + (self.hidden is not None)
        thick = min(0.7, 0.5 * (RIGHT_END - LEFT_END) / count)
        return Vector(drawn, Paint(bound=bound), TOP - BOTTOM, thick, True).move_to(
            (x, (TOP + BOTTOM) / 2, 0)
        )

    def _sentence(self) -> tuple[VGroup, VGroup, VGroup | None]:
        """The tokens in a line with their weights below; the mark for those that are left out."""
        wide = RIGHT_END - LEFT_END
        for size, longest in (
            (64, 14),
            (48, 14),
            (40, 14),
            (32, 14),
            (27, 12),
            (24, 9),
            (22, 8),
            (20, 7),
            (18.5, 6),
            (18.5, 4),
        ):
            labels = VGroup(
                *(
                    chip_label(
                        token(self.read, p).token(),
                        size,
                        style.QUERY if p == self.focus.query else style.INK,
                        longest,
                    )
                    for p in self.positions
                )
            )
            small = min(size, style.TEXT_SIZE)
            percents = [number(value.percent(), small, style.PROBABILITY) for value in self.values]
            mark = gap(self.hidden, self.read.locale) if self.hidden is not None else None
            if mark is not None:
                rest = self.read(
                    self.focus.tensor("pattern"),
                    self.focus.head,
                    self.focus.query,
                    *self.positions,
                    how="rest",
                )
                percents.insert(1, number(rest.percent(), small, style.PROBABILITY))
            things = [labels[0], mark, *labels[1:]] if mark is not None else list(labels)
            widths = [max(t.width, p.width) for t, p in zip(things, percents, strict=True)]
            space = (wide - sum(widths)) / len(widths)
            if space >= 0.12 * size / 20:
                break
        space = min(space, 0.9 + 1.5 / len(widths))
        x = (LEFT_END + RIGHT_END) / 2 - (sum(widths) + space * (len(widths) - 1)) / 2
        for thing, percent, width in zip(things, percents, widths, strict=True):
            thing.move_to((x + width / 2, LINE, 0), aligned_edge=DOWN)
            percent.move_to((x + width / 2, LINE, 0), aligned_edge=UP)
            x += width + space
        return labels, VGroup(*percents), mark

    def outcome(self) -> VGroup:
        """The largest weight as the one big number, and what it says."""
        f = self.focus
        share = self._weight(f.key).percent()
        key = chip_label(token(self.read, f.key).token(), style.LABEL_SIZE, style.KEY, 10)
        goes = "stays" if f.key == f.query else "goes_to"
        lines = VGroup(
            number(share, 62, style.PROBABILITY),
            words(self.phrase("of_attention")[0], style.LABEL_SIZE),
            VGroup(words(self.phrase(goes)[0], style.LABEL_SIZE, style.DIM)),
        )
        if f.key != f.query:
            lines.add(key)
        lines.arrange(DOWN, buff=0.14, aligned_edge=LEFT)
        return lines.move_to((4.75, 1.6, 0), aligned_edge=LEFT)
