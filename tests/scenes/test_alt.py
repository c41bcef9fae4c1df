"""Every chapter has a line for those who do not see it, and its numbers are readings."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.check.words import number_without_reading
from scenes import CHAPTERS
from scenes.alt import LONGEST, alternative
from scenes.chapter import load_chapter
from scenes.errors import ChapterError
from scenes.lesson import write_lesson
from scenes.locale import LANGUAGES, LEVELS, Locale
from scenes.reading import Reader
from scenes.texts import read_texts


@pytest.fixture(scope="module")
def trace() -> Trace:
    return Trace.load(EXAMPLE)


def names(trace: Trace, chapter: str, locale: Locale) -> list[str]:
    return [beat.name for beat in write_lesson(trace, locale, [chapter]).chapter(chapter).beats]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_has_a_line_in_every_language(trace: Trace, chapter: str, language: str) -> None:
    for level in LEVELS:
        locale = Locale(language, level)
        line = alternative(chapter, Reader(trace, locale), names(trace, chapter, locale))
        assert line is not None, level
        assert len(line.text) <= LONGEST
        assert number_without_reading(line.text, [reading.text for reading in line.readings]) is None


def test_a_line_is_told_where_its_beats_are(trace: Trace) -> None:
    read = Reader(trace, Locale("en"))
    whole = alternative("attention", read, names(trace, "attention", read.locale))
    assert whole is not None
    block, head = trace.shown_head
    pattern = trace[f"block.{block:02d}.attn.pattern"][head, -1]
    key = trace.meta.prompt.split()[pattern.argmax()]
    said = f"“be” gives {pattern.max():.0%} of its attention to “{key}”."
    assert whole.text.startswith(f"Arcs between words: in head {head + 1} of block {block + 1}, {said}")
    part = alternative("attention", read, ["arcs"])
    assert part is not None
    assert part.text == f"Arcs between words: {said}"
    assert alternative("attention", read, ["mask"]) is None


def test_a_line_that_is_too_long_is_not_told(trace: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = load_chapter("closing")
    long = dataclasses.replace(folder.texts, alt=({"en": "word " * 40 + "end"}, {"en": "Short."}))
    monkeypatch.setattr("scenes.alt.load_chapter", lambda _: dataclasses.replace(folder, texts=long))
    line = alternative("closing", Reader(trace, Locale("en")), [])
    assert line is not None
    assert line.text == "Short."


def test_a_line_of_a_beat_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    words = 'title = { en = "A", de = "A" }\nalt = [{ en = "{gone.x}", de = "{gone.x}" }]\n'
    path.write_text(words + '[beats.here]\nen = "x"\nen_heard = "x"\nde = "x"\nde_heard = "x"\n')
    with pytest.raises(ChapterError, match=r"alt 1: \{gone\.x\} names no beat"):
        read_texts(path)
