"""The path, from a prompt to a narrated video. Read this first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from renders import narration, request, shot
from renders.edition import manifest
from renders.media.mp4 import mux
from renders.pool import workers
from renders.pool.segments import SegmentCache
from renders.pool.workers import RenderPool
from renders.progress import Reporter, Stages
from renders.publish.transcript import write_transcript
from renders.request import traced
from renders.shot import QUALITIES, RenderTask, rejoined
from renders.store import layout, places
from renders.store.cache import LIMIT, digest, trim, writable
from renders.timeline import SpokenChapter, Timeline, still_to_come, timed
from scenes.lesson import Lesson, write_lesson
from voiceover.bed import Music, read_music
from voiceover.captions import Cue, write_srt, write_vtt
from voiceover.engines.base import Engine
from voiceover.voices import load_voice

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Built:
    """Where the lesson is, how long it plays, and how many wall seconds making it took.

    `stages`: for how many of them each stage was running; some run side by side.
    """

    folder: Path
    seconds: float
    stages: dict[str, float]
    wall: float

    @property
    def video(self) -> Path:
        return self.folder / layout.VIDEO

    @property
    def real_time_factor(self) -> float:
        """Seconds of video a second of work."""
        return self.seconds / self.wall


def build(
    request: request.VideoRequest, reporter: Reporter, write: Callable[..., Lesson] = write_lesson
) -> Built:
    """Makes a lesson: trace, lesson, speech, frames, sound, mux. Nothing is left behind when it fails.

    `write` writes the lesson as `write_lesson` does.
    """
    stages = Stages(reporter)
    if not writable():
        reporter.note(f"{places.cache('')}: cannot be written, so nothing new is kept for the next build")
    voice = load_voice(request.voice, request.language, request.speed)
    for remark in voice.remarks:
        reporter.note(remark)
    music = read_music(request.music) if request.music else None
    target = request.folder()
    with places.atomic_folder(target) as folder, ThreadPoolExecutor() as beside:
        with stages.running("trace"):
            trace = traced(request, folder / layout.TRACE, meanwhile=partial(_get_ready, voice, beside))
        with stages.running("lesson"):
            lesson = write(trace, request.locale, request.chapters)
        cache = SegmentCache(digest(folder / layout.TRACE))
        with RenderPool(request.workers, cache, trace, reporter) as pool:
            stages.begin("speech")
            chapters: list[SpokenChapter] = []
            for chapter in timed(lesson, narration.speaker(voice), request.fps):
                stages.begin("frames")  # a chapter is drawn while the next one is spoken
                chapters.append(chapter)
                pool.draw(_task(request, folder, chapter), still_to_come(lesson, chapters))
            stages.end("speech")
            timeline = Timeline(request.fps, tuple(chapters))
            sounding = beside.submit(_sound, stages, timeline, music, folder / layout.TRACK)
            drawn = pool.finish()
            stages.end("frames")
            sounding.result()
        with stages.running("mux"):
            segments = [beat.segment for beats in drawn for beat in beats]
            _mux(folder, lesson, timeline, segments, captioned=not request.burn_captions)
            write_transcript(trace, lesson, timeline, folder / layout.TRANSCRIPT)
            shown = [
                rejoined([beat.end - beat.start for beat in chapter.beats], beats)
                for chapter, beats in zip(chapters, drawn, strict=True)
            ]
            manifest.write(folder, trace, lesson, timeline, voice, shown, music=music)
            places.remove(folder / layout.SEGMENTS)
            (folder / layout.TRACK).unlink()
    trim(LIMIT)
    return Built(target, timeline.seconds, stages.seconds, stages.wall)


def _get_ready(voice: Engine, beside: Executor) -> None:
    """While this thread loads torch, a process loads manim for the workers, and another thread the voice."""
    workers.warm()
    beside.submit(voice.load)


def _task(request: request.VideoRequest, folder: Path, timed: SpokenChapter) -> RenderTask:
    place = folder / layout.SEGMENTS
    place.mkdir(exist_ok=True)
    names = [spoken.beat.name for spoken in timed.beats]
    return RenderTask(
        trace=folder / layout.TRACE,
        scheduled=timed.scheduled,
        captions=_burned(request, timed),
        quality=QUALITIES[request.quality],
        fps=request.fps,
        segments={name: place / f"{timed.chapter.name}.{name}.mp4" for name in names},
    )


def _sound(stages: Stages, timeline: Timeline, music: Music | None, track: Path) -> None:
    with stages.running("sound"):
        narration.write_track(timeline, music, track)


def _burned(request: request.VideoRequest, timed: SpokenChapter) -> tuple[shot.Caption, ...] | None:
    """A chapter's captions as they are drawn into its picture, when that is asked for."""
    if not request.burn_captions:
        return None

    return shot.captions(narration.captions(timed), timed.start, timed.end, request.fps)


def _mux(
    folder: Path,
    lesson: Lesson,
    timeline: Timeline,
    segments: Sequence[Path],
    *,
    captioned: bool,
) -> None:
    """`captioned`: whether the captions are in it as text, which a player would show over burned ones."""
    cues = [cue for timed in timeline.chapters for cue in narration.captions(timed)]
    write_vtt(cues, folder / layout.VTT)
    write_srt(cues, folder / layout.SRT)
    write_vtt([Cue(*span) for span in timeline.titles], folder / layout.CHAPTERS_VTT)
    mux(
        segments,
        folder / layout.TRACK,
        [(cue.start, cue.end, cue.text) for cue in cues] if captioned else [],
        timeline.titles,
        folder / layout.VIDEO,
        fps=timeline.fps,
        title=lesson.prompt,
        language=lesson.locale.iso639_2,
        comment="Every number seen or spoken is read from a real forward pass; made by llm-lesson.",
    )
