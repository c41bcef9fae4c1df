"""A task to draw, small and quick."""

from __future__ import annotations

from pathlib import Path

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.shot import Quality, RenderTask
from scenes.lesson import paced, write_lesson
from scenes.locale import Locale

SIZE = Quality(320, 180, "ultrafast")
BEAT = 12  # frames


def task_of(
    trace: Trace, chapter: str, place: Path, *only: str, frames: int = BEAT, language: str = "en"
) -> RenderTask:
    """A task with a chapter's beats, or some of them, each of so many frames."""
    scheduled = paced(write_lesson(trace, Locale(language)).chapter(chapter), lambda _: frames)
    place.mkdir(exist_ok=True)
    return RenderTask(
        trace=EXAMPLE,
        scheduled=scheduled,
        captions=None,
        quality=SIZE,
        fps=30,
        segments={
            beat: place / f"{chapter}.{beat}.mp4"
            for beat in only or [one.beat.name for one in scheduled.beats]
        },
    )
