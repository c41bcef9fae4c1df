"""Beats → silent segments: manim draws, our writer encodes. Only here is manim's config touched."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from manim import CairoRenderer, tempconfig

from llmtrace.trace import Trace
from renders.draw.burn import Burner, Laid, inner
from renders.draw.camera import Picture
from renders.draw.look import SMALL, Look
from renders.draw.quick import quick_objects
from renders.draw.renderer import Renderer, Write
from renders.media.segment import SegmentWriter
from renders.media.yuv import Box
from renders.shot import Fault, Quality, RenderResult, RenderTask
from scenes import style
from scenes.lesson import ScheduledChapter
from scenes.reading import Shown
from scenes.stage import LessonScene, scene_class

Keep = Callable[[str, RenderResult], None]  # is given every beat as soon as it is drawn


def draw(
    task: RenderTask,
    tell: Callable[[int], None] = lambda _frames: None,
    keep: Keep = lambda _beat, _drawn: None,
) -> list[RenderResult]:
    """Draws and encodes the beats of a task. `tell` is called with the number of frames done so far."""
    quality, names = task.quality, list(task.segments)
    first = task.start(names[0])
    with style.themed(quality.theme), _Cutter(task, tell, keep) as cutter:
        hand: Write = cutter
        if task.captions is not None:
            hand = Burner(task.captions, Laid.wide(quality.width, quality.height), cutter, first)
            width, height = inner(quality.width, quality.height)
            quality = replace(quality, width=width, height=height)
        with configured(quality, task.fps), quick_objects():
            cutter.scene = scene_class(task.scheduled.chapter.source)(
                trace=Trace.load(task.trace),
                scheduled=task.scheduled,
                # A beat is the same whether it is drawn alone or after others.
                renderer=Renderer(hand, first, first + task.frames, set(map(task.start, task.beats))),
            )
            cutter.look = Look(cutter.scene, first)
            cutter.scene.render()
        return cutter.finish()


def render(
    trace: Trace,
    scheduled: ScheduledChapter,
    quality: Quality,
    fps: int,
    write: Write,
    renderer: Callable[[Write], CairoRenderer] = Renderer,
) -> list[Shown]:
    """Draws one chapter: `write` gets each picture, (height, width, 4) RGBA, and how often it is shown.

    Returns what was on screen, and when.
    """
    with configured(quality, fps), quick_objects() if renderer is Renderer else nullcontext():
        scene = scene_class(scheduled.chapter.source)(
            trace=trace, scheduled=scheduled, renderer=renderer(write)
        )
        scene.render()
    return scene.shown()


def look(task: RenderTask) -> list[Fault]:
    """Goes through a task's chapter without drawing it; what is wrong with its pictures, by its frames."""
    with _undrawn(task) as scene:
        watched = Look(scene)
        scene.render()
    return watched.found


def on_screen(task: RenderTask) -> list[dict[str, Any]]:
    """Goes through a task's chapter without drawing it; what is on screen in it, as it is written down."""
    with _undrawn(task) as scene:
        scene.render()
    return [row for beat in task.beats for row in _rows(task, scene, beat)]


@contextmanager
def _undrawn(task: RenderTask) -> Iterator[LessonScene]:
    """A task's scene, which ends without a picture."""
    with configured(replace(SMALL, theme=task.quality.theme), task.fps), quick_objects():
        yield scene_class(task.scheduled.chapter.source)(
            trace=Trace.load(task.trace),
            scheduled=task.scheduled,
            renderer=Renderer(lambda *_: None, first=task.scheduled.frames),
        )


def _rows(task: RenderTask, scene: LessonScene, beat: str) -> list[dict[str, Any]]:
    """What was on screen in a beat, as it is written down; seconds count from the beat's start."""
    start, frames = task.start(beat), task.beats[beat]
    place = {"where": "screen", "chapter": task.chapter, "beat": beat}
    return [
        {
            **place,
            "from": max(shown.start - start, 0) / task.fps,
            "to": min(shown.end - start, frames) / task.fps,
            **shown.what.row(),
        }
        for shown in scene.shown()
        if shown.start < start + frames and shown.end > start
    ]


class _Cutter:
    """A `Write` that gives every beat a segment of its own."""

    scene: LessonScene
    look: Look

    def __init__(self, task: RenderTask, tell: Callable[[int], None], keep: Keep) -> None:
        self._task, self._tell, self._keep = task, tell, keep
        self._todo, self._drawn, self._done = list(task.segments), list[RenderResult](), 0
        self._stack = ExitStack()
        self._writer: SegmentWriter | None = None

    def __enter__(self) -> _Cutter:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    def __call__(self, picture: Picture, repeat: int, changed: Box | None = None, /) -> None:
        task = self._task
        if self._writer is None or self._writer.frames == task.beats[self._todo[0]]:
            self._close()
            size = task.quality
            self._writer = self._stack.enter_context(
                SegmentWriter(
                    task.segments[self._todo[0]], size.width, size.height, task.fps, preset=size.preset
                )
            )
        self._writer.write(picture, repeat, changed)
        self._done += repeat
        self._tell(self._done)

    def _close(self) -> None:
        """Ends the segment of the beat that is drawn; what was on screen in it is known by now."""
        if self._writer is None:
            return
        name = self._todo.pop(0)
        if self._writer.frames != (frames := self._task.beats[name]):
            raise RuntimeError(f"{name}: {self._writer.frames} frames were drawn, not {frames}")
        self._writer = None
        self._stack.close()
        start = self._task.start(name)
        faults = [Fault(at - start, what) for at, what in self.look.found if 0 <= at - start < frames]
        self._drawn.append(
            RenderResult(self._task.segments[name], _rows(self._task, self.scene, name), faults)
        )
        self._keep(name, self._drawn[-1])

    def finish(self) -> list[RenderResult]:
        self._close()
        if self._todo:
            raise RuntimeError(f"{self._task.chapter}: beat {self._todo[0]} was not drawn")
        return self._drawn


@contextmanager
def configured(quality: Quality, fps: int, *, transparent: bool = False) -> Iterator[None]:
    """The theme and manim's config for one drawing; what manim writes goes to a folder that is removed."""
    logging.getLogger("manim").setLevel(logging.ERROR)
    with (
        style.themed(quality.theme),
        tempfile.TemporaryDirectory(prefix="llm-lesson-") as media,
        tempconfig(
            {
                "dry_run": True,
                "pixel_width": quality.width,
                "pixel_height": quality.height,
                "frame_rate": fps,
                "background_opacity": 0.0 if transparent else 1.0,
                "disable_caching": True,
                "progress_bar": "none",
                "verbosity": "ERROR",
                "media_dir": media,
            }
        ),
    ):
        yield
