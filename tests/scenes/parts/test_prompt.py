"""The prompt as a paragraph: no line ends inside a letter, nor inside the number of one."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest

from scenes.parts.label import broken, words

pytestmark = pytest.mark.usefixtures("dry")


@pytest.mark.parametrize("word", ["天" * 40, "x天" * 20, "😀" * 25, "e\u0301" * 60, "W" * 90])
def test_a_long_word_is_broken_between_its_letters(word: str) -> None:
    parts = broken(word, 44, 12.0)
    assert len(parts) > 1
    assert "".join(parts) == word  # what is drawn for a letter is made of each part: none is cut in two
    assert all(words(part, 44).width <= 12.0 for part in parts)
    assert not any(unicodedata.combining(part[0]) for part in parts)
    for part, following in pairwise(parts):  # and no more would have fitted
        letter = following[: 1 + (unicodedata.combining(following[1:2] or "x") > 0)]
        assert words(part + letter, 44).width > 12.0
