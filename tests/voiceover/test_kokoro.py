"""Kokoro behind its real interface, with a made-up network: the real files are not ours to ship."""

import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voiceover.engines.kokoro import KokoroEngine
from voiceover.errors import (
    NothingToSayError,
    UnknownVoiceError,
    VoiceFailedError,
    VoiceFileBrokenError,
    VoiceFileMissingError,
    VoiceLanguageError,
    VoiceNotInstalledError,
)
from voiceover.voices import load_voice, voices


class Fake:
    """What `kokoro_onnx.Kokoro` offers of its interface (0.6)."""

    asked: list[dict[str, Any]]

    def __init__(self, model_path: str, voices_path: str) -> None:
        if Path(model_path).read_bytes() != b"model":
            raise RuntimeError("INVALID_PROTOBUF")
        self.voices = dict.fromkeys(Path(voices_path).read_text().split())

    def create(
        self, text: str, voice: str, speed: float = 1.0, lang: str = "en-us"
    ) -> tuple[np.ndarray, int]:
        Fake.asked.append({"text": text, "voice": voice, "speed": speed, "lang": lang})
        if "bad" in text:
            raise ValueError("no phonemes")
        return np.full(len(text) * 100, 0.0 if "quiet" in text else 0.25, np.float32), 24_000


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    module = types.ModuleType("kokoro_onnx")
    module.Kokoro = Fake  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "kokoro_onnx", module)
    Fake.asked = []
    (tmp_path / "k.onnx").write_bytes(b"model")
    (tmp_path / "v.bin").write_text("zf_xiaobei bm_george af_heart af_bella")
    return tmp_path / "k.onnx", tmp_path / "v.bin"


def test_it_speaks_with_the_voice_that_is_asked_for(files: tuple[Path, Path]) -> None:
    model, table = files
    engine = load_voice(f"kokoro:{model},{table}", speed=1.2)
    speech = engine.speak("Each token asks.")
    assert (engine.name, engine.voice, engine.language) == ("kokoro", "af_heart", "en")
    assert (speech.rate, len(speech.samples), speech.words) == (24_000, 1600, ())
    load_voice(f"kokoro:{model},{table},bm_george").speak("Each.")
    assert Fake.asked == [
        {"text": "Each token asks.", "voice": "af_heart", "speed": 1.2, "lang": "en-us"},
        {"text": "Each.", "voice": "bm_george", "speed": 1.0, "lang": "en-gb"},
    ]


def test_the_fingerprint_is_of_all_that_decides_the_sound(files: tuple[Path, Path]) -> None:
    model, table = files
    known = {KokoroEngine(model, table).fingerprint, KokoroEngine(model, table).fingerprint}
    known |= {
        KokoroEngine(model, table, "af_bella").fingerprint,
        KokoroEngine(model, table, speed=1.5).fingerprint,
    }
    table.write_text("af_heart")
    assert len(known | {KokoroEngine(model, table).fingerprint}) == 4


def test_what_can_go_wrong(files: tuple[Path, Path], tmp_path: Path) -> None:
    model, table = files
    with pytest.raises(VoiceLanguageError, match=r"speaks en.*in de"):
        load_voice(f"kokoro:{model},{table}", "de")
    with pytest.raises(UnknownVoiceError, match="did you mean 'af_bella'"):
        load_voice(f"kokoro:{model},{table},af_bela")
    with pytest.raises(UnknownVoiceError):  # a voice of another language
        load_voice(f"kokoro:{model},{table},zf_xiaobei")
    with pytest.raises(VoiceFileMissingError, match=r"kokoro:MODEL.onnx,VOICES.bin"):
        load_voice(f"kokoro:{model}")
    with pytest.raises(VoiceFileMissingError):
        load_voice(f"kokoro:{tmp_path / 'no.onnx'},{table}")
    engine = KokoroEngine(model, table)
    with pytest.raises(VoiceFailedError, match="no phonemes"):
        engine.speak("bad words")
    with pytest.raises(VoiceFailedError, match="silence"):
        engine.speak("quiet words")
    with pytest.raises(NothingToSayError):
        engine.speak("., !")
    model.write_bytes(b"something else")
    with pytest.raises(VoiceFileBrokenError, match=r"not a Kokoro model.*INVALID_PROTOBUF"):
        KokoroEngine(model, table)


def test_without_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "kokoro_onnx", None)
    with pytest.raises(VoiceNotInstalledError, match=r"run pip install kokoro-onnx, or use --voice silent"):
        load_voice(f"kokoro:{tmp_path},{tmp_path}")
    monkeypatch.setattr("voiceover.voices.find_spec", lambda _: None)
    assert [v.remedy for v in voices() if v.name.startswith("kokoro")] == ["pip install kokoro-onnx"]
