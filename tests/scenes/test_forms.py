"""The words that a value is shown in: digits that mean something, tokens that can be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tiny_gpt2 import tiny_model

from llmtrace import capture
from llmtrace.loading import LoadedModel
from llmtrace.trace import Trace
from scenes.forms import format_value
from scenes.locale import Locale
from scenes.reading import Reader

EN = Locale("en")


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.5, "decimal:2", "0.50"),
        (-0.126, "decimal:2", "−0.13"),
        (-0.004, "decimal:2", "−0.0040"),  # two digits that count, however small
        (0.31, "decimal:0", "0.31"),
        (0.0996, "decimal:1", "0.10"),  # which rounds to a larger place
        (0.000123, "decimal:1", "0.00012"),
        (0.00000612, "decimal:1", "0.00001"),
        (-1e-9, "decimal:2", "0.00"),  # what the rounding of sums leaves; no negative zero
        (-0.0, "decimal:1", "0.0"),
        (0.5, "decimal:1", "0.5"),  # as it is
        (2.0, "decimal:0", "2"),
        (2.3, "decimal:0", "2.3"),
        (12.346, "decimal:2", "12.35"),
        (123.456, "decimal:2", "123.46"),
        (1234.567, "decimal:2", "1,234.6"),
        (-1234.5, "decimal:1", "−1,234"),  # and no digits that mean nothing
        (123456.7, "decimal:1", "123,457"),
        (-1.23456789e9, "decimal:1", "−1,234,568,000"),
        (-np.inf, "decimal:1", "−∞"),
        (0.374, "percent:0", "37%"),
        (0.374, "percent:1", "37.4%"),
        (1.0, "percent:0", "100%"),
        (0.0, "percent:0", "0%"),
        (0.0, "percent:1", "0.0%"),
        (1e-9, "percent:0", "<1%"),
        (0.004, "percent:0", "<1%"),
        (0.005, "percent:0", "<1%"),  # which would round to an even 0
        (0.0051, "percent:0", "1%"),
        (0.0004, "percent:1", "<0.1%"),
        (0.0006, "percent:1", "0.1%"),
        (-1e-12, "percent:1", "0.0%"),
        (0.37, "compact:2", ".37"),
        (-0.37, "compact:2", "−.37"),
        (0.0, "compact:2", ".00"),
        (1.0, "compact:2", "1.0"),
        (0.999, "compact:2", "1.0"),
        (0.999, "compact:1", "1.0"),
        (10.25, "compact:1", "10.2"),
        (1234567, "integer", "1,234,567"),
        (8192, "id", "8192"),
        (6_902_016, "rounded", "6.9 million"),
        (124_439_808, "rounded", "124 million"),
        (1_557_611_200, "rounded", "1.6 billion"),
        (999_900_000, "rounded", "1 billion"),
        (999_999, "rounded", "1 million"),
        (1_234, "rounded", "1.2 thousand"),
        (64, "rounded", "64"),
        (0, "ordinal", "1"),
        (999, "ordinal", "1,000"),
        ("  a \n b ", "name", "a b"),
        ("  a \n b c", "beginning:2", "a b"),
        ("  a \n b ", "quoted", "“a b”"),
        ("abcdefghij klmno pqrs", "beginning:3", "abcdefghij klmno pqrs"),
        ("abcdefghij klmno pqrstuvw", "beginning:3", "abcdefghij klmno"),
        ("日" * 50, "beginning:2", "日" * 14),
    ],
)
def test_form(made_up: Trace, value: float, form: str, text: str) -> None:
    assert format_value(made_up, EN, value, form) == text


@pytest.mark.parametrize(
    ("entry", "token", "word"),
    [
        (0, "␣be", "“be”"),
        (1, "↵", "a line break"),
        (2, "‹E2›‹80›", "“‹E2›‹80›”"),
        (3, "é", "“é”"),
        (4, "</b>", "“</b>”"),
        (5, "#5", "token 5"),  # an id without an entry
        (6, "␣", "a space"),
        (7, ",", "a comma"),
        (8, "‹07›", "“‹07›”"),
        (9, "\ufffd", "“\ufffd”"),
    ],
)
def test_tokens_and_words(made_up: Trace, entry: int, token: str, word: str) -> None:
    assert format_value(made_up, EN, entry, "token") == token
    assert format_value(made_up, EN, entry, "word") == word


@pytest.mark.parametrize(
    ("prompt", "place", "whole", "which"),
    [
        ("my warm surfboard", -1, "surfboard", "“board” of “surfboard”"),
        ("my warm surfboard", 0, "", "“my”"),
        ("The girl's surfboard", -1, "surfboard", "“board” of “surfboard”"),
        ("the cat and the dog", 0, "", "“the” in place 1"),
        ("日本語の文字", -1, "", None),  # a script without spaces: there a token is a piece of no word
        ("🙂 what", 0, "", None),
    ],
)
def test_a_piece_of_a_word_says_of_what(
    traced: Callable[..., Trace], prompt: str, place: int, whole: str, which: str | None
) -> None:
    trace = traced(prompt)
    read = Reader(trace, EN)("tokens", range(trace.length)[place], how="place")
    assert read.whole().text == whole
    if which is not None:
        assert read.which().text == which


def test_without_a_tokenizer_a_token_is_its_number(ids_only: Trace) -> None:
    first = Reader(ids_only, EN)("tokens", 0)
    assert (first.token().text, first.word().text, first.id().text) == ("#2061", "token 2061", "2061")


def test_an_id_that_the_tokenizer_lacks_is_its_number(model: LoadedModel) -> None:
    """As in a vocabulary whose rows were padded; it is no space, and no empty box."""
    first = model.card.vocabulary
    beyond = (first, first + 5, first + 62)
    padded = replace(tiny_model(vocab_size=first + 63, n_positions=64), tokenizer=model.tokenizer)
    trace = capture([2061, *beyond], padded, new_tokens=1, surroundings=True)
    for place, number in enumerate(beyond, 1):
        for locale, word in ((EN, f"token {number}"), (Locale("de"), f"Token {number}")):
            read = Reader(trace, locale)("tokens", place)
            assert (read.token().text, read.word().text) == (f"#{number}", word)
