"""The audio companion: a lesson to listen to, whose words need no picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llmtrace.trace import Trace
from renders import narration
from renders.edition import writing
from renders.edition.edition import Edition
from renders.media.audio import write_audio
from renders.media.container import Chapter
from renders.progress import Reporter, Stages
from renders.request import LessonRequest
from renders.store import layout, places
from renders.timeline import Timeline, schedule
from renders.tracing import traced
from scenes.lesson import write_lesson
from scenes.locale import Locale
from scenes.reading import Slice
from voiceover.bed import read_music
from voiceover.voices import load_voice

FPS = 100  # beats begin on hundredths of a second; there is no picture to keep step with
PAUSE = 0.7  # seconds of silence more between chapters: there is no picture that tells of a new one


@dataclass(frozen=True)
class Cover:
    """The bytes of a square PNG, and what it is drawn from."""

    png: bytes
    drawn: list[Slice]


def listen(request: LessonRequest, reporter: Reporter, cover: Callable[[Trace], Cover]) -> Edition:
    """Makes M4A, MP3, their cover, and what `llm-lesson check` needs; nothing is left when it fails."""
    voice = load_voice(request.voice, request.language, request.speed)
    for remark in voice.remarks:
        reporter.note(remark)
    music = read_music(request.music) if request.music else None
    target = request.folder("listen")
    stages = Stages(reporter)
    with places.atomic_folder(target) as folder:
        with stages.running("trace"):
            trace = traced(request, folder / layout.TRACE, reporter)
        with stages.running("lesson"):
            locale = Locale(request.language, request.level, heard=True)
            lesson = write_lesson(trace, locale, request.chapters)
        with stages.running("speech"):
            timeline = schedule(lesson, narration.speak(lesson, voice), FPS, pause=PAUSE, seen=False)
        with stages.running("sound"):
            sound = narration.sound(timeline, music)
        with stages.running("files"):
            front = cover(trace)
            (folder / layout.COVER).write_bytes(front.png)
            for name in (layout.SOUND, layout.SOUND_MP3):
                write_audio(
                    folder / name,
                    sound,
                    _chapters(timeline),
                    tags(trace.meta.model.name, lesson.prompt, locale),
                    front.png,
                    locale.iso639_2,
                )
            shown = [{"where": "cover", "chapter": "cover", **part.row()} for part in front.drawn]
            writing.write(folder, writing.Spoken(trace, lesson, timeline, voice, music), shown)
    return Edition.load(target)


def _chapters(timeline: Timeline) -> list[Chapter]:
    return [(round(start * 1000), round(end * 1000), title) for start, end, title in timeline.titles]


def tags(model: str, prompt: str, locale: Locale) -> dict[str, str]:
    """What a file of sound says of itself."""
    return {
        "title": locale.label("transcript.title", prompt=prompt),
        "artist": "llm-lesson",
        "album": "llm-lesson",
        "genre": "Podcast",
        "comment": f"Every number is read from a run of {model} on this prompt.",
    }
