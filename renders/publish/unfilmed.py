"""A chapter of a prompt that is neither spoken nor filmed: all that a still of it is drawn from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from renders import narration
from renders.edition import writing
from renders.edition.edition import Edition
from renders.edition.manifest import PictureSize
from renders.edition.rows import Row
from renders.progress import Reporter, Stages
from renders.publish.redrawn import task_of
from renders.request import VideoRequest
from renders.shot import QUALITIES
from renders.store import layout
from renders.timeline import Timeline, timed
from renders.tracing import traced
from scenes.lesson import write_lesson
from voiceover.engines.silent import SilentEngine

_RATE = 1000  # samples a second of a silence that nobody hears


@contextmanager
def unfilmed(request: VideoRequest, reporter: Reporter) -> Iterator[Edition]:
    """The edition of a request without its video and without the rows of its screen, for as long as the block
    runs; beats last as long as they take to read.
    """
    stages, voice = Stages(reporter), SilentEngine(request.language, rate=_RATE)
    with TemporaryDirectory(prefix="llm-lesson-") as place:
        folder = Path(place)
        with stages.running("trace"):
            trace = traced(request, folder / layout.TRACE, reporter)
        with stages.running("lesson"):
            lesson = write_lesson(trace, request.locale, request.chapters)
            speak = narration.speaker(voice, request.cache).speak
            timeline = Timeline(request.fps, tuple(timed(lesson, speak, request.fps)))
            size = QUALITIES[request.quality]
            picture = PictureSize(
                width=size.width, height=size.height, preset=size.preset, burned=False, theme=request.theme
            )
            writing.write(folder, writing.Spoken(trace, lesson, timeline, voice), [], picture)
        yield Edition.load(folder)


def gone_through(edition: Edition) -> Edition:
    """The same with the rows of what would be on screen: its chapters are gone through undrawn."""
    return replace(edition, rows=(*edition.rows, *_on_screen(edition)))


def _on_screen(edition: Edition) -> Iterator[Row]:
    from renders.draw.render import on_screen  # loads manim

    for chapter in edition.manifest.chapters:
        task = task_of(edition, chapter)
        assert task is not None  # its beats are those that this version tells
        yield from (msgspec.convert(row, Row) for row in on_screen(task))
