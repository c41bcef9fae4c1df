"""Textures drawn by cairo: an image of cells under an affine map, and in patches where it is none.

A cell is repeated as often as it has pixels, up to a few dozen, and the result is laid bilinear: nearest
cells on a skewed face would have stairs for edges. Where cells are smaller than a pixel and a half they are
drawn as means of as many as make one. A 768 × 64 matrix so takes one call, not one a cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt
from typing import Any

import cairo
import numpy as np
import numpy.typing as npt

from renders.draw.changes import Laid, PixelBoxes
from renders.draw.faces import Points, cross, inverse, length, projective, shared
from scenes import style
from scenes.parts.texture import Image, Pixels, Quad

_Corners = Sequence[Sequence[float]]  # of a quad: the upper two, the lower two

_PIXEL = 1.5  # the least that a cell, or a mean of cells, has on screen
_REPEATS = (*range(1, 25), 32, 48, 64, 96)  # pixels a cell
_FEW = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96)  # of them, while the camera flies: it goes through all
_MEANS = (*range(1, 7), 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 192, 256)  # cells a pixel
_LARGEST = 4_000_000  # texels of one image
_KEPT = 96 << 20  # bytes of images that are kept
_GAPS = ((5, 0.55, 1), (9, 0.8, 1), (16, 1.0, 2))  # from so many pixels a cell: how dark a line, how wide
_MISS = 3.0  # pixels that the fourth corner of an affine map may be off: it is laid so that all share that,
_MISS_OF_MEANS = 8.0  # and where a pixel is a mean of cells: no cell can be told there,
_MISS_IN_FLIGHT = 8.0  # or where all of them are on their way
_PATCHES = 12  # on each side, at most
_EDGE = 2.0  # pixels, twice the width below which what is seen from its edge is not drawn,
_PLAIN_EDGE = 3.2  # and where it has no cells: an outline covers that


@dataclass(frozen=True)
class _Image:
    """Cells as cairo has them. `size`: the texels of the whole, across and down; `cells` keeps the key."""

    pattern: Any
    size: tuple[float, float]
    opaque: bool
    colour: tuple[float, float, float] | None  # where all of it is one
    miss: float  # pixels that the fourth corner may be off without patches
    cells: Image
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

    def lay(self, quads: Sequence[Quad], corners: Points, boxes: PixelBoxes, flying: bool = False) -> Laid:
        """Takes all quads of a picture, which stand in `boxes`.

        `corners`: (quads, 4, 2) in pixels, in a quad's order: the upper two, the lower two. While the camera
        is `flying` cells come in fewer sizes and lines may be off by some pixels: all of it is on its way.
        """
        left, right, low, last = corners.transpose(1, 0, 2)  # (quads, 2) each
        wide = np.maximum(length(right - left), length(last - low))
        tall = np.maximum(length(low - left), length(last - right))
        area = np.abs(cross(right - left, low - left)) + np.abs(cross(right - last, low - last))
        miss = np.abs(left + last - right - low).max(axis=1, initial=0.0)
        self._repeats = _FEW if flying else _REPEATS
        smooth, seen = (
            np.array(each, bool)
            for each in ([quad.cells.smooth for quad in quads], [quad.opacity > 0 for quad in quads])
        )
        there = seen & (area >= np.where(smooth, _PLAIN_EDGE, _EDGE) * np.maximum(wide, tall))
        self._quads, self._corners = quads, corners.tolist()
        miss = np.maximum(0.0, miss - flying * _MISS_IN_FLIGHT)
        self._sizes = np.stack([tall, wide, miss], axis=-1).tolist()
        looks = [
            (at, quad.cells, quad.into, quad.share, quad.opacity, quad.lit, flying)
            for at, quad in zip(self._corners, quads, strict=True)
        ]
        return Laid(quads, np.where(there[:, None], boxes, 0), looks)

    def paint(self, ctx: Any, places: Sequence[int]) -> None:
        """Draws those at some places, on a context whose units are pixels."""
        for place in places:
            tall, wide, miss = self._sizes[place]
            quad = self._quads[place]
            for cells, opacity in _layers(quad):
                rows, columns = cells.shape
                image = self._image(cells, tall / rows, wide / columns)
                _lay(ctx, image, self._corners[place], miss, opacity, quad.lit)

    def _image(self, cells: Image, down: float, across: float) -> _Image:
        """The image for cells of a size in pixels."""
        rows, columns = cells.shape
        (mean_rows, tall), (mean_columns, wide) = (
            ((1, 1), (1, 1))
            if cells.smooth
            else (_level(down, rows, self._repeats), _level(across, columns, self._repeats))
        )
        if (area := rows * tall * columns * wide) > _LARGEST and mean_rows == mean_columns == 1:
            shrink = sqrt(area / _LARGEST)
            tall, wide = max(1, int(tall / shrink)), max(1, int(wide / shrink))
        key = (id(cells), mean_rows, tall, mean_columns, wide)
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
            return image
        texels = _repeated(cells.picture(mean_rows, mean_columns), tall, wide, cells.gaps)
        opaque = bool((texels[..., 3] == 255).all())
        size = columns / mean_columns * wide, rows / mean_rows * tall
        colour = _one_colour(texels) if opaque and cells.smooth else None
        means = mean_rows > 1 or mean_columns > 1
        miss = inf if cells.smooth else _MISS_OF_MEANS if means else _MISS
        image = _Image(_pattern(texels, opaque), size, opaque, colour, miss, cells, texels.nbytes)
        self._images[key] = image
        self.used += image.bytes
        while self.used > self._room and len(self._images) > 1:
            self.used -= self._images.popitem(last=False)[1].bytes
        return image


def _layers(quad: Quad) -> list[tuple[Image, float]]:
    """The cells of a quad, and those that come through them, with the opacity that gives their shares."""
    if quad.into is None:
        return [(quad.cells, quad.opacity)]
    through = quad.opacity * quad.share
    below = quad.cells, (quad.opacity - through) / max(1 - through, 1e-9)
    return [below, (quad.into, through)] if through > 0 else [below]


def _lay(ctx: Any, image: _Image, corners: _Corners, miss: float, opacity: float, lit: float) -> None:
    left, right, low, last = corners
    around = left, right, last, low
    if image.colour is not None:
        _fill(ctx, image.colour, around, opacity, lit)
        return
    whole = opacity >= 1 and (lit >= 1 or image.opaque)
    pattern = image.pattern
    if miss <= image.miss:
        pattern.set_matrix(inverse(*shared(left, right, low, last), image.size))
    else:
        ctx.save()
        _outline(ctx, around)
        ctx.clip()
        if not whole:
            ctx.push_group()
        _patches(ctx, image, np.array(corners), min(_PATCHES, ceil(sqrt(miss / 2.0))))
        if not whole:
            pattern = ctx.pop_group()
        ctx.restore()
    if whole:
        _outline(ctx, around)
        if miss <= image.miss:
            ctx.set_source(pattern)
            ctx.fill_preserve()
        if lit < 1:
            ctx.set_source_rgba(*ground(), 1 - lit)
            ctx.fill()
        return
    ctx.save()
    _outline(ctx, around)
    ctx.clip()
    ctx.set_source(pattern)
    ctx.paint_with_alpha(opacity)
    if lit < 1:
        ctx.set_source_rgba(*ground(), (1 - lit) * opacity)
        ctx.mask(pattern)  # only where there are cells
    ctx.restore()


def _fill(ctx: Any, colour: tuple[float, float, float], points: Any, opacity: float, lit: float) -> None:
    """A quad of one colour."""
    mixed = (under + (channel - under) * lit for channel, under in zip(colour, ground(), strict=True))
    ctx.set_source_rgba(*mixed, opacity)
    _outline(ctx, points)
    ctx.fill()


def ground() -> tuple[float, float, float]:
    """That of the theme in force, in cairo's order, as its memory is read as RGBA."""
    red, green, blue = style.channels(style.GROUND)
    return blue / 255, green / 255, red / 255


def _one_colour(texels: Pixels) -> tuple[float, float, float] | None:
    """In cairo's order, its memory being read as RGBA."""
    first = texels[0, 0]
    if not (texels == first).all():
        return None
    red, green, blue = (float(channel) / 255 for channel in first[:3])
    return blue, green, red


def _level(pixels: float, count: int, repeats: Sequence[int]) -> tuple[int, int]:
    """How many cells are one mean, and how often each is repeated, for a cell of so many pixels."""
    if pixels < _PIXEL:
        return min(_least(_MEANS, _PIXEL / max(pixels, 1e-3)), count), 1
    return 1, _least(repeats, pixels - 0.5)


def _least(steps: Sequence[int], wanted: float) -> int:
    """The first step that is not below, or the last one."""
    return steps[min(bisect_left(steps, wanted), len(steps) - 1)]


def _repeated(picture: Pixels, tall: int, wide: int, gaps: bool) -> Pixels:
    """Each pixel `tall` × `wide` times, with dark lines between those that have room for them."""
    rows, columns = picture.shape[:2]
    texels = np.repeat(np.repeat(picture, tall, axis=0), wide, axis=1)
    for axis, repeat, count in ((0, tall, rows), (1, wide, columns)):
        for least, dark, lines in reversed(_GAPS):
            if gaps and repeat >= least:
                starts = np.arange(1, count) * repeat
                for line in range(lines):
                    _darken(texels, axis, starts - lines // 2 + line, dark)
                break
    return np.asarray(texels)


def _darken(texels: Pixels, axis: int, places: npt.NDArray[np.intp], dark: float) -> None:
    where: Any = places if axis == 0 else (slice(None), places)
    colours = texels[..., :3]
    colours[where] = np.rint(colours[where] * (1 - dark) + np.array(style.channels(style.GROUND)) * dark)


def _pattern(texels: Pixels, opaque: bool) -> Any:
    """Cairo's memory is read as RGBA here, as manim's camera does it; colours are premultiplied."""
    rows, columns = texels.shape[:2]
    memory = np.ascontiguousarray(texels)
    if not opaque:
        memory[..., :3] = np.rint(memory[..., :3] * (memory[..., 3:] / 255))
    surface = cairo.ImageSurface.create_for_data(
        memory.data, cairo.FORMAT_RGB24 if opaque else cairo.FORMAT_ARGB32, columns, rows, columns * 4
    )
    pattern = cairo.SurfacePattern(surface)
    pattern.set_extend(cairo.EXTEND_PAD)
    pattern.set_filter(cairo.FILTER_BILINEAR)
    return pattern


def _patches(ctx: Any, image: _Image, corners: Points, count: int) -> None:
    """A face in perspective: `count` × `count` affine patches, each grown so that no seam is seen."""
    grid = projective(corners, np.arange(count + 1) / count)  # (down, across, 2)
    off = (grid[:-1, :-1] + grid[1:, 1:] - grid[:-1, 1:] - grid[1:, :-1]) / 4  # as `shared` has it
    for row in range(count):
        for column in range(count):
            corner, beyond = grid[row, column], grid[row, column + 1]
            under, last = grid[row + 1, column], grid[row + 1, column + 1]
            start = corner - off[row, column]
            right, down = beyond + off[row, column] - start, under + off[row, column] - start
            first = start - right * column - down * row
            image.pattern.set_matrix(
                inverse(
                    first.tolist(),
                    (first + right * count).tolist(),
                    (first + down * count).tolist(),
                    image.size,
                )
            )
            across, along = (1.2 * side / max(float(length(side)), 1e-6) for side in (right, down))
            around = (corner - across - along, beyond + across - along)
            _outline(ctx, (*around, last + across + along, under - across + along))
            ctx.set_source(image.pattern)
            ctx.fill()


def _outline(ctx: Any, points: Any) -> None:
    ctx.new_path()
    for x, y in points:
        ctx.line_to(x, y)
    ctx.close_path()
