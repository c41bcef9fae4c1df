"""Regions lie beside each other on the page, and what is fitted into one stays in it."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from manim import DOWN, LEFT, ORIGIN, RIGHT, UP, Rectangle

from scenes import style
from scenes.page import BODY, FOOT, MAIN, SIDE, TITLE, Region, fit


def edges(thing: Rectangle) -> tuple[float, float, float, float]:
    return thing.get_left()[0], thing.get_right()[0], thing.get_bottom()[1], thing.get_top()[1]


def test_regions_do_not_overlap_and_keep_the_pages_margin() -> None:
    for one, other in combinations((TITLE, MAIN, SIDE, FOOT), 2):
        apart_x = one.right <= other.left or other.right <= one.left
        apart_y = one.top <= other.bottom or other.top <= one.bottom
        assert apart_x or apart_y
    for region in (TITLE, MAIN, SIDE, FOOT, BODY):
        assert style.LEFT <= region.left < region.right <= style.RIGHT
        assert style.BOTTOM <= region.bottom < region.top <= style.TOP
    assert (BODY.left, BODY.right) == (MAIN.left, SIDE.right)
    assert MAIN.width > SIDE.width > 5


@pytest.mark.parametrize("edge", [ORIGIN, LEFT, UP, DOWN + RIGHT], ids=["middle", "left", "top", "corner"])
@pytest.mark.parametrize(("wide", "high"), [(1, 1), (30, 1), (1, 30), (30, 40)])
@pytest.mark.parametrize("region", [BODY, SIDE, FOOT], ids=["body", "side", "foot"])
def test_a_thing_is_where_it_is_put_and_no_larger_than_its_place(
    wide: float, high: float, edge: np.ndarray, region: Region
) -> None:
    high = high * region.height / 20
    thing = fit(Rectangle(width=wide, height=high), region, edge)
    left, right, bottom, top = edges(thing)
    slack = 1e-9
    assert region.left - slack <= left < right <= region.right + slack
    assert region.bottom - slack <= bottom < top <= region.top + slack
    assert np.allclose(thing.get_critical_point(edge), region.point(edge))
    assert thing.width / thing.height == pytest.approx(wide / high)
    if wide <= region.width and high <= region.height:
        assert thing.width == pytest.approx(wide)  # nothing is made larger


def test_columns_and_rows_fill_a_region() -> None:
    for parts, near, far in (
        (BODY.columns(3, 0.5), ("left", "right"), 0.5),
        (BODY.rows(4, 0.2)[::-1], ("bottom", "top"), 0.2),
    ):
        begin, end = near
        assert getattr(parts[0], begin) == pytest.approx(getattr(BODY, begin))
        assert getattr(parts[-1], end) == pytest.approx(getattr(BODY, end))
        for one, following in pairwise(parts):
            assert getattr(following, begin) - getattr(one, end) == pytest.approx(far)
        sizes = [getattr(part, end) - getattr(part, begin) for part in parts]
        assert sizes == pytest.approx([sizes[0]] * len(sizes))


def test_an_inset_is_smaller_on_every_side() -> None:
    inner = BODY.inset(0.25, 0.6)
    assert (inner.width, inner.height) == pytest.approx((BODY.width - 0.5, BODY.height - 1.2))
    assert np.allclose(inner.point(), BODY.point())
