"""Textures drawn on a picture: an image of cells for each, in the perspective of its four corners.

A cell is repeated as often as it has pixels, up to a few dozen, and the result is laid bilinear: nearest
cells on a skewed face would have stairs for edges. Where cells are smaller than a pixel and a half they are
drawn as means of as many as make one. A 768 × 64 matrix so takes one call, not one a cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from renders.draw.changes import Laid, PixelBoxes
from renders.draw.faces import Points, cross, edges, length, places
from renders.draw.raster import Spread, cover, covering, draw_face, spread
from scenes import style
from scenes.parts.texture import Image, Pixels, Quad

_PIXEL = 1.5  # the least that a cell, or a mean of cells, has on screen
_REPEATS = (*range(1, 25), 32, 48, 64, 96)  # pixels a cell
_FEW = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96)  # of them, while the camera flies: it goes through all
_MEANS = (*range(1, 7), 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 192, 256)  # cells a pixel
_LARGEST = 4_000_000  # texels of one image
_KEPT = 160 << 20  # bytes of images that are kept
_GAPS = ((5, 0.55, 1), (9, 0.8, 1), (16, 1.0, 2))  # from so many pixels a cell: how dark a line, how wide
_EDGE = 2.0  # pixels, twice the width below which what is seen from its edge is not drawn,
_PLAIN_EDGE = 3.2  # and where it has no cells: an outline covers that


@dataclass(frozen=True)
class _Image:
    """Cells as they are laid. `size`: the texels of the whole, across and down; `cells` keeps the key."""

    texels: Spread
    size: tuple[float, float]
    opaque: bool
    cells: Image


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
        is `flying` cells come in fewer sizes.
        """
        left, right, low, last = corners.transpose(1, 0, 2)  # (quads, 2) each
        wide = np.maximum(length(right - left), length(last - low))
        tall = np.maximum(length(low - left), length(last - right))
        area = np.abs(cross(right - left, low - left)) + np.abs(cross(right - last, low - last))
        looks = np.array([(q.share, q.opacity, q.lit, q.cells.smooth) for q in quads], float).reshape(-1, 4)
        least = np.where(looks[:, 3] > 0, _PLAIN_EDGE, _EDGE)
        there = (looks[:, 1] > 0) & (area >= least * np.maximum(wide, tall))
        self._repeats = _FEW if flying else _REPEATS
        self._quads = quads
        self._ground = spread(np.array((*style.channels(style.GROUND), 255), np.uint8))[()]
        self._edges, self._places = edges(corners), places(corners)
        self._sizes = np.stack([tall, wide], axis=-1).tolist()
        return Laid(
            quads,
            np.where(there[:, None], boxes, 0),
            [(quad.cells, quad.into) for quad in quads],
            np.column_stack([corners.reshape(-1, 8), looks, np.full(len(quads), flying)]),
        )

    def prepare(self, places: Sequence[int], boxes: PixelBoxes, width: int, height: int) -> None:
        """Takes those at some places, each as far as it is in its box, to be painted on a picture of a size.

        Where a face lies wholly behind another, it is not drawn: faces behind are half of a network's area.
        """
        self.boxes = boxes
        self._layers = {place: self._layers_of(place) for place in places}
        hiding = [
            place for place in places if all(opacity >= 1 and i.opaque for i, opacity in self._layers[place])
        ]
        self.covers = covering(width, height)  # which face hides a square
        cover(self.covers, boxes, self._edges, np.array(hiding, np.int64))

    def paint(self, picture: npt.NDArray[Any], places: Sequence[int]) -> None:
        """Draws some of those that are prepared, in their order, on a picture, (height, width, 4) RGBA."""
        packed: npt.NDArray[np.uint32] = picture.view(np.uint32)[..., 0]
        for place in places:
            for image, opacity in self._layers[place]:
                draw_face(
                    packed,
                    self.boxes[place],
                    self._edges[place],
                    self._places[place],
                    image.texels,
                    image.size,
                    image.opaque,
                    float(opacity),
                    float(self._quads[place].lit),
                    self._ground,
                    self.covers,
                    place,
                )

    def _layers_of(self, place: int) -> list[tuple[_Image, float]]:
        """The images of a quad, from the back, and their opacities."""
        tall, wide = self._sizes[place]
        return [
            (self._image(cells, tall / cells.shape[0], wide / cells.shape[1]), opacity)
            for cells, opacity in _layers(self._quads[place])
        ]

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
        image = _Image(spread(_premultiplied(texels)), size, opaque, cells)
        self._images[key] = image
        self.used += image.texels.nbytes
        while self.used > self._room and len(self._images) > 1:
            self.used -= self._images.popitem(last=False)[1].texels.nbytes
        return image


def _layers(quad: Quad) -> list[tuple[Image, float]]:
    """The cells of a quad, and those that come through them, with the opacity that gives their shares."""
    if quad.into is None:
        return [(quad.cells, quad.opacity)]
    through = quad.opacity * quad.share
    below = quad.cells, (quad.opacity - through) / max(1 - through, 1e-9)
    return [below, (quad.into, through)] if through > 0 else [below]


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


def _premultiplied(texels: Pixels) -> Pixels:
    """Colours times their opacity."""
    made = texels.copy()
    made[..., :3] = np.rint(texels[..., :3] * (texels[..., 3:] / 255))
    return made
