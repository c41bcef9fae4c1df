"""Speech kept by content."""

import threading
from pathlib import Path

import numpy as np
import pytest

import voiceover.cache as module
from voiceover.cache import SpeechCache
from voiceover.engines.espeak import EspeakEngine
from voiceover.engines.piper import PiperEngine
from voiceover.engines.silent import SilentEngine
from voiceover.errors import CacheUnwritableError, VoiceFailedError
from voiceover.speech import Speech, Word


class Counting(SilentEngine):
    """Counts what it speaks, and gives samples that differ from text to text."""

    def __init__(self) -> None:
        super().__init__(rate=1000)
        self.said: list[str] = []

    def speak(self, text: str) -> Speech:
        self.said.append(text)
        silence = super().speak(text)
        samples = np.random.default_rng(len(text)).standard_normal(len(silence.samples)).astype(np.float32)
        return Speech(samples, silence.rate, silence.words)


def test_a_second_run_synthesises_nothing(tmp_path: Path) -> None:
    first, second = SpeechCache(tmp_path, Counting()), SpeechCache(tmp_path, Counting())
    made, kept = first.speak("About 37 %."), second.speak("About 37 %.")
    assert first.engine.said == ["About thirty-seven percent."]  # type: ignore[attr-defined]
    assert second.engine.said == []  # type: ignore[attr-defined]
    assert (first.hits, first.misses, second.hits, second.misses) == (0, 1, 1, 0)
    assert np.array_equal(made.samples, kept.samples)
    assert (made.rate, made.words) == (kept.rate, kept.words)
    assert kept.words[0] == Word("About", *_times(made, 0))


def _times(speech: Speech, index: int) -> tuple[float, float]:
    return speech.words[index].start, speech.words[index].end


def test_piper_comes_back_bit_for_bit(tmp_path: Path, piper: PiperEngine) -> None:
    made = SpeechCache(tmp_path, piper).speak("All of it.")
    kept = SpeechCache(tmp_path, piper).speak("All of it.")
    assert made.samples.tobytes() == kept.samples.tobytes()
    assert made.words == kept.words


def test_what_decides_the_sound_decides_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = SpeechCache(tmp_path, SilentEngine())
    keys = {cache.key("one"), cache.key("two"), SpeechCache(tmp_path, SilentEngine(rate=8000)).key("one")}
    monkeypatch.setattr(module, "VERSION", "another")
    keys.add(cache.key("one"))
    assert len(keys) == 4


def test_texts_said_alike_share_a_sound(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, Counting())
    cache.speak("37 %")
    cache.speak("‘thirty-seven percent’")
    assert (cache.hits, cache.misses) == (1, 1)


@pytest.mark.parametrize("damage", ["empty", "half", "flipped", "other", "text", "pickle"])
def test_a_damaged_entry_is_made_again(tmp_path: Path, damage: str) -> None:
    cache = SpeechCache(tmp_path, Counting())
    good = cache.speak("some words here")
    (path,) = tmp_path.glob("*.npz")
    data = bytearray(path.read_bytes())
    if damage == "empty":
        data.clear()
    elif damage == "half":
        del data[len(data) // 2 :]
    elif damage == "flipped":
        data[len(data) // 3] ^= 0xFF
    elif damage == "other":
        cache.speak("quite another text")
        data = bytearray(next(p for p in tmp_path.glob("*.npz") if p != path).read_bytes())
    elif damage == "text":
        data[:] = b"hello"
    else:
        np.save(tmp_path / "object.npy", np.array([{}], object), allow_pickle=True)
        data = bytearray((tmp_path / "object.npy").read_bytes())
    path.write_bytes(data)
    again = SpeechCache(tmp_path, Counting())
    assert np.array_equal(again.speak("some words here").samples, good.samples)
    assert (again.hits, again.misses) == (0, 1)
    assert np.array_equal(again.speak("some words here").samples, good.samples)
    assert again.hits == 1


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = SpeechCache(tmp_path, Counting())

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.np, "savez", full)
    with pytest.raises(CacheUnwritableError, match="No space left"):
        cache.speak("words")
    assert list(tmp_path.iterdir()) == []


def test_failures_are_not_kept(tmp_path: Path) -> None:
    class Mute(SilentEngine):
        def speak(self, text: str) -> Speech:
            raise VoiceFailedError.of("mute", text, "no sound")

    with pytest.raises(VoiceFailedError):
        SpeechCache(tmp_path, Mute()).speak("words")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "seconds"), [("[" * 63, 3.15), ("\u200b\u200d", 1.0), ("", 1.0), ("()" * 500, 7.0)]
)
def test_what_is_written_but_not_spoken_is_shown_in_silence(
    tmp_path: Path, piper: PiperEngine, text: str, seconds: float
) -> None:
    for engine in (SilentEngine(), EspeakEngine(), piper):
        speech = SpeechCache(tmp_path, engine).speak(text)
        assert speech.seconds == pytest.approx(seconds)
        assert not speech.samples.any()
        assert speech.words == ()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheUnwritableError, match="cannot be kept here"):
        SpeechCache(tmp_path / "file" / "audio", SilentEngine())


def test_many_writers_of_one_entry(tmp_path: Path) -> None:
    caches = [SpeechCache(tmp_path, Counting()) for _ in range(8)]
    results: list[Speech] = []
    threads = [threading.Thread(target=lambda c=c: results.append(c.speak("the same words"))) for c in caches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert all(np.array_equal(r.samples, results[0].samples) for r in results)
    assert len(list(tmp_path.iterdir())) == 1
