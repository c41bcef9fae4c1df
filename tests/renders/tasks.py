"""A task to draw, small and quick."""

from __future__ import annotations

from pathlib import Path

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.shot import Quality, RenderTask
from scenes.lesson import write_lesson

SIZE = Quality(320, 180, "ultrafast")
BEAT = 12  # frames


def task_of(trace: Trace, chapter: str, place: Path, *only: str) -> RenderTask:
    beats = {beat.name: BEAT for beat in write_lesson(trace).chapter(chapter).beats}
    place.mkdir(exist_ok=True)
    return RenderTask(
        trace=EXAMPLE,
        chapter=chapter,
        beats=beats,
        cues={},
        captions=None,
        language="en",
        quality=SIZE,
        fps=30,
        segments={beat: place / f"{chapter}.{beat}.mp4" for beat in only or beats},
    )
