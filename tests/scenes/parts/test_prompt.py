"""The prompt as a paragraph: no line ends inside a letter, nor inside the number of one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from manim import VGroup

from llmtrace.trace import Trace
from scenes.locale import Locale
from scenes.page import Region
from scenes.parts.label import broken, words
from scenes.parts.prompt import prompt_with_blank
from scenes.reading import Reader

pytestmark = pytest.mark.usefixtures("dry")


@pytest.mark.parametrize("word", ["天" * 40, "x天" * 20, "😀" * 60, "e\u0301" * 60, "W" * 90])
def test_a_long_word_is_broken_between_its_letters(word: str) -> None:
    parts = broken(word, 44, 12.0)
    assert len(parts) > 1
    assert "".join(parts) == word  # what is drawn for a letter is made of each part: none is cut in two
    assert all(words(part, 44).width <= 12.0 for part in parts)
    assert not any(unicodedata.combining(part[0]) for part in parts)
    for part, following in pairwise(parts):  # and no more would have fitted
        letter = following[: 1 + (unicodedata.combining(following[1:2] or "x") > 0)]
        assert words(part + letter, 44).width > 12.0


@pytest.mark.parametrize(
    ("prompt", "least"), [("Once", 100), ("What will be", 100), ("w" * 200, 22), ("a few words " * 60, 22)]
)
def test_a_prompt_is_as_large_as_fits(prompt: str, least: float, traced: Callable[..., Trace]) -> None:
    trace, region = traced("one token"), Region(-6.5, 6.5, -2.4, 2.4)
    read = Reader(Trace(trace._tensors, replace(trace.meta, prompt=prompt)), Locale("en"))  # type: ignore[arg-type]
    text, blank, size = prompt_with_blank(read, region)
    whole = VGroup(text, blank)
    assert whole.width <= region.width + 1e-6
    assert whole.height <= region.height + 1e-6
    assert size >= least
    assert text[0].height == pytest.approx(words("x", size).height, rel=0.05)
