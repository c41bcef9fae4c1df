"""The path, from a prompt to a narrated video. Read this first."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from renders import folders, narration, record
from renders.burn import Caption, captions
from renders.farm import draw_all
from renders.frames import QUALITIES, Drawn, Shot
from renders.mux import mux
from renders.progress import Teller
from renders.timeline import TimedChapter, Timeline, schedule
from renders.transcript import write_transcript
from scenes.catalogue import LANGUAGES, told_in
from scenes.lesson import Lesson, write_lesson
from voiceover.bed import read_music
from voiceover.captions import Cue, write_srt, write_vtt
from voiceover.speech import Samples
from voiceover.voices import load_voice


@dataclass(frozen=True)
class Job:
    """What is to be made; the defaults are those of `llm-lesson make`."""

    prompt: str
    model: str = "gpt2-pocket"
    level: str = "full"
    chapters: tuple[str, ...] | None = None  # None: all
    language: str = "en"
    voice: str | None = None  # None: the best there is for the language
    speed: float = 1.0  # of the voice
    quality: str = "1080p"
    fps: int = 30
    burn_captions: bool = False
    music: Path | None = None  # plays under the words
    new_tokens: int = 4
    sampling: Sampling = field(default_factory=Sampling)
    out: Path | None = None  # None: a folder named after the prompt
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
    voice = load_voice(job.voice, job.language, job.speed)
    for remark in voice.remarks:
        tell.remark(remark)
    music = read_music(job.music) if job.music else None
    target = job.out or folders.named_after(job.prompt)
    with folders.made_aside(target) as folder, told_in(job.language):
        with clock.stage("trace"):
            trace = _trace(job, folder / record.TRACE)
        with clock.stage("lesson"):
            lesson = write_lesson(trace, job.chapters, job.level)
        with clock.stage("speech"):
            timeline = schedule(lesson, narration.speak(lesson, voice), job.fps)
            sound = narration.sound(timeline)
            if music is not None:
                sound = narration.with_music(sound, timeline, music)
        with clock.stage("frames"):
            drawn = _draw(job, folder, timeline, tell)
        with clock.stage("mux"):
            _mux(folder, lesson, timeline, drawn, sound, show_captions=not job.burn_captions)
            write_transcript(trace, lesson, timeline, folder / record.TRANSCRIPT)
            record.write(folder, trace, lesson, timeline, voice, drawn, music=music)
            folders.remove(folder / record.SEGMENTS)
    return Built(target, timeline.seconds, clock.seconds)


def _trace(job: Job, path: Path) -> Trace:
    from llmtrace.capture import capture  # here, so that looking at a lesson never loads torch

    return capture(job.prompt, job.model, new_tokens=job.new_tokens, sampling=job.sampling, to=path)


def _draw(job: Job, folder: Path, timeline: Timeline, tell: Teller) -> list[Drawn]:
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
            segment=folder / record.SEGMENTS / f"{timed.chapter.name}.mp4",
        )
        for timed in timeline.chapters
    ]
    tell.total(sum(shot.frames for shot in shots))
    return draw_all(shots, job.workers, tell.drawn)


def _burned(job: Job, timed: TimedChapter) -> tuple[Caption, ...] | None:
    """A chapter's captions as they are drawn into its picture, when that is asked for."""
    if not job.burn_captions:
        return None
    return captions(narration.captions(timed, job.language), timed.start, timed.end, job.fps)


def _mux(
    folder: Path,
    lesson: Lesson,
    timeline: Timeline,
    drawn: Sequence[Drawn],
    sound: Samples,
    *,
    show_captions: bool,
) -> None:
    cues = [cue for timed in timeline.chapters for cue in narration.captions(timed, lesson.language)]
    write_vtt(cues, folder / record.VTT)
    write_srt(cues, folder / record.SRT)
    write_vtt([Cue(*span) for span in timeline.titles], folder / record.CHAPTERS_VTT)
    mux(
        [part.segment for part in drawn],
        sound,
        [(cue.start, cue.end, cue.text) for cue in cues],
        timeline.titles,
        folder / record.VIDEO,
        fps=timeline.fps,
        title=lesson.prompt,
        language=LANGUAGES[lesson.language].iso639_2,
        show_captions=show_captions,
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
