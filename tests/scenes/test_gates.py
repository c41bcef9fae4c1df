"""What may not stand in a picture is found when it is there, and what may is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from manim import DOWN, RIGHT, UP

from llmtrace.trace import Trace
from scenes import style
from scenes.gates import faults
from scenes.parts.chips import Chip
from scenes.parts.label import formula, mono, words
from scenes.parts.matrix import Vector
from scenes.parts.texture import Paint
from scenes.reading import Reading, Slice, slice_of

pytestmark = pytest.mark.usefixtures("dry")

TOKEN = Reading("␣be", "tokens", (0,), "at", "token")


def made_vector() -> Vector:
    drawn = Slice(np.ones(4, np.float32), "embed.token", (0, (0, 4)))
    return Vector(drawn, Paint(), 1.2, 0.3)


THINGS: dict[str, tuple[Callable[[], list[Any]], str]] = {
    "a formula on a text": (lambda: [formula("q dot k"), words("score")], "'a formula' and 'score' overlap"),
    "two formulas": (lambda: [formula("q"), formula("x")], "'a formula' and 'a formula' overlap"),
    "a text on a text": (lambda: [words("one"), words("two")], "'one' and 'two' overlap"),
    "a text across a box": (lambda: [Chip(TOKEN), words("across").shift(0.3 * RIGHT)], "edge of a box"),
    "a number of its own": (lambda: [mono("42")], "'42' shows a number that is no reading"),
    "a text on a vector": (lambda: [made_vector(), words("over")], "'over' lies on a vector"),
    "small type": (lambda: [words("small", 10)], "'small' is set at 14.1 pixels"),
    "outside": (lambda: [words("away").shift(7 * RIGHT)], "leaves the picture"),
}


@pytest.mark.parametrize("name", THINGS)
def test_a_fault_is_found(name: str) -> None:
    make, fault = THINGS[name]
    found = list(faults(make()))
    assert any(fault in one for one in found), found


def test_what_stands_apart_is_no_fault(traced: Callable[..., Trace]) -> None:
    strip = Vector(slice_of(traced("three tokens"), "embed.token", 0, (0, 4)), Paint(), 1.2, 0.3)
    things = [
        formula("q dot k"), words("score").shift(2 * UP), words("below", style.SMALL_SIZE).shift(2 * DOWN)
    ]  # fmt: skip
    things += [Chip(TOKEN).shift(3 * RIGHT), strip.shift(2.5 * UP + 3 * RIGHT)]
    assert list(faults(things)) == []
