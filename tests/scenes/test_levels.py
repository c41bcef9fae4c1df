"""What each level of words keeps out, and that its pictures fit."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from manim.renderer.cairo_renderer import CairoRenderer

from llmtrace.trace import Trace
from renders.draw.look import Look
from scenes import CHAPTERS
from scenes.gates import texts
from scenes.lesson import write_lesson
from scenes.locale import LANGUAGES, Locale
from scenes.parts.label import Formula
from scenes.stage import LessonScene, at_reading_pace, scene_class

Traced = Callable[..., Trace]
FORMULAS = ("layernorm", "qkv", "attention", "softmax", "mlp", "output")  # that math has on screen
SYMBOLS = re.compile(r"[√∑×·=γβμσ÷^∞]")
ALONE = re.compile(r"(?<![\w“„'’])[b-hj-zB-HJ-Z](?![\w”“'])")  # a letter by itself
SHAPE = re.compile(r"\(\s*\d+\s*×")

pytestmark = pytest.mark.usefixtures("dry")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prompt", ["one token", "seven tokens", "repeated"])
def test_a_story_is_told_without_symbols(traced: Traced, prompt: str, language: str) -> None:
    trace = traced(prompt)
    for chapter in write_lesson(trace, Locale(language, "story"), CHAPTERS).chapters:
        for beat in chapter.beats:
            for pattern in (SYMBOLS, ALONE, SHAPE):
                own = beat.text
                for reading in beat.readings:  # such as a token that is one letter, or the minus of a score
                    own = own.replace(reading.text, " ")
                assert not pattern.search(own), (chapter.name, own)


def test_what_a_story_keeps_out_is_found_in_the_other_levels(traced: Traced) -> None:
    said = {
        level: " ".join(
            beat.text
            for chapter in write_lesson(traced("seven tokens"), Locale("en", level), CHAPTERS).chapters
            for beat in chapter.beats
        )
        for level in ("story", "math", "full")
    }
    assert SYMBOLS.search(said["math"])
    assert ALONE.search(said["math"])
    assert SYMBOLS.search(said["full"])
    assert "Attention Is All You Need" in said["math"]
    assert "Attention Is All You Need" not in said["story"] + said["full"]


@pytest.mark.parametrize("level", ["story", "math"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_pictures_of_a_level_fit(
    chapter: str, level: str, traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing lies over another, and in a story no formula stands on the screen."""
    monkeypatch.setattr(CairoRenderer, "update_frame", lambda *_a, **_k: None)
    monkeypatch.setattr(CairoRenderer, "get_frame", lambda *_a: None)
    trace = traced("three tokens")
    scheduled = at_reading_pace(trace, chapter, Locale("en", level), 30)
    scene: LessonScene = scene_class(chapter)(trace=trace, scheduled=scheduled, skip_animations=True)
    watched, seen = Look(scene), set[str]()

    def noted(_start: int) -> None:
        for text in texts(scene.mobjects):
            seen.add("formula" if isinstance(text.of, Formula) else text.text)

    scene.watchers.append(noted)
    scene.render()
    assert not watched.found, "\n".join(fault.what for fault in watched.found)
    found = [text for text in seen | {"=" * ("formula" in seen)} if SYMBOLS.search(text)]
    if level == "story":
        assert found == []
    elif chapter in FORMULAS:
        assert found
