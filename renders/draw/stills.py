"""Single frames of a chapter, drawn as they are in its video; plays that none of them lies in are skipped."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from llmtrace.trace import Trace
from renders.draw.burn import Burner, Laid, inner
from renders.draw.camera import Picture
from renders.draw.quick import quick_objects
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from renders.shot import RenderTask
from scenes.stage import scene_class

Take = Callable[[int, Picture], None]  # a frame's number in its chapter, and its picture


def stills(task: RenderTask, frames: Collection[int], take: Take, *, transparent: bool = False) -> None:
    """Draws these frames of a task's chapter, in order; `take` gets each, (height, width, 4) RGBA.

    A picture changes again after the call. `transparent`: without the ground, colours times their opacity.
    """
    quality, hand = task.quality, take
    if task.captions is not None:
        width, height = inner(quality.width, quality.height)
        quality, hand = replace(quality, width=width, height=height), _burning(task, take)
    with configured(quality, task.fps, transparent=transparent), quick_objects():
        scene = scene_class(task.scheduled.chapter.source)(
            trace=Trace.load(task.trace),
            scheduled=task.scheduled,
            renderer=StillsRenderer(frozenset(frames), hand),
        )
        scene.render()


class StillsRenderer(Renderer):
    """Draws the plays that a wanted frame lies in, and hands on the wanted frames alone; then it ends."""

    def __init__(self, wanted: frozenset[int], take: Take) -> None:
        super().__init__(self._picked, last=max(wanted, default=-1) + 1)
        self._wanted, self._take = wanted, take
        self.scene: Any = None  # that is drawn

    def play(self, scene: Any, *args: Any, **options: Any) -> None:
        self.scene = scene
        length = options.get("run_time") or max(animation.run_time for animation in args)
        ends = self.now + round(length * self.camera.frame_rate)
        drawn = any(self.now <= frame <= ends for frame in self._wanted)
        self._first = self.now if drawn else self.now + 1
        super().play(scene, *args, **options)

    def _picked(self, picture: Picture, repeat: int, _changed: object = None, /) -> None:
        for frame in range(self.now - repeat, self.now):
            if frame in self._wanted:
                self._take(frame, picture)


def _burning(task: RenderTask, take: Take) -> Take:
    """Adds the captions below each picture."""
    size = task.quality

    def burn(frame: int, picture: Picture) -> None:
        write = lambda whole, _repeat: take(frame, whole)  # noqa: E731
        Burner(task.captions or (), Laid.wide(size.width, size.height), write, frame)(picture, 1)

    return burn
