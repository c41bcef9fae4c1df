"""A lesson's words → its sound track, before any picture."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import renders
import voiceover
from renders.media.audio import write_audio
from renders.store import places
from renders.store.cache import ArtifactCache, key, writable
from renders.store.fingerprint import sources, versions
from renders.timeline import Timeline
from scenes.lesson import Lesson
from voiceover.bed import Music, bed
from voiceover.cache import SpeechCache
from voiceover.engines.base import Engine
from voiceover.master import assemble, master, mix
from voiceover.speech import Samples, Speech

_MASTERED_BY = ("numpy", "scipy", "pyloudnorm", "pydub", "av")


def speaker(voice: Engine, cache: Path | None = None) -> Callable[[str], Speech]:
    """Speaks a text, or takes its speech from the cache, which may be in another place than the user's."""
    return SpeechCache(places.cache("audio", cache), voice, keep=writable(cache)).speak


def speak(lesson: Lesson, voice: Engine) -> dict[str, Speech]:
    """The speech of each beat, by its text."""
    said = speaker(voice)
    return {beat.text: said(beat.text) for chapter in lesson.chapters for beat in chapter.beats}


def sound(timeline: Timeline, music: Music | None = None) -> Samples:
    """The whole lesson's sound, mastered, with music under it; mono, to be shipped in two equal channels."""
    placed = _placed(timeline)
    mastered = master(assemble(placed, timeline.seconds), channels=2)
    if music is None:
        return mastered
    heard = [(at, at + speech.seconds) for at, speech in placed if speech.samples.any()]
    return mix(mastered, bed(music, len(mastered), heard, channels=2), channels=2)


def write_track(timeline: Timeline, music: Music | None, path: Path, cache: Path | None = None) -> str:
    """Writes that sound as an M4A, for a video to take over as it is; returns the key it is cached by."""
    about = music.sha256 if music else None
    kept, key = ArtifactCache("sound", cache), _sound_key(_placed(timeline), timeline.seconds, about)
    if kept.get(key, path) is None:
        write_audio(path, sound(timeline, music))
        kept.put(key, path, {})
    return key


def _placed(timeline: Timeline) -> list[tuple[float, Speech]]:
    """Each speech, and the second at which it begins."""
    return [(b.words_at, b.speech) for chapter in timeline.chapters for b in chapter.beats]


def _sound_key(placed: Sequence[tuple[float, Speech]], seconds: float, music: str | None) -> str:
    """Of a lesson's mastered and encoded sound; `music` is the digest of the music's file."""
    code = [
        sources(Path(voiceover.__file__).parent),
        sources(Path(renders.__file__).parent, only=("media/audio.py", "narration.py")),
    ]
    speeches = [
        (at, speech.rate, hashlib.sha256(speech.samples.tobytes()).hexdigest()) for at, speech in placed
    ]
    return key("sound", code, versions(_MASTERED_BY), speeches, seconds, music)
