"""A `Speech` cannot be malformed."""

import numpy as np
import pytest

from voiceover.speech import Speech, Word


def test_seconds() -> None:
    assert Speech(np.zeros(24_000, np.float32), 48_000).seconds == 0.5


@pytest.mark.parametrize(
    ("samples", "rate", "words"),
    [
        (np.zeros(10), 10, ()),
        (np.zeros((2, 5), np.float32), 10, ()),
        (np.full(10, np.nan, np.float32), 10, ()),
        (np.zeros(10, np.float32), 0, ()),
        (np.zeros(10, np.float32), 10, (Word("a", 0.5, 1.2),)),
        (np.zeros(10, np.float32), 10, (Word("a", 0.5, 0.4),)),
        (np.zeros(10, np.float32), 10, (Word("a", 0.0, 0.6), Word("b", 0.5, 0.9))),
    ],
)
def test_malformed_speech_is_refused(samples: np.ndarray, rate: int, words: tuple[Word, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Speech(samples, rate, words)


def test_samples_cannot_be_changed_afterwards() -> None:
    speech = Speech(np.zeros(10, np.float32), 10)
    with pytest.raises(ValueError, match="read-only"):
        speech.samples[0] = 1
