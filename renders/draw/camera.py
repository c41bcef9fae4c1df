"""Manim's Cairo camera and renderer, drawing the same pictures with less work.

Of a picture only the part that moves is wiped and drawn again, and the writer is told which part that was;
`transforms` says where things are, `cairo_paths` lays them, and nothing is copied that need not be.
Outlines go to cairo with manim's own coordinates: it samples an edge on 15 lines a pixel, so that a kept path
that is moved, or a sprite of a text, would be off by a dozen levels and more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from manim import CairoRenderer, Camera, Mobject, Scene, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP
from manim.utils.exceptions import EndSceneEarlyException

from renders.draw.cairo_paths import CURVE, Paths, Points, paths
from renders.draw.transforms import Paint, Play, paints_of, tracked
from renders.media.yuv import Box

Picture = npt.NDArray[np.uint8]  # (height, width, 4) RGBA
NOWHERE: Box = (0, 0, 0, 0)

_MITER = 10  # cairo's limit: so many half line widths may a corner stick out


class Write(Protocol):
    """Takes a picture and how often it is shown, and is done with it when it returns.

    `changed` is the part outside which the picture is the last one; None when any of it may have changed,
    and a box without an inside when none of it has.
    """

    def __call__(self, picture: Picture, repeat: int, changed: Box | None = None, /) -> None: ...


class PathCamera(Camera):
    """Draws objects on `pixel_array`; `touched` is the box of all that was drawn since it was `NOWHERE`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.touched = NOWHERE
        self.play: Play | None = None  # what moves, while it does
        self._sorted: tuple[Any, list[Mobject]] = (None, [])

    def capture_mobjects(self, mobjects: Iterable[Any], **options: Any) -> None:
        """Draws objects in their order, which is the same all through a play without surprises."""
        if self.play is None:
            shown: list[Any] = self.get_mobjects_to_display(mobjects, **options)
        else:
            self.play.advance()
            if self._sorted[0] is not mobjects or not self.play.steady:
                self._sorted = mobjects, in_order(mobjects)
            shown = self._sorted[1]
        if all(map(_plain, shown)):
            self.display_multiple_non_background_colored_vmobjects(shown, self.pixel_array)
        else:
            super().capture_mobjects(shown, include_submobjects=False)

    def get_mobjects_to_display(
        self,
        mobjects: Iterable[Mobject],
        include_submobjects: bool = True,
        excluded_mobjects: list[Mobject] | None = None,
    ) -> list[Mobject]:
        if not include_submobjects or excluded_mobjects:
            return super().get_mobjects_to_display(mobjects, include_submobjects, excluded_mobjects)
        return [mobject for mobject in in_order(mobjects) if len(mobject.points)]

    def display_multiple_non_background_colored_vmobjects(
        self, vmobjects: Iterable[VMobject], pixel_array: Any
    ) -> None:
        """Draws objects, each where the play has it, if it is one of the play's."""
        drawn = [
            (vmobject, paints)
            for vmobject in vmobjects
            if len(vmobject.points) >= CURVE and (paints := self._paints(vmobject))
        ]
        laid = paths([self._points(vmobject) for vmobject, _ in drawn])
        widest = [
            max(width or 0.0 for width, _ in paints) if len(paints) > 1 else paints[0][0] or 0.0
            for _, paints in drawn
        ]
        ctx = self.get_cairo_context(pixel_array)
        for place in self._touch(laid, np.array(widest)):
            laid.lay(ctx, place)
            vmobject, paints = drawn[place]
            for width, colour in paints:
                self._dip(ctx, vmobject, colour)
                if width is None:
                    ctx.fill_preserve()
                else:
                    ctx.set_line_width(width * self.cairo_line_width_multiple)
                    ctx.set_line_join(LINE_JOIN_MAP[vmobject.joint_type])
                    ctx.set_line_cap(CAP_STYLE_MAP[vmobject.cap_style])
                    ctx.stroke_preserve()

    def _dip(self, ctx: Any, vmobject: VMobject, colour: Any) -> None:
        if isinstance(colour, list):
            red, green, blue, opacity = colour
            ctx.set_source_rgba(blue, green, red, opacity)  # cairo's memory is read as RGBA
        else:
            self.set_cairo_context_color(ctx, colour, vmobject)

    def _points(self, vmobject: VMobject) -> Points:
        moved = self.play.points.get(id(vmobject)) if self.play else None
        return vmobject.points if moved is None else moved

    def _paints(self, vmobject: VMobject) -> list[Paint]:
        moved = self.play.paints.get(id(vmobject)) if self.play else None
        if moved is not None:
            return moved
        behind, fill, stroke = (
            rgbas[0].tolist() if len(rgbas) == 1 else rgbas
            for rgbas in (
                self.get_stroke_rgbas(vmobject, background=True),
                self.get_fill_rgbas(vmobject),
                self.get_stroke_rgbas(vmobject),
            )
        )
        return paints_of(vmobject.get_stroke_width(True), behind, fill, vmobject.get_stroke_width(), stroke)

    def _touch(self, laid: Paths, widths: Any) -> list[int]:
        """The places of the paths that are in the picture; their boxes are added to what is touched."""
        if not any(laid.sizes):
            return []
        margin = widths * self.cairo_line_width_multiple / 2 * _MITER
        x, y, _ = self.frame_center
        scale, wide, tall = self.pixel_width / self.frame_width, self.pixel_width, self.pixel_height
        low_x, low_y, high_x, high_y = laid.boxes.T
        with np.errstate(invalid="ignore"):
            left = np.maximum(0, np.floor((low_x - x - margin) * scale + wide / 2) - 1)
            right = np.minimum(wide, np.ceil((high_x - x + margin) * scale + wide / 2) + 1)
            top = np.maximum(0, np.floor((y - high_y - margin) * scale + tall / 2) - 1)
            bottom = np.minimum(tall, np.ceil((y - low_y + margin) * scale + tall / 2) + 1)
            seen = (left < right) & (top < bottom) & np.array(laid.sizes, bool)
        if seen.any():
            box = left[seen].min(), top[seen].min(), right[seen].max(), bottom[seen].max()
            self.touched = joined(self.touched, (int(box[0]), int(box[1]), int(box[2]), int(box[3])))
        places: list[int] = np.flatnonzero(seen).tolist()
        return places


class Renderer(CairoRenderer):
    """Manim's Cairo renderer with every picture handed on instead of written by manim."""

    camera: PathCamera

    def __init__(self, write: Write, first: int = 0, last: int | None = None) -> None:
        """Draws the frames from `first` up to `last` of a chapter; those before are gone through undrawn."""
        super().__init__(camera_class=PathCamera)
        self._write, self._first, self._last = write, first, last
        self._ground: Any = None  # what the picture is outside `_drawn`; None: that is not known
        self._drawn = NOWHERE
        self._changed: Box | None = None  # since the last picture that was handed on; None: anything
        self._still: Any = np.empty(0)  # the memory of `static_image`

    def play(self, scene: Any, *args: Any, **options: Any) -> None:
        """A play or a wait; none goes over the end of a beat, and so neither over `first` or `last`."""
        if self._last is not None and scene.now >= self._last:
            raise EndSceneEarlyException
        self._original_skipping_status = scene.now < self._first
        try:
            super().play(scene, *args, **options)
        finally:
            playing, self.camera.play = self.camera.play, None
            if playing is not None:
                playing.end()

    def update_frame(
        self,
        scene: Scene,
        mobjects: Iterable[Mobject] | None = None,
        include_submobjects: bool = True,
        ignore_skipping: bool = True,
        **options: Any,
    ) -> None:
        """Draws a picture; over what stands still, only what moves is wiped and drawn again."""
        if self.skip_animations:
            return
        camera: Any = self.camera
        ground = camera.background if self.static_image is None else self.static_image
        before, camera.touched = self._drawn, NOWHERE
        if ground is self._ground and mobjects:
            wipe(camera.pixel_array, ground, before)
            camera.capture_mobjects(mobjects, include_submobjects=include_submobjects, **options)
            if self._changed is not None:
                self._changed = joined(self._changed, joined(before, camera.touched))
        else:
            super().update_frame(scene, mobjects, include_submobjects, ignore_skipping, **options)
            self._ground, self._changed = ground, None
        self._drawn = camera.touched

    def get_frame(self) -> Any:
        """The camera's own memory, not a copy: whoever is handed it is done with it when he returns."""
        return self.camera.pixel_array

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> Any:
        """Draws what stands still; by now the play's animations have begun."""
        image: Any = super().save_static_frame_data(scene, static_mobjects)
        if self.skip_animations:
            return image
        self.camera.play = tracked(scene)
        if image is not None:
            if self._still.shape != image.shape:
                self._still = np.empty_like(image)
            np.copyto(self._still, image)
            self.static_image = self._ground = self._still
            self._drawn, self._changed = NOWHERE, None
        return self.static_image

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        if self.skip_animations:
            return
        self.time += num_frames / self.camera.frame_rate
        self._write(frame, num_frames, self._changed)
        self._changed = NOWHERE


def joined(one: Box, other: Box) -> Box:
    """The box that two boxes are in."""
    if NOWHERE in (one, other):
        return one if other == NOWHERE else other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def wipe(picture: Picture, ground: Picture, box: Box) -> None:
    """Puts the ground's pixels back in a box."""
    left, top, right, bottom = box
    picture[top:bottom, left:right] = ground[top:bottom, left:right]


def in_order(mobjects: Iterable[Mobject]) -> list[Mobject]:
    """Objects and all below them, each at its last place, in the order of their z_index: as manim does it."""
    found: dict[int, Mobject] = {}  # from the last to the first
    for mobject in reversed(list(mobjects)):
        _backwards(mobject, found)
    ordered = list(found.values())[::-1]
    return sorted(ordered, key=lambda m: m.z_index)


def _plain(mobject: Mobject) -> bool:
    return isinstance(mobject, VMobject) and mobject.background_image is None


def _backwards(mobject: Mobject, found: dict[int, Mobject]) -> None:
    """Adds an object's family to what was found, the last member first."""
    for member in reversed(mobject.submobjects):
        _backwards(member, found)
    found.setdefault(id(mobject), mobject)
