"""A lesson about a chosen head, query and key shows and says just that, in every chapter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from test_scenes import examine, scene_of

from llmtrace import Look, capture
from llmtrace.loading import LoadedModel
from llmtrace.trace import Trace
from scenes import CHAPTERS
from scenes.lesson import write_lesson
from scenes.locale import LEVELS, Locale
from scenes.reading import Reading

PROMPT = "It was a dark night and the old man went down to the sea to look for a small"
ROWS = ("tokens", "embedding", "position", "layernorm", "qkv", "attention")  # that may leave tokens out
pytestmark = pytest.mark.usefixtures("dry", "undrawn")


@pytest.fixture(scope="module")
def chosen(model: LoadedModel) -> Trace:
    """Another head than the best, and an earlier token that asks."""
    return capture(PROMPT, model, look=Look((3, 1), "man", "dark"), surroundings=True)


def test_that_another_token_asks_is_said(chosen: Trace, traced: Callable[..., Trace]) -> None:
    for level in LEVELS:
        for language, said in (("en", "“man” asks here"), ("de", "Hier fragt „man“")):
            for trace in (chosen, traced(PROMPT)):
                lesson = write_lesson(trace, Locale(language, level), ["attention"])
                told = lesson.chapters[0].beats[0].text
                math = {"en": "The query is “man”", "de": "Die Query ist „man“"}[language]
                assert ((math if level == "math" else said) in told) == (trace is chosen), told


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_is_chosen_is_what_is_shown(chapter: str, chosen: Trace) -> None:
    scene = scene_of(chapter, chosen)
    examine(scene)
    seen = [one.what for one in scene.shown() if isinstance(one.what, Reading)]
    said = [reading for beat in scene.scheduled.beats for reading in beat.beat.readings]
    for one in seen + said:
        assert (one.source, one.how) != ("heads.attribution", "argmax"), "the best head, not the chosen one"


@pytest.mark.parametrize("chapter", ROWS)
def test_an_early_token_may_ask_in_a_long_prompt(chapter: str, model: LoadedModel) -> None:
    long = capture(" ".join([PROMPT] * 3), model, look=Look((3, 1), 5, 3), surroundings=True)
    examine(scene_of(chapter, long))
