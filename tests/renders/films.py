"""Lessons with sound and picture, made in no time: words, times, readings and files are real, the voice is
silent, and each frame shows its own number in black and white fields."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from llmtrace.trace import Trace
from renders.edition import writing
from renders.edition.edition import Edition
from renders.edition.manifest import PictureSize, TimedWord
from renders.edition.rows import Row
from renders.media.audio import write_audio
from renders.media.mp4 import mux
from renders.media.poster import poster
from renders.media.segment import SegmentWriter
from renders.publish.products import publish
from renders.store import layout
from renders.timeline import Timeline, schedule
from scenes.lesson import write_lesson
from scenes.locale import Locale
from voiceover.engines.silent import SilentEngine
from voiceover.loudness import RATE
from voiceover.spoken import spoken

WIDTH, HEIGHT, FPS = 320, 180, 10
FIELDS = 12  # a frame's number in binary, the lowest digit first, from left to right


def film(
    trace: Trace, folder: Path, chapters: tuple[str, ...] = ("tokens", "embedding"), language: str = "en"
) -> Edition:
    """A lesson of a trace in a new folder; what is spoken in a beat is also on its screen."""
    folder.mkdir()
    trace.save(folder / layout.TRACE)
    lesson = write_lesson(trace, Locale(language), chapters)
    engine = SilentEngine(language, rate=1000)
    texts = [beat.text for chapter in lesson.chapters for beat in chapter.beats]
    timeline = schedule(lesson, {text: engine.speak(spoken(text, language)) for text in texts}, FPS)
    _video(folder, timeline)
    picture = PictureSize(width=WIDTH, height=HEIGHT, preset="ultrafast", burned=False)
    told = writing.Spoken(trace, lesson, timeline, engine)
    writing.write(folder, told, list(_screen(timeline)), picture)
    return publish(Edition.load(folder))


def number_of(edition: Edition) -> tuple[Row, str]:
    """A long number that is said once, and the same with another last digit."""
    said = [
        row for row in edition.rows if row.where == "speech" and len(re.findall(r"\d", row.text or "")) > 2
    ]
    row = next(row for row in said if [other.text for other in said].count(row.text) == 1)
    text = row.text or ""
    return row, f"{text[:-1]}{(int(text[-1]) + 1) % 10}"


def word_of(edition: Edition) -> TimedWord:
    """The longest word that is said once, of letters alone."""
    words = [word for _, beat in edition.manifest.beats for one in beat.captions for word in one.words]
    said = [word.text.strip(".,:;?!").lower() for word in words]
    once = [word for word in words if word.text.isalpha() and said.count(word.text.lower()) == 1]
    return max(once, key=lambda word: len(word.text))


def _screen(timeline: Timeline):
    for timed in timeline.chapters:
        for beat in timed.beats:
            place = {"where": "screen", "chapter": timed.chapter.name, "beat": beat.beat.name}
            seconds = (beat.end - beat.start) / FPS
            for number, reading in enumerate(beat.beat.readings):
                times = {"from": 0.25 * number, "to": seconds - 0.1 * number}
                yield {**place, **times, **reading.row()}


def _video(folder: Path, timeline: Timeline) -> None:
    """A segment for each beat, as a lesson has them, so that clips can begin there."""
    picture, segments = np.zeros((HEIGHT, WIDTH, 4), np.uint8), list[Path]()
    for beat in (beat for timed in timeline.chapters for beat in timed.beats):
        segments.append(folder / f"{len(segments)}.mp4")
        with SegmentWriter(segments[-1], WIDTH, HEIGHT, FPS, preset="ultrafast") as segment:
            for number in range(beat.start, beat.end):
                digits = [255 * (number >> place & 1) for place in range(FIELDS)]
                picture[:, : WIDTH // FIELDS * FIELDS] = np.repeat(digits, WIDTH // FIELDS)[None, :, None]
                segment.write(picture)
    sound = folder / "all.m4a"
    write_audio(sound, np.zeros(round(timeline.seconds * RATE), np.float32))
    captions = [(c.start, c.end, c.text) for timed in timeline.chapters for c in timed.captions]
    video = folder / layout.VIDEO
    mux(segments, sound, captions, timeline.titles, video, fps=FPS, title="What will be")
    (folder / layout.POSTER).write_bytes(poster([segments[-1]]))
    for path in (*segments, sound):
        path.unlink()
