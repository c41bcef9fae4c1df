"""A picture of each beat against a kept one; `bin/test tests/renders --update-frames` renews them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from kept import KEPT, hold

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.draw.camera import Picture
from renders.draw.render import render
from renders.shot import Quality
from scenes import CHAPTERS
from scenes.lesson import ScheduledChapter, paced, write_lesson
from scenes.locale import Locale

SIZE = Quality(640, 360)
BEAT = 12  # frames: enough for every play of a beat to have some
FULL = 0.8  # of the ink that a beat's fullest picture has: the last picture with so much is looked at


@cache
def scheduled(chapter: str) -> ScheduledChapter:
    trace = Trace.load(EXAMPLE)
    return paced(write_lesson(trace, Locale("en")).chapter(chapter), lambda _: BEAT)


BEATS = [(chapter, one.beat.name) for chapter in CHAPTERS for one in scheduled(chapter).beats]


@cache
def pictures(chapter: str) -> dict[str, Picture]:
    """Each beat's last picture, (height, width, 3), or where it fades out the last one before that."""
    frames: list[Picture] = []

    def keep(picture: Picture, repeat: int, _changed: object = None) -> None:
        frames.extend([picture[..., :3].copy()] * repeat)

    render(Trace.load(EXAMPLE), scheduled(chapter), SIZE, 30, keep)
    beats = [one.beat.name for one in scheduled(chapter).beats]
    assert len(frames) == len(beats) * BEAT
    ground = frames[0].min(axis=(0, 1))
    found = {}
    for place, beat in enumerate(beats):
        drawn = frames[place * BEAT : (place + 1) * BEAT]
        ink = np.array([np.abs(picture.astype(int) - ground).mean() for picture in drawn])
        found[beat] = drawn[np.flatnonzero(ink >= FULL * ink.max())[-1]]
    return found


@pytest.mark.parametrize(("chapter", "beat"), BEATS)
def test_picture(chapter: str, beat: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    hold(
        pictures(chapter)[beat],
        f"{chapter}-{beat}",
        tmp_path,
        renew=request.config.getoption("--update-frames"),
    )


def test_no_picture_is_kept_of_what_is_not_there() -> None:
    parts = ("parts-", "space-", "light-")
    kept = {path.stem for path in KEPT.glob("*.png") if not path.stem.startswith(parts)}
    assert kept == {f"{chapter}-{beat}" for chapter, beat in BEATS}
