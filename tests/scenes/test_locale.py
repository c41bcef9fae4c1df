"""A language and a level are values: nothing that is written depends on where, or on which thread, it is."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from babel.numbers import get_decimal_symbol, get_group_symbol

from llmtrace.trace import Trace
from scenes.focus import token
from scenes.forms import format_value
from scenes.lesson import Lesson, write_lesson
from scenes.locale import LANGUAGES, Locale
from scenes.reading import Reader
from voiceover.languages import WORDINGS

DE = Locale("de")
Traced = Callable[..., Trace]


def test_every_language_that_is_written_can_be_spoken() -> None:
    assert set(LANGUAGES) == set(WORDINGS)
    for language in LANGUAGES:
        numbers, babel = WORDINGS[language].numbers, Locale(language).babel
        assert (get_decimal_symbol(babel), get_group_symbol(babel)) == (numbers.decimal, numbers.thousands)


@pytest.mark.parametrize(
    ("language", "level", "known"), [("fr", "full", "en, de"), ("en", "pro", "story, math")]
)
def test_a_locale_that_is_not_there(language: str, level: str, known: str) -> None:
    with pytest.raises(ValueError, match=f"there are {known}"):
        Locale(language, level)


def test_words_that_are_no_chapters_own() -> None:
    assert Locale("en").label("transcript.length", time="2:05") == "Length: 2:05"
    assert DE.phrase("shown", shown="12", width="256") == ["12", " von ", "256", " Werten gezeigt"]
    assert DE.phrase("shown", shown="1", width="1") == ["1", " von ", "1", " Wert gezeigt"]
    assert pickle.loads(pickle.dumps(DE)).label("source", tensors="logits") == "gelesen aus logits"


def test_a_plural_goes_with_the_number_as_it_is_written() -> None:
    assert [DE.plural(count, ("Block", "Blöcke")) for count in ("1", "0", "1.000", "12")] == [
        "Block", "Blöcke", "Blöcke", "Blöcke"
    ]  # fmt: skip


def test_threads_write_in_the_language_that_they_are_handed(traced: Traced) -> None:
    trace = traced("three tokens")
    alone = {language: write_lesson(trace, Locale(language)) for language in LANGUAGES}
    wanted = [*LANGUAGES] * 4

    def written(language: str) -> Lesson:
        return write_lesson(trace, Locale(language))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(written, wanted)) == [alone[language] for language in wanted]
    assert alone["en"] != alone["de"]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (-0.126, "decimal:2", "−0,13"),
        (-1e-9, "decimal:2", "0,00"),
        (-1234.5, "decimal:1", "−1.234"),
        (-1234.5, "decimal:2", "−1.234,5"),
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
        (999_900_000, "rounded", "1 Milliarde"),
        (1_043_000, "rounded", "1 Million"),
        (999, "ordinal", "1.000"),
    ],
)
def test_german_numbers(made_up: Trace, value: float, form: str, text: str) -> None:
    assert format_value(made_up, DE, value, form) == text


def test_german_tokens(made_up: Trace) -> None:
    assert [format_value(made_up, DE, i, "word") for i in (0, 6, 7)] == [
        "„be“",
        "ein Leerzeichen",
        "ein Komma",
    ]
    assert format_value(made_up, DE, 0, "token") == "␣be"


@pytest.mark.parametrize("prompt", ["one token", "three tokens", "twenty tokens", "hostile"])
def test_a_german_lesson_reads_the_same_again(prompt: str, traced: Traced) -> None:
    trace = traced(prompt)
    lesson, read = write_lesson(trace, DE), Reader(trace, DE)
    for chapter in lesson.chapters:
        for beat in chapter.beats:
            for one in beat.readings:
                assert read.again(one.source, one.index, one.how, one.form) == one.text
    english = write_lesson(trace, Locale("en"))
    for one, other in zip(lesson.chapters, english.chapters, strict=True):
        assert [b.name for b in one.beats] == [b.name for b in other.beats]
        for german, beat in zip(one.beats, other.beats, strict=True):
            assert {(r.source, r.index) for r in german.readings} == {
                (r.source, r.index) for r in beat.readings
            }
            assert [cue.name for cue in german.cues] == [cue.name for cue in beat.cues]


def test_what_the_model_wrote_stays_as_it_is(traced: Traced) -> None:
    trace = traced("seven tokens")
    lesson = write_lesson(trace, DE)
    word = token(Reader(trace, DE), trace.length).word().text
    assert word.startswith("„")
    assert word in lesson.chapter("output").beats[-1].text
    assert f"„{trace.meta.prompt}“" in lesson.chapter("opening").beats[0].text


@pytest.mark.parametrize(
    ("language", "text", "case", "first", "placed"),
    [
        ("de", "ein Punkt", "", False, "ein Punkt"),
        ("de", "ein Punkt", "accusative", False, "einen Punkt"),
        ("de", "ein Zeilenumbruch", "dative", False, "einem Zeilenumbruch"),
        ("de", "ein Absatzumbruch", "dative", True, "Einem Absatzumbruch"),
        ("de", "das Textende", "dative", False, "dem Textende"),
        ("de", "ein Komma", "", True, "Ein Komma"),
        ("en", "a comma", "dative", True, "A comma"),
        ("de", "„ein Punkt“", "dative", True, "„ein Punkt“"),
        ("en", "", "", True, ""),
        ("de", "ein Punkt an Platz 48", "accusative", False, "einen Punkt an Platz 48"),
        ("en", "a comma in place 3", "", True, "A comma in place 3"),
        ("de", "ein Kommandant", "dative", True, "ein Kommandant"),
    ],
)
def test_a_named_token_stands_in_its_case(
    language: str, text: str, case: str, first: bool, placed: str
) -> None:
    assert Locale(language).placed(text, case, first) == placed
