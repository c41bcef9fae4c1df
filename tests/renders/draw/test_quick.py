"""Quick copies are manim's copies, and quick families manim's families."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from manim import Arrow, Mobject, Square, VMobject

from renders.draw.quick import quick_objects
from renders.draw.render import configured
from renders.shot import Quality
from scenes.parts.chips import Chip
from scenes.reading import Reading


@pytest.fixture(autouse=True)
def _configured() -> Iterator[None]:
    with configured(Quality(160, 90), 20):
        yield


def chip() -> Chip:
    return Chip(Reading("be", "tokens", (0,), "at", "token"))


@pytest.mark.parametrize("make", [chip, Square, lambda: Arrow((0, 0, 0), (1, 1, 0))])
def test_a_copy_is_what_manim_makes(make: Any) -> None:
    one = make()
    manims = one.copy()
    with quick_objects():
        ours = one.copy()
    for a, b in zip(manims.get_family(), ours.get_family(), strict=True):
        assert type(a) is type(b)
        assert vars(a).keys() == vars(b).keys()
        for name, value in vars(a).items():
            if isinstance(value, np.ndarray | int | float | str):
                assert np.array_equal(value, vars(b)[name]), name
            assert type(value) is type(vars(b)[name]), name


def test_a_copy_is_apart_and_whole() -> None:
    one = chip()
    with quick_objects():
        other = one.copy()
    assert other.label is other.submobjects[1]
    assert other.label.reading is one.label.reading
    before = one.get_all_points().copy(), one.box.stroke_rgbas.copy()
    other.shift((1, 0, 0)).set_stroke("#FF0000")
    other.remove(other.label)
    assert np.array_equal(one.get_all_points(), before[0])
    assert np.array_equal(one.box.stroke_rgbas, before[1])
    assert len(one.submobjects) == 2


def test_a_member_that_stands_twice_is_one() -> None:
    member = Square()
    group = Mobject().add(Mobject().add(member), member)
    with quick_objects():
        other = group.copy()
    assert other.submobjects[1] is other.submobjects[0].submobjects[0]


def test_manim_is_as_it_was_afterwards() -> None:
    before = Mobject.__deepcopy__
    with quick_objects():
        assert Mobject.__deepcopy__ is not before
    assert Mobject.__deepcopy__ is before


def families() -> Iterator[Mobject]:
    yield Square()
    yield chip()
    member = Square()
    yield Mobject().add(Mobject().add(member), Square(), member)
    inner = Mobject().add(member)
    yield Mobject().add(inner, Mobject().add(inner, Square()), member)


def test_a_family_is_manims_also_where_a_member_stands_twice() -> None:
    for one in families():
        manims = one.get_family()
        with quick_objects():
            assert [id(member) for member in one.get_family()] == [id(member) for member in manims]


def test_points_are_one_where_manim_takes_them_for_one() -> None:
    outline, rng = VMobject(), np.random.default_rng(0)
    for scale in (0.0, 1e-9, 9e-7, 1.1e-6, 1e-5, 1e-3):
        for _ in range(40):
            point = rng.uniform(-7, 7, 3)
            near = point + rng.uniform(-1, 1, 3) * scale
            pairs = [(near, point), (np.array([point, near, point, near]), point), (list(near), list(point))]
            for one, other in pairs:
                manims = outline.consider_points_equals(one, other)
                with quick_objects():
                    assert outline.consider_points_equals(one, other) == manims
    with quick_objects():
        assert not outline.consider_points_equals(np.array([np.nan, 0, 0]), np.zeros(3))
