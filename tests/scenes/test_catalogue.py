"""Every language has the same keys, readings and marks, and no number of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from string import Formatter

import numpy as np
import pytest

from llmtrace.trace import Trace
from scenes.catalogue import LANGUAGES, Catalogue, catalogue, label, line, told_in
from scenes.catalogue.en import EN
from scenes.focus import token
from scenes.lesson import CHAPTERS, write_lesson
from scenes.reading import format_value, reread
from voiceover.languages import WORDINGS

OTHERS = [one for name, one in LANGUAGES.items() if name != "en"]
Traced = Callable[..., Trace]


def fields(template: str) -> Counter[str]:
    return Counter(field for _, field, _, _ in Formatter().parse(template) if field)


@pytest.mark.parametrize("other", OTHERS, ids=lambda one: one.language)
def test_all_languages_have_the_same_keys_and_fields(other: Catalogue) -> None:
    for part in ("tokens", "titles", "beats", "labels"):
        english, translated = getattr(EN, part), getattr(other, part)
        assert list(translated) == list(english)
        if part != "tokens":
            for key in english:
                assert fields(translated[key]) == fields(english[key]), key


@pytest.mark.parametrize("one", LANGUAGES.values(), ids=lambda one: one.language)
def test_no_template_holds_a_number(one: Catalogue) -> None:
    for text in [*one.titles.values(), *one.beats.values(), *one.labels.values(), *one.tokens.values()]:
        assert not any(map(str.isdigit, text.replace("GPT-2", ""))), text
        assert text == text.strip() != ""


def test_every_language_that_is_written_can_be_spoken() -> None:
    assert set(LANGUAGES) == set(WORDINGS)
    for language, words in LANGUAGES.items():
        wording = WORDINGS[language]
        assert (words.decimal, words.thousands) == (wording.decimal, wording.thousands)
        assert set(words.titles) == set(CHAPTERS)


def test_a_language_lasts_as_long_as_it_is_set() -> None:
    assert catalogue() is EN
    with told_in("de"):
        assert label("attention.asks") == "fragt"
        with told_in("en"):
            assert label("attention.asks") == "asks"
        assert line("shown", shown="A", width="B") == ["A", " von ", "B", " Werten gezeigt"]
    assert catalogue() is EN


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (-0.126, "decimal:2", "−0,13"),
        (-0.004, "decimal:2", "0,00"),
        (-1234.5, "decimal:1", "−1.234,5"),
        (-np.inf, "decimal:1", "−∞"),
        (0.374, "percent:0", "37\u00a0%"),
        (0.374, "percent:1", "37,4\u00a0%"),
        (0.0004, "percent:1", "<0,1\u00a0%"),
        (1e-9, "percent:0", "<1\u00a0%"),
        (-0.37, "compact:2", "−,37"),
        (1.0, "compact:2", "1,0"),
        (1234567, "integer", "1.234.567"),
        (8192, "id", "8192"),
        (6_902_016, "rounded", "6,9 Millionen"),
        (999_900_000, "rounded", "1,0 Milliarden"),
        (999, "ordinal", "1.000"),
    ],
)
def test_german_numbers(made_up: Trace, value: float, form: str, text: str) -> None:
    with told_in("de"):
        assert format_value(made_up, value, form) == text


def test_german_tokens(made_up: Trace) -> None:
    with told_in("de"):
        assert [format_value(made_up, i, "word") for i in (0, 6, 7)] == ["„be“", "Leerzeichen", "Komma"]
        assert format_value(made_up, 0, "token") == "␣be"


@pytest.mark.parametrize("prompt", ["one token", "three tokens", "twenty tokens", "hostile"])
def test_a_german_lesson_reads_the_same_again(prompt: str, traced: Traced) -> None:
    trace = traced(prompt)
    with told_in("de"):
        lesson = write_lesson(trace)
        for chapter in lesson.chapters:
            for beat in chapter.beats:
                for one in beat.readings:
                    assert reread(trace, one.source, one.index, one.how, one.form) == one.text
    assert lesson.language == "de"
    english = write_lesson(trace)
    for one, other in zip(lesson.chapters, english.chapters, strict=True):
        assert [b.name for b in one.beats] == [b.name for b in other.beats]
        for german, beat in zip(one.beats, other.beats, strict=True):
            assert {(r.source, r.index) for r in german.readings} == {
                (r.source, r.index) for r in beat.readings
            }
            assert [m.name for m in german.marks] == [m.name for m in beat.marks]


def test_what_the_model_wrote_stays_as_it_is(traced: Traced) -> None:
    trace = traced("seven tokens")
    with told_in("de"):
        lesson = write_lesson(trace)
        word = token(trace, trace.length).word().text
    assert word.startswith("„")
    assert word in lesson.chapter("output").beats[-1].text
    assert f"„{trace.meta.prompt}“" in lesson.chapter("opening").beats[0].text
