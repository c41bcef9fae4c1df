"""Kokoro: a larger neural voice, for English, from a model and a file of voices that the user gives.

Written against kokoro-onnx 0.6 (`Kokoro(model, voices).create(text, voice, speed, lang)`) and tried with the
int8 form of Kokoro-82M, which gave equal texts equal bits, whatever was said between them. A network of this
kind may hold a source of noise, so it is seeded before the model is loaded; the cache keeps each text.
"""

import hashlib
import importlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from voiceover.errors import (
    NothingToSayError,
    UnknownVoiceError,
    VoiceFailedError,
    VoiceFileBrokenError,
    VoiceFileMissingError,
    VoiceNotInstalledError,
)
from voiceover.speech import Speech
from voiceover.spoken import spoken_words

__all__ = ["FAVOURITE", "LICENCE", "KokoroEngine"]

LICENCE = (
    "engine kokoro-onnx: MIT, with espeak-ng: GPL-3.0-or-later; model: terms of where it came from"
    " (Kokoro-82M: Apache-2.0)"
)
FAVOURITE = "af_heart"
_SEED = 0
_KIND = "a Kokoro model and its voices"


class KokoroEngine:
    """One voice of a Kokoro model."""

    name = "kokoro"
    language = "en"
    licence = LICENCE
    remarks = ()

    def __init__(self, model: Path, voices: Path, voice: str | None = None, *, speed: float = 1.0) -> None:
        """`voice`: one of the names in `voices`; by default `FAVOURITE`, or else the first English one.

        Raises `VoiceNotInstalledError`, `VoiceFileMissingError`, `VoiceFileBrokenError`, `UnknownVoiceError`.
        """
        try:
            module = importlib.import_module("kokoro_onnx")
        except ImportError as error:
            raise VoiceNotInstalledError.of("kokoro", "kokoro-onnx") from error
        for path in (model, voices):
            if not path.is_file():
                raise VoiceFileMissingError.of(path, "the file", "give kokoro:MODEL.onnx,VOICES.bin[,NAME]")
        self.speed = speed
        try:
            importlib.import_module("onnxruntime").set_seed(_SEED)
            self._kokoro: Any = module.Kokoro(str(model), str(voices))
            names = sorted(str(name) for name in self._kokoro.voices)
        except Exception as error:  # onnxruntime's and numpy's errors share no base class
            raise VoiceFileBrokenError.of(model, error, _KIND) from error
        english = [name for name in names if name[:1] in "ab"]  # a: American, b: British
        self.voice = voice or (FAVOURITE if FAVOURITE in english else next(iter(english), ""))
        if self.voice not in english:
            raise UnknownVoiceError.of(self.voice, english)
        self.fingerprint = f"kokoro/1/{_version()}/{_sha256(model)}/{_sha256(voices)}/{self.voice}/{speed}"

    def load(self) -> None:
        """Nothing: its model was loaded to look at its voices."""

    def speak(self, text: str) -> Speech:
        """Speak `text`, without times of its words; see `Engine.speak`."""
        if not spoken_words(text):
            raise NothingToSayError.of(text)
        lang = "en-gb" if self.voice.startswith("b") else "en-us"
        try:
            samples, rate = self._kokoro.create(text, voice=self.voice, speed=self.speed, lang=lang)
        except Exception as error:  # as above
            raise VoiceFailedError.of(self.voice, text, error) from error
        sound = np.asarray(samples, np.float32).reshape(-1)  # (n,)
        if not np.isfinite(sound).all() or not sound.any():
            raise VoiceFailedError.of(self.voice, text, "it gave silence or numbers that are not finite")
        return Speech(sound, int(rate))


def _version() -> str:
    try:
        return version("kokoro-onnx")
    except PackageNotFoundError:
        return "unknown"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
