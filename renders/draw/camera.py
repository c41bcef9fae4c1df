"""Manim's Cairo camera, drawing the same pictures with less work: painters draw objects in runs of a kind.

Outlines go to cairo with manim's own coordinates: it samples an edge on 15 lines a pixel, so that a kept path
that is moved, or a sprite of a text, would be off by a dozen levels and more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Camera, Mobject, VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject
from manim.mobject.types.point_cloud_mobject import PMobject

from renders.draw.changes import EMPTY, Laid, PixelBoxes, changed, joined
from renders.draw.path_painter import PathPainter
from renders.draw.textures import TexturePainter
from renders.draw.transforms import BatchedTransforms
from renders.media.yuv import Box
from scenes.parts.texture import Quad

Picture = npt.NDArray[np.uint8]  # (height, width, 4) RGBA

_PATH, _QUAD, _MANIMS, _UNSEEN = range(4)  # who draws an object


class LessonCamera(Camera):
    """Draws objects on `pixel_array`; `dirty` is the box of all that was drawn since it was `EMPTY`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.dirty = EMPTY
        self.play: BatchedTransforms | None = None  # what moves, while it does
        self._sorted: _Sorted | None = None
        self._laid: list[Laid] = []  # how the last picture has them, by kind
        self._paths, self._quads = PathPainter(self), TexturePainter()

    def capture_mobjects(self, mobjects: Iterable[Any], **options: Any) -> None:
        """Draws objects in their order, which is the same all through a play without surprises."""
        self._lay(self._order(mobjects, options))
        self._paint(None)

    def redraw(self, mobjects: Iterable[Any], ground: Picture, drawn: Box, **options: Any) -> Box:
        """Draws objects over `ground`, as the last picture was; returns the box in which it has changed.

        Only that is drawn; `drawn` is the box in which anything lay over the ground.
        """
        before, kinds = self._laid, self._order(mobjects, options)
        self._lay(kinds)
        box = changed(before, self._laid)
        if kinds[_MANIMS]:  # manim does not say where its objects are
            box = 0, 0, self.pixel_width, self.pixel_height
        elif box is None:
            box = joined(drawn, self.dirty)
        left, top, right, bottom = box
        self.pixel_array[top:bottom, left:right] = ground[top:bottom, left:right]
        if box != EMPTY:
            self._paint(box)
        return box

    def _order(self, mobjects: Iterable[Any], options: dict[str, Any]) -> list[list[Any]]:
        """All objects of a picture, by kind."""
        steady = self.play is not None and self.play.steady
        if self.play is not None:
            self.play.advance()
        if self._sorted is None or self._sorted.of is not mobjects or not steady:
            ordered = (
                self.get_mobjects_to_display(mobjects, **options) if self.play is None else in_order(mobjects)
            )
            self._sorted = _Sorted(mobjects, ordered)
        return self._sorted.kinds

    def _lay(self, kinds: list[list[Any]]) -> None:
        """Works out where all objects are and how they look."""
        paths = self._paths.lay(kinds[_PATH], self.play, self._in_pixels)
        corners = np.array([quad.points[:, :2] for quad in kinds[_QUAD]]).reshape(-1, 4, 2)
        flying = self.play is not None and self.play.flying
        quads = self._quads.lay(kinds[_QUAD], self._pixels(corners), self._in_pixels(corners), flying)
        self._laid = [paths, quads]
        for laid in self._laid:
            self.dirty = joined(self.dirty, laid.box)

    def _paint(self, box: Box | None) -> None:
        """Draws what was laid, as far as it is in a box."""
        assert self._sorted is not None
        ctx = self.get_cairo_context(self.pixel_array)
        units = ctx.get_matrix()
        ctx.save()
        if box is not None:
            left, top, right, bottom = box
            ctx.identity_matrix()
            ctx.new_path()  # strokes leave theirs
            ctx.rectangle(left, top, right - left, bottom - top)
            ctx.clip()
            ctx.set_matrix(units)
        within = box or (0, 0, self.pixel_width, self.pixel_height)
        seen = [laid.inside(within) for laid in self._laid]
        self._quads.prepare(*seen[_QUAD], self.pixel_width, self.pixel_height)
        for kind, first, stop in self._sorted.runs:
            if kind == _MANIMS:
                super().capture_mobjects(self._sorted.kinds[kind][first:stop], include_submobjects=False)
                self.dirty = 0, 0, self.pixel_width, self.pixel_height  # manim does not say where
            elif kind != _UNSEEN:
                places = seen[kind][0]
                painted = places[bisect_left(places, first) : bisect_left(places, stop)]
                if kind == _PATH:
                    self._paths.paint(ctx, painted)
                elif painted:
                    self._faces(ctx, painted)
        ctx.restore()

    def _faces(self, ctx: Any, places: list[int]) -> None:
        ctx.get_target().flush()
        self._quads.paint(self.pixel_array, places)
        ctx.get_target().mark_dirty()

    def get_mobjects_to_display(
        self,
        mobjects: Iterable[Mobject],
        include_submobjects: bool = True,
        excluded_mobjects: list[Mobject] | None = None,
    ) -> list[Mobject]:
        if not include_submobjects or excluded_mobjects:
            return super().get_mobjects_to_display(mobjects, include_submobjects, excluded_mobjects)
        return [mobject for mobject in in_order(mobjects) if len(mobject.points)]

    def _pixels(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(…, 2) in manim's units → in pixels, y downwards."""
        scale = self.pixel_width / self.frame_width
        middle = self.pixel_width / 2, self.pixel_height / 2
        return np.asarray((points - self.frame_center[:2]) * (scale, -scale) + middle)

    def _in_pixels(self, points: npt.NDArray[np.float64], margins: Any = 0.0) -> PixelBoxes:
        """(objects, points, 2) in manim's units → the boxes around each object's points, in the picture.

        `margins`, (objects, 1, 1), are in manim's units too. One beyond the picture is empty, as is one of
        points that are no numbers.
        """
        if not len(points):
            return np.zeros((0, 4), np.int64)
        with np.errstate(invalid="ignore"):
            low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
            ends = self._pixels(np.concatenate([low - margins, high + margins], axis=1))  # (objects, 2, 2)
            left, right = np.floor(ends[:, 0, 0]) - 1, np.ceil(ends[:, 1, 0]) + 1
            top, bottom = np.floor(ends[:, 1, 1]) - 1, np.ceil(ends[:, 0, 1]) + 1
            boxes = np.stack([left, top, right, bottom], axis=-1)
            sides = np.array([self.pixel_width, self.pixel_height] * 2)
            boxes = np.clip(boxes, 0, sides)
            there = (boxes[:, 0] < boxes[:, 2]) & (boxes[:, 1] < boxes[:, 3])
        return np.where(there[:, None], boxes, 0).astype(np.int64)


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
