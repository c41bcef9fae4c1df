"""Exact placement, and loudness measured on real speech."""

import numpy as np
import pytest

from voiceover.loudness import RATE, loudness, true_peak
from voiceover.master import FADE_MS, PEAK, TARGET, assemble, master, resampled
from voiceover.speech import Samples, Speech


def tone(seconds: float, rate: int = RATE, hertz: float = 440, level: float = 0.5) -> Samples:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def lag(a: Samples, b: Samples) -> int:
    """Samples by which `b` comes after `a`, from their cross-correlation."""
    size = 1 << (len(a) + len(b)).bit_length()
    product = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)))
    at = int(product.argmax())
    return at if at < size // 2 else at - size


@pytest.fixture(scope="module")
def track(sentence: Speech) -> Samples:
    return assemble([(0.5, sentence), (1.25 + sentence.seconds, sentence)], 2 * sentence.seconds + 2)


@pytest.fixture(scope="module")
def mastered(track: Samples) -> Samples:
    return master(track)


@pytest.mark.parametrize("start", [0.0, 0.5, 1.0000417, 1.23456])
def test_speech_lies_at_its_sample(start: float) -> None:
    sound = Speech(tone(0.5), RATE)
    track = assemble([(start, sound)], 3.0)
    first = round(start * RATE)
    fade = FADE_MS * RATE // 1000
    assert len(track) == 144_000
    middle = slice(first + fade, first + len(sound.samples) - fade)
    assert np.array_equal(track[middle], sound.samples[fade:-fade])
    assert not track[:first].any()
    assert not track[first + len(sound.samples) :].any()


def test_ends_are_faded() -> None:
    track = assemble([(0.1, Speech(np.full(9613, 0.5, np.float32), RATE))], 1.0)
    part = track[4800 : 4800 + 9613]
    assert abs(part[0]) < 0.01
    assert abs(part[-1]) < 0.01
    assert part[300] == pytest.approx(0.5, abs=1e-3)
    assert np.all(np.diff(part[:240]) >= -1e-6)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100])
def test_another_rate_keeps_time_and_pitch(rate: int) -> None:
    sound = tone(0.5, rate)
    again = resampled(sound, rate)
    assert len(again) == round(0.5 * RATE)
    assert np.abs(again[2000:-2000] - tone(0.5)[2000:-2000]).max() < 5e-3


def test_loud_speech_is_not_clipped_before_mastering() -> None:
    loud = tone(0.5, level=1.7)
    track = assemble([(0.0, Speech(loud, RATE))], 0.5)
    assert np.abs(track).max() == pytest.approx(1.7, abs=1e-3)
    assert np.abs(track[200:240]).max() > 1.3


def test_overlaps_add_and_the_outside_is_cut() -> None:
    one = Speech(np.full(RATE, 0.25, np.float32), RATE)
    track = assemble([(-0.5, one), (0.25, one), (0.75, one), (5.0, one)], 1.0)
    assert len(track) == RATE
    assert track[1000] == pytest.approx(0.25, abs=1e-4)
    assert track[RATE * 3 // 8] == pytest.approx(0.5, abs=1e-4)
    assert track[-1000] == pytest.approx(0.5, abs=1e-4)


@pytest.mark.parametrize("seconds", [0.0, 1 / 30, 10.00001])
def test_length_is_exact_and_empty_is_silent(seconds: float) -> None:
    track = assemble([], seconds)
    assert len(track) == round(seconds * RATE)
    assert not track.any()


def test_speech_is_mastered(track: Samples, mastered: Samples) -> None:
    assert loudness(track) < TARGET - 3
    assert loudness(mastered) == pytest.approx(TARGET, abs=0.5)
    assert true_peak(mastered) <= PEAK
    assert np.isfinite(mastered).all()


def test_mastering_moves_nothing(track: Samples, mastered: Samples) -> None:
    assert len(mastered) == len(track)
    assert mastered.dtype == np.float32
    assert abs(lag(track, mastered)) <= 2
    first, last = (int(np.argmax(np.abs(x) > 0.02 * np.abs(x).max())) for x in (track, mastered))
    assert abs(first - last) < RATE // 200


def test_mastering_is_deterministic(track: Samples) -> None:
    part = track[: 4 * RATE]
    assert np.array_equal(master(part), master(part))


@pytest.mark.parametrize("gain", [0.02, 1.6])
def test_quiet_and_loud_speech_come_out_alike(track: Samples, mastered: Samples, gain: float) -> None:
    other = master((track * gain).astype(np.float32))
    assert np.abs(other - mastered).max() < 0.02


def test_two_equal_channels_are_counted(track: Samples) -> None:
    assert loudness(master(track, channels=2)) == pytest.approx(TARGET - 3.01, abs=0.5)


def test_rumble_is_taken_out(track: Samples) -> None:
    rumble = tone(len(track) / RATE, hertz=20, level=0.1)

    def low(samples: Samples) -> float:
        spectrum = np.abs(np.fft.rfft(samples))
        hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
        return float(spectrum[(hertz > 19) & (hertz < 21)].max() / spectrum[(hertz > 80)].max())

    noisy = (track + rumble).astype(np.float32)
    assert low(master(noisy)) < low(noisy) / 5


@pytest.mark.parametrize("length", [0, 1, 100, RATE])
def test_silence_passes_unchanged(length: int) -> None:
    silence = np.zeros(length, np.float32)
    assert np.array_equal(master(silence), silence)


@pytest.mark.parametrize("length", [1, 200, 20_000])
def test_short_sound_keeps_its_length_and_the_peak_limit(length: int) -> None:
    out = master(tone(length / RATE, level=0.9) + np.float32(0.1))
    assert len(out) == length
    assert true_peak(out) <= PEAK + 1e-4
