"""Manim's Cairo camera, drawing the same pictures with less work: painters draw objects in runs of a kind.

Outlines go to cairo with manim's own coordinates: it samples an edge on 15 lines a pixel, so that a kept path
that is moved, or a sprite of a text, would be off by a dozen levels and more.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Camera, Mobject, VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject
from manim.mobject.types.point_cloud_mobject import PMobject

from renders.draw.path_painter import PathPainter
from renders.draw.textures import TexturePainter
from renders.draw.transforms import BatchedTransforms
from renders.media.yuv import Box
from scenes.parts.texture import Quad

Picture = npt.NDArray[np.uint8]  # (height, width, 4) RGBA
EMPTY: Box = (0, 0, 0, 0)

_PATH, _QUAD, _MANIMS, _UNSEEN = range(4)  # who draws an object

_Boxes = npt.NDArray[np.float64]  # (objects, 4): left, low, right, high in manim's units


class LessonCamera(Camera):
    """Draws objects on `pixel_array`; `dirty` is the box of all that was drawn since it was `EMPTY`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.dirty = EMPTY
        self.play: BatchedTransforms | None = None  # what moves, while it does
        self._sorted: _Sorted | None = None
        self._paths, self._quads = PathPainter(self), TexturePainter()

    def capture_mobjects(self, mobjects: Iterable[Any], **options: Any) -> None:
        """Draws objects in their order, which is the same all through a play without surprises."""
        steady = self.play is not None and self.play.steady
        if self.play is not None:
            self.play.advance()
        if self._sorted is None or self._sorted.of is not mobjects or not steady:
            self._sorted = _Sorted(mobjects, self._ordered(mobjects, options))
        sorted_ = self._sorted
        if paths := sorted_.kinds[_PATH]:
            self._paths.lay(paths, self.play, self._mark_dirty)
        if quads := sorted_.kinds[_QUAD]:
            self._lay_quads(quads)
        for kind, first, stop in sorted_.runs:
            self._paint(kind, sorted_.kinds[kind], first, stop)

    def _ordered(self, mobjects: Iterable[Any], options: dict[str, Any]) -> list[Mobject]:
        if self.play is None:
            return self.get_mobjects_to_display(mobjects, **options)
        return in_order(mobjects)

    def _paint(self, kind: int, objects: list[Any], first: int, stop: int) -> None:
        """Draws some of the objects of a kind."""
        if kind == _MANIMS:
            super().capture_mobjects(objects[first:stop], include_submobjects=False)
            self.dirty = 0, 0, self.pixel_width, self.pixel_height  # manim does not say where
            return
        ctx = self.get_cairo_context(self.pixel_array)
        if kind == _PATH:
            self._paths.paint(ctx, stop)
        elif kind == _QUAD:
            ctx.save()
            ctx.identity_matrix()
            self._quads.paint(ctx, stop)
            ctx.restore()

    def get_mobjects_to_display(
        self,
        mobjects: Iterable[Mobject],
        include_submobjects: bool = True,
        excluded_mobjects: list[Mobject] | None = None,
    ) -> list[Mobject]:
        if not include_submobjects or excluded_mobjects:
            return super().get_mobjects_to_display(mobjects, include_submobjects, excluded_mobjects)
        return [mobject for mobject in in_order(mobjects) if len(mobject.points)]

    def _lay_quads(self, quads: list[Any]) -> None:
        corners = np.array([quad.points[:, :2] for quad in quads])  # (quads, 4, 2)
        boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
        there = np.array([quad.opacity > 0 for quad in quads])
        seen = self._mark_dirty(boxes, np.zeros(len(boxes)), there)
        self._quads.lay(quads, self._pixels(corners), seen, self.play is not None and self.play.flying)

    def _pixels(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(…, 2) in manim's units → in pixels, y downwards."""
        scale = self.pixel_width / self.frame_width
        middle = self.pixel_width / 2, self.pixel_height / 2
        return np.asarray((points - self.frame_center[:2]) * (scale, -scale) + middle)

    def _mark_dirty(
        self, boxes: _Boxes, margins: npt.NDArray[np.float64], there: npt.NDArray[np.bool_]
    ) -> list[int]:
        """The places of the boxes that are in the picture, of those that are `there`; they become dirty.

        `margins`, one a box, are in manim's units.
        """
        if not there.any():
            return []
        wide, tall = self.pixel_width, self.pixel_height
        low_x, low_y, high_x, high_y = boxes.T
        with np.errstate(invalid="ignore"):
            lower = self._pixels(np.stack([low_x - margins, low_y - margins], axis=-1))
            upper = self._pixels(np.stack([high_x + margins, high_y + margins], axis=-1))
            left, right = np.maximum(0, np.floor(lower[:, 0]) - 1), np.minimum(wide, np.ceil(upper[:, 0]) + 1)
            top, bottom = np.maximum(0, np.floor(upper[:, 1]) - 1), np.minimum(tall, np.ceil(lower[:, 1]) + 1)
            seen = (left < right) & (top < bottom) & there
        if seen.any():
            box = left[seen].min(), top[seen].min(), right[seen].max(), bottom[seen].max()
            self.dirty = joined(self.dirty, (int(box[0]), int(box[1]), int(box[2]), int(box[3])))
        places: list[int] = np.flatnonzero(seen).tolist()
        return places


class _Sorted:
    """Objects in their order, by who draws them: `runs` are (kind, from, up to) in the list of the kind."""

    def __init__(self, of: Iterable[Any], ordered: Iterable[Any]) -> None:
        self.of = of
        self.kinds: list[list[Any]] = [[], [], [], []]
        self.runs: list[tuple[int, int, int]] = []
        for kind, run in groupby(ordered, _kind):
            objects = self.kinds[kind]
            first = len(objects)
            objects.extend(run)
            self.runs.append((kind, first, len(objects)))


def _kind(mobject: Mobject) -> int:
    if isinstance(mobject, VMobject):
        return _PATH if mobject.background_image is None else _MANIMS
    if isinstance(mobject, Quad):
        return _QUAD
    return _MANIMS if isinstance(mobject, AbstractImageMobject | PMobject) else _UNSEEN


def joined(one: Box, other: Box) -> Box:
    """The box that two boxes are in."""
    if EMPTY in (one, other):
        return one if other == EMPTY else other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def in_order(mobjects: Iterable[Mobject]) -> list[Mobject]:
    """Objects and all below them, each at its last place, in the order of their z_index: as manim does it."""
    found: dict[int, Mobject] = {}  # from the last to the first
    for mobject in reversed(list(mobjects)):
        _backwards(mobject, found)
    ordered = list(found.values())[::-1]
    return sorted(ordered, key=lambda m: m.z_index)


def _backwards(mobject: Mobject, found: dict[int, Mobject]) -> None:
    """Adds an object's family to what was found, the last member first."""
    for member in reversed(mobject.submobjects):
        _backwards(member, found)
    found.setdefault(id(mobject), mobject)
