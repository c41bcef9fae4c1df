"""Boxes in space: faces of cells or of plain colour, an outline, and the space that has them on screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt
from manim import VMobject

from scenes import style
from scenes.parts.space.projector import Points, Signs, View, faces, paint_order
from scenes.parts.texture import Assembly, Pixels, Quad

AXES = ("x", "y", "z")
_LINE = np.array([0, 1 / 3, 2 / 3, 1])[:, None]  # the points of a straight line as a cubic curve
_AROUND = (0, 1, 3, 2, 0)  # a quad's corners one after the other
_HAIR = 0.012  # of the frame's units: a face that is narrower is a line


@dataclass(frozen=True)
class Ramp:
    """A plain face: one colour, or one that goes over into another from its upper edge to its lower.

    `ruled` into (rows, columns) it has lines, such as those of pages: where it is smooth it has none.
    """

    upper: str
    lower: str
    ruled: tuple[int, int] | None = None

    def __deepcopy__(self, _memo: object) -> Ramp:
        return self

    @property
    def shape(self) -> tuple[int, int]:
        return self.ruled or (16, 1)

    @property
    def gaps(self) -> bool:
        return self.ruled is not None

    @property
    def smooth(self) -> bool:
        return self.ruled is None

    def picture(self, down: int = 1, across: int = 1) -> Pixels:
        rows, columns = -(-self.shape[0] // down), -(-self.shape[1] // across)
        mixed = [style.mix(self.upper, self.lower, share) for share in np.linspace(0, 1, rows)]
        colours = np.array([(*style.channels(colour), 255) for colour in mixed], np.uint8)
        return np.repeat(colours[:, None], columns, axis=1)


def plain(color: str, axis: str, lower: str | None = None, ruled: tuple[int, int] | None = None) -> Quad:
    """A face of one colour, or of one over into another downward, in the shade of its axis."""
    upper, under = (style.mix(style.GROUND, end, style.SHADE[axis]) for end in (color, lower or color))
    return Quad(_ramp(upper, under, ruled), 1.0, 1.0)


@cache
def _ramp(upper: str, under: str, ruled: tuple[int, int] | None) -> Ramp:
    """One for all faces that look alike: their image is made once."""
    return Ramp(upper, under, ruled)


class Box(Assembly):
    """A box of space. `faces`, by axis, are what is seen on the sides across it; the others are open.

    `edge` is the colour of its outline. Where it stands on screen is its space's to say.
    """

    def __init__(
        self,
        name: str,
        low: Sequence[float],
        size: Sequence[float],
        faces: Mapping[str, Quad],
        edge: str | None = None,
        width: float = 1.2,
        opacity: float = 0.8,
    ) -> None:
        self.low: Points = np.array(low, float)
        self.high: Points = self.low + np.array(size, float)
        self.sides = dict(faces)
        self.edge, self.lit = edge, 1.0
        self.outline = VMobject(stroke_color=edge or style.GROUND, stroke_width=width, stroke_opacity=opacity)
        super().__init__(*self.sides.values(), *([self.outline] if edge else []))
        self.name = name

    def set_lit(self, lit: float) -> Box:
        """Mixes the ground into all of it."""
        self.lit = lit
        for side in self.sides.values():
            side.set_lit(lit)
        if self.edge:
            self.outline.stroke_rgbas[:, :3] = _dimmed(self.edge, style.GROUND, lit)
        return self

    def put(self, corners: Points, lines: Points) -> None:
        """Brings it to where it is on screen: (3, 4, 3) corners of its faces, (points, 3) of its outline."""
        for axis, side in self.sides.items():
            side.points = corners[AXES.index(axis)]
        if self.edge:
            self.outline.points = lines


@lru_cache(1024)
def _dimmed(colour: str, ground: str, lit: float) -> Points:
    """(3,) from 0 to 1: many boxes have the same colour in the same light."""
    return np.array(style.channels(style.mix(ground, colour, lit))) / 255


class Space(Assembly):
    """Boxes as they are seen from `view`, the one behind painted before the one in front.

    It is one thing to the scene: whatever of it moves, all of it is drawn again. Boxes that move keep the
    order that was found for all `stations` of their way, (stations, boxes, 3) each end.
    """

    def __init__(
        self, boxes: Sequence[Box], view: View, stations: tuple[Points, Points] | None = None
    ) -> None:
        super().__init__(*boxes)
        self.boxes = list(boxes)
        self._named = {box.name: box for box in boxes}
        self._stations = stations or self.bounds()
        self._ordered: Signs | None = None
        self.look(view)

    def box(self, name: str) -> Box:
        """The box of a name; raises `KeyError`."""
        if name not in self._named:
            raise KeyError(f"{name}: no box has this name; there are {', '.join(self._named)}")
        return self._named[name]

    def look(self, view: View) -> Space:
        """Puts all boxes where they are seen from a view."""
        self.view = view
        lows, highs = self.bounds()
        seen = faces(lows, highs, view.signs)  # (boxes, 3, 4, 3)
        flat = np.zeros_like(seen)
        flat[..., :2] = view.project(seen)
        ends = flat[:, :, _AROUND]  # (boxes, 3, 5, 3)
        lines = ends[:, :, :-1, None] + (ends[:, :, 1:] - ends[:, :, :-1])[:, :, :, None] * _LINE
        lines = lines.reshape(len(self.boxes), 3, -1, 3)
        seen_flat = _open(flat)
        for box, corners, points, wide in zip(self.boxes, flat, lines, seen_flat, strict=True):
            box.put(corners, points[wide].reshape(-1, 3))
        self._order(view.signs)
        return self

    def set_lit(self, lit: float) -> Self:
        """Lights all boxes alike."""
        for box in self.boxes:
            box.set_lit(lit)
        return self

    def bounds(self) -> tuple[Points, Points]:
        """The lower and the higher ends of all boxes, (boxes, 3) each."""
        return np.array([box.low for box in self.boxes]), np.array([box.high for box in self.boxes])

    def move(self, lows: Points, highs: Points, view: View | None = None) -> Space:
        """Puts boxes elsewhere on their way, (boxes, 3) each end, and looks from a view."""
        for box, low, high in zip(self.boxes, lows, highs, strict=True):
            box.low, box.high = low, high
        return self.look(view or self.view)

    def _order(self, signs: Signs) -> None:
        """Numbers all parts from the back to the front, below 0, so that what is flat lies above."""
        if self._ordered == signs:
            return
        self._ordered = signs
        ranks: npt.NDArray[np.float64] = np.arange(len(self.boxes)) / len(self.boxes) - 1.0
        for rank, place in zip(ranks.tolist(), paint_order(*self._stations, signs), strict=True):
            for part in self.boxes[place].submobjects:
                part.z_index = rank


def _open(flat: Points) -> npt.NDArray[np.bool_]:
    """(boxes, 3, 4, 3) faces on screen → (boxes, 3): which have an outline of their own, or else the widest.

    Both long sides of a face that is seen from its edge are one line, and another face has it.
    """
    left, right, low = (flat[:, :, corner, :2] for corner in (0, 1, 2))
    one, other = right - left, low - left
    area = np.abs(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])
    length = np.maximum(np.hypot(one[..., 0], one[..., 1]), np.hypot(other[..., 0], other[..., 1]))
    wide: Points = area / np.maximum(length, 1e-9)
    return np.asarray((wide >= _HAIR) | (wide >= wide.max(axis=1, keepdims=True)))
