"""Matrices and vectors as one image of cells, with numbers only where they can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from manim import Polygon, VGroup

from llmtrace.trace import Array
from scenes import style
from scenes.parts.label import number
from scenes.parts.texture import Assembly, Paint, Texture
from scenes.reading import Reading, Slice

_ROOM = 0.86  # of a cell, for the number in it

Span = int | tuple[int, int]  # one row or column, or from one up to another


class Matrix(Assembly):
    """A slice's values in rows and columns, all of them cells of `texture`; `numbers` stand in them."""

    def __init__(
        self,
        drawn: Slice,
        paint: Paint,
        cell: tuple[float, float],
        arrange: Callable[[Array], Array] | None = None,
    ) -> None:
        """`cell`: width and height of one. `arrange` brings the values into rows and columns (`Texture`)."""
        self.texture = Texture(drawn, paint, 1.0, 1.0, arrange)
        rows, columns = self.texture.cells.shape
        self.texture.stretch_to_fit_width(cell[0] * columns).stretch_to_fit_height(cell[1] * rows)
        self.numbers = VGroup()
        super().__init__(self.texture, self.numbers)

    @property
    def shape(self) -> tuple[int, int]:
        return self.texture.cells.shape

    @property
    def cell(self) -> tuple[float, float]:
        """The width and height of one cell as it stands."""
        rows, columns = self.shape
        left, right, low, _ = self.texture.points
        return float(np.linalg.norm(right - left)) / columns, float(np.linalg.norm(low - left)) / rows

    def write(
        self, texts: Mapping[tuple[int, int], Reading], size: float = style.SMALL_SIZE, least: float = 0.0
    ) -> VGroup:
        """Puts a number into each cell that has a text, by (row, column), when all of them fit.

        They get as large as fits, up to `size`; where that is less than `least`, and always where it is below
        the smallest type that reads, none is written. Returns the numbers.
        """
        labels = {place: number(text, size, self._ink(*place)) for place, text in texts.items()}
        width, height = (side * _ROOM for side in self.cell)
        wanted = max(
            (max(label.width / width, label.height / height) for label in labels.values()), default=1
        )
        fits = size / max(wanted, 1.0)
        if fits < max(least, style.SMALL_SIZE):
            return self.numbers
        for place, label in labels.items():
            self.numbers.add(label.scale(fits / size).move_to(self.at(*place)))
        return self.numbers

    def at(self, row: float, column: float) -> Array:
        """The middle of a cell."""
        return self.texture.at(row, column)

    def frame(
        self, rows: Span, columns: Span, color: str | None = None, width: float = 3.0, buff: float = 0.03
    ) -> Polygon:
        """A line around cells: a row, a column, one, or a block of them."""
        (top, bottom), (left, right) = (_edges(span) for span in (rows, columns))
        corners = [self.at(*place) for place in ((top, left), (top, right), (bottom, right), (bottom, left))]
        middle = np.mean(corners, axis=0)
        outer = [corner + buff * np.sign(np.round(corner - middle, 6)) for corner in corners]
        return Polygon(*outer, color=color or style.HIGHLIGHT, stroke_width=width)

    def _ink(self, row: int, column: int) -> str:
        return style.ink_on(self.texture.colour_at(row, column))


class Vector(Matrix):
    """All values of a vector as thin cells in a row, or in a column from top to bottom."""

    def __init__(
        self, drawn: Slice, paint: Paint, length: float, thickness: float, vertical: bool = False
    ) -> None:
        """Raises `ValueError` when the slice is no vector."""
        if drawn.values.ndim != 1:
            raise ValueError(f"{drawn.source}{list(drawn.index)}: {drawn.values.ndim} axes; a vector has one")
        thin = length / len(drawn.values)
        cell = (thickness, thin) if vertical else (thin, thickness)
        super().__init__(drawn, paint, cell, (lambda v: v[:, None]) if vertical else None)
        self.vertical = vertical

    def place(self, index: float) -> Array:
        """The middle of a value's cell."""
        return self.at(index, 0) if self.vertical else self.at(0, index)

    def frame_of(self, index: Span, color: str | None = None, width: float = 3.0) -> Polygon:
        """A line around one value, or some that follow each other."""
        return self.frame(index, 0, color, width) if self.vertical else self.frame(0, index, color, width)


def past(pattern: Array) -> Array:
    """(query, key) without the future, which has no weight: those cells are not drawn."""
    return np.where(np.tri(*pattern.shape) > 0, pattern, np.nan)


def _edges(span: Span) -> tuple[float, float]:
    start, stop = (span, span + 1) if isinstance(span, int) else span
    return start - 0.5, stop - 0.5
