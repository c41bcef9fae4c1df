"""Music under speech: how loud, for how long, and out of the way of words."""

from __future__ import annotations

import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from voiceover.bed import OPEN, UNDER, Music, bed, read_music
from voiceover.errors import MusicMissingError, MusicSilentError, MusicUnreadableError
from voiceover.loudness import RATE, loudness, true_peak
from voiceover.master import PEAK, TARGET, assemble, master, mix
from voiceover.speech import Samples, Speech

SPOKEN = [(4.0, 9.0), (9.6, 12.0), (20.0, 24.0)]  # the pause of 0.6 s is too short to come back in


def noise(seconds: float, level: float = 0.2) -> Samples:
    rng = np.random.default_rng(3)
    return (level * rng.standard_normal(round(seconds * RATE))).astype(np.float32).clip(-1, 1)


def music(seconds: float, level: float = 0.2) -> Music:
    return Music(noise(seconds, level), "noise.wav", "0" * 64)


def write_wav(path: Path, samples: Samples, rate: int = RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat((samples * 32767).astype("<i2"), channels).tobytes())
    return path


def part(samples: Samples, start: float, end: float) -> Samples:
    return samples[round(start * RATE) : round(end * RATE)]


@pytest.mark.parametrize("level", [0.01, 0.3])
@pytest.mark.parametrize("channels", [1, 2])
def test_it_is_quiet_and_quieter_under_words(level: float, channels: int) -> None:
    under = bed(music(30, level), 30 * RATE, SPOKEN, channels=channels)
    together = 10 * np.log10(channels)  # equal channels together are louder
    for start, end in ((4.2, 8.8), (9.0, 9.6), (20.2, 23.8)):
        assert loudness(part(under, start, end)) + together == pytest.approx(UNDER, abs=0.5)
    for start, end in ((1.6, 3.5), (13.5, 19.0)):
        assert loudness(part(under, start, end)) + together == pytest.approx(OPEN, abs=0.5)
    assert UNDER <= TARGET - 18


@pytest.mark.parametrize("seconds", [0.5, 7.0, 31.0])
@pytest.mark.parametrize("length", [1, RATE // 3, 30 * RATE + 7])
def test_it_is_as_long_as_the_lesson(seconds: float, length: int) -> None:
    under = bed(music(seconds), length, [])
    assert under.shape == (length,)
    assert under.dtype == np.float32
    assert np.isfinite(under).all()


def test_a_short_piece_is_repeated_without_a_gap_or_a_jump() -> None:
    under = bed(music(5), 40 * RATE, [])
    levels = [loudness(part(under, t, t + 1)) for t in np.arange(2, 36, 0.5)]
    assert max(levels) - min(levels) < 2.0


def test_it_fades_in_and_out_and_never_jumps() -> None:
    steady = Music(
        np.full(40 * RATE, 0.5, np.float32) * np.resize([1, -1], 40 * RATE).astype(np.float32), "", ""
    )
    envelope = np.abs(bed(steady, 30 * RATE, SPOKEN))
    assert envelope[0] == pytest.approx(0, abs=1e-6)
    assert envelope[-1] < 1e-4
    assert all(one < other for one, other in pairwise(envelope[: RATE : RATE // 10]))
    assert np.abs(np.diff(envelope)).max() < envelope.max() / 2000


def test_no_pumping_in_short_pauses() -> None:
    under = bed(music(30), 30 * RATE, SPOKEN)
    inside = np.sqrt(np.mean(np.square(part(under, 9.0, 9.6))))
    word = np.sqrt(np.mean(np.square(part(under, 5.0, 8.0))))
    assert inside == pytest.approx(word, rel=0.1)


def test_the_whole_is_as_loud_as_before(sentence: Speech) -> None:
    seconds = sentence.seconds + 4
    speech = master(assemble([(2.0, sentence)], seconds), channels=2)
    under = bed(music(8), len(speech), [(2.0, 2.0 + sentence.seconds)], channels=2)
    whole = mix(speech, under, channels=2)
    assert len(whole) == len(speech)
    assert loudness(whole) + 10 * np.log10(2) == pytest.approx(TARGET, abs=0.5)
    assert true_peak(whole) <= PEAK
    assert loudness(part(whole, 0.5, 1.5)) > -60  # there is music before the first word
    assert np.corrcoef(whole, speech)[0, 1] > 0.98  # and the speech is what it was, at its place


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_a_file_is_read_as_mono(tmp_path: Path, rate: int, channels: int) -> None:
    path = write_wav(tmp_path / "tune.wav", noise(1.0)[: round(1.0 * rate)], rate, channels)
    read = read_music(path)
    assert abs(len(read.samples) / RATE - min(1.0, RATE / rate)) < 0.05
    assert read.name == "tune.wav"
    assert len(read.sha256) == 64


@pytest.mark.parametrize("name", ["song: one.wav", "http:song.wav", "concat:a|b.wav", "-", "data:,%03d.wav"])
def test_a_file_is_a_file_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    read = read_music(write_wav(Path(name), noise(1)))
    assert (read.name, len(read.samples)) == (name, RATE)


def test_a_file_that_is_no_music(tmp_path: Path) -> None:
    with pytest.raises(MusicMissingError, match="no such file"):
        read_music(tmp_path / "nowhere.mp3")
    with pytest.raises(MusicMissingError):
        read_music(tmp_path)
    text = tmp_path / "text.mp3"
    text.write_text("not music at all\n" * 400)
    with pytest.raises(MusicUnreadableError, match="holds no sound that can be read"):
        read_music(text)
    (tmp_path / "empty.ogg").touch()
    with pytest.raises(MusicUnreadableError):
        read_music(tmp_path / "empty.ogg")
    with pytest.raises(MusicSilentError, match="nothing can be heard"):
        read_music(write_wav(tmp_path / "silent.wav", np.zeros(RATE, np.float32)))
