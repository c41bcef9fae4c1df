"""How fast lessons are made: each line a ratio of two things that were measured side by side in one run."""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import psutil

from llmtrace.trace import Trace
from renders.bench.memory import memory_of
from renders.build import Built, build
from renders.media.segment import SegmentWriter
from renders.pool.capacity import capacity
from renders.progress import NullReporter, Reporter
from renders.request import VideoRequest
from renders.shot import QUALITIES
from renders.store import places
from scenes.lesson import Lesson, write_lesson
from scenes.locale import Locale

HISTORY = "bench.jsonl"
SENTENCE = " Look."  # what is added to one sentence, to see how soon that is drawn
# Each line's name: what is measured, and what is aimed at (at least; for those in `AT_MOST` at most).
LINES = {
    "real_time_factor": ("seconds of video a second of work, nothing kept", 2.0),
    "drawing_to_manim": ("manim's own camera ÷ ours, CPU of drawing a chapter", 4.0),
    "drawing_to_usual": ("a Rectangle a cell, a Text a number ÷ ours, CPU of drawing matrices", 10.0),
    "of_encoding_alone": ("encoding the same frames alone, repeats as such ÷ drawing and encoding", 0.5),
    "two_workers": ("drawing with one worker ÷ with two", 1.7),
    "changed_sentence": ("building after one sentence changed ÷ building all", 0.1),
    "rerun_seconds": ("building again what has not changed, s", 5.0),
    "peak_gigabytes": ("memory of all processes together, GB", 2.5),
}
AT_MOST = ("changed_sentence", "rerun_seconds", "peak_gigabytes")


def measure(request: VideoRequest, reporter: Reporter) -> dict[str, Any]:
    """Makes the lesson several times in a temporary folder, and draws parts of it in other ways."""
    from renders.bench.drawing import to_manim, to_usual

    with tempfile.TemporaryDirectory(prefix="llm-lesson-bench-") as place:
        workers = request.workers or capacity()
        request = replace(request, out=Path(place) / "lesson", cache=Path(place) / "cache", workers=workers)
        with memory_of(psutil.Process()) as peak:
            full = _built(request, reporter)
        encoding = _encoding(full.edition.media, request)
        rerun = _built(request)
        changed = build(request, NullReporter(), _with_a_word_more)
        drawn = {n: _drawing(replace(request, workers=n)) for n in {1, 2, workers}}
        quality = QUALITIES[request.quality]
        measured = {
            "quality": request.quality,
            "fps": request.fps,
            "workers": workers,
            "cores": os.cpu_count(),
            "machine": platform.machine(),
            "video": round(full.seconds, 2),
            "wall": round(full.wall, 2),
            "stages": {stage: round(seconds, 2) for stage, seconds in full.stages.items()},
            "real_time_factor": full.real_time_factor,
            "drawing_to_manim": to_manim(full.edition.folder, quality, request.fps),
            "drawing_to_usual": to_usual(full.edition.folder, quality, request.fps),
            "of_encoding_alone": encoding / min(workers, os.cpu_count() or 1) / drawn[workers],
            "two_workers": drawn[1] / drawn[2],
            "changed_sentence": changed.wall / full.wall,
            "rerun_seconds": rerun.wall,
            "peak_gigabytes": max(peak, default=0.0),
        }
    return {name: round(v, 3) if isinstance(v, float) else v for name, v in measured.items()}


def remember(measured: Mapping[str, Any]) -> dict[str, Any] | None:
    """Adds a line to the history; returns the last one of the same size, rate, workers and cores."""
    path = places.cache(HISTORY)
    alike = None
    with suppress(OSError):
        for row in path.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError):
                before = json.loads(row)
                if all(before.get(n) == measured[n] for n in ("quality", "fps", "workers", "cores")):
                    alike = before
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), **measured}) + "\n")
    return alike


def _built(request: VideoRequest, reporter: Reporter | None = None) -> Built:
    return build(request, reporter or NullReporter())


def _drawing(request: VideoRequest) -> float:
    """Seconds of the stage that draws, with trace and speech kept and no beat."""
    places.remove(places.cache("segments", request.cache))
    return _built(request).stages["frames"]


def _encoding(video: Path, request: VideoRequest) -> float:
    """Seconds that encoding a video's pictures takes on one core, as a build encodes them.

    The writer is the build's: it finds out itself what has changed, and a picture that equals the last is a
    repeat here as well.
    """
    quality, seconds = QUALITIES[request.quality], 0.0
    with (
        av.open(str(video.absolute())) as container,
        SegmentWriter(
            video.with_name("again.mp4"), quality.width, quality.height, request.fps, preset=quality.preset
        ) as writer,
    ):
        for frame in container.decode(video=0):
            picture = frame.to_ndarray(format="rgba")
            began = time.perf_counter()
            writer.write(picture)
            writer.flush()
            seconds += time.perf_counter() - began
    return seconds


def _with_a_word_more(trace: Trace, locale: Locale, chapters: Sequence[str] | None) -> Lesson:
    """The lesson with a word more in one of its beats, halfway through it."""
    lesson = write_lesson(trace, locale, chapters)
    middle = lesson.chapters[len(lesson.chapters) // 2]
    first, *others = middle.beats
    longer = replace(middle, beats=(replace(first, text=first.text + SENTENCE), *others))
    return replace(lesson, chapters=tuple(longer if one is middle else one for one in lesson.chapters))
