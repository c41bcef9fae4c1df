"""Every chapter with every prompt, as it stands after each move: nothing outside, nothing over another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from prompts import PROMPTS, sample

from llmtrace.trace import Trace
from renders.draw.look import Look
from renders.timeline import journey
from scenes import CHAPTERS
from scenes.chapter import load_chapter
from scenes.lesson import ScheduledChapter
from scenes.locale import Locale
from scenes.reading import Reading, slice_of
from scenes.stage import LessonScene, at_reading_pace, scene_class

Traced = Callable[..., Trace]

pytestmark = pytest.mark.usefixtures("dry")


def scene_of(chapter: str, trace: Trace, language: str = "en") -> LessonScene:
    scheduled = at_reading_pace(trace, chapter, Locale(language), 30)
    return scene_class(chapter)(trace=trace, scheduled=scheduled, skip_animations=True)


def examine(scene: LessonScene) -> None:
    trace = scene.trace
    watched = Look(scene)
    scene.render()
    assert not watched.found, "\n".join(f"frame {fault.frame}: {fault.what}" for fault in watched.found)
    assert scene.now == scene.scheduled.frames
    shown = scene.shown()
    assert any(isinstance(s.what, Reading) for s in shown)
    for one in shown:
        assert 0 <= one.start < one.end <= scene.now
        what = one.what
        if isinstance(what, Reading):
            assert scene.read.again(what.source, what.index, what.how, what.form) == what.text
        else:
            assert slice_of(trace, what.source, *what.index).digest == what.digest


@pytest.mark.parametrize("prompt", sample(PROMPTS, "twenty tokens", "hostile"))  # three tokens: below
@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.usefixtures("undrawn")
def test_nothing_is_outside_or_over_another(chapter: str, prompt: str, traced: Traced) -> None:
    examine(scene_of(chapter, traced(prompt)))


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.usefixtures("undrawn")
def test_nothing_is_over_another_where_chapters_join(chapter: str, traced: Traced) -> None:
    trace = traced("three tokens")
    alone = at_reading_pace(trace, chapter, Locale("en"), 30)
    place = CHAPTERS.index(chapter)
    before = load_chapter(CHAPTERS[place - 1]).script.leaves if place else None
    arrival, departure = journey(alone.chapter, before, follows=chapter != CHAPTERS[-1], fps=30)
    first, *others = alone.beats
    beats = [replace(first, frames=first.frames + arrival), *others]
    beats[-1] = replace(beats[-1], frames=beats[-1].frames + departure)
    scheduled = ScheduledChapter(alone.chapter, tuple(beats), before, arrival, departure)
    examine(scene_class(chapter)(trace=trace, scheduled=scheduled, skip_animations=True))


@pytest.mark.parametrize(
    "prompt", sample(["one token", "three tokens", "twenty tokens", "repeated"], "twenty tokens")
)
@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.usefixtures("undrawn")
def test_german_fits_too(chapter: str, prompt: str, traced: Traced) -> None:
    examine(scene_of(chapter, traced(prompt), "de"))


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("which", sample(["wide", "deep", "ids_only", "one_of_each"], "wide", "one_of_each"))
@pytest.mark.usefixtures("undrawn")
def test_other_models_and_tokens_fit_too(chapter: str, which: str, request: pytest.FixtureRequest) -> None:
    examine(scene_of(chapter, request.getfixturevalue(which)))


@pytest.mark.parametrize(
    ("chapter", "prompt"),
    [
        ("loop", "one token"),
        ("output", "forty tokens"),
        pytest.param("loop", "forty tokens", marks=pytest.mark.wide),
        pytest.param("output", "one token", marks=pytest.mark.wide),
    ],
)
@pytest.mark.parametrize("language", sample(["en", "de"], "en"))
@pytest.mark.usefixtures("undrawn")
def test_many_new_tokens_stay_readable(chapter: str, prompt: str, language: str, traced: Traced) -> None:
    examine(scene_of(chapter, traced(prompt, 20), language))


@pytest.mark.usefixtures("undrawn")
def test_the_chip_that_flies_back_stays_in_the_picture(shaped: Callable[..., Trace]) -> None:
    """Of one block of a narrow model the first table stands far to the right."""
    examine(scene_of("overview", shaped(1, 4, 4), "de"))
