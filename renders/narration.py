"""A lesson's words → its sound track and its captions, before any picture."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from renders import folders, keys
from renders.cache import Kept, writable
from renders.timeline import TimedChapter, Timeline
from scenes.lesson import Lesson
from voiceover.bed import Music, bed
from voiceover.cache import SpeechCache
from voiceover.captions import Cue, cues_for
from voiceover.engines.base import Engine
from voiceover.master import assemble, master, mix
from voiceover.speech import Samples, Speech


def speak(lesson: Lesson, voice: Engine) -> dict[str, Speech]:
    """The speech of each beat, by its text."""
    cache = SpeechCache(folders.cache("audio"), voice, keep=writable())
    return {beat.text: cache.speak(beat.text) for chapter in lesson.chapters for beat in chapter.beats}


def sound(timeline: Timeline) -> Samples:
    """The whole lesson's sound, mastered; mono, and to be shipped in two equal channels."""
    placed = [(b.words_at, b.speech) for chapter in timeline.chapters for b in chapter.beats]
    kept, key = Kept("sound"), keys.sound(placed, timeline.seconds)
    with tempfile.TemporaryDirectory(prefix="llm-lesson-") as place:
        path = Path(place) / "sound.npy"
        if kept.take(key, path) is not None:
            samples: Samples = np.load(path)
            return samples
        mastered = master(assemble(placed, timeline.seconds), channels=2)
        np.save(path, mastered)
        kept.put(key, path, {})
    return mastered


def with_music(sound: Samples, timeline: Timeline, music: Music) -> Samples:
    """The lesson's mastered sound with music under it, as loud as before."""
    speeches = [(b.words_at, b.speech) for chapter in timeline.chapters for b in chapter.beats]
    heard = [(at, at + speech.seconds) for at, speech in speeches if speech.samples.any()]
    return mix(sound, bed(music, len(sound), heard, channels=2), channels=2)


def captions(chapter: TimedChapter, language: str) -> list[Cue]:
    """A chapter's captions, in seconds of the whole lesson."""
    return [
        cue
        for b in chapter.beats
        for cue in cues_for(b.beat.text, b.words_at, b.words_at + b.speech.seconds, b.speech.words, language)
    ]
