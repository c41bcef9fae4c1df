"""A lesson's words → its sound track, before any picture."""

from __future__ import annotations

from renders import folders
from renders.timeline import Timeline
from scenes.lesson import Lesson
from voiceover.cache import SpeechCache
from voiceover.engines.base import Engine
from voiceover.master import assemble, master
from voiceover.speech import Samples, Speech


def speak(lesson: Lesson, voice: Engine) -> dict[str, Speech]:
    """The speech of each beat, by its text."""
    cache = SpeechCache(folders.cache("audio"), voice)
    return {beat.text: cache.speak(beat.text) for chapter in lesson.chapters for beat in chapter.beats}


def sound(timeline: Timeline) -> Samples:
    """The whole lesson's sound, mastered; mono, and to be shipped in two equal channels."""
    placed = [(b.words_at, b.speech) for chapter in timeline.chapters for b in chapter.beats]
    return master(assemble(placed, timeline.seconds), channels=2)
