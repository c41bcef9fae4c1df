"""What a person is told who reads a text aloud."""

import pytest

from voiceover.aloud import aloud


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "It's plain, “so” to say: a (b) – c!", []),
        ("en", "37 % and again 37 %", [("37 %", "thirty-seven percent")]),
        ("en", "√d_k of 6,902,016", [
            ("√d_k", "the square root of d k"),
            ("6,902,016", "six million nine hundred two thousand sixteen"),
        ]),
        ("en", "on 8 May 1945 it", [("8 May 1945", "the eighth of May nineteen forty-five")]),
        ("de", "−1,2 von 8.193", [
            ("−1,2", "minus eins Komma zwei"),
            ("8.193", "achttausendeinhundertdreiundneunzig"),
        ]),
        ("de", "37\u00a0% an die Query", [("37 %", "siebenunddreißig Prozent")]),
        ("en", "‘[’", [("[", "opening bracket")]),
    ],
)  # fmt: skip
def test_numbers_and_signs_are_told_in_words(language: str, text: str, told: list[tuple[str, str]]) -> None:
    assert aloud(text, language) == told
