"""A lesson's words → its sound track, before any picture."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import renders
import voiceover
from renders.media.audio import write_audio
from renders.store import places
from renders.store.cache import ArtifactCache, key, writable
from renders.store.fingerprint import sources, versions
from renders.timeline import SOUND_FRAME, Timeline
from scenes.lesson import Lesson
from voiceover.bed import Music, bed
from voiceover.cache import SpeechCache
from voiceover.engines.base import Engine
from voiceover.loudness import RATE
from voiceover.master import assemble, master, mix
from voiceover.speech import Samples, Speech

_MASTERED_BY = ("numpy", "scipy", "pyloudnorm", "pydub", "av")


def speaker(voice: Engine, cache: Path | None = None) -> SpeechCache:
    """Speaks texts, or takes their speech from the cache, which may be in another place than the user's."""
    return SpeechCache(places.cache("audio", cache), voice, keep=writable(cache))


def speak(lesson: Lesson, voice: Engine) -> dict[str, Speech]:
    """The speech of each beat, by its text."""
    said = speaker(voice)
    return {beat.text: said.speak(beat.text) for chapter in lesson.chapters for beat in chapter.beats}


def sound(timeline: Timeline, music: Music | None = None) -> Samples:
    """The whole lesson's sound, mastered, with music under it; mono, to be shipped in two equal channels."""
    mastered = np.concatenate([part.mastered() for part in _parts(timeline)])
    if music is None:
        return mastered
    heard = [(at, at + speech.seconds) for at, speech in _placed(timeline) if speech.samples.any()]
    return mix(mastered, bed(music, len(mastered), heard, channels=2), channels=2)


def write_tracks(
    timeline: Timeline, music: Music | None, folder: Path, cache: Path | None = None
) -> list[Path]:
    """Writes that sound as M4As for a video to join: one for each chapter, that a changed sentence costs no
    more than its own; music runs through them all, so that with it there is one.
    """
    kept = ArtifactCache("sound", cache)
    if music is not None:
        about = _key(music.sha256, *[part.about() for part in _parts(timeline)])
        return [_track(kept, about, lambda: sound(timeline, music), folder / "all.m4a")]
    with ThreadPoolExecutor(2) as pool:
        chapters = zip(timeline.chapters, _parts(timeline), strict=True)
        made = [
            pool.submit(_track, kept, _key(None, p.about()), p.mastered, folder / f"{c.chapter.name}.m4a")
            for c, p in chapters
        ]
        return [track.result() for track in made]


@dataclass(frozen=True)
class _Part:
    """A chapter's sound, from the sound frame in which it begins: the sample of each speech, and how many
    samples it has."""

    placed: list[tuple[int, Speech]]
    samples: int

    def mastered(self) -> Samples:
        placed = [(at / RATE, speech) for at, speech in self.placed]
        return master(assemble(placed, self.samples / RATE), channels=2)

    def about(self) -> list[Any]:
        """All that it depends on."""
        return [
            self.samples,
            *((at, one.rate, hashlib.sha256(one.samples.tobytes()).hexdigest()) for at, one in self.placed),
        ]


def _parts(timeline: Timeline) -> list[_Part]:
    """The chapters' sound. Each begins and ends in silence, so that in a whole sound frame nothing is cut."""
    begins = [c.start * RATE // timeline.fps // SOUND_FRAME * SOUND_FRAME for c in timeline.chapters]
    ends = [*begins[1:], round(timeline.seconds * RATE)]
    return [
        _Part([(round(b.words_at * RATE) - begin, b.speech) for b in chapter.beats], end - begin)
        for chapter, begin, end in zip(timeline.chapters, begins, ends, strict=True)
    ]


def _track(kept: ArtifactCache, key: str, made: Callable[[], Samples], path: Path) -> Path:
    """The M4A of a sound, made or taken from the cache."""
    if kept.get(key, path) is None:
        write_audio(path, made())
        kept.put(key, path, {})
    return path


def _placed(timeline: Timeline) -> list[tuple[float, Speech]]:
    """Each speech, and the second at which it begins."""
    return [(b.words_at, b.speech) for chapter in timeline.chapters for b in chapter.beats]


def _key(music: str | None, *parts: list[Any]) -> str:
    """Of a mastered and encoded sound; `music` is the digest of the music's file."""
    code = [
        sources(Path(voiceover.__file__).parent),
        sources(Path(renders.__file__).parent, only=("media/audio.py", "narration.py")),
    ]
    return key("sound", code, versions(_MASTERED_BY), parts, music)
