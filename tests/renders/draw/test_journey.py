"""Chapters join without a cut: where one ends in the machine, the next one begins."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.draw.camera import Picture
from renders.draw.render import render
from renders.shot import Quality
from renders.timeline import ARRIVAL, journey
from scenes import CHAPTERS
from scenes.chapter import load_chapter
from scenes.lesson import ScheduledChapter, paced, write_lesson
from scenes.locale import Locale
from scenes.style import FLIGHT

SIZE, FPS, BEAT = Quality(320, 180), 10, 24


def told(trace: Trace, *chapters: str) -> list[ScheduledChapter]:
    """Chapters as a lesson of them has them, with beats of a few frames beside the ways between them."""
    lesson, before, found = write_lesson(trace, Locale("en"), chapters), None, []
    for chapter in lesson.chapters:
        follows = chapter is not lesson.chapters[-1]
        arrival, departure = journey(chapter, before, follows=follows, fps=FPS)
        plain = paced(chapter, lambda _: BEAT).beats
        ends = {0: arrival}
        ends[len(plain) - 1] = ends.get(len(plain) - 1, 0) + departure
        beats = tuple(replace(beat, frames=BEAT + ends.get(place, 0)) for place, beat in enumerate(plain))
        found.append(ScheduledChapter(chapter, beats, before, arrival, departure))
        before = chapter.leaves
    return found


def pictures(trace: Trace, chapter: ScheduledChapter) -> list[Picture]:
    frames: list[Picture] = []

    def keep(picture: Picture, repeat: int, _changed: Any = None) -> None:
        frames.extend([picture[..., :3].copy()] * repeat)

    render(trace, chapter, SIZE, FPS, keep)
    return frames


@pytest.mark.parametrize(("one", "following"), [("qkv", "attention"), ("attention", "softmax")])
def test_the_next_chapter_begins_where_the_one_before_it_ends(one: str, following: str) -> None:
    trace = Trace.load(EXAMPLE)
    ends, begins = (pictures(trace, chapter) for chapter in told(trace, one, following))
    assert len(ends) == sum(beat.frames for beat in told(trace, one, following)[0].beats)
    # The last frame before the fade is over has some of the close-up left; the machine stands there already.
    apart = np.abs(ends[-1].astype(int) - begins[0]).mean()
    assert apart < 4.0
    assert begins[0].max() > 100  # and it is no black frame


def test_a_lesson_of_one_chapter_begins_and_ends_on_a_picture() -> None:
    trace = Trace.load(EXAMPLE)
    (chapter,) = told(trace, "tokens")
    assert chapter.arrival > 0 == chapter.departure
    frames = pictures(trace, chapter)
    assert frames[0].max() > 100
    assert frames[-1].max() > 100


def test_every_chapter_has_time_for_its_way() -> None:
    """A flight to another station, less where it is the same, none for who shows the way itself."""
    chapters = told(Trace.load(EXAMPLE), *CHAPTERS)
    for before, chapter in pairwise(chapters):
        leaves, enters = (load_chapter(one.chapter.name).script for one in (before, chapter))
        same = leaves.leaves.station == enters.enters.station
        wanted = 0.0 if not enters.enters.station else ARRIVAL if same else ARRIVAL + FLIGHT
        assert chapter.arrival == round(wanted * FPS)
    assert chapters[-1].departure == 0
