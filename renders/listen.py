"""The audio companion: a lesson to listen to, whose words need no picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from llmtrace.trace import Trace
from renders import narration
from renders.edition import manifest
from renders.media.audio import write_audio
from renders.media.container import Chapter
from renders.progress import Reporter, Stages
from renders.publish.cover import cover, drawn
from renders.publish.transcript import write_transcript
from renders.request import LessonRequest, traced
from renders.store import layout, places
from renders.timeline import Timeline, schedule
from scenes.lesson import Lesson, write_lesson
from scenes.locale import Locale
from voiceover.bed import read_music
from voiceover.voices import load_voice

FPS = 100  # beats begin on hundredths of a second; there is no picture to keep step with
PAUSE = 0.7  # seconds of silence more between chapters: there is no picture that tells of a new one


@dataclass(frozen=True)
class Heard:
    """Where the lesson is, and how long it plays."""

    folder: Path
    seconds: float

    @property
    def sound(self) -> Path:
        return self.folder / layout.SOUND


def listen(request: LessonRequest, reporter: Reporter) -> Heard:
    """Makes M4A, MP3, cover, transcript, and what `llm-lesson check` needs; nothing is left when it fails."""
    voice = load_voice(request.voice, request.language, request.speed)
    for remark in voice.remarks:
        reporter.note(remark)
    music = read_music(request.music) if request.music else None
    target = request.folder("listen")
    stages = Stages(reporter)
    with places.atomic_folder(target) as folder:
        with stages.running("trace"):
            trace = traced(request, folder / layout.TRACE)
        with stages.running("lesson"):
            locale = Locale(request.language, request.level, heard=True)
            lesson = write_lesson(trace, locale, request.chapters)
        with stages.running("speech"):
            timeline = schedule(lesson, narration.speak(lesson, voice), FPS, pause=PAUSE)
        with stages.running("sound"):
            sound = narration.sound(timeline, music)
        with stages.running("files"):
            picture = cover(trace)
            (folder / layout.COVER).write_bytes(picture)
            for name in (layout.SOUND, layout.SOUND_MP3):
                write_audio(
                    folder / name,
                    sound,
                    _chapters(timeline),
                    _tags(trace, lesson),
                    picture,
                    locale.iso639_2,
                )
            write_transcript(trace, lesson, timeline, folder / layout.TRANSCRIPT)
            manifest.write(folder, trace, lesson, timeline, voice, cover=drawn(trace), music=music)
    return Heard(target, timeline.seconds)


def _chapters(timeline: Timeline) -> list[Chapter]:
    return [(round(start * 1000), round(end * 1000), title) for start, end, title in timeline.titles]


def _tags(trace: Trace, lesson: Lesson) -> dict[str, str]:
    return {
        "title": lesson.locale.label("transcript.title", prompt=lesson.prompt),
        "artist": "llm-lesson",
        "album": "llm-lesson",
        "genre": "Podcast",
        "comment": f"Every number is read from a run of {trace.meta.model.name} on this prompt.",
    }
