"""Where space is on screen, and in which order boxes are painted so that the nearer hides the further."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from scenes.parts.space.projector import View, corners, crossing, faces, paint_order

ANGLES = [(a, e) for a in (-130, -40, 0, 35, 90, 150, 200, 320) for e in (-50, 0, 20, 70)]


def test_seen_from_the_front_space_is_the_plane() -> None:
    points = np.array([(1.0, 2.0, 3.0), (-4.0, 0.5, -6.0)])
    assert np.allclose(View().project(points), points[:, :2])
    moved = View(centre=(1, 2, 3), scale=2, place=(5, 6)).project(points)
    assert np.allclose(moved, [(5, 6), (5 - 10, 6 - 3)])


@pytest.mark.parametrize(("azimuth", "elevation"), ANGLES)
def test_an_orthographic_view_keeps_lengths_across_the_line_of_sight(
    azimuth: float, elevation: float
) -> None:
    view = View(azimuth=azimuth, elevation=elevation)
    a, e = np.radians((azimuth, elevation))
    toward = np.array((np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)))
    rng = np.random.default_rng(1)
    for vector in rng.normal(size=(20, 3)):
        along = vector @ toward
        assert np.linalg.norm(view.project(vector)) == pytest.approx(np.sqrt(vector @ vector - along**2))
    assert np.allclose(view.project(toward * 7), 0)  # what is straight ahead is one point


def test_a_near_view_is_a_shift_lens() -> None:
    view = View(azimuth=35, elevation=25, nearness=1 / 50)
    rng = np.random.default_rng(2)
    for x, y, z in rng.uniform(-10, 10, (20, 3)):
        low, high = view.project(np.array([(x, y, z), (x, y + 5, z)]))
        assert low[0] == pytest.approx(high[0])  # upright stays upright
        toward = x * np.sin(np.radians(35)) + z * np.cos(np.radians(35))
        assert high[1] - low[1] == pytest.approx(5 * np.cos(np.radians(25)) / (1 - toward / 50))
    far = View(azimuth=35, elevation=25, nearness=1e-9)
    assert np.allclose(far.project(rng.normal(size=(9, 3))), 0, atol=5)
    points = rng.normal(size=(9, 3))
    assert np.allclose(far.project(points), View(azimuth=35, elevation=25).project(points), atol=1e-6)


def test_between_two_views_everything_is_on_the_way() -> None:
    one, other = View((0, 0, 0), 1.0, 0, 0, 0.0), View((2, 4, 6), 4.0, 40, 20, 0.02, (1, 1))
    half = one.between(other, 0.5)
    assert half == View((1, 2, 3), 2.0, 20, 10, 0.01, (0.5, 0.5))  # a size doubles, then doubles again
    assert one.between(other, 0.0) == one
    assert one.between(other, 1.0) == other


@pytest.mark.parametrize("nearness", [0.0, 1 / 60])
@pytest.mark.parametrize(("azimuth", "elevation"), ANGLES)
def test_boxes_are_fitted_into_a_frame(azimuth: float, elevation: float, nearness: float) -> None:
    lows = np.array([(0.0, 0, 0), (10, -3, 2)])
    highs = lows + np.array((4, 5, 6))
    view = View(azimuth=azimuth, elevation=elevation, nearness=nearness).fitted(lows, highs, (-6, -3, 5, 2))
    seen = view.project(corners(lows, highs)).reshape(-1, 2)
    (left, low), (right, high) = seen.min(axis=0), seen.max(axis=0)
    assert min(left + 6, 5 - right, low + 3, 2 - high) >= -1e-9
    assert min(11 - (right - left), 5 - (high - low)) == pytest.approx(0, abs=1e-9)
    assert (left + right, low + high) == pytest.approx((-1, -1))


@pytest.mark.parametrize(("azimuth", "elevation"), ANGLES)
def test_the_faces_that_are_seen_look_at_the_eye(azimuth: float, elevation: float) -> None:
    view = View(azimuth=azimuth, elevation=elevation)
    a, e = np.radians((azimuth, elevation))
    toward = np.array((np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)))
    seen = faces(np.zeros((1, 3)), np.array([(1.0, 2.0, 3.0)]), view.signs)[0]  # (3, 4, 3)
    for axis, face in enumerate(seen):
        outward = face.mean(axis=0) - (0.5, 1.0, 1.5)
        assert outward @ toward >= -1e-9
        assert np.ptp(face[:, axis]) == 0
        left, right, low, last = face
        assert np.allclose(left + last, right + low)


def test_a_faces_columns_and_rows_are_the_same_from_all_sides() -> None:
    for signs in product((-1, 1), repeat=3):
        x, y, z = faces(np.zeros((1, 3)), np.array([(1.0, 2.0, 3.0)]), signs)[0]
        assert np.allclose((x[1] - x[0], x[2] - x[0]), [(0, 0, 3), (0, -2, 0)])
        assert np.allclose((y[1] - y[0], y[2] - y[0]), [(1, 0, 0), (0, 0, 3)])
        assert np.allclose((z[1] - z[0], z[2] - z[0]), [(1, 0, 0), (0, -2, 0)])


def test_the_box_behind_is_painted_first() -> None:
    lows, highs = np.array([(0.0, 0, 0), (0, 0, 2), (0, 2, 0)]), np.array([(1.0, 1, 1), (1, 1, 3), (1, 3, 1)])
    assert paint_order(lows, highs, (1, 1, 1)) == [0, 1, 2]
    order = paint_order(lows, highs, (1, -1, -1))
    assert order.index(1) < order.index(0)
    assert order.index(2) < order.index(0)


def test_a_circle_of_boxes_is_painted_all_the_same() -> None:
    """Three beams, each over the next: no order is right, and none is lost."""
    lows = np.array([(0.0, 0, 0), (4, 0, -1), (0, -1, 4)])
    highs = np.array([(6.0, 1, 1), (5, 6, 5), (6, 5, 5)])
    assert sorted(paint_order(lows, highs, (1, 1, 1))) == [0, 1, 2]


def test_boxes_in_each_other_are_found() -> None:
    lows = np.array([(0.0, 0, 0), (0.5, 0.5, 0.5), (1, 0, 0), (5, 5, 5)])
    assert crossing(lows, lows + 1.0) == [(0, 1), (1, 2)]
    assert crossing(lows[[0, 2]], lows[[0, 2]] + 1.0) == []  # they touch
