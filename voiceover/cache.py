"""Speech kept by content: a sentence spoken once is read from a file until what decides its sound changes."""

import hashlib
import json
import zipfile
import zlib
from pathlib import Path

import numpy as np

from voiceover.atomic import atomic_file
from voiceover.engines.base import Engine
from voiceover.engines.silent import unspoken
from voiceover.errors import CacheUnwritableError, NothingToSayError
from voiceover.speech import Speech, Word
from voiceover.spoken import VERSION, spoken

__all__ = ["SpeechCache"]

_FORMAT = "speech-1"


class SpeechCache:
    """An engine with a memory in a folder; any number of processes may share the folder.

    `hits` and `misses` count the calls of `speak` that were answered from the folder and by the engine.
    """

    def __init__(self, folder: Path, engine: Engine, *, keep: bool = True) -> None:
        """`folder`: made if it is not there; raises `CacheUnwritableError` when it cannot be.

        Without `keep` the folder is only read.
        """
        self.folder, self.engine, self._keeps = folder, engine, keep
        self.hits = self.misses = 0
        if not keep:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CacheUnwritableError.of(folder, error) from error

    def speak(self, text: str) -> Speech:
        """Speak `text`, given in written form; one in which nothing can be spoken is silence to read it in.

        Raises what else the engine raises, and `CacheUnwritableError` when the speech cannot be kept.
        """
        said = spoken(text, self.engine.language)
        key = self.key(said)
        kept = _read(self.folder / f"{key}.npz", key)
        if kept is not None:
            self.hits += 1
            return kept
        self.misses += 1
        try:
            speech = self.engine.speak(said)
        except NothingToSayError:
            return unspoken(text)
        if self._keeps:
            self._keep(key, speech)
        return speech

    def has(self, text: str) -> bool:
        """Whether there is speech of `text` in the folder, damaged or not."""
        return (self.folder / f"{self.key(spoken(text, self.engine.language))}.npz").exists()

    def key(self, said: str) -> str:
        """sha256, in hex, of everything that decides how the spoken text `said` sounds."""
        parts = [_FORMAT, VERSION, self.engine.fingerprint, said]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()

    def _keep(self, key: str, speech: Speech) -> None:
        meta = json.dumps({"key": key, "words": [[w.text, w.start, w.end] for w in speech.words]})
        try:
            with atomic_file(self.folder / f"{key}.npz") as aside, aside.open("wb") as file:
                np.savez(file, samples=speech.samples, rate=np.int64(speech.rate), meta=np.array(meta))
        except OSError as error:
            raise CacheUnwritableError.of(self.folder, error) from error


def _read(path: Path, key: str) -> Speech | None:
    """The speech in a cache's file; None when it is not there or damaged (zip files carry checksums)."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            meta = json.loads(str(kept["meta"]))
            if meta["key"] != key:
                return None
            words = tuple(Word(str(text), float(start), float(end)) for text, start, end in meta["words"])
            return Speech(kept["samples"], int(kept["rate"]), words)
    except (
        OSError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
    ):
        return None
