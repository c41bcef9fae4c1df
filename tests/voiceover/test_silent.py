"""Silence at reading speed."""

from itertools import pairwise

import pytest

from voiceover.engines.silent import SilentEngine
from voiceover.errors import NothingToSayError


def test_pace_is_a_readers() -> None:
    text = "This is a sentence with words of quite ordinary length in it, which a person reads " * 3
    speech = SilentEngine().speak(text)
    assert not speech.samples.any()
    assert 2.2 < len(speech.words) / speech.seconds < 2.8


def test_words_marks_and_pauses() -> None:
    words = SilentEngine().speak("So, it's done. Next").words
    assert [word.text for word in words] == ["So", "it's", "done", "Next"]
    gaps = [b.start - a.end for a, b in pairwise(words)]
    assert gaps == pytest.approx([0.2, 0.0, 0.45])
    assert words[1].end - words[1].start < words[2].end - words[2].start + 1e-9


def test_nothing_to_say() -> None:
    with pytest.raises(NothingToSayError):
        SilentEngine().speak("...")
