"""The captions of whole lessons keep the rules that readers need, for every prompt and language."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from prompts import NUMBERS, PROMPTS

from llmtrace.trace import Trace
from renders.timeline import schedule
from scenes.lesson import write_lesson
from scenes.locale import LANGUAGES, Locale
from voiceover.captions import LINE, LINES, LONGEST, SHORTEST, SPEED, Caption
from voiceover.engines.silent import SilentEngine
from voiceover.spoken import spoken


def lesson_captions(trace: Trace, language: str, pace: float) -> list[list[Caption]]:
    """The captions of each chapter, spoken at a pace."""
    engine = SilentEngine(language, rate=1000, speed=pace)
    lesson = write_lesson(trace, Locale(language))
    texts = [beat.text for chapter in lesson.chapters for beat in chapter.beats]
    timeline = schedule(lesson, {text: engine.speak(spoken(text, language)) for text in texts}, 30)
    return [chapter.captions for chapter in timeline.chapters]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prompt", [*PROMPTS, NUMBERS])
@pytest.mark.parametrize("pace", [0.9, 1.15])
def test_captions_can_be_read(traced: Callable[..., Trace], prompt: str, language: str, pace: float) -> None:
    for captions in lesson_captions(traced(prompt), language, pace):
        for caption in captions:
            lines = caption.text.split("\n")
            assert len(lines) <= LINES, caption
            assert max(map(len, lines)) <= LINE, caption
            assert SHORTEST - 1e-9 <= caption.end - caption.start <= LONGEST + 1e-9, caption
            assert len(" ".join(lines)) / (caption.end - caption.start) <= SPEED + 1e-9, caption
            assert " ".join(word.text for word in caption.words) == " ".join(lines)
        assert all(one.end <= other.start for one, other in pairwise(captions))


def test_captions_break_at_phrases(traced: Callable[..., Trace]) -> None:
    """No caption ends on a word that opens a phrase."""
    opening = re.compile(r"\b(a|an|the|of|to|with|and|by|in|its|each|for)$")
    for captions in lesson_captions(traced("seven tokens"), "en", 1.0):
        for caption in captions:
            assert not opening.search(caption.text), caption


def test_words_are_timed_in_order(traced: Callable[..., Trace]) -> None:
    for captions in lesson_captions(traced("hostile"), "en", 1.0):
        for caption in captions:
            starts = [word.start for word in caption.words]
            assert starts == sorted(starts)
            assert caption.start <= starts[0]
            assert starts[-1] <= caption.end
