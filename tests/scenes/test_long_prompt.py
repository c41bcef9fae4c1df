"""A prompt that is too long to be read aloud is read in part, and its length is a reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from scenes.lesson import Beat, write_lesson
from scenes.locale import LANGUAGES, Locale
from scenes.reading import Reader


def opening(prompt: str, locale: Locale) -> tuple[Trace, Beat]:
    example = Trace.load(EXAMPLE)
    trace = Trace({name: example[name] for name in example.names()}, replace(example.meta, prompt=prompt))
    return trace, write_lesson(trace, locale, ["opening"]).chapters[0].beats[0]


POEM = "a rose is a rose, and so it is " * 24  # 216 words
CASES = [
    (POEM.strip()[: POEM.index("rose,") + 5], "what is typed", None),
    (" ".join(["word"] * 40), "what is typed", None),
    (" ".join(["word"] * 41), "41 words", " ".join(["word"] * 25)),
    (
        POEM,
        "216 words",
        "a rose is a rose, and so it is a rose is a rose, and so it is a rose is a rose, and so",
    ),
    ("日本語" * 200, "600 characters", "日本語" * 58 + "日"),
    ("[" * 300, "300 characters", "[" * 175),
    ("Donaudampfschifffahrtsgesellschaft " * 50, "50 words", "Donaudampfschifffahrtsgesellschaft " * 5),
]


@pytest.mark.parametrize(("prompt", "length", "read"), CASES)
def test_a_long_prompt_is_read_in_part(prompt: str, length: str, read: str | None) -> None:
    for heard in (False, True):
        trace, beat = opening(prompt, Locale("en", heard=heard))
        if read is None:
            assert f"“{prompt}”" in beat.text
            continue
        assert f"“{read.strip()} …” and so on, {length}" in beat.text
        for one in beat.readings:
            assert Reader(trace, Locale("en")).again(one.source, one.index, one.how, one.form) == one.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_prompt_is_read_for_half_a_minute(language: str) -> None:
    for prompt, _, _ in CASES:
        _, beat = opening(prompt, Locale(language, heard=True))
        assert len(beat.text.split()) < 60
        assert len(beat.text) < 500
