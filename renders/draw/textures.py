"""Textures drawn by cairo: an image of cells under an affine map, and in patches where it is none.

A cell is repeated as often as it has pixels, up to a few dozen, and the result is laid bilinear: nearest
cells on a skewed face would have stairs for edges. Where cells are smaller than a pixel and a half they are
drawn as means of as many as make one. A 768 × 64 matrix so takes one call, not one a cell.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil, hypot, sqrt
from typing import Any

import cairo
import numpy as np
import numpy.typing as npt

from scenes import style
from scenes.parts.texture import Cells, Pixels, Texture

Points = npt.NDArray[np.float64]  # (points, 2) in pixels, y downwards

_PIXEL = 1.5  # the least that a cell, or a mean of cells, has on screen
_REPEATS = (*range(1, 25), 32, 48, 64, 96)  # pixels a cell; few, for a zoom goes through all of them
_LARGEST = 4_000_000  # texels of one image
_KEPT = 96 << 20  # bytes of images that are kept
_GAPS = ((5, 0.55, 1), (9, 0.8, 1), (16, 1.0, 2))  # from so many pixels a cell: how dark a line, how wide
_MISS = 1.2  # pixels that the fourth corner of an affine map may be off
_PATCHES = 12  # on each side, at most
_GROUND = tuple(int(style.GROUND[i : i + 2], 16) for i in (1, 3, 5))


@dataclass(frozen=True)
class _Image:
    """Cells as cairo has them. `size`: the texels of the whole, across and down; `cells` keeps the key."""

    pattern: Any
    size: tuple[float, float]
    cells: Cells
    bytes: int


class TexturePainter:
    """Draws textures, and keeps the images that it made for them while there is room."""

    def __init__(self, room: int = _KEPT) -> None:
        self._images: OrderedDict[tuple[int, ...], _Image] = OrderedDict()
        self._room = room
        self.used = 0  # bytes of the images that are kept

    def __len__(self) -> int:
        """How many images are kept."""
        return len(self._images)

    def paint(self, ctx: Any, texture: Texture, corners: Points) -> None:
        """Draws a texture on a context whose units are pixels; `corners`: (4, 2) in the texture's order."""
        left, right, low, last = corners
        if abs(_cross(right - left, low - left)) + abs(_cross(right - last, low - last)) < 0.3:
            return  # seen from its edge
        whole, share = texture.opacity, texture.share if texture.into is not None else 0.0
        layers = [(texture.cells, whole * (1 - share) / max(1 - whole * share, 1e-9))]
        if texture.into is not None:
            layers.append((texture.into, whole * share))
        for cells, opacity in layers:
            if opacity > 0:
                self._lay(ctx, cells, corners, opacity, texture.lit)

    def _lay(self, ctx: Any, cells: Cells, corners: Points, opacity: float, lit: float) -> None:
        left, right, low, last = corners
        rows, columns = cells.shape
        across = max(hypot(*(right - left)), hypot(*(last - low))) / columns
        down = max(hypot(*(low - left)), hypot(*(last - right))) / rows
        image = self._image(cells, down, across)
        ctx.save()
        _outline(ctx, (left, right, last, low))
        ctx.clip()
        miss = float(np.abs(left + last - right - low).max())
        if miss > _MISS:
            count = min(_PATCHES, ceil(sqrt(miss / 0.8)))
            ctx.push_group()
            _patches(ctx, image, corners, count)
            pattern = ctx.pop_group()
        else:
            pattern = image.pattern
            pattern.set_matrix(_inverse(left, right - left, low - left, image.size))
        ctx.set_source(pattern)
        if opacity < 1:
            ctx.paint_with_alpha(opacity)
        else:
            ctx.paint()
        if lit < 1:
            ctx.set_source_rgba(*(c / 255 for c in _GROUND[::-1]), (1 - lit) * opacity)
            ctx.mask(pattern)
        ctx.restore()

    def _image(self, cells: Cells, down: float, across: float) -> _Image:
        """The image for cells of a size in pixels."""
        rows, columns = cells.shape
        (mean_rows, tall), (mean_columns, wide) = _level(down, rows), _level(across, columns)
        if (area := rows * tall * columns * wide) > _LARGEST and mean_rows == mean_columns == 1:
            shrink = sqrt(area / _LARGEST)
            tall, wide = max(1, int(tall / shrink)), max(1, int(wide / shrink))
        key = (id(cells), mean_rows, tall, mean_columns, wide)
        image = self._images.pop(key, None)
        if image is None:
            texels = _repeated(cells.picture(mean_rows, mean_columns), tall, wide)
            size = columns / mean_columns * wide, rows / mean_rows * tall
            image = _Image(_pattern(texels), size, cells, texels.nbytes)
            self.used += image.bytes
        self._images[key] = image
        while self.used > self._room and len(self._images) > 1:
            self.used -= self._images.popitem(last=False)[1].bytes
        return image


def _level(pixels: float, count: int) -> tuple[int, int]:
    """How many cells are one mean, and how often each is repeated, for a cell of so many pixels."""
    if pixels < _PIXEL:
        return min(ceil(_PIXEL / max(pixels, 1e-3)), count), 1
    return 1, min(_REPEATS, key=lambda repeat: abs(repeat - pixels))


def _repeated(picture: Pixels, tall: int, wide: int) -> Pixels:
    """Each pixel `tall` × `wide` times, with dark lines between those that have room for them."""
    rows, columns = picture.shape[:2]
    texels = np.repeat(np.repeat(picture, tall, axis=0), wide, axis=1)
    for axis, repeat, count in ((0, tall, rows), (1, wide, columns)):
        for least, dark, lines in reversed(_GAPS):
            if repeat >= least:
                starts = np.arange(1, count) * repeat
                for line in range(lines):
                    _darken(texels, axis, starts - lines // 2 + line, dark)
                break
    return np.asarray(texels)


def _darken(texels: Pixels, axis: int, places: npt.NDArray[np.intp], dark: float) -> None:
    where: Any = places if axis == 0 else (slice(None), places)
    colours = texels[..., :3]
    colours[where] = np.rint(colours[where] * (1 - dark) + np.array(_GROUND) * dark)


def _pattern(texels: Pixels) -> Any:
    """Cairo's memory is read as RGBA here, as manim's camera does it; colours are premultiplied."""
    rows, columns = texels.shape[:2]
    opaque = bool((texels[..., 3] == 255).all())
    memory = np.ascontiguousarray(texels)
    if not opaque:
        memory[memory[..., 3] == 0] = 0  # a cell is there or it is not
    surface = cairo.ImageSurface.create_for_data(
        memory.data, cairo.FORMAT_RGB24 if opaque else cairo.FORMAT_ARGB32, columns, rows, columns * 4
    )
    pattern = cairo.SurfacePattern(surface)
    pattern.set_extend(cairo.EXTEND_PAD)
    pattern.set_filter(cairo.FILTER_BILINEAR)
    return pattern


def _patches(ctx: Any, image: _Image, corners: Points, count: int) -> None:
    """A face in perspective: `count` × `count` affine patches, each grown so that no seam is seen."""
    steps = np.arange(count + 1) / count
    grid = _projective(corners, steps)  # (down, across, 2)
    wide, tall = image.size
    for row in range(count):
        for column in range(count):
            corner = grid[row, column]
            right, down = grid[row, column + 1] - corner, grid[row + 1, column] - corner
            start = corner - right * column - down * row
            image.pattern.set_matrix(_inverse(start, right * count, down * count, (wide, tall)))
            grow_right, grow_down = (1.2 * v / max(hypot(*v), 1e-6) for v in (right, down))
            _outline(
                ctx,
                (
                    corner - grow_right - grow_down,
                    grid[row, column + 1] + grow_right - grow_down,
                    grid[row + 1, column + 1] + grow_right + grow_down,
                    grid[row + 1, column] - grow_right + grow_down,
                ),
            )
            ctx.set_source(image.pattern)
            ctx.fill()


def _projective(corners: Points, steps: Points) -> Points:
    """The places of a grid over a rectangle seen in perspective, by its four corners: (down, across, 2).

    The map of the unit square on four points (Heckbert 1989, "Fundamentals of Texture Mapping", 2.2.3).
    """
    left, right, low, last = corners
    one, other, sum_ = right - last, low - last, left - right + last - low
    area = _cross(one, other)
    g, h = _cross(sum_, other) / area, _cross(one, sum_) / area
    u, v = steps[None, :, None], steps[:, None, None]
    across, down = right - left + g * right, low - left + h * low
    return np.asarray((across * u + down * v + left) / (g * u + h * v + 1))


def _inverse(start: Points, right: Points, down: Points, size: tuple[float, float]) -> Any:
    """The matrix from the picture's pixels to the image's texels."""
    wide, tall = size
    matrix = cairo.Matrix(right[0] / wide, right[1] / wide, down[0] / tall, down[1] / tall, *start)
    matrix.invert()
    return matrix


def _outline(ctx: Any, points: Any) -> None:
    ctx.new_path()
    for x, y in points:
        ctx.line_to(x, y)
    ctx.close_path()


def _cross(one: Points, other: Points) -> float:
    return float(one[0] * other[1] - one[1] * other[0])
