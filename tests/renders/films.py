"""Lessons with sound and picture, made in no time: words, times, readings and files are real, the voice is
silent, and each frame shows which it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from segments import grey

from llmtrace.trace import Trace
from renders.edition import writing
from renders.edition.edition import Edition
from renders.edition.manifest import PictureSize, TimedWord
from renders.edition.rows import Row
from renders.media.audio import write_audio
from renders.media.mp4 import mux
from renders.media.poster import poster
from renders.media.segment import SegmentWriter
from renders.media.x264 import PRESET
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
CLICK = 480  # samples after a beat's start

Picture = npt.NDArray[np.uint8]  # (height, width, 4) RGBA


class Clicks(SilentEngine):
    """Says that it is a voice."""

    name = "clicks"
    voice = "click"
    licence = "nobody's"


def numbered(frame: int) -> Picture:
    """A frame's own number in black and white fields."""
    picture = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    digits = [255 * (frame >> place & 1) for place in range(FIELDS)]
    picture[:, : WIDTH // FIELDS * FIELDS] = np.repeat(digits, WIDTH // FIELDS)[None, :, None]
    return picture


def greyed(frame: int) -> Picture:
    """A frame of one grey, which tells it from its neighbours."""
    return np.full((HEIGHT, WIDTH, 4), grey(frame), np.uint8)


def film(
    trace: Trace,
    folder: Path,
    chapters: tuple[str, ...] = ("tokens", "embedding"),
    language: str = "en",
    *,
    picture: Callable[[int], Picture] = numbered,
    voice: type[SilentEngine] = SilentEngine,
) -> Edition:
    """A lesson of a trace in a new folder; what is spoken in a beat is also on its screen, and each beat's
    sound begins with a click.
    """
    folder.mkdir(exist_ok=True)
    trace.save(folder / layout.TRACE)
    lesson, engine = write_lesson(trace, Locale(language), chapters), voice(language, rate=1000)
    texts = [beat.text for chapter in lesson.chapters for beat in chapter.beats]
    timeline = schedule(lesson, {text: engine.speak(spoken(text, language)) for text in texts}, FPS)
    _video(folder, timeline, picture)
    size = PictureSize(width=WIDTH, height=HEIGHT, preset=PRESET, burned=False)
    told = writing.Spoken(trace, lesson, timeline, engine)
    writing.write(folder, told, list(_screen(timeline)), size)
    return publish(Edition.load(folder))


def grey_film(trace: Trace, folder: Path, chapters: tuple[str, ...]) -> Edition:
    """The same with a voice, and one grey a frame, which survives any size."""
    return film(trace, folder, chapters, picture=greyed, voice=Clicks)


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


def _screen(timeline: Timeline) -> Iterator[dict[str, Any]]:
    """One reading after the other comes, and all stay until the beat ends."""
    for timed in timeline.chapters:
        for beat in timed.beats:
            place = {"where": "screen", "chapter": timed.chapter.name, "beat": beat.beat.name}
            seconds = (beat.end - beat.start) / FPS
            for number, reading in enumerate(beat.beat.readings):
                times = {"from": min(0.25 * number, seconds / 2), "to": seconds}
                yield {**place, **times, **reading.row()}


def _video(folder: Path, timeline: Timeline, picture: Callable[[int], Picture]) -> None:
    """A segment for each beat, as a lesson has them, so that clips can begin there."""
    segments, sound = list[Path](), np.zeros(round(timeline.seconds * RATE), np.float32)
    for beat in (beat for timed in timeline.chapters for beat in timed.beats):
        sound[beat.start * RATE // FPS + CLICK] = 0.9
        segments.append(folder / f"{len(segments)}.mp4")
        with SegmentWriter(segments[-1], WIDTH, HEIGHT, FPS) as segment:
            for number in range(beat.start, beat.end):
                segment.write(picture(number))
    track = folder / "all.m4a"
    write_audio(track, sound)
    captions = [(c.start, c.end, c.text) for timed in timeline.chapters for c in timed.captions]
    video = folder / layout.VIDEO
    mux(segments, [track], captions, timeline.titles, video, fps=FPS, title="What will be")
    (folder / layout.POSTER).write_bytes(poster([(segments[-1], timeline.finished[-1])]))
    for path in (*segments, track):
        path.unlink()
