"""eSpeak: equal texts give equal bits, words have their times, and what is missing is named."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from voiceover.engines import espeak as module
from voiceover.engines import espeak_process
from voiceover.engines.espeak import VOICES, EspeakEngine
from voiceover.errors import NothingToSayError, VoiceFailedError, VoiceNotInstalledError
from voiceover.languages import WORDINGS
from voiceover.spoken import spoken, spoken_words

TEXTS = {
    "en": "The word “be” gives 37% of its attention to “What”; the scores are divided by √d_k.",
    "de": "„be“ schenkt 37\u00a0% seiner Aufmerksamkeit an „What“; das wird durch √d_k geteilt.",
}


def test_it_speaks_every_language_of_a_lesson() -> None:
    assert set(VOICES) == set(WORDINGS)


@pytest.mark.parametrize("language", VOICES)
def test_every_word_has_its_time(language: str) -> None:
    said = spoken(TEXTS[language], language)
    speech = EspeakEngine(language).speak(said)
    assert [word.text for word in speech.words] == spoken_words(said)
    assert all(word.end > word.start for word in speech.words)
    assert all(one.end <= two.start for one, two in pairwise(speech.words))
    for word in speech.words:  # and there is sound in it
        inside = speech.samples[round(word.start * speech.rate) : round(word.end * speech.rate)]
        assert np.abs(inside).max() > 0.02, word
    assert speech.words[-1].end == pytest.approx(speech.seconds, abs=0.3)


def test_a_pause_belongs_to_no_word() -> None:
    speech = EspeakEngine().speak("one. two.")
    gap = speech.samples[round(speech.words[0].end * speech.rate) + 200 :][: speech.rate // 100]
    assert speech.words[1].start - speech.words[0].end >= 0
    assert np.abs(gap).max() < 0.5


def test_equal_texts_give_equal_bits_whatever_was_said_before() -> None:
    engine = EspeakEngine("de")
    first = engine.speak("Eins und zwei.")
    engine.speak("Etwas ganz anderes, und länger.")
    again = EspeakEngine("de").speak("Eins und zwei.")
    assert np.array_equal(first.samples, again.samples)
    assert first.words == again.words


def test_speed_and_language_are_in_the_fingerprint() -> None:
    engines = [EspeakEngine(), EspeakEngine("de"), EspeakEngine(speed=1.5)]
    assert len({engine.fingerprint for engine in engines}) == 3
    slow, fast = (EspeakEngine(speed=s).speak("The same words at another pace.") for s in (0.7, 1.5))
    assert slow.seconds / fast.seconds == pytest.approx(1.5 / 0.7, rel=0.15)


def test_words_spoken_as_one_share_their_time() -> None:
    """ "of the" is one event."""
    words = EspeakEngine().speak("of the of the").words
    assert [word.text for word in words] == ["of", "the", "of", "the"]
    assert all(word.end > word.start for word in words)


def test_a_long_sentence_and_one_of_no_words() -> None:
    long = "word " * 400
    speech = EspeakEngine().speak(long.strip())
    assert len(speech.words) == 400
    assert speech.seconds > 60
    with pytest.raises(NothingToSayError):
        EspeakEngine().speak(" ., ")


def test_nothing_in_a_text_is_markup() -> None:
    plain = EspeakEngine().speak("a b")
    marked = EspeakEngine().speak("<break time='9s'/> a [[h@'loU]] b")
    assert plain.seconds < marked.seconds < 9


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "installed", lambda: None)
    with pytest.raises(VoiceNotInstalledError, match="pip install espeakng-loader, or use --voice silent"):
        EspeakEngine("de")


def test_the_systems_library_serves_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    monkeypatch.setattr(module.ctypes.util, "find_library", lambda _: "libespeak-ng.so.1")
    assert module.installed() == ("libespeak-ng.so.1", "")
    monkeypatch.setattr(module.ctypes.util, "find_library", lambda _: None)
    assert module.installed() is None


def test_a_library_that_fails_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    library, data = module.installed() or ("", "")
    monkeypatch.setattr(module, "installed", lambda: (library, str(tmp_path)))
    with pytest.raises(VoiceFailedError, match="--voice silent"):
        EspeakEngine().speak("words")
    with pytest.raises(SystemExit, match="no voice xx"):
        espeak_process.main(library, data, "xx-no-such", "150", "words")


def test_the_process_needs_the_standard_library_only() -> None:
    code = f"import runpy, sys; runpy.run_path({espeak_process.__file__!r}); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
