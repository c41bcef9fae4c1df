"""Frames drawn again: those of the video itself are as their drawing, those of another trace are not."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest
from tasks import task_of

from llmtrace.trace import Trace
from renders.check.redraw import ALLOWED, _differing, difference
from renders.draw.camera import Picture
from renders.draw.render import draw
from renders.draw.stills import stills
from renders.media.mp4 import mux
from renders.shot import QUALITIES, BurnedCaption, RenderTask

FRAMES = 12
BURNED = (BurnedCaption(3, 30, (("A", "caption"), ("of", "words")), (4, 9, 14, 21)),)


@pytest.fixture(scope="module", params=[None, BURNED], ids=["plain", "burned"])
def task(
    request: pytest.FixtureRequest, example: Trace, tmp_path_factory: pytest.TempPathFactory
) -> RenderTask:
    place = tmp_path_factory.mktemp("drawn")
    trace = example.save(place / "trace.safetensors")
    task = task_of(example, "output", place / "beats", frames=FRAMES)
    return replace(task, trace=trace, quality=QUALITIES["draft"], captions=request.param)


@pytest.fixture(scope="module")
def video(task: RenderTask) -> Path:
    out = task.trace.with_name("lesson.mp4")
    mux([beat.segment for beat in draw(task)], [], [], [], out, fps=task.fps)
    return out


@pytest.fixture(scope="module")
def together(task: RenderTask) -> dict[int, Picture]:
    """Every frame, drawn in one go."""
    seen: dict[int, Picture] = {}
    every = range(task.scheduled.frames)
    stills(task, every, lambda frame, picture: seen.update({frame: picture.copy()}))
    return seen


def test_every_frame_is_as_it_was_drawn(video: Path, task: RenderTask, together: dict[int, Picture]) -> None:
    every = range(task.scheduled.frames)
    assert list(together) == list(every)
    assert _differing(video, task, 0, every) == []


def test_a_still_alone_is_the_frame_that_is_drawn_with_all_others(
    task: RenderTask, together: dict[int, Picture]
) -> None:
    last = [end - 1 for end in accumulate(task.beats.values())]
    alone: dict[int, Picture] = {}
    for frame in (*last[::3], FRAMES + 5):
        stills(task, [frame], lambda frame, picture: alone.update({frame: picture.copy()}))
        assert np.array_equal(alone[frame], together[frame]), frame


def test_another_number_on_screen_is_found(video: Path, task: RenderTask, example: Trace) -> None:
    tensors = {name: example[name] for name in example.names()}
    row = tensors["generated.probability"][0].copy()
    row[int(row.argmax())] += 0.001  # 33.7 % becomes 33.8 %
    tensors["generated.probability"] = np.stack([row, *tensors["generated.probability"][1:]])
    other = Trace(tensors, example.meta).save(task.trace.with_name("other.safetensors"))
    every = range(task.scheduled.frames)
    found = _differing(video, replace(task, trace=other), 0, every)
    assert {frame // FRAMES for frame, _ in found} >= {2, 3}  # the beats that show it
    assert min(by for _, by in found) > ALLOWED


def test_frames_that_are_not_there_are_found(video: Path, task: RenderTask) -> None:
    (missing,) = _differing(video, task, FRAMES, [task.scheduled.frames - 1])
    assert missing == (task.scheduled.frames - 1, math.inf)


def test_a_difference_is_that_of_the_square_where_it_is_largest() -> None:
    one = np.full((36, 20), 100, np.uint8)
    other = one.copy()
    other[8:16, 16:20] = 90  # half of the last square, which is half outside
    other[0, 0] = 255
    assert difference(one, one) == 0
    assert difference(one, other) == 5.0
    assert difference(one, other[:, :10]) == math.inf
