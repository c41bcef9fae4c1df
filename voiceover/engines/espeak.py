"""eSpeak NG: a small voice built from rules, for many languages, with the exact times of its words."""

import ctypes.util
import hashlib
import json
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from voiceover.engines import espeak_process
from voiceover.errors import NothingToSayError, VoiceFailedError, VoiceNotInstalledError
from voiceover.speech import Speech, Word
from voiceover.spoken import spoken_words

__all__ = ["LICENCE", "VOICES", "EspeakEngine", "installed"]

VOICES = {"en": "en-us", "de": "de"}
"""eSpeak's voice for each language of a lesson."""
LICENCE = "engine and voices espeak-ng: GPL-3.0-or-later"
RATE = 150
"""Words a minute: an easy pace for an explanation."""
_LONGEST = 60.0  # seconds that one text may take; a page takes less than one


def installed() -> tuple[str, str] | None:
    """The library and its data folder ("" for the library's own); None when there is neither.

    First the package espeakng-loader, whose version is pinned, then the system's libespeak-ng.
    """
    if find_spec("espeakng_loader") is not None:
        import espeakng_loader

        return espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
    library = ctypes.util.find_library("espeak-ng")
    return (library, "") if library else None


class EspeakEngine:
    """eSpeak's voice of a language."""

    name = "espeak"
    licence = LICENCE
    remarks = ()

    def __init__(self, language: str = "en", *, speed: float = 1.0) -> None:
        """`language`: a key of `VOICES`. Raises `VoiceNotInstalledError` and `VoiceFailedError`."""
        found = installed()
        if found is None:
            raise VoiceNotInstalledError.of("espeak", "espeakng-loader")
        self.language, self.voice, self.speed = language, f"espeak-ng {VOICES[language]}", speed
        self._library, self._data = found
        library = Path(self._library)
        known = hashlib.sha256(library.read_bytes()).hexdigest() if library.is_file() else self._version()
        self.fingerprint = f"espeak/1/{known}/{VOICES[language]}/{RATE * speed:.0f}"

    def load(self) -> None:
        """Nothing: a process of its own speaks each text."""

    def speak(self, text: str) -> Speech:
        """Speak `text`; see `Engine.speak`. A sentence of any length is spoken in one go."""
        words = spoken_words(text)
        if not words:
            raise NothingToSayError.of(text)
        about, sound = self._run(text)
        samples = np.frombuffer(sound, np.int16).astype(np.float32) / np.float32(32768)  # (n,)
        if not samples.any():
            raise VoiceFailedError.of(self.voice, text, "it gave silence")
        times = _times(text, words, about["events"], len(samples) / about["rate"])
        return Speech(samples, about["rate"], times)

    def _version(self) -> str:
        return str(self._run("a")[0]["version"])

    def _run(self, text: str) -> tuple[dict[str, Any], bytes]:
        """What `espeak_process` writes of `text`."""
        rate = f"{RATE * self.speed:.0f}"
        command = [
            sys.executable,
            "-I",
            espeak_process.__file__,
            self._library,
            self._data,
            VOICES[self.language],
            rate,
        ]
        try:
            done = subprocess.run(
                command, input=text.encode(), capture_output=True, timeout=_LONGEST, check=True
            )
            header, _, sound = done.stdout.partition(b"\n")
            return json.loads(header), sound
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise VoiceFailedError.of(
                self.voice, text, said or f"it ended with {error.returncode}"
            ) from error
        except (subprocess.TimeoutExpired, OSError, ValueError) as error:
            raise VoiceFailedError.of(self.voice, text, error) from error


def _times(
    text: str, words: list[str], events: list[tuple[str, int, float]], seconds: float
) -> tuple[Word, ...]:
    """The times of the words; empty when the events are not those of this text.

    A word begins at the first event within its characters, and ends where the next begins or a pause does.
    eSpeak may split a word ("thirty-seven"), or speak two as one ("of the"): these share their time by their
    letters.
    """
    starts: dict[int, float] = {}
    for kind, at, second in events:
        if kind == "word":
            starts.setdefault(at, second)
    pauses = [second for kind, _, second in events if kind == "pause"]
    groups: list[tuple[float, list[str]]] = []  # when it begins, and the words that are spoken as one
    end = 0
    for word in words:
        start = text.index(word, end)
        end = start + len(word)
        begin = next((starts[i] for i in range(start, end) if i in starts), None)
        if begin is not None:
            groups.append((begin, [word]))
        elif groups:
            groups[-1][1].append(word)
        else:
            return ()
    times: list[Word] = []
    for index, (begin, group) in enumerate(groups):
        later = [groups[index + 1][0]] if index + 1 < len(groups) else []
        until = max(begin, min([*later, *(p for p in pauses if p > begin), seconds]))
        edges = np.interp(np.cumsum([0, *map(len, group)]), [0, sum(map(len, group))], [begin, until])
        times += [Word(word, float(a), float(b)) for word, (a, b) in zip(group, pairwise(edges), strict=True)]
    return tuple(times)
