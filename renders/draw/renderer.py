"""Manim's Cairo renderer: only what moves is wiped and drawn again, and the writer is told where that is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Protocol

import numpy as np
from manim import CairoRenderer, Mobject, Scene
from manim.utils.exceptions import EndSceneEarlyException

from renders.draw.camera import LessonCamera, Picture
from renders.draw.changes import EMPTY, joined
from renders.draw.transforms import batched
from renders.media.yuv import Box


class Write(Protocol):
    """Takes a picture and how often it is shown, and is done with it when it returns.

    `changed` is the part outside which the picture is the last one; None when any of it may have changed,
    and a box without an inside when none of it has.
    """

    def __call__(self, picture: Picture, repeat: int, changed: Box | None = None, /) -> None: ...


class Renderer(CairoRenderer):
    """Manim's Cairo renderer, every picture handed on instead of written by manim; `now` counts frames."""

    camera: LessonCamera

    def __init__(
        self, write: Write, first: int = 0, last: int | None = None, anew: Collection[int] = ()
    ) -> None:
        """Draws the frames from `first` up to `last` of a chapter; those before are gone through undrawn.

        On the frames `anew` nothing of the last picture is kept. A part of a picture is drawn a few levels
        otherwise than all of it, since cairo cuts outlines at the part's edge.
        """
        super().__init__(camera_class=LessonCamera)
        self.now = 0
        self._write, self._first, self._last, self._anew = write, first, last, anew
        self._ground: Any = None  # what the picture is outside `_drawn`; None: that is not known
        self._drawn = EMPTY
        self._changed: Box | None = None  # since the last picture that was handed on; None: anything
        self._still: Any = np.empty(0)  # the memory of `static_image`

    def play(self, scene: Any, *args: Any, **options: Any) -> None:
        """A play or a wait; none goes over the end of a beat, and so neither over `first` or `last`."""
        if self._last is not None and self.now >= self._last:
            raise EndSceneEarlyException
        self._original_skipping_status = self.now < self._first
        before = self.now
        try:
            super().play(scene, *args, **options)
        finally:
            playing, self.camera.play = self.camera.play, None
            if playing is not None:
                playing.end()
        if self.skip_animations:
            self.now = before + self._frames_of(scene)

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
        before, camera.dirty = self._drawn, EMPTY
        if ground is self._ground and mobjects and self.now not in self._anew:
            box = camera.redraw(mobjects, ground, before, include_submobjects=include_submobjects, **options)
            if self._changed is not None:
                self._changed = joined(self._changed, box)
        else:
            super().update_frame(scene, mobjects, include_submobjects, ignore_skipping, **options)
            self._ground, self._changed = ground, None
        self._drawn = camera.dirty

    def get_frame(self) -> Any:
        """The camera's own memory, not a copy: whoever is handed it is done with it when he returns."""
        return self.camera.pixel_array

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> Any:
        """Draws what stands still; by now the play's animations have begun."""
        image: Any = super().save_static_frame_data(scene, static_mobjects)
        if self.skip_animations:
            return image
        self.camera.play = batched(scene)
        if image is not None:
            if self._still.shape != image.shape:
                self._still = np.empty_like(image)
            np.copyto(self._still, image)
            self.static_image = self._ground = self._still
            self._drawn, self._changed = EMPTY, None
        return self.static_image

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        if self.skip_animations:
            return
        self.now += num_frames
        self.time += num_frames / self.camera.frame_rate
        self._write(frame, num_frames, self._changed)
        self._changed = EMPTY

    def _frames_of(self, scene: Any) -> int:
        """The frames that a play would have had: manim rounds a hold down, and a play up."""
        frame = 1 / self.camera.frame_rate
        if scene.is_current_animation_frozen_frame():
            return int(scene.duration / frame)
        return len(np.arange(0, scene.duration, frame))
