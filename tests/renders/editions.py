"""Editions made in no time: their words, times and rows are real, sound and picture are not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import segments

from llmtrace.trace import Trace
from renders.edition import writing
from renders.edition.edition import Edition
from renders.edition.manifest import PictureSize
from renders.media.mp4 import mux
from renders.media.x264 import PRESET
from renders.publish.products import publish
from renders.store import layout
from renders.timeline import SpokenBeat, Timeline, schedule
from scenes.lesson import Lesson, write_lesson
from scenes.locale import Locale
from voiceover.engines.silent import SilentEngine
from voiceover.loudness import RATE
from voiceover.spoken import spoken

CLICK = 480  # samples after a beat's start


class Clicks(SilentEngine):
    """Says that it is a voice."""

    name = "clicks"
    voice = "click"
    licence = "nobody's"


def timeline_of(lesson: Lesson, fps: int = 30) -> Timeline:
    engine = SilentEngine(rate=1000)
    texts = [beat.text for chapter in lesson.chapters for beat in chapter.beats]
    return schedule(lesson, {text: engine.speak(spoken(text)) for text in texts}, fps)


def edition_of(trace: Trace, folder: Path, chapters: tuple[str, ...] | None = None) -> Edition:
    """The edition of a trace in a new folder."""
    folder.mkdir(exist_ok=True)
    trace.save(folder / layout.TRACE)
    lesson = write_lesson(trace, Locale("en"), chapters)
    writing.write(folder, writing.Spoken(trace, lesson, timeline_of(lesson), SilentEngine(rate=1000)), [])
    return Edition.load(folder)


def filmed(trace: Trace, folder: Path, chapters: tuple[str, ...], language: str = "en") -> Edition:
    """The same with a video: each frame is one grey, and each beat's sound begins with a click."""
    folder.mkdir(exist_ok=True)
    trace.save(folder / layout.TRACE)
    lesson = write_lesson(trace, Locale(language), chapters)
    timeline = timeline_of(lesson, segments.FPS)
    beats = [beat for chapter in timeline.chapters for beat in chapter.beats]
    parts = folder / "parts"
    parts.mkdir()
    made = segments.segments(parts, [beat.end - beat.start for beat in beats])
    sound = np.zeros(round(timeline.seconds * RATE), np.float32)
    for beat in beats:
        sound[beat.start * RATE // segments.FPS + CLICK] = 0.9
    mux(
        made,
        segments.track(parts, sound),
        [(c.start, c.end, c.text) for beat in beats for c in beat.captions],
        timeline.titles,
        folder / layout.VIDEO,
        fps=segments.FPS,
        title=lesson.prompt,
    )
    shutil.rmtree(parts)
    size = PictureSize(width=segments.WIDTH, height=segments.HEIGHT, preset=PRESET, burned=False)
    rows = [row for beat in beats for row in _on_screen(beat, lesson)]
    writing.write(folder, writing.Spoken(trace, lesson, timeline, Clicks()), rows, size)
    return publish(Edition.load(folder))


def _on_screen(beat: SpokenBeat, lesson: Lesson) -> Iterator[dict[str, Any]]:
    """What is said stands on the screen too, until the beat ends."""
    chapter = next(c for c in lesson.chapters if beat.beat in c.beats)
    lasts = (beat.end - beat.start) / segments.FPS
    place = {"where": "screen", "chapter": chapter.name, "beat": beat.beat.name, "from": 0.0, "to": lasts}
    yield from ({**place, **reading.row()} for reading in beat.beat.readings)
