"""Laying words beside a stream of phonemes."""

from voiceover.engines.wordtimes import align, spans


def test_plain_words() -> None:
    assert align([list("ðə"), list("kiː")], list("ðə kiː.")) == [(0, 2), (3, 6)]


def test_words_in_one_group_are_split_between_them() -> None:
    assert align([list("ʌv"), list("ðə"), list("kiː")], list("ʌvðə kiː")) == [(0, 2), (2, 4), (5, 8)]


def test_a_word_in_several_groups_is_one_range() -> None:
    assert align([list("θɜːɾisɛvən"), list("kæt")], list("θɜːɾi sɛvən kæt")) == [(0, 11), (12, 15)]


def test_stress_marks_belong_to_the_sound_that_follows() -> None:
    assert align([list("ɐ"), list("wˈɜːd")], list("^ɐ wˈɜːd.$")) == [(1, 2), (3, 8)]
    assert align([list("ɐ"), list("ˈɜːd")], list("ɐ ˈɜːd")) == [(0, 1), (2, 6)]


def test_other_sounds_in_context_still_belong_to_their_word() -> None:
    """ "a" alone is /eɪ/, in a sentence /ɐ/; "the" becomes /ðɪʲ/ before a vowel."""
    ranges = align([list("ðə"), list("ɛks"), list("eɪ"), list("vɛktɚ")], list("ðɪʲ ˈɛks ɐ vˈɛktɚ"))
    assert ranges == [(0, 3), (4, 8), (9, 10), (11, 17)]


def test_streams_that_do_not_fit_are_refused() -> None:
    assert align([list("ðə"), list("kæt"), list("sæt"), list("ɔn")], list("ʃ")) is None


def test_a_word_without_sound_is_empty() -> None:
    words = [list("wʌn"), [], list("tuː"), list("θɹiː"), list("fɔːɹ")]
    ranges = align(words, list("wʌn tuː θɹiː fɔːɹ"))
    assert ranges is not None
    assert ranges[1] == (3, 3)
    assert ranges[2] == (4, 7)


def test_spans() -> None:
    assert spans([(0, 2), (2, 2), (3, 4)], [5, 10, 7, 1]) == [(0, 15), (15, 15), (22, 23)]
