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
from voiceover.captions import LINE, LINES, LONGEST, SHORTEST, SPEED, Cue
from voiceover.engines.silent import SilentEngine
from voiceover.spoken import spoken


def lesson_cues(trace: Trace, language: str, pace: float) -> list[list[Cue]]:
    """The cues of each chapter, spoken at a pace."""
    engine = SilentEngine(language, rate=1000, speed=pace)
    lesson = write_lesson(trace, Locale(language))
    texts = [beat.text for chapter in lesson.chapters for beat in chapter.beats]
    timeline = schedule(lesson, {text: engine.speak(spoken(text, language)) for text in texts}, 30)
    return [chapter.captions for chapter in timeline.chapters]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prompt", [*PROMPTS, NUMBERS])
@pytest.mark.parametrize("pace", [0.9, 1.15])
def test_captions_can_be_read(traced: Callable[..., Trace], prompt: str, language: str, pace: float) -> None:
    for cues in lesson_cues(traced(prompt), language, pace):
        for cue in cues:
            lines = cue.text.split("\n")
            assert len(lines) <= LINES, cue
            assert max(map(len, lines)) <= LINE, cue
            assert SHORTEST - 1e-9 <= cue.end - cue.start <= LONGEST + 1e-9, cue
            assert len(" ".join(lines)) / (cue.end - cue.start) <= SPEED + 1e-9, cue
            assert " ".join(word.text for word in cue.words) == " ".join(lines)
        assert all(one.end <= other.start for one, other in pairwise(cues))


def test_captions_break_at_phrases(traced: Callable[..., Trace]) -> None:
    """No cue ends on a word that opens a phrase."""
    opening = re.compile(r"\b(a|an|the|of|to|with|and|by|in|its|each|for)$")
    for cues in lesson_cues(traced("seven tokens"), "en", 1.0):
        for cue in cues:
            assert not opening.search(cue.text), cue


def test_words_are_timed_in_order(traced: Callable[..., Trace]) -> None:
    for cues in lesson_cues(traced("hostile"), "en", 1.0):
        for cue in cues:
            starts = [word.start for word in cue.words]
            assert starts == sorted(starts)
            assert cue.start <= starts[0]
            assert starts[-1] <= cue.end
