"""A picture of each chapter in the light theme against a kept one, and its texts against what is behind."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from kept import KEPT, hold
from prompts import sample

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.draw.camera import Picture
from renders.draw.render import look
from renders.draw.stills import stills
from renders.shot import Quality, RenderTask
from scenes import CHAPTERS
from scenes.lesson import paced, write_lesson
from scenes.locale import Locale
from scenes.palette import LIGHT
from scenes.stage import at_reading_pace
from scenes.style import channels

SIZE = Quality(640, 360, theme="light")
BEAT = 12  # frames
SHOWN = {
    "opening": "promise",
    "tokens": "listed",
    "embedding": "vector",
    "position": "addition",
    "layernorm": "scaled",
    "qkv": "query",
    "attention": "softmax",
    "softmax": "curve",
    "mlp": "promotes",
    "blocks": "largest",
    "output": "mass",
    "loop": "step2",
    "overview": "scores",
    "closing": "path",
}


@cache
def example() -> Trace:
    return Trace.load(EXAMPLE)


def task(chapter: str) -> RenderTask:
    scheduled = paced(write_lesson(example(), Locale("en"), [chapter]).chapter(chapter), lambda _: BEAT)
    return RenderTask(EXAMPLE, scheduled, None, SIZE, 30, {})


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_picture(chapter: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    asked, drawn = task(chapter), list[Picture]()
    last = asked.start(SHOWN[chapter]) + BEAT - 1
    stills(asked, [last], lambda _, picture: drawn.append(picture[..., :3].copy()))
    renew = request.config.getoption("--update-frames")
    hold(drawn[0], f"light-{chapter}-{SHOWN[chapter]}", tmp_path, renew=renew)
    assert np.array_equal(drawn[0][2, 2], channels(LIGHT.ground))


@pytest.mark.parametrize(
    "chapter", sample(CHAPTERS, "opening", "attention", "output")
)  # most texts on colours
def test_nothing_is_wrong_with_its_pictures(chapter: str) -> None:
    paced_out = at_reading_pace(example(), chapter, Locale("en"), 10)
    assert look(replace(task(chapter), scheduled=paced_out, fps=10)) == []


def test_no_picture_is_kept_of_what_is_not_there() -> None:
    kept = {path.stem for path in KEPT.glob("light-*.png")}
    assert kept == {f"light-{chapter}-{beat}" for chapter, beat in SHOWN.items()}
