"""Numbers in what is said are readings; a name that has a digit is no number, unless it is a reading's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from renders.check.words import wrong_words


def edition(text: str, *readings: str) -> Any:
    """One beat that says a text, with so many readings in it."""
    beat = SimpleNamespace(name="cut", start=0.0, end=1.0, text=text, captions=())
    rows = [SimpleNamespace(where="speech", chapter="tokens", beat="cut", text=one) for one in readings]
    return SimpleNamespace(
        rows=rows, manifest=SimpleNamespace(beats=[(SimpleNamespace(name="tokens"), beat)])
    )


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("We ask a GPT-2 of 6 blocks.", ["6"]),
        ("“GPT-4 has 3 heads” … what comes next?", ["GPT-4 has 3 heads"]),  # a prompt's own
        ("GPT-3 has 175 billion.", ["GPT-3", "175 billion"]),
    ],
)
def test_a_number_that_is_read_or_named_is_right(text: str, readings: list[str]) -> None:
    assert list(wrong_words(edition(text, *readings))) == []


@pytest.mark.parametrize("text", ["It has 7 blocks.", "A GPT-7 has more."])
def test_any_other_is_told(text: str) -> None:
    (wrong,) = wrong_words(edition(text))
    assert wrong.endswith("7 is said, and no reading has it")
