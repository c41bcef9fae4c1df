"""Editions made in no time, without sound and picture: their words and times are real."""

from __future__ import annotations

from pathlib import Path

from llmtrace.trace import Trace
from renders.edition import writing
from renders.edition.edition import Edition
from renders.store import layout
from renders.timeline import Timeline, schedule
from scenes.lesson import Lesson, write_lesson
from scenes.locale import Locale
from voiceover.engines.silent import SilentEngine
from voiceover.spoken import spoken


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
