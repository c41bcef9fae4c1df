"""What a kept file depends on, as its key in the cache: whatever changes it changes the key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llmtrace
import renders
import scenes
import voiceover
from llmtrace.meta import BUNDLED, BUNDLED_FOLDER
from renders.cache import digest, key
from scenes.catalogue import LANGUAGES

if TYPE_CHECKING:
    from llmtrace.sampling import Sampling
    from renders.shots import Shot
    from voiceover.speech import Speech

_DRAWN_BY = ("manim", "av", "pycairo", "numpy", "typst", "pillow")
_TRACED_BY = ("torch", "transformers", "tokenizers", "numpy")
_MASTERED_BY = ("numpy", "scipy", "pyloudnorm", "pydub", "av")
# Sentences are not drawn: what they do to a beat is its length and its cues. What is on screen counts apart.
_SENTENCES = ("lesson.py", *(f"catalogue/{language}.py" for language in LANGUAGES))
_READING = ("trace.py", "mapped.py", "meta.py", "names.py", "store.py", "visible.py")
_RENDERER = (
    "burn.py",
    "camera.py",
    "copies.py",
    "encode.py",
    "frames.py",
    "paths.py",
    "plays.py",
    "skips.py",
    "x264.py",
    "yuv.py",
)


def segment(shot: Shot, beat: str, trace: str) -> str:
    """Of one drawn beat; `trace` is the digest of the trace's file."""
    start, frames = shot.start(beat), shot.beats[beat]
    burned = None
    if shot.captions is not None:
        burned = [
            (c.start - start, c.end - start, c.lines, [begin - start for begin in c.begins])
            for c in shot.captions
            if c.start < start + frames and c.end > start
        ]
    return key(
        "segment",
        _drawing_code(),
        _words_on_screen(shot.language),
        trace,
        [shot.chapter, beat, frames, dict(shot.cues.get(beat, {})), burned],
        [shot.language, asdict(shot.quality), shot.fps],
    )


def trace(prompt: str, model: str, new_tokens: int, sampling: Sampling) -> str | None:
    """Of a prompt's trace; None for a model whose files are not known without asking a hub."""
    folder = BUNDLED_FOLDER if model == BUNDLED else Path(model)
    if not folder.is_dir():
        return None
    files = [
        (path.name, digest(path))
        for pattern in ("*.safetensors", "*.json", "*.txt")
        for path in sorted(folder.glob(pattern))
    ]
    code = _sources(Path(llmtrace.__file__).parent)
    return key("trace", code, _versions(_TRACED_BY), files, prompt, model, new_tokens, asdict(sampling))


def sound(placed: Sequence[tuple[float, Speech]], seconds: float, music: str | None) -> str:
    """Of a lesson's mastered and encoded sound; `music` is the digest of the music's file."""
    code = [
        _sources(Path(voiceover.__file__).parent),
        _sources(Path(renders.__file__).parent, only=("audio.py", "narration.py")),
    ]
    speeches = [
        (at, speech.rate, hashlib.sha256(speech.samples.tobytes()).hexdigest()) for at, speech in placed
    ]
    return key("sound", code, _versions(_MASTERED_BY), speeches, seconds, music)


@cache
def _drawing_code() -> str:
    room = Path(renders.__file__).parent
    drawing = _sources(Path(scenes.__file__).parent, without=_SENTENCES)
    tracing = _sources(Path(llmtrace.__file__).parent, only=_READING)
    return key(drawing, tracing, _sources(room, only=_RENDERER), _versions(_DRAWN_BY))


def _words_on_screen(language: str) -> dict[str, Any]:
    """A language's catalogue without its sentences."""
    return {
        name: repr(part) for name, part in vars(LANGUAGES[language]).items() if name not in ("beats", "heard")
    }


@cache
def _sources(package: Path, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> str:
    """The digest of a package's own source files."""

    def files() -> Iterator[tuple[str, str]]:
        for path in sorted(package.rglob("*.py")):
            name = path.relative_to(package).as_posix()
            if name not in without and (not only or name in only):
                yield name, digest(path)

    return key(list(files()))


@cache
def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found
