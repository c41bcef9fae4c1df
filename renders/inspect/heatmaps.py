"""Heat maps side by side: how large cells can be, where labels go, what is left out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from llmtrace.picture import thinned
from llmtrace.trace import Array
from renders.inspect.canvas import MARGIN, WIDE, Sheet
from renders.inspect.colours import ColourScale, cells, hexed
from renders.inspect.selection import Selection
from scenes import style
from scenes.letters import drawable, shorten

WIDTH, HEIGHT = 1680, 1040  # the room for cells; a sheet of few cells is smaller
LABEL, TITLE, NUMBER = 15, 18, 16  # sizes of text
PANELS = 48  # maps at most; an index chooses others
STRIP = 1600  # a vector of more values than this is folded into rows
_FOLD = 256
_AROUND, _ABOVE = 120, 110  # the room that a map's labels take, about
_BETWEEN = 36


@dataclass(frozen=True)
class _Labels:
    """What stands along the rows or the columns of a map."""

    texts: list[str]
    named: bool  # words, of which each is wanted; else numbers
    twos: bool  # numbers that count in powers of two

    @property
    def length(self) -> float:
        """Of the longest one, in pixels."""
        return max(map(len, self.texts)) * WIDE * LABEL

    def every(self, room: float, pitch: float) -> int:
        """Every how many-th label there is room for, in steps that people count in."""
        least = room / pitch
        if least <= 1:
            return 1
        if self.twos:
            return 1 << math.ceil(math.log2(least))
        size: int = 10 ** math.floor(math.log10(least))
        return next(step * size for step in (1, 2, 5, 10) if step * size >= least)


class Maps:
    """A heat map of the last two axes for each place of the others; a vector is a strip, or folded."""

    def __init__(self, selection: Selection) -> None:
        self._selection, values = selection, selection.values
        self._vector = values.ndim == 1
        self._folded = self._vector and values.size > STRIP
        self._lead = selection.axes[:-2]
        self.notes: list[str] = []
        matrices = self._matrices(values)
        count, rows, columns = matrices.shape
        self._across = _across(count, rows, columns)
        self._down = -(-count // self._across)
        most = HEIGHT // self._down - _ABOVE // 2, WIDTH // self._across - _AROUND // 2
        self._maps = np.stack([thinned(matrix, *(max(size, 24) for size in most)) for matrix in matrices])
        self._steps = [-(-old // new) for old, new in zip((rows, columns), self._maps.shape[1:], strict=True)]
        if max(self._steps) > 1:
            tile = " × ".join(map(str, self._steps))
            self.notes.append(f"a cell stands for {tile} values and shows the one of largest magnitude")
        self._rows, self._columns = self._row_labels(), self._column_labels()
        self._left = round(self._rows.length) + 12 if any(self._rows.texts) else 0
        self._width, self._height = self._cell()
        self._upright = self._columns.named and self._columns.length > self._width - 6
        self._top = round(self._columns.length) + 10 if self._upright else 26

    @property
    def described(self) -> str:
        """What the rows, the columns and the maps are."""
        axes = self._selection.axes
        if self._folded:
            return f"{axes[0]}, folded: {_FOLD} in a row"
        parts = {"rows": axes[-2:-1], "columns": axes[-1:], "maps": self._lead}
        lines = [f"{part}: {', '.join(map(str, those))}" for part, those in parts.items() if those]
        text = "  ·  ".join(lines)
        if self._selection.name.endswith(("scores", "scaled", "masked", "pattern")):
            text = text.replace("rows: positions", "rows: queries")
            text = text.replace("columns: positions", "columns: keys")
        return text

    def draw(self, sheet: Sheet, scale: ColourScale) -> None:
        start = round(sheet.bottom) + 30
        pitch = self._left + self._maps.shape[2] * self._width + _BETWEEN
        title = 30 if self._lead else 0
        for number, matrix in enumerate(self._maps):
            x = MARGIN + number % self._across * pitch
            y = start + number // self._across * (title + self._top + len(matrix) * self._height + 28)
            if title:
                places = np.unravel_index(number, [axis.size for axis in self._lead])
                names = [self._selection.label(axis, int(place)) for axis, place in enumerate(places)]
                sheet.text(x + self._left, y, ", ".join(names), TITLE, style.INK)
            self._labels(sheet, x, y + title, matrix.shape)
            self._cells(sheet, x + self._left, y + title + self._top, matrix, scale)

    def _matrices(self, values: Array) -> Array:
        """(map, row, column)"""
        if self._folded:
            count = -(-values.size // _FOLD)
            return np.pad(values, (0, count * _FOLD - values.size), mode="edge").reshape(1, count, _FOLD)
        matrices = values.reshape(-1, *values.shape[-2:]) if values.ndim > 1 else values.reshape(1, 1, -1)
        if len(matrices) > PANELS:
            self.notes.append(f"{PANELS} of {len(matrices):,} maps are shown; --index chooses others")
        return matrices[:PANELS]

    def _row_labels(self) -> _Labels:
        places = [place * self._steps[0] for place in range(self._maps.shape[1])]
        if self._folded:
            start = self._selection.axes[0].start
            return _Labels([str(start + place * _FOLD) for place in places], named=False, twos=True)
        if self._vector:
            return _Labels([""], named=False, twos=False)
        axis = len(self._selection.axes) - 2
        texts = [shorten(drawable(self._selection.label(axis, place), style.MONO)) for place in places]
        return _Labels(texts, self._selection.is_named(axis), twos=False)

    def _column_labels(self) -> _Labels:
        places = [place * self._steps[1] for place in range(self._maps.shape[2])]
        if self._folded:
            return _Labels([str(place) for place in places], named=False, twos=True)
        axis = len(self._selection.axes) - 1
        along = self._selection.axes[axis]
        # A few of thousands of tokens would say little.
        if not self._selection.is_named(axis) or (along.letter == "V" and len(places) > 100):
            return _Labels([str(along.start + place) for place in places], named=False, twos=False)
        texts = [shorten(drawable(self._selection.label(axis, place), style.MONO)) for place in places]
        return _Labels(texts, named=True, twos=False)

    def _cell(self) -> tuple[int, int]:
        """A cell's width and height: a square one where both axes are the same, or none is known better."""
        _, rows, columns = self._maps.shape
        width = (WIDTH - self._across * (self._left + _BETWEEN)) // self._across // columns
        height = (HEIGHT - self._down * _ABOVE) // self._down // rows
        width, height = min(max(width, 1), 72), min(max(height, 1), 44)
        if self._folded:
            return (min(width, height),) * 2
        if self._vector:
            return width, 90
        if self._selection.axes[-1].letter == self._selection.axes[-2].letter:
            if rows <= 10 and len(self._maps) == 1:
                return 76, 44  # wide enough for numbers
            return (min(width, height),) * 2
        return width, height

    def _labels(self, sheet: Sheet, x: int, y: int, shape: tuple[int, ...]) -> None:
        """The labels left of a map and above it; (x, y) is the corner of both."""
        x0, y0 = x + self._left, y + self._top
        size = min(LABEL, max(self._height - 1, 12))
        ink = style.INK if self._rows.named else style.DIM
        for row in range(0, shape[0], self._rows.every(size if self._rows.named else 30, self._height)):
            middle = y0 + row * self._height + self._height / 2 - 10
            text = self._rows.texts[row]
            sheet.text(x, middle, text, size, ink, width=self._left - 9, height=20, at="right")
        size = min(LABEL, max(self._width - 1, 12)) if self._upright else LABEL
        ink = style.INK if self._columns.named else style.DIM
        for column in range(0, shape[1], self._columns.every(size if self._upright else 64, self._width)):
            centre, text = x0 + column * self._width + self._width / 2, self._columns.texts[column]
            if self._upright:
                sheet.text(centre - 10, y, text, size, ink, width=20, height=self._top - 6, upright=True)
                continue
            sheet.text(centre - 50, y, text, size, ink, width=100, height=20, at="center")
            if not self._columns.named:
                sheet.bar(round(centre), y0 - 6, 1, 4, style.DIM)

    def _cells(self, sheet: Sheet, x: int, y: int, matrix: Array, scale: ColourScale) -> None:
        gap = 1 if min(self._width, self._height) >= 8 else 0
        sheet.picture(x, y, cells(matrix, scale, self._width, self._height, gap))
        if self._folded and (last := self._selection.values.size % _FOLD) and self._steps == [1, 1]:
            left = x + last * self._width, y + (len(matrix) - 1) * self._height
            sheet.bar(*left, (_FOLD - last) * self._width, self._height, style.GROUND)
        if self._width < 60 or self._height < 24:
            return
        colours = scale.colours(matrix)
        for (row, column), value in np.ndenumerate(matrix):
            if np.isfinite(value):
                place = x + column * self._width, y + row * self._height
                ink, size = style.ink_on(hexed(colours[row, column])), (self._width, self._height)
                sheet.text(*place, _brief(value), NUMBER, ink, width=size[0], height=size[1], at="center")


def _across(count: int, rows: int, columns: int) -> int:
    """How many maps stand side by side, so that cells are largest."""

    def cell(across: int) -> float:
        down = -(-count // across)
        return min((WIDTH / across - _AROUND) / columns, (HEIGHT / down - _ABOVE) / rows)

    return max(range(1, count + 1), key=lambda across: (round(cell(across), 3), -across))


def _brief(value: float) -> str:
    """A number in a cell: three digits."""
    size = abs(float(value))
    if isinstance(value, np.integer):
        return f"{int(value)}".replace("-", "−")
    text = f"{float(value):.{0 if size >= 100 else 1 if size >= 10 else 2}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")
