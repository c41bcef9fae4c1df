"""The path, from a prompt to a narrated video. Read this first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from renders import narration, shot
from renders.edition import writing
from renders.edition.edition import Edition
from renders.edition.manifest import PictureSize
from renders.media.mp4 import COMMENT, mux
from renders.media.poster import poster, thumbnail
from renders.pool.segments import SegmentCache
from renders.pool.server import warm
from renders.pool.workers import RenderPool
from renders.progress import Reporter, Stages
from renders.request import VideoRequest
from renders.shot import QUALITIES, Fault, Quality, RenderResult, RenderTask, telling
from renders.store import layout, places
from renders.store.cache import LIMIT, ArtifactCache, digest, trim, writable
from renders.timeline import SpokenChapter, Timeline, still_to_come, timed
from renders.tracing import traced
from scenes.lesson import Lesson, write_lesson
from voiceover.bed import Music, read_music
from voiceover.engines.base import Engine
from voiceover.voices import load_voice


@dataclass(frozen=True)
class Built:
    """The edition that a build ended in, and how many wall seconds making it took.

    `stages`: for how many of them each stage was running; some run side by side. `faults`: what is wrong with
    the pictures of each beat, in the lesson's order.
    """

    edition: Edition
    stages: dict[str, float]
    wall: float
    faults: list[list[Fault]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long the lesson plays."""
        return self.edition.manifest.seconds

    @property
    def real_time_factor(self) -> float:
        """Seconds of video a second of work."""
        return self.seconds / self.wall


def build(request: VideoRequest, reporter: Reporter, write: Callable[..., Lesson] = write_lesson) -> Built:
    """Makes a lesson: trace, lesson, speech, frames, sound, mux. Nothing is left behind when it fails.

    `write` writes the lesson as `write_lesson` does.
    """
    stages = Stages(reporter)
    if not writable(request.cache):
        reporter.note(
            f"{places.cache('', request.cache)}: cannot be written, so nothing new is kept for the next build"
        )
    voice = load_voice(request.voice, request.language, request.speed)
    for remark in voice.remarks:
        reporter.note(remark)
    music = read_music(request.music) if request.music else None
    target = request.folder()
    with places.atomic_folder(target) as folder, ThreadPoolExecutor() as beside:
        with stages.running("trace"):
            ready = partial(_get_ready, voice, beside)
            trace = traced(request, folder / layout.TRACE, reporter, meanwhile=ready)
        with stages.running("lesson"):
            lesson = write(trace, request.locale, request.chapters)
        speaker = narration.speaker(voice, request.cache)
        if not all(speaker.has(beat.text) for chapter in lesson.chapters for beat in chapter.beats):
            _get_ready(voice, beside)
        cache = SegmentCache(digest(folder / layout.TRACE), ArtifactCache("segments", request.cache))
        with RenderPool(request.workers, cache, reporter) as pool:
            stages.begin("speech")
            chapters: list[SpokenChapter] = []
            for chapter in timed(lesson, speaker.speak, request.fps):
                stages.begin("frames")  # a chapter is drawn while the next one is spoken
                chapters.append(chapter)
                pool.draw(_task(request, folder, chapter), still_to_come(lesson, chapters))
            stages.end("speech")
            timeline = Timeline(request.fps, tuple(chapters))
            sounding = beside.submit(_sound, stages, timeline, music, _parts(folder), request.cache)
            drawn = [beat for beats in pool.finish() for beat in beats]
            stages.end("frames")
            front = poster(telling(drawn, timeline.finished, timeline.fps))  # while the sound is still made
            tracks = sounding.result()
        with stages.running("mux"):
            _mux(request, folder, lesson, timeline, drawn, tracks, front)
            shown = [row for beat in drawn for row in beat.rows]
            spoken = writing.Spoken(trace, lesson, timeline, voice, music)
            writing.write(folder, spoken, shown, _picture(request), [beat.key for beat in drawn])
    trim(LIMIT, request.cache)
    return Built(Edition.load(target), stages.seconds, stages.wall, [beat.faults for beat in drawn])


def _get_ready(voice: Engine, beside: Executor) -> None:
    """Lets a process load manim for the workers, and another thread the voice; returns at once."""
    warm()
    beside.submit(voice.load)


def _task(request: VideoRequest, folder: Path, timed: SpokenChapter) -> RenderTask:
    place = _parts(folder)
    names = [spoken.beat.name for spoken in timed.beats]
    return RenderTask(
        trace=folder / layout.TRACE,
        scheduled=timed.scheduled,
        captions=_burned(request, timed),
        quality=_quality(request),
        fps=request.fps,
        segments={name: place / f"{timed.chapter.name}.{name}.mp4" for name in names},
    )


def _parts(folder: Path) -> Path:
    """Where segments and sound lie until they are joined."""
    place = folder / layout.PARTS
    place.mkdir(exist_ok=True)
    return place


def _sound(
    stages: Stages, timeline: Timeline, music: Music | None, place: Path, cache: Path | None
) -> list[Path]:
    with stages.running("sound"):
        return narration.write_tracks(timeline, music, place, cache)


def _burned(request: VideoRequest, timed: SpokenChapter) -> tuple[shot.BurnedCaption, ...] | None:
    """A chapter's captions as they are drawn into its picture, when that is asked for."""
    if not request.burn_captions:
        return None
    return shot.burned_captions(timed.captions, timed.start, timed.end, request.fps)


def _picture(request: VideoRequest) -> PictureSize:
    size = _quality(request)
    return PictureSize(
        width=size.width,
        height=size.height,
        preset=size.preset,
        burned=request.burn_captions,
        theme=size.theme,
    )


def _quality(request: VideoRequest) -> Quality:
    return replace(QUALITIES[request.quality], theme=request.theme)


def _mux(
    request: VideoRequest,
    folder: Path,
    lesson: Lesson,
    timeline: Timeline,
    drawn: Sequence[RenderResult],
    tracks: Sequence[Path],
    front: bytes,
) -> None:
    """Joins all to the video, which then needs its parts no more, and puts its poster beside it.

    Burned captions are not in it as text too, which a player would show over them.
    """
    captions = [one for timed in timeline.chapters for one in timed.captions]
    (folder / layout.POSTER).write_bytes(front)
    (folder / layout.THUMBNAIL).write_bytes(thumbnail(front))
    mux(
        [beat.segment for beat in drawn],
        tracks,
        [] if request.burn_captions else [(one.start, one.end, one.text) for one in captions],
        timeline.titles,
        folder / layout.VIDEO,
        fps=timeline.fps,
        title=lesson.prompt,
        language=lesson.locale.iso639_2,
        comment=COMMENT,
        cover=front,
    )
    places.remove(folder / layout.PARTS)
