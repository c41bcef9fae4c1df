"""Loudness against pyloudnorm and the standard's own tone; peaks between the samples."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import resample_poly

from voiceover.loudness import RATE, loudness, true_peak
from voiceover.speech import Samples, Speech


def tone(seconds: float, level: float, hertz: float = 997) -> Samples:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def test_a_known_tone() -> None:
    """BS.1770: a full-scale 997 Hz sine in one channel is −3.01 LKFS."""
    assert loudness(tone(3, 1.0)) == pytest.approx(-3.01, abs=0.05)  # pyloudnorm's filters are 0.04 off


@pytest.mark.parametrize("length", [0, 100, RATE])
def test_what_is_too_quiet_has_no_loudness(length: int) -> None:
    assert loudness(np.zeros(length, np.float32)) == -math.inf
    assert loudness(np.full(length, 1e-7, np.float32)) == -math.inf


# Lengths around those at which one more block is counted, and around those at which a new piece begins.
@pytest.mark.parametrize("seconds", [0.4, 0.44, 0.46, 1.0, 4.97, 5.0, 5.03, 17.3])
def test_it_is_pyloudnorms(seconds: float) -> None:
    rng = np.random.default_rng(5)
    speech_like = rng.normal(0, 0.1, round(seconds * RATE)) * (
        0.2 + np.abs(np.sin(np.arange(seconds * RATE) / 9000))
    )
    samples = speech_like.astype(np.float32)
    theirs = pyloudnorm.Meter(RATE).integrated_loudness(samples.astype(np.float64))
    assert loudness(samples) == pytest.approx(theirs, abs=0.01)


def test_pauses_are_left_out_as_pyloudnorm_does() -> None:
    parts = [tone(2, 0.5), np.zeros(5 * RATE, np.float32), tone(3, 0.004), tone(1.07, 0.2, 3000)]
    samples = np.concatenate(parts)
    theirs = pyloudnorm.Meter(RATE).integrated_loudness(samples.astype(np.float64))
    assert loudness(samples) == pytest.approx(theirs, abs=0.01)
    assert loudness(samples) > 20 * math.log10(np.sqrt(np.mean(np.square(samples)))) + 3


def test_real_speech_is_measured_as_pyloudnorm_does(sentence: Speech) -> None:
    samples = np.asarray(resample_poly(sentence.samples, 320, 147), np.float32)
    theirs = pyloudnorm.Meter(RATE).integrated_loudness(samples.astype(np.float64))
    assert loudness(samples) == pytest.approx(theirs, abs=0.01)


def test_length_costs_no_memory() -> None:
    minutes = [np.tile(tone(1, 0.1), 60 * count) for count in (1, 4)]
    loudness(minutes[0])  # what is imported on the way is not counted
    peaks = []
    for samples in minutes:
        tracemalloc.start()
        loudness(samples)
        true_peak(samples)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0] < 60e6


def test_true_peak_sees_between_samples() -> None:
    """A quarter-rate sine at 45° has samples of 0.707 and peaks of 1 between them."""
    sine = np.sin(np.pi / 2 * np.arange(300_000) + np.pi / 4).astype(np.float32)
    assert np.abs(sine).max() < 0.708
    assert true_peak(sine[1000:-1000]) == pytest.approx(0.0, abs=0.7)
    assert true_peak(sine) > -0.1
    assert true_peak(np.zeros(10, np.float32)) == -math.inf


def test_true_peak_is_the_same_in_pieces(sentence: Speech) -> None:
    samples = np.tile(sentence.samples, 4)
    whole = np.abs(resample_poly(samples.astype(np.float64), 4, 1)).max()
    assert true_peak(samples) == pytest.approx(20 * math.log10(whole), abs=1e-6)
