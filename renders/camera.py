"""Manim's Cairo camera and renderer, drawing the same pictures with less work.

Of a picture only the part that moves is wiped and drawn again, and the writer is told which part that was;
paths are laid without numpy's cost per call, and nothing is copied that need not be. Outlines go to cairo
with manim's own coordinates: it samples an edge on 15 lines a pixel, so that a kept path that is moved,
or a sprite of a text, would be off by a dozen levels and more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from manim import CairoRenderer, Camera, Mobject, Scene, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP
from manim.utils.exceptions import EndSceneEarlyException

Picture = npt.NDArray[np.uint8]  # (height, width, 4) RGBA
Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels; right and bottom are outside

_RELATIVE, _ABSOLUTE = 1e-5, 1e-6  # manim's tolerances for two anchors being one point
_CURVE = 4  # points of a cubic curve
_MITER = 10  # cairo's limit: so many half line widths may a corner stick out


class Write(Protocol):
    """Takes a picture and how often it is shown, and is done with it when it returns.

    `changed` is the part outside which the picture is the last one; None when any of it may have changed.
    """

    def __call__(self, picture: Picture, repeat: int, changed: Box | None = None, /) -> None: ...


class PathCamera(Camera):
    """Draws objects on `pixel_array`; `touched` is the box of all that was drawn since it was set to None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.touched: Box | None = None

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
        ordered = list(found.values())[::-1]
        return sorted(ordered, key=lambda m: m.z_index)

    def display_vectorized(self, vmobject: VMobject, ctx: Any) -> PathCamera:
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

    def _lay(self, ctx: Any, vmobject: VMobject, width: float) -> bool:
        """Makes an object's outline the current path; False when it has none or is out of the picture.

        A new part begins wherever a curve does not start where the last one ended, and a part that ends where
        it began is closed: as manim does it, and to the same coordinates.
        """
        points = vmobject.points[:, :2]
        xy: list[float] = points.ravel().tolist()
        if not self._touch(xy, width * self.cairo_line_width_multiple / 2 * _MITER):
            return False
        ctx.new_path()
        start = end = (math.nan, math.nan)
        for i in range(0, len(xy) - 7, 8):
            here = (xy[i], xy[i + 1])
            if here != end and not _close(end, here):
                if _close(start, end):
                    ctx.close_path()
                ctx.move_to(*here)
                start = here
            ctx.curve_to(xy[i + 2], xy[i + 3], xy[i + 4], xy[i + 5], xy[i + 6], xy[i + 7])
            end = (xy[i + 6], xy[i + 7])
        if _close(start, end):
            ctx.close_path()
        return True

    def _touch(self, xy: list[float], margin: float) -> bool:
        """Adds an outline's box to what is touched; False when it is outside the picture or not finite."""
        xs, ys = xy[::2], xy[1::2]
        low, high = (min(xs), max(ys)), (max(xs), min(ys))  # the top left and the bottom right
        if not math.isfinite(sum(xy)):
            return False
        x, y, _ = self.frame_center
        scale, wide, tall = self.pixel_width / self.frame_width, self.pixel_width, self.pixel_height
        left = max(0, math.floor((low[0] - x - margin) * scale + wide / 2) - 1)
        right = min(wide, math.ceil((high[0] - x + margin) * scale + wide / 2) + 1)
        top = max(0, math.floor((y - low[1] - margin) * scale + tall / 2) - 1)
        bottom = min(tall, math.ceil((y - high[1] + margin) * scale + tall / 2) + 1)
        if left >= right or top >= bottom:
            return False
        self.touched = joined(self.touched, (left, top, right, bottom))
        return True


class Renderer(CairoRenderer):
    """Manim's Cairo renderer with every picture handed on instead of written by manim."""

    camera: PathCamera

    def __init__(self, write: Write, first: int = 0, last: int | None = None) -> None:
        """Draws the frames from `first` up to `last` of a chapter; those before are gone through undrawn."""
        super().__init__(camera_class=PathCamera)
        self._write, self._first, self._last = write, first, last
        self._ground: Any = None  # what the picture is outside `_drawn`
        self._drawn: Box | None = None
        self._changed: Box | None = None  # since the last picture that was handed on; None: anything

    def play(self, scene: Any, *args: Any, **options: Any) -> None:
        """A play or a wait; none goes over the end of a beat, and so neither over `first` or `last`."""
        if self._last is not None and scene.now >= self._last:
            raise EndSceneEarlyException
        self._original_skipping_status = scene.now < self._first
        super().play(scene, *args, **options)

    def update_frame(
        self,
        scene: Scene,
        mobjects: Iterable[Mobject] | None = None,
        include_submobjects: bool = True,
        ignore_skipping: bool = True,
        **options: Any,
    ) -> None:
        """Draws a picture; over a static image that is there already, only what has moved since."""
        if self.skip_animations:
            return
        camera = self.camera
        static: Any = self.static_image
        if static is None or static is not self._ground or not mobjects or self._drawn is None:
            self._changed = None
            camera.touched = None
            super().update_frame(scene, mobjects, include_submobjects, ignore_skipping, **options)
            self._ground, self._drawn = static, camera.touched
            return
        picture: Any = camera.pixel_array
        wipe(picture, static, self._drawn)
        camera.touched = None
        camera.capture_mobjects(mobjects, include_submobjects=include_submobjects, **options)
        self._changed = joined(self._drawn, camera.touched)
        self._drawn = camera.touched

    def get_frame(self) -> Any:
        """The camera's own memory, not a copy: whoever is handed it is done with it when he returns."""
        return self.camera.pixel_array

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> Any:
        image = super().save_static_frame_data(scene, static_mobjects)
        self.static_image = None if image is None else image.copy()
        return self.static_image

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        if self.skip_animations:
            return
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


def _close(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two anchors are one point, by manim's measure."""
    return all(abs(a - b) <= _ABSOLUTE + _RELATIVE * abs(b) for a, b in zip(one, other, strict=True))
