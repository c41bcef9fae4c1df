"""A tensor's values as the cells of one image: a matrix, a vector or the face of a box, as many as there are.

    Texture(slice_of(trace, "block.02.attn.pattern", 4), Paint(style.SHARES), 3.0, 3.0)

One object holds all cells. Plain `manim` shows it as an `ImageMobject`, a pixel a cell; our camera asks for
`Cells.picture` at the size that a cell has on screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from manim import Group, ImageMobject, Mobject
from manim.constants import RESAMPLING_ALGORITHMS
from manim.utils.bezier import interpolate

from llmtrace.trace import Array
from scenes import style
from scenes.how import strongest
from scenes.reading import Slice

Pixels = npt.NDArray[np.uint8]  # (rows, columns, 4) RGBA


@dataclass(frozen=True)
class Paint:
    """How values become colours: `zero` has the scale's middle, `zero` ± `bound` its ends.

    Without a bound each table has its own, `strongest` of what is shown of it.
    """

    scale: style.Scale = field(default_factory=lambda: style.SIGNED)
    bound: float | None = None
    zero: float = 0.0
    gaps: bool = True  # dark lines between cells, where they have room


_LOWEST = 3.0  # percentile of the logits that is the ground's colour


def logits_paint(logits: Array) -> Paint:
    """That of all tokens' scores: from their lowest few, nearly the ground's colour, to the largest."""
    low, high = float(np.percentile(logits, _LOWEST)), float(logits.max())
    return Paint(style.LOGITS, (high - low) or 1.0, low, gaps=False)


class Image(Protocol):
    """What a quad shows: `shape` is (rows, columns). Never changes.

    `gaps`: dark lines part its cells where there is room. `smooth`: colours run into each other.
    """

    @property
    def shape(self) -> tuple[int, int]: ...

    @property
    def gaps(self) -> bool: ...

    @property
    def smooth(self) -> bool: ...

    def picture(self, down: int = 1, across: int = 1) -> Pixels:
        """A pixel for each `down` × `across` cells."""


class Cells:
    """Values in rows and columns, and their colours at any size. Never changes, and copies of it are itself.

    A value that is not finite has no cell: there the picture is transparent.
    """

    def __init__(self, values: Array, paint: Paint) -> None:
        self.values = np.atleast_2d(np.asarray(values, np.float32))  # (rows, columns)
        self.shape: tuple[int, int] = self.values.shape
        self.paint = paint
        self.gaps, self.smooth = paint.gaps, False

    def __deepcopy__(self, _memo: object) -> Cells:
        return self

    def picture(self, down: int = 1, across: int = 1) -> Pixels:
        """A pixel for each `down` × `across` cells: the colour of the mean of those that are there.

        Means of signed values are smaller than the values are; so each size has its own bound, in which its
        strongest have the same share as in the values themselves.
        """
        if down == across == 1:
            return self._every
        means = _means(self.values, down, across)
        bound = self._bound
        if self.paint.scale.signed:
            bound *= strongest(means - np.float32(self.paint.zero)) / self._own
        return self._coloured(means, bound)

    @cached_property
    def _bound(self) -> float:
        return self.paint.bound or self._own

    @cached_property
    def _own(self) -> float:
        return strongest(self.values - np.float32(self.paint.zero))

    @cached_property
    def _every(self) -> Pixels:
        return self._coloured(self.values, self._bound)

    def _coloured(self, values: Array, bound: float) -> Pixels:
        there = np.isfinite(values)
        made = np.empty((*values.shape, 4), np.uint8)
        made[..., :3] = self.paint.scale.rgb(np.where(there, (values - self.paint.zero) / bound, 0.0))
        made[..., 3] = np.where(there, 255, 0)
        made.flags.writeable = False
        return made


class Quad(ImageMobject):
    """An image in a quadrilateral. `points` are its corners: the upper two, the lower two.

    In a transform into another image the new one comes through the old: `cells` at 1 − `share`, `into` at
    `share`. `lit` below 1 mixes the ground into the colours: what is not in focus.
    """

    def __init__(self, cells: Image, width: float, height: float) -> None:
        self.cells = cells
        self.into: Image | None = None
        self.share, self.opacity, self.lit = 0.0, 1.0, 1.0
        self.fill_opacity = self.stroke_opacity = 1.0  # manim's: a quad's own is `opacity`
        self.pixel_array_dtype = "uint8"
        self.scale_to_resolution = 0
        self.set_resampling_algorithm(RESAMPLING_ALGORITHMS["nearest"])
        Mobject.__init__(self)
        self.points *= (width / 2, height / 2, 1.0)

    def reset_points(self) -> Quad:
        self.points = np.array([(-1.0, 1, 0), (1, 1, 0), (-1, -1, 0), (1, -1, 0)])
        return self

    def at(self, row: float, column: float) -> npt.NDArray[np.float64]:
        """The middle of a cell; halves are between cells."""
        rows, columns = self.cells.shape
        corner, right, down, _ = self.points
        place = corner + (right - corner) * (column + 0.5) / columns + (down - corner) * (row + 0.5) / rows
        return np.asarray(place)

    def colour_at(self, row: int, column: int) -> str:
        """The colour of a cell, as long as it is wholly there."""
        red, green, blue, _ = self.cells.picture()[row, column]
        return f"#{red:02X}{green:02X}{blue:02X}"

    def get_pixel_array(self) -> Any:
        """What plain manim shows: a pixel a cell."""
        picture = self.cells.picture().astype(np.float64)
        if self.into is not None:
            other = self.into.picture()
            if picture.shape == other.shape:
                picture += (other - picture) * self.share
            elif self.share > 0.5:
                picture = other.astype(np.float64)
        ground = np.array(style.channels(style.GROUND))
        picture[..., :3] = ground + (picture[..., :3] - ground) * self.lit
        picture[..., 3] *= self.opacity
        return np.rint(picture).astype(np.uint8)

    def set_opacity(self, alpha: float) -> Quad:
        self.opacity = alpha
        return self

    def fade(self, darkness: float = 0.5, _family: bool = True) -> Quad:
        self.opacity *= 1 - darkness
        return self

    def set_lit(self, lit: float) -> Quad:
        self.lit = lit
        return self

    def set_color(self, *_colour: Any, **_options: Any) -> Quad:
        """A cell's colour is its value's, and stays so."""
        return self

    def interpolate_color(self, mobject1: Mobject, mobject2: Mobject, alpha: float) -> Quad:
        assert isinstance(mobject1, Quad)
        assert isinstance(mobject2, Quad)
        self.opacity = interpolate(mobject1.opacity, mobject2.opacity, alpha)
        self.lit = interpolate(mobject1.lit, mobject2.lit, alpha)
        if mobject1.cells is not mobject2.cells:
            done = alpha >= 1  # then it is the new image, from which another transform may begin
            self.cells = mobject2.cells if done else mobject1.cells
            self.into = None if done else mobject2.cells
            self.share = 0.0 if done else float(alpha)
        return self


class Texture(Quad):
    """The cells of a slice in a rectangle; `drawn` is the slice."""

    def __init__(
        self,
        drawn: Slice,
        paint: Paint,
        width: float,
        height: float,
        arrange: Callable[[Array], Array] | None = None,
    ) -> None:
        """`arrange` brings the slice's values into rows and columns; it may move some and leave some out."""
        self.drawn = drawn
        cells = Cells(drawn.values if arrange is None else arrange(drawn.values), paint)
        super().__init__(cells, width, height)


class Assembly(Group):
    """Textures and outlines that are one thing: what is asked of it is asked of all its members."""

    def set_opacity(self, alpha: float) -> Assembly:
        for member in self.submobjects:
            member.set_opacity(alpha)
        return self


def _means(values: Array, down: int, across: int) -> Array:
    """(rows, columns) → the mean of every `down` × `across` of them that are finite; NaN where none is."""
    rows, columns = values.shape
    room = ((0, -rows % down), (0, -columns % across))
    padded = np.pad(np.where(np.isfinite(values), values, np.nan), room, constant_values=np.nan)
    parts = padded.reshape(padded.shape[0] // down, down, padded.shape[1] // across, across)
    there = np.isfinite(parts)
    count = there.sum(axis=(1, 3))
    total = np.where(there, parts, 0).sum(axis=(1, 3), dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(count > 0, total / count, np.nan), np.float32)


def folded(columns: int) -> Callable[[Array], Array]:
    """(values) → (rows, columns), row by row: what is missing of the last row is no cell."""

    def fold(values: Array) -> Array:
        room = -len(values) % columns
        return np.pad(values.astype(np.float32), (0, room), constant_values=np.nan).reshape(-1, columns)

    return fold
