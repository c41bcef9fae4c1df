"""What a lesson's folder says of itself: `lesson.json` and `readings.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from llmtrace.trace import Trace
from renders.errors import CheckError
from renders.store import layout
from renders.timeline import SpokenBeat, Timeline
from scenes.lesson import Lesson
from scenes.reading import Reading, Shown, Slice
from voiceover.bed import Music
from voiceover.engines.base import Engine

FORMAT = 1


def write(
    folder: Path,
    trace: Trace,
    lesson: Lesson,
    timeline: Timeline,
    voice: Engine,
    shown: Sequence[Sequence[Shown]] = (),
    *,
    cover: Sequence[Slice] = (),
    music: Music | None = None,
) -> None:
    """Writes both files into a lesson's folder; with a `cover`, one of sound alone."""
    fps = timeline.fps
    about = {
        "format": FORMAT,
        "media": layout.SOUND if cover else layout.VIDEO,
        "prompt": trace.meta.prompt,
        "model": trace.meta.model.name,
        "model_sha256": trace.meta.model.sha256,
        "level": lesson.locale.level,
        "language": lesson.locale.language,
        "voice": {"engine": voice.name, "voice": voice.voice, "licence": voice.licence},
        "music": {"file": music.name, "sha256": music.sha256} if music else None,
        "fps": fps,
        "seconds": timeline.seconds,
        "chapters": [
            {
                "name": timed.chapter.name,
                "title": timed.chapter.title,
                "from": timed.start / fps,
                "to": timed.end / fps,
                "beats": [_beat(b, fps) for b in timed.beats],
            }
            for timed in timeline.chapters
        ],
    }
    _dump(about, folder / layout.LESSON)
    rows = [*_spoken(timeline), *(_on_cover(part) for part in cover)]
    if shown:
        rows += _seen(timeline, shown)
    _dump({"format": FORMAT, "trace": layout.TRACE, "readings": rows}, folder / layout.READINGS)


def read(folder: Path, name: str) -> dict[str, Any]:
    """One of the two files; raises `CheckError` when it is missing or damaged."""
    path = folder / name
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise CheckError(
                f"{path}: format {content['format']}, this version reads {FORMAT}; make it again"
            )
    except FileNotFoundError:
        raise CheckError(f"{path}: no such file, so {folder} holds no lesson; make one with 'make'") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckError(f"{path}: cannot be read ({error!r}); make the lesson again") from None
    assert isinstance(content, dict)
    return content


def _beat(timed: SpokenBeat, fps: int) -> dict[str, Any]:
    return {
        "name": timed.beat.name,
        "text": timed.beat.text,
        "from": timed.start / fps,
        "to": timed.end / fps,
        "words_from": timed.words_at,
        "words_to": timed.words_at + timed.speech.seconds,
    }


def _spoken(timeline: Timeline) -> Iterator[dict[str, Any]]:
    for timed in timeline.chapters:
        for b in timed.beats:
            for reading in b.beat.readings:
                times = {"from": b.words_at, "to": b.words_at + b.speech.seconds}
                place = {"where": "speech", "chapter": timed.chapter.name, "beat": b.beat.name}
                yield {**_reading(reading), **place, **times}


def _seen(timeline: Timeline, shown: Sequence[Sequence[Shown]]) -> Iterator[dict[str, Any]]:
    for timed, seen in zip(timeline.chapters, shown, strict=True):
        for one in seen:
            what, fps = one.what, timeline.fps
            times = {"from": (timed.start + one.start) / fps, "to": (timed.start + one.end) / fps}
            place = {"where": "screen", "chapter": timed.chapter.name}
            if isinstance(what, Reading):
                yield {**_reading(what), **place, **times}
            else:
                yield {**_slice(what), **place, **times}


def _on_cover(part: Slice) -> dict[str, Any]:
    return {**_slice(part), "where": "cover", "chapter": "cover"}


def _slice(part: Slice) -> dict[str, Any]:
    index = [i if isinstance(i, int) else list(i) for i in part.index]
    return {"tensor": part.source, "index": index, "sha256": part.digest}


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "text": reading.text,
        "tensor": reading.source,
        "index": list(reading.index),
        "how": reading.how,
        "form": reading.form,
    }


def _dump(content: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
