"""What is asked for from Python is checked as on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from llmtrace import Look
from renders.errors import RequestError
from renders.request import LessonRequest, VideoRequest


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"level": "easy"}, "no such level"),
        ({"level": None}, "no such level"),
        ({"chapters": ("atention",)}, "did you mean attention"),
        ({"chapters": ()}, "none is named"),
        ({"language": "fr"}, "there are en, de"),
        ({"head": "3"}, "head '3': takes a block and a head of it, from 1, like 3.2"),
        ({"head": "3.x"}, "like 3.2"),
        ({"head": 3.2}, "like 3.2"),
        ({"head": (1, 2, 3)}, "like 3.2"),
        ({"head": "0.1"}, "head 0.1: blocks and heads are counted from 1"),
        ({"query": "0"}, "query 0: tokens are counted from 1"),
        ({"query": " "}, "query: is empty"),
        ({"key": 1.5}, "key 1.5: takes a token's place, from 1, or its word"),
        ({"speed": 9.0}, "from 0.7 to 1.5"),
        ({"speed": float("nan")}, "from 0.7 to 1.5"),
    ],
)
@pytest.mark.parametrize("kind", [LessonRequest, VideoRequest])
def test_a_lesson_that_cannot_be(kind: type[LessonRequest], wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        kind("What will be", **wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"quality": "8k"}, "there are draft, 720p, 1080p, 4k"),
        ({"fps": 0}, "from 1 to 120"),
        ({"fps": 1000}, "from 1 to 120"),
        ({"workers": 0}, "from 1"),
    ],
)
def test_a_video_that_cannot_be(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        VideoRequest("What will be", **wrong)


def test_what_can_be_is_taken_as_it_is() -> None:
    asked = VideoRequest("What will be", chapters=("tokens", "attention"), language="de", fps=24, workers=1)
    assert (asked.chapters, asked.language, asked.fps) == (("tokens", "attention"), "de", 24)


def test_what_is_looked_at_is_counted_from_one_by_people_and_from_nought_by_tensors() -> None:
    asked = LessonRequest("My cat sleeps", head="3.2", query="2", key="my")  # type: ignore[arg-type]
    assert (asked.head, asked.query, asked.key) == ((3, 2), 2, "my")
    assert asked.look == Look((2, 1), 1, "my")
    assert LessonRequest("My cat sleeps", head=(3, 2)).look == Look((2, 1))
