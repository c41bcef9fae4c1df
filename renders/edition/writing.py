"""Writes what a build made into a lesson's folder: `readings.json`, then `lesson.json` with all digests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmtrace.trace import Trace
from renders.edition import rows
from renders.edition.manifest import (
    FORMAT,
    EditionBeat,
    EditionCaption,
    EditionChapter,
    Manifest,
    MusicCredit,
    PictureSize,
    TimedWord,
    VoiceCredit,
)
from renders.store import layout
from renders.store.cache import digest
from renders.timeline import SpokenBeat, Timeline
from scenes.lesson import Lesson
from voiceover.bed import Music
from voiceover.captions import Caption
from voiceover.engines.base import Engine


@dataclass(frozen=True)
class Spoken:
    """A lesson with its sound and its times."""

    trace: Trace
    lesson: Lesson
    timeline: Timeline
    voice: Engine
    music: Music | None = None


def write(
    folder: Path,
    spoken: Spoken,
    shown: Sequence[dict[str, Any]],
    picture: PictureSize | None = None,
    segments: Sequence[str] = (),
) -> None:
    """Writes both files; all others that the edition consists of are in the folder by now.

    `shown`: the rows of the screen, or of a cover. `picture`: None for a lesson to listen to. `segments`:
    the keys under which each beat is cached.
    """
    trace, lesson, timeline = spoken.trace, spoken.lesson, spoken.timeline
    voice, music = spoken.voice, spoken.music
    rows.save(folder, [*_spoken(timeline), *shown])
    keys = iter(segments)
    fps = timeline.fps
    chapters = tuple(
        EditionChapter(
            name=timed.chapter.name,
            title=timed.chapter.title,
            start=timed.start / fps,
            end=timed.end / fps,
            beats=tuple(_beat(beat, fps, next(keys, None)) for beat in timed.beats),
        )
        for timed in timeline.chapters
    )
    Manifest(
        format=FORMAT,
        media=layout.VIDEO if picture else layout.SOUND,
        prompt=trace.meta.prompt,
        title=lesson.prompt,
        model=trace.meta.model.name,
        model_sha256=trace.meta.model.sha256,
        level=lesson.locale.level,
        language=lesson.locale.language,
        voice=VoiceCredit(engine=voice.name, voice=voice.voice, licence=voice.licence),
        music=MusicCredit(file=music.name, sha256=music.sha256) if music else None,
        fps=fps,
        seconds=timeline.seconds,
        picture=picture,
        chapters=chapters,
        files=_digests(folder),
    ).save(folder)


def _digests(folder: Path) -> dict[str, str]:
    """Of all that a build has put there; what is hidden is the build's own."""
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and not file.name.startswith(".")]
    return {file.name: digest(file) for file in files}


def _beat(timed: SpokenBeat, fps: int, segment: str | None) -> EditionBeat:
    return EditionBeat(
        name=timed.beat.name,
        text=timed.beat.text,
        start=timed.start / fps,
        end=timed.end / fps,
        words_from=timed.words_at,
        words_to=timed.words_at + timed.speech.seconds,
        captions=tuple(_caption(one) for one in timed.captions),
        marks=dict(timed.cues),
        segment=segment,
    )


def _caption(said: Caption) -> EditionCaption:
    words = tuple(TimedWord(word.text, word.start, word.end) for word in said.words)
    return EditionCaption(start=said.start, end=said.end, text=said.text, words=words)


def _spoken(timeline: Timeline) -> Iterator[dict[str, Any]]:
    for timed in timeline.chapters:
        for b in timed.beats:
            begins = b.words_at - b.start / timeline.fps
            place = {"where": "speech", "chapter": timed.chapter.name, "beat": b.beat.name}
            times = {"from": begins, "to": begins + b.speech.seconds}
            yield from ({**place, **times, **reading.row()} for reading in b.beat.readings)
