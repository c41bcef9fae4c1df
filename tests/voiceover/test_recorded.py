"""A person's recordings: found by the sheet, as long as they are, and never of another lesson's words."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from voiceover.cache import SpeechCache
from voiceover.engines.recorded import RecordedEngine
from voiceover.errors import RecordingError, VoiceLanguageError, VoiceSpeedError
from voiceover.voices import load_voice

TEXTS = ["It has 12 heads.", "„be“ bekommt 37\u00a0%.", "The end."]


def tone(seconds: float, rate: int = 8000) -> np.ndarray:
    return np.sin(2 * np.pi * 220 * np.arange(round(seconds * rate)) / rate) * 0.5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sheet of three lines, of which the first two are recorded."""
    beats = [{"file": f"{i:03}.wav", "text": text, "seconds": 2.0} for i, text in enumerate(TEXTS)]
    (tmp_path / "sheet.json").write_text(json.dumps({"format": 1, "language": "en", "beats": beats}))
    wavfile.write(tmp_path / "000.wav", 8000, (tone(1.5) * 32767).astype(np.int16))
    wavfile.write(tmp_path / "001.wav", 44100, tone(2.0, 44100).astype(np.float32))
    return tmp_path


def test_each_text_has_its_recording(folder: Path, tmp_path: Path) -> None:
    engine = load_voice(f"recordings:{folder}")
    cache = SpeechCache(tmp_path / "cache", engine)
    first, second = (cache.speak(text) for text in TEXTS[:2])
    assert (first.rate, second.rate) == (8000, 44100)
    assert (first.seconds, second.seconds) == (1.5, 2.0)
    assert np.abs(first.samples - tone(1.5)).max() < 1e-3
    assert first.words == ()
    assert engine.remarks == ("002.wav: is not recorded yet; its beat is silent, with captions",)
    assert not cache.speak(TEXTS[2]).samples.any()


def test_words_of_another_lesson_are_refused(folder: Path) -> None:
    with pytest.raises(RecordingError, match=r"no 'It has thirteen heads.'; make the sheet again"):
        SpeechCache(folder / "cache", RecordedEngine(folder, "en")).speak("It has 13 heads.")


def test_a_new_recording_is_heard(folder: Path) -> None:
    before = RecordedEngine(folder, "en").fingerprint
    assert RecordedEngine(folder, "en").fingerprint == before
    wavfile.write(folder / "000.wav", 8000, (tone(1.6) * 32767).astype(np.int16))
    assert RecordedEngine(folder, "en").fingerprint != before


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_kind_of_wav(folder: Path, kind: type, channels: int) -> None:
    sound = np.repeat(tone(1.0)[:, None], channels, axis=1)
    if kind is np.uint8:
        data = (sound * 127 + 128).astype(kind)
    else:
        data = (sound * (np.iinfo(kind).max if np.issubdtype(kind, np.integer) else 1)).astype(kind)
    wavfile.write(folder / "000.wav", 8000, data)
    speech = RecordedEngine(folder, "en").speak("It has twelve heads.")
    assert np.abs(speech.samples - tone(1.0)).max() < 0.02


def test_what_a_person_should_know(folder: Path) -> None:
    wavfile.write(folder / "000.wav", 8000, (tone(9.0) * 32767).astype(np.int16))
    wavfile.write(folder / "001.wav", 8000, np.zeros(8000, np.int16))
    long, silent, _ = RecordedEngine(folder, "en").remarks
    assert long == "000.wav: lasts 9.0 s, and its sheet says 2.0 s; the picture waits for it"
    assert silent == "001.wav: is silent; record it again"


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"RIFF\x10\x00\x00\x00WAVEfmt ", b"ID3\x03" + bytes(100), "cut", "empty", "slow"],
)
def test_a_broken_recording_is_named(folder: Path, content: bytes | str) -> None:
    path = folder / "000.wav"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "cut":
        path.write_bytes(path.read_bytes()[:40])
    else:
        wavfile.write(
            path, 100 if content == "slow" else 8000, np.zeros(0 if content == "empty" else 9, np.int16)
        )
    with pytest.raises(RecordingError, match=r"000\.wav: not a WAV file.*record it again as WAV"):
        RecordedEngine(folder, "en")


@pytest.mark.parametrize(
    "sheet", ["", "[]", "{}", '{"format": 1, "language": "en", "beats": [{"text": "x"}]}', '{"format": 9}']
)
def test_a_broken_sheet_is_named(folder: Path, sheet: str) -> None:
    (folder / "sheet.json").write_text(sheet)
    with pytest.raises(RecordingError, match=r"sheet\.json.*record-sheet"):
        RecordedEngine(folder, "en")


def test_what_does_not_fit(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no such sheet"):
        load_voice(f"recordings:{tmp_path / 'no'}")
    with pytest.raises(VoiceLanguageError, match=r"speaks en.*in de"):
        load_voice(f"recordings:{folder}", "de")
    with pytest.raises(VoiceSpeedError, match="--speed"):
        load_voice(f"recordings:{folder}", speed=1.2)


def test_a_file_outside_the_folder_is_not_read(folder: Path) -> None:
    content = json.loads((folder / "sheet.json").read_text())
    content["beats"][0]["file"] = "../../etc/000.wav"
    (folder / "sheet.json").write_text(json.dumps(content))
    assert RecordedEngine(folder, "en").speak("It has twelve heads.").seconds == 1.5


@pytest.mark.parametrize("name", ["000.WAV", "000.Wav", "000.wAv"])
def test_a_name_in_another_case_is_found(folder: Path, name: str) -> None:
    (folder / "000.wav").rename(folder / name)
    (folder / "sheet.json").rename(folder / "Sheet.JSON")
    engine = RecordedEngine(folder, "en")
    assert engine.speak("It has twelve heads.").seconds == 1.5
    assert engine.remarks == ("002.wav: is not recorded yet; its beat is silent, with captions",)


def test_the_exact_name_comes_first_and_two_others_are_not_chosen_between(folder: Path) -> None:
    wavfile.write(folder / "000.WAV", 8000, (tone(1.0) * 32767).astype(np.int16))
    assert RecordedEngine(folder, "en").speak("It has twelve heads.").seconds == 1.5
    (folder / "000.wav").rename(folder / "000.Wav")
    assert "000.wav: is not recorded yet" in RecordedEngine(folder, "en").remarks[0]


@pytest.mark.parametrize("recorded", ["none", "silent", "one of another name"])
def test_a_sheet_with_nothing_recorded_is_no_silent_lesson(folder: Path, recorded: str) -> None:
    for file in folder.glob("*.wav"):
        file.unlink()
    if recorded == "silent":
        wavfile.write(folder / "000.wav", 8000, np.zeros(8000, np.int16))
    elif recorded != "none":
        wavfile.write(folder / "take1.wav", 8000, (tone(1.0) * 32767).astype(np.int16))
    with pytest.raises(RecordingError, match=r"nothing is recorded yet: none of the 3 files.*--voice silent"):
        load_voice(f"recordings:{folder}")
