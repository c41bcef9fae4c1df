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
from scenes.catalogue import LANGUAGES, line, told_in
from scenes.lesson import write_lesson
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
    target = request.out or places.named_after(request.prompt, "-listen")
    stages = Stages(reporter)
    with places.atomic_folder(target) as folder, told_in(request.language, heard=True):
        with stages.running("trace"):
            trace = traced(request, folder / layout.TRACE)
        with stages.running("lesson"):
            lesson = write_lesson(trace, request.chapters, request.level)
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
                    _tags(trace, lesson.prompt),
                    picture,
                    LANGUAGES[request.language].iso639_2,
                )
            write_transcript(trace, lesson, timeline, folder / layout.TRANSCRIPT)
            manifest.write(folder, trace, lesson, timeline, voice, cover=drawn(trace), music=music)
    return Heard(target, timeline.seconds)


def _chapters(timeline: Timeline) -> list[Chapter]:
    return [(round(start * 1000), round(end * 1000), title) for start, end, title in timeline.titles]


def _tags(trace: Trace, prompt: str) -> dict[str, str]:
    return {
        "title": "".join(line("transcript.title", prompt=prompt)),
        "artist": "llm-lesson",
        "album": "llm-lesson",
        "genre": "Podcast",
        "comment": f"Every number is read from a run of {trace.meta.model.name} on this prompt.",
    }
