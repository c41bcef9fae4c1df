"""Written text, spoken words and times, brought together once."""

import pytest

from voiceover.speech import Word
from voiceover.spoken import spoken, spoken_words
from voiceover.timing import timed_text

WORD = 0.43


def evenly(text: str, language: str = "en") -> list[Word]:
    """Times of a voice that says every word in the same time."""
    words = spoken_words(spoken(text, language))
    return [Word(word, i * WORD, (i + 1) * WORD) for i, word in enumerate(words)]


def test_a_word_of_the_text_begins_with_its_first_spoken_word() -> None:
    text = "It has 8,193 tokens, born on 8 May 1945."
    timed = timed_text(text, 20, evenly(text))
    assert [word.text for word in timed.words] == spoken_words(spoken(text))
    assert timed.begins(0) == 0
    assert timed.begins(text.index("8,193")) == pytest.approx(2 * WORD)
    assert timed.begins(text.index("tokens")) == pytest.approx(7 * WORD)
    assert timed.begins(text.index("8 May")) == timed.begins(text.index("May")) == pytest.approx(10 * WORD)
    assert timed.begins(len(text)) == 20


def test_a_year_in_a_text_does_not_depend_on_where_the_text_is_cut() -> None:
    """The words before a cue were once spoken anew without those behind it: "8" is no date alone."""
    text = "We meet on 8 May and go home."
    timed = timed_text(text, 9, evenly(text))
    before = spoken_words("We meet on the eighth of May and")
    assert timed.begins(text.index("go")) == pytest.approx(len(before) * WORD)


def test_without_word_times_a_word_is_placed_by_length() -> None:
    text = "One two three four five six seven eight."
    at = text.index("five")
    untimed = timed_text(text, 8 * WORD)
    assert untimed.begins(at) == pytest.approx(4 * WORD, rel=0.15)
    assert untimed.begins(0) == 0
    assert timed_text(text, 8 * WORD, [Word("other", 0.0, 0.1)]) == untimed
    long = timed_text("8,193 8,193. So it is.", 10)
    assert long.begins(len("8,193 8,193. ")) > 7, "a number is short to read and long to say"


def test_words_shared_out_are_in_order_and_within_the_speech() -> None:
    timed = timed_text("Well, the first; the second: 37 % (a lot) … and [so] on!", 6.0)
    edges = [edge for word in timed.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert edges[0] == 0
    assert edges[-1] <= 6.0


@pytest.mark.parametrize("text", ["", "[[[", "\u200b", "… !"])
def test_a_text_without_words(text: str) -> None:
    assert timed_text(text, 2.0).words == ()
    assert timed_text(text, 2.0).begins(0) == 2.0
