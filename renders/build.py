"""The path, from a prompt to a narrated video. Read this first."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from llmtrace.trace import Trace
from renders import farm, folders, narration, record
from renders.cache import LIMIT, digest, trim, writable
from renders.mux import mux
from renders.progress import Teller
from renders.segments import Segments
from renders.shots import QUALITIES, Drawn, Shot, rejoined
from renders.timeline import TimedChapter, Timeline, schedule
from renders.transcript import write_transcript
from renders.wanted import Wanted, traced
from scenes.catalogue import LANGUAGES, told_in
from scenes.lesson import Lesson, write_lesson
from voiceover.bed import read_music
from voiceover.captions import Cue, write_srt, write_vtt
from voiceover.voices import load_voice

if TYPE_CHECKING:
    from renders.burn import Caption


@dataclass(frozen=True)
class Job(Wanted):
    """What is to be made; the defaults are those of `llm-lesson make`."""

    quality: str = "1080p"
    fps: int = 30
    burn_captions: bool = False
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)


@dataclass(frozen=True)
class Built:
    """Where the lesson is, how long it plays, and the wall seconds that each stage took."""

    folder: Path
    seconds: float
    stages: dict[str, float]

    @property
    def video(self) -> Path:
        return self.folder / record.VIDEO

    @property
    def real_time_factor(self) -> float:
        """Seconds of video a second of work."""
        return self.seconds / sum(self.stages.values())


def build(job: Job, tell: Teller) -> Built:
    """Makes a lesson: trace, lesson, speech, frames, mux. Nothing is left behind when it fails."""
    clock = _Clock(tell)
    if not writable():
        tell.remark(f"{folders.cache('')}: cannot be written, so nothing new is kept for the next build")
    voice = load_voice(job.voice, job.language, job.speed)
    for remark in voice.remarks:
        tell.remark(remark)
    music = read_music(job.music) if job.music else None
    target = job.out or folders.named_after(job.prompt)
    with folders.made_aside(target) as folder, told_in(job.language):
        with clock.stage("trace"):
            # The workers load manim while this process loads torch.
            trace = traced(job, folder / record.TRACE, meanwhile=farm.warm)
        with clock.stage("lesson"):
            lesson = write_lesson(trace, job.chapters, job.level)
        with clock.stage("speech"):
            timeline = schedule(lesson, narration.speak(lesson, voice), job.fps)
        with clock.stage("frames"), ThreadPoolExecutor(1) as beside:
            track = folder / record.TRACK
            mastering = beside.submit(narration.write_track, timeline, music, track)
            drawn = _draw(job, folder, trace, timeline, tell)
            mastering.result()
        with clock.stage("mux"):
            segments = [beat.segment for beats in drawn for beat in beats]
            _mux(folder, lesson, timeline, segments, track, captioned=not job.burn_captions)
            write_transcript(trace, lesson, timeline, folder / record.TRANSCRIPT)
            shown = [
                rejoined(list(timed.frames.values()), beats)
                for timed, beats in zip(timeline.chapters, drawn, strict=True)
            ]
            record.write(folder, trace, lesson, timeline, voice, shown, music=music)
            folders.remove(folder / record.SEGMENTS)
            track.unlink()
    trim(LIMIT)
    return Built(target, timeline.seconds, clock.seconds)


def _draw(job: Job, folder: Path, trace: Trace, timeline: Timeline, tell: Teller) -> list[list[Drawn]]:
    place = folder / record.SEGMENTS
    place.mkdir()
    shots = [
        Shot(
            trace=folder / record.TRACE,
            chapter=timed.chapter.name,
            beats=timed.frames,
            cues=timed.cues,
            captions=_burned(job, timed),
            language=job.language,
            quality=QUALITIES[job.quality],
            fps=job.fps,
            segments={beat: place / f"{timed.chapter.name}.{beat}.mp4" for beat in timed.frames},
        )
        for timed in timeline.chapters
    ]
    tell.total(sum(shot.frames for shot in shots))
    kept = Segments(digest(folder / record.TRACE))
    return farm.draw_all(shots, job.workers, tell.drawn, kept, trace)


def _burned(job: Job, timed: TimedChapter) -> tuple[Caption, ...] | None:
    """A chapter's captions as they are drawn into its picture, when that is asked for."""
    if not job.burn_captions:
        return None
    from renders.burn import captions

    return captions(narration.captions(timed, job.language), timed.start, timed.end, job.fps)


def _mux(
    folder: Path,
    lesson: Lesson,
    timeline: Timeline,
    segments: Sequence[Path],
    track: Path,
    *,
    captioned: bool,
) -> None:
    """`captioned`: whether the captions are in it as text, which a player would show over burned ones."""
    cues = [cue for timed in timeline.chapters for cue in narration.captions(timed, lesson.language)]
    write_vtt(cues, folder / record.VTT)
    write_srt(cues, folder / record.SRT)
    write_vtt([Cue(*span) for span in timeline.titles], folder / record.CHAPTERS_VTT)
    mux(
        segments,
        track,
        [(cue.start, cue.end, cue.text) for cue in cues] if captioned else [],
        timeline.titles,
        folder / record.VIDEO,
        fps=timeline.fps,
        title=lesson.prompt,
        language=LANGUAGES[lesson.language].iso639_2,
        comment="Every number seen or spoken is read from a real forward pass; made by llm-lesson.",
    )


class _Clock:
    """Tells each stage as it begins, and keeps how long it took."""

    def __init__(self, tell: Teller) -> None:
        self.seconds: dict[str, float] = {}
        self._tell = tell

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._tell.stage(name)
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began
