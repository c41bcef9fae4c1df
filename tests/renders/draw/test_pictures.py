"""One picture of each chapter against a kept one; `bin/test tests/renders --update-frames` renews them."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept import hold

from llmtrace.trace import Trace
from renders.draw.camera import Picture
from renders.draw.render import render
from renders.shot import Quality
from scenes import CHAPTERS
from scenes.lesson import paced, write_lesson
from scenes.locale import Locale

SIZE = Quality(640, 360)
BEAT = 12  # frames: enough for every play of a beat to have some

# The beat at whose end a chapter is looked at; its last frames may be a fade, so the one before the last.
WHEN = {
    "opening": "model",
    "tokens": "cut",
    "embedding": "lookup",
    "position": "seats",
    "attention": "mask",
    "output": "softmax",
    "loop": "step3",
}


def picture_of(trace: Trace, chapter: str, when: str) -> Picture:
    """The last picture of a beat, (height, width, 3)."""
    scheduled = paced(write_lesson(trace, Locale("en")).chapter(chapter), lambda _: BEAT)
    beats = [one.beat.name for one in scheduled.beats]
    wanted, frame = (beats.index(when) + 1) * BEAT - 1, 0
    found: list[Picture] = []

    def keep(picture: Picture, repeat: int, _changed: object = None) -> None:
        nonlocal frame
        if frame <= wanted < frame + repeat:
            found.append(picture[..., :3].copy())
        frame += repeat

    render(trace, scheduled, SIZE, 30, keep)
    assert frame == len(beats) * BEAT
    return found[0]


def test_every_chapter_has_a_picture() -> None:
    assert set(WHEN) == set(CHAPTERS)


@pytest.mark.parametrize("chapter", WHEN)
def test_picture(chapter: str, example: Trace, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    drawn = picture_of(example, chapter, WHEN[chapter])
    hold(drawn, chapter, tmp_path, renew=request.config.getoption("--update-frames"))
