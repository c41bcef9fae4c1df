"""A small picture of any tensor, for a notebook: `Trace.plot`."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from llmtrace.ranges import range_of
from llmtrace.store import Array

Pixels = npt.NDArray[np.uint8]

_WIDE, _HIGH, _CELL = 960, 480, 24  # pixels of all cells at most, and of one
_GAP, _MARGIN, _LINE, _TEXT = 6, 10, 24, 14  # between matrices, around all, of the line, of its letters
_GROUND, _NEGATIVE, _POSITIVE = (12, 13, 18), (76, 141, 214), (224, 112, 58)
_PAPER, _UNSEEN, _INK = (26, 28, 35), (58, 61, 73), (255, 255, 255)  # around; −∞; NaN, +∞ and text
_PERCENTILE = 99.0  # of the magnitudes: where the colours end


def picture(title: str, values: Array) -> Image.Image:
    """A heat map of a vector, a matrix, or several matrices side by side, under a line with its range.

    Negative values are blue and positive ones orange, up to the 99th percentile of the magnitudes, which the
    line names where it cuts any. −∞ is grey, NaN and +∞ are white. Where there are more values than pixels,
    each stands for a tile, of which it has the strongest. Raises `ValueError` for what is no such tensor.
    """
    shape = " x ".join(map(str, values.shape)) or "a single number"
    if not values.size or not 1 <= values.ndim <= 3:
        raise ValueError(
            f"{title} is {shape}: a picture has one to three axes; name an index, as plot(name, 0)"
        )
    stack = values.reshape((1,) * (3 - values.ndim) + values.shape).astype(np.float64)
    finite = np.abs(stack[np.isfinite(stack)])
    most = float(finite.max(initial=0.0))
    bound = (float(np.percentile(finite, _PERCENTILE)) if finite.size else 0.0) or most or 1.0
    sheet = _laid_out([_coloured(matrix, bound) for matrix in _small(stack)])
    ends, font = range_of(values), ImageFont.load_default(_TEXT)
    line = f"{title}: {shape}, from {_written(ends.least)} to {_written(ends.most)}"
    if most > bound:
        line += f"; the colours end at ±{_written(bound)}"
    wide = max(sheet.shape[1], math.ceil(font.getlength(line)))
    image = Image.new("RGB", (wide + 2 * _MARGIN, sheet.shape[0] + _LINE + 2 * _MARGIN), _PAPER)
    image.paste(Image.fromarray(sheet), (_MARGIN, _MARGIN + _LINE))
    ImageDraw.Draw(image).text((_MARGIN, _MARGIN), line, _INK, font)
    return image


def _small(stack: Array) -> list[Array]:
    """The matrices of (matrices, rows, columns), each with no more cells than there are pixels for it."""
    across = _across(stack.shape)
    down = -(-len(stack) // across)
    return [thinned(matrix, max(_HIGH // down, 1), max(_WIDE // across, 1)) for matrix in stack]


def _across(shape: tuple[int, ...]) -> int:
    """How many of several matrices stand in a row, so that all together are about twice as wide as high."""
    count, rows, columns = shape
    return min(count, max(1, math.ceil(math.sqrt(2 * count * rows / columns))))


def _coloured(matrix: Array, bound: float) -> Pixels:
    """(rows, columns) → (rows, columns, 3)"""
    share = np.clip(np.nan_to_num(matrix, posinf=0.0, neginf=0.0) / bound, -1.0, 1.0)[..., None]
    ends = np.where(share < 0, np.array(_NEGATIVE), np.array(_POSITIVE))
    pixels: Pixels = np.rint(np.array(_GROUND) + (ends - np.array(_GROUND)) * np.abs(share)).astype(np.uint8)
    pixels[np.isneginf(matrix)] = _UNSEEN
    pixels[np.isnan(matrix) | np.isposinf(matrix)] = _INK
    return pixels


def _laid_out(maps: list[Pixels]) -> Pixels:
    """Matrices of one size, (rows, columns, 3) each, in rows on one sheet, each value a cell."""
    rows, columns, _ = maps[0].shape
    across = _across((len(maps), rows, columns))
    down = -(-len(maps) // across)
    wide = max(1, min(_CELL, _WIDE // (across * columns)))
    high = _CELL if rows == 1 else max(1, min(wide, _HIGH // (down * rows)))
    wide = wide if rows == 1 else high
    sheet = np.full(
        (down * (rows * high + _GAP) - _GAP, across * (columns * wide + _GAP) - _GAP, 3), _PAPER, np.uint8
    )
    for place, pixels in enumerate(maps):
        top, left = (place // across) * (rows * high + _GAP), (place % across) * (columns * wide + _GAP)
        cells = pixels.repeat(high, axis=0).repeat(wide, axis=1)
        sheet[top : top + len(cells), left : left + cells.shape[1]] = cells
    return sheet


def thinned(values: Array, rows: int, columns: int) -> Array:
    """At most so many rows and columns: each value stands for a tile, of which it has the largest magnitude.

    NaN counts as the largest of all, and an infinity as larger than any number: neither is hidden.
    """
    for axis, most in ((0, rows), (1, columns)):
        size = values.shape[axis]
        step = -(-size // most)
        if step > 1:
            cuts = np.arange(0, size, step)
            high = np.maximum.reduceat(values, cuts, axis=axis)  # NaN wins in both
            low = np.minimum.reduceat(values, cuts, axis=axis)
            values = np.where(np.abs(low.astype(np.float64)) > np.abs(high.astype(np.float64)), low, high)
    return values


def _written(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.4g}"
