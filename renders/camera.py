"""Manim's Cairo camera and renderer, drawing the same pictures with less work.

A path is built once and moved as such; of a picture only the part that moves is wiped and drawn again, and the
writer is told which part that was. Text that glides has its outline moved, not a picture of itself: a picture
would have to be resampled, and its edges would be off by dozens of levels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import cairo
import numpy as np
import numpy.typing as npt
from manim import Camera, CairoRenderer, Mobject, Scene, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

Picture = npt.NDArray[np.uint8]  # (height, width, 4) RGBA
Points = npt.NDArray[np.float64]  # (point, 3): an anchor, two handles and an anchor for each cubic curve
Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels; right and bottom are outside

_RELATIVE, _ABSOLUTE = 1e-5, 1e-6  # manim's tolerances for two anchors being one point
_MOVED = 1e-7  # units within which a path counts as merely moved: a hundred-thousandth of a pixel
_CURVE = 4  # points of a cubic curve
_MITER = 10  # cairo's limit: so many half line widths may a corner stick out
_FINER = 16  # cairo keeps a path in 1/256 of a pixel; ours are kept so much finer, since they are rounded twice
_REMEMBERED = 20_000  # paths


class Write(Protocol):
    """Takes a picture and how often it is shown, and is done with it when it returns.

    `changed` is the part outside which the picture is the last one; None when any of it may have changed.
    """

    def __call__(self, picture: Picture, repeat: int, changed: Box | None = None, /) -> None: ...


@dataclass(frozen=True)
class _Path:
    """A path as it was built for an object, which is kept so that its id stays its own."""

    of: VMobject
    points: Points
    path: Any  # cairo's, in manim's units
    low: tuple[float, float]  # the corners of the box that its points are in
    high: tuple[float, float]


class PathCamera(Camera):
    """Draws objects on `pixel_array`; `touched` is the box of all that it has drawn since it was set to None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.touched: Box | None = None
        self._paths: dict[int, _Path] = {}
        self._builder = cairo.Context(cairo.ImageSurface(cairo.FORMAT_A8, 1, 1))  # draws nothing
        self._scale = self.pixel_width / self.frame_width  # pixels a unit
        self._builder.scale(self._scale * _FINER, self._scale * _FINER)

    def get_mobjects_to_display(
        self,
        mobjects: Iterable[Mobject],
        include_submobjects: bool = True,
        excluded_mobjects: list[Mobject] | None = None,
    ) -> list[Mobject]:
        """All that has points, each at its last place, in the order of their z_index: as manim does it."""
        if not include_submobjects or excluded_mobjects:
            return super().get_mobjects_to_display(mobjects, include_submobjects, excluded_mobjects)
        found: dict[int, Mobject] = {}  # from the last to the first
        for mobject in reversed(list(mobjects)):
            _backwards(mobject, found)
        return sorted(reversed(found.values()), key=lambda m: m.z_index)

    def display_vectorized(self, vmobject: VMobject, ctx: cairo.Context) -> PathCamera:
        if len(vmobject.points) < _CURVE:  # a lone point, as at a label's corners
            return self
        paints = [
            (width, rgbas)
            for width, rgbas in (
                (vmobject.get_stroke_width(True), self.get_stroke_rgbas(vmobject, background=True)),
                (None, self.get_fill_rgbas(vmobject)),
                (vmobject.get_stroke_width(), self.get_stroke_rgbas(vmobject)),
            )
            if width != 0 and rgbas[:, 3].any()
        ]
        if not paints or not self._lay(ctx, vmobject, max(width or 0.0 for width, _ in paints)):
            return self
        for width, rgbas in paints:
            self.set_cairo_context_color(ctx, rgbas, vmobject)
            if width is None:
                ctx.fill_preserve()
            else:
                ctx.set_line_width(width * self.cairo_line_width_multiple)
                ctx.set_line_join(LINE_JOIN_MAP[vmobject.joint_type])
                ctx.set_line_cap(CAP_STYLE_MAP[vmobject.cap_style])
                ctx.stroke_preserve()
        return self

    def _lay(self, ctx: cairo.Context, vmobject: VMobject, width: float) -> bool:
        """Makes an object's outline the current path; False when it has none or is out of the picture."""
        points = vmobject.points
        kept = self._paths.get(id(vmobject))
        x = y = 0.0
        if kept is not None and kept.points.shape == points.shape:
            moved = points - kept.points
            x, y = float(moved[0, 0]), float(moved[0, 1])
            moved -= moved[0]
            if not max(moved.max(), -moved.min()) < _MOVED:
                kept, x, y = None, 0.0, 0.0
        else:
            kept = None
        if kept is None:
            kept = self._build(vmobject)
            if kept is None:
                return False
        if not self._touch(kept, x, y, width * self.cairo_line_width_multiple / 2 * _MITER):
            return False
        ctx.new_path()
        ctx.save()
        ctx.translate(x, y)
        ctx.append_path(kept.path)
        ctx.restore()
        return True

    def _touch(self, kept: _Path, x: float, y: float, margin: float) -> bool:
        """Adds a path's box to what is touched; False when it lies outside the picture."""
        scale, wide, high = self._scale, self.pixel_width, self.pixel_height
        x, y = x - self.frame_center[0], y - self.frame_center[1]
        left = max(0, math.floor((kept.low[0] + x - margin) * scale + wide / 2) - 1)
        right = min(wide, math.ceil((kept.high[0] + x + margin) * scale + wide / 2) + 1)
        top = max(0, math.floor((-kept.high[1] - y - margin) * scale + high / 2) - 1)
        bottom = min(high, math.ceil((-kept.low[1] - y + margin) * scale + high / 2) + 1)
        if left >= right or top >= bottom:
            return False
        self.touched = joined(self.touched, (left, top, right, bottom))
        return True

    def _build(self, vmobject: VMobject) -> _Path | None:
        points = vmobject.points
        if not np.isfinite(points).all():
            return None
        flat = points[:, :2]
        ends, starts = flat[3:-1:_CURVE], flat[_CURVE::_CURVE]
        count = min(len(ends), len(starts))
        apart = np.abs(ends[:count] - starts[:count]) > _ABSOLUTE + _RELATIVE * np.abs(starts[:count])
        cuts = [0, *((np.flatnonzero(apart.any(axis=1)) + 1) * _CURVE).tolist(), len(points)]
        xy: list[float] = flat.ravel().tolist()
        draw = self._builder
        draw.new_path()
        for first, stop in zip(cuts[:-1], cuts[1:], strict=True):
            draw.new_sub_path()
            draw.move_to(xy[2 * first], xy[2 * first + 1])
            for i in range(first, stop - _CURVE + 1, _CURVE):
                draw.curve_to(*xy[2 * i + 2 : 2 * i + 8])
            if vmobject.consider_points_equals_2d(
                (xy[2 * first], xy[2 * first + 1]), (xy[2 * stop - 2], xy[2 * stop - 1])
            ):
                draw.close_path()
        if len(self._paths) >= _REMEMBERED:
            self._paths.clear()
        low, high = flat.min(axis=0), flat.max(axis=0)
        corners = (float(low[0]), float(low[1])), (float(high[0]), float(high[1]))
        built = _Path(vmobject, points.copy(), draw.copy_path(), *corners)
        self._paths[id(vmobject)] = built
        return built


class Renderer(CairoRenderer):
    """Manim's Cairo renderer with every picture handed on instead of written by manim."""

    camera: PathCamera

    def __init__(self, write: Write) -> None:
        super().__init__(camera_class=PathCamera)
        self._write = write
        self._ground: Picture | None = None  # what the picture is outside `_drawn`
        self._drawn: Box | None = None
        self._changed: Box | None = None  # since the last picture that was handed on; None: anything

    def update_frame(
        self,
        scene: Scene,
        mobjects: Iterable[Mobject] | None = None,
        include_submobjects: bool = True,
        ignore_skipping: bool = True,
        **options: Any,
    ) -> None:
        """Draws a picture; over a static image that is there already, only what has moved since."""
        camera, static = self.camera, self.static_image
        if static is None or static is not self._ground or not mobjects or self._drawn is None:
            self._changed = None
            camera.touched = None
            super().update_frame(scene, mobjects, include_submobjects, ignore_skipping, **options)
            self._ground, self._drawn = static, camera.touched
            return
        wipe(camera.pixel_array, static, self._drawn)
        camera.touched = None
        camera.capture_mobjects(mobjects, include_submobjects=include_submobjects, **options)
        self._changed = joined(self._drawn, camera.touched)
        self._drawn = camera.touched

    def get_frame(self) -> Picture:
        """The camera's own memory, not a copy: whoever is handed it is done with it when he returns."""
        frame: Picture = self.camera.pixel_array
        return frame

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> Picture | None:
        image = super().save_static_frame_data(scene, static_mobjects)
        self.static_image = None if image is None else image.copy()
        return self.static_image

    def add_frame(self, frame: Picture, num_frames: int = 1) -> None:
        self.time += num_frames / self.camera.frame_rate
        self._write(frame, num_frames, self._changed)


def joined(one: Box | None, other: Box | None) -> Box | None:
    """The box that two boxes are in."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def wipe(picture: Picture, ground: Picture, box: Box) -> None:
    """Puts the ground's pixels back in a box."""
    left, top, right, bottom = box
    picture[top:bottom, left:right] = ground[top:bottom, left:right]


def _backwards(mobject: Mobject, found: dict[int, Mobject]) -> None:
    """Adds an object's family to what was found, the last member first."""
    for member in reversed(mobject.submobjects):
        _backwards(member, found)
    if id(mobject) not in found and len(mobject.points):
        found[id(mobject)] = mobject
