"""What is said to one who sees no picture: complete, read from the trace, and leaning on nothing shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from prompts import NUMBERS, PROMPTS

from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from scenes import CHAPTERS
from scenes.chapter import load_chapter
from scenes.lesson import Lesson, write_lesson
from scenes.locale import LANGUAGES, LEVELS, Locale
from scenes.reading import Reader
from voiceover.engines.silent import SilentEngine
from voiceover.spoken import spoken

LEANING = {
    "en": re.compile(
        r"\b(see|seen|shows?|shown|pictures?|screen|here|watch|look|looks|colou?rs?|coloured|left|right"
        r"|above|below|arrows?|bars?|marks?|rows?|columns?|cells?|boxes|highlighted|brighter|dimmed)\b"
    ),
    "de": re.compile(
        r"\b(sieht|sehen|siehst|gezeigt|zeigt|bild|bilder|bildschirm|hier|schau|blickt|farben?|links|rechts|oben"
        r"|unten|pfeile?|balken|zeichen|zeilen?|spalten?|zellen?|zelle|kästchen|hervorgehoben|gedämpft)\b"
    ),
}


def heard(trace: Trace, language: str) -> Lesson:
    return write_lesson(trace, Locale(language, heard=True))


def own_words(lesson: Lesson) -> str:
    """All that is said, without what was read from the trace: a prompt may say what it likes."""
    said = []
    for chapter in lesson.chapters:
        for beat in chapter.beats:
            text = beat.text
            for one in sorted({r.text for r in beat.readings}, key=len, reverse=True):
                text = text.replace(one, " · ")
            said.append(text)
    return " ".join(said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prompt", [*PROMPTS, NUMBERS, "See here, this row above shows the small mark"])
def test_nothing_leans_on_a_picture(traced: Callable[..., Trace], prompt: str, language: str) -> None:
    lesson = heard(traced(prompt), language)
    found = LEANING[language].search(own_words(lesson).lower())
    assert found is None, found


def test_the_words_of_the_video_would_be_found() -> None:
    """The patterns are alive: the words that go with pictures do lean on them."""
    for language, pattern in LEANING.items():
        texts = (
            text
            for name in CHAPTERS
            for beat in load_chapter(name).texts.beats.values()
            for text in beat.values()
        )
        assert pattern.search(" ".join(text[language] for text in texts).lower())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sampling", [Sampling(), Sampling(temperature=1.2, top_k=50, seed=3)])
def test_every_number_is_a_reading(traced: Callable[..., Trace], language: str, sampling: Sampling) -> None:
    trace = traced("seven tokens", 6, sampling)
    lesson = heard(trace, language)
    assert not re.search(r"\d", re.sub(r"GPT-[23]", "", own_words(lesson)))
    read = Reader(trace, Locale(language))
    for chapter in lesson.chapters:
        for beat in chapter.beats:
            for one in beat.readings:
                assert read.again(one.source, one.index, one.how, one.form) == one.text


VOICE = 0.785  # of a reader's time: 437 s of 557 for the English video, 454 of 578 before


def test_it_lasts_longer_than_the_video_and_at_most_ten_minutes(traced: Callable[..., Trace]) -> None:
    """By the voice's pace; the video says less, since it shows the rest."""
    engine = SilentEngine(rate=1000)

    def seconds(lesson: Lesson) -> float:
        texts = [beat.text for chapter in lesson.chapters for beat in chapter.beats]
        return VOICE * sum(engine.speak(spoken(text)).seconds for text in texts)

    trace = traced("three tokens")
    story, math, full = (seconds(write_lesson(trace, Locale("en", level))) for level in LEVELS)
    assert 210 < story < math < full < 440  # 4½, 6½ and 8 minutes, with what the pictures take
    assert full < seconds(heard(trace, "en")) < 600
