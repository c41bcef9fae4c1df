"""Outlines are laid for cairo as manim lays them, to the same coordinates."""

from __future__ import annotations

from typing import Any

import cairo
import numpy as np
import pytest
from manim import Camera, Circle, Line, Square, VGroup, VMobject

from renders.draw import cairo_paths as module
from renders.draw.cairo_paths import paths


def context() -> Any:
    return cairo.Context(cairo.ImageSurface(cairo.FORMAT_ARGB32, 64, 64))


def shapes() -> list[VMobject]:
    """Closed and open ones, some of several parts, one that ends nearly where it began."""
    nearly = VMobject().set_points_as_corners([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 4e-7, 0)])
    apart = VMobject()
    apart.points = np.concatenate([Square().points, Line((3, 0, 0), (4, 1, 0)).points, Circle().points])
    return [Square(), apart, Line((0, 0, 0), (1, 2, 0)), nearly, Circle(), VGroup()]


@pytest.mark.parametrize("library", [True, False])
def test_paths_are_manims(library: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if library:
        assert module._append_path is not None, "cairo's library cannot be reached here: lessons draw slower"
    else:
        monkeypatch.setattr(module, "_append_path", None)
    camera, drawn = Camera(), shapes()
    laid = paths([shape.points for shape in drawn])
    for place, shape in enumerate(drawn):
        ours, manims = context(), context()
        camera.set_cairo_context_path(manims, shape)
        laid.lay(ours, place)
        assert list(ours.copy_path()) == list(manims.copy_path())
        assert bool(list(manims.copy_path())) == bool(laid.sizes[place])


def test_boxes() -> None:
    laid = paths([np.array([[3.0, 1, 0], [-1, 2, 0], [0, 5, 0], [1, 1, 0]])])
    assert laid.boxes.tolist() == [[-1, 1, 3, 5]]


def test_what_is_no_number_is_not_laid_and_harms_no_other() -> None:
    line = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [3, 0, 0]])
    broken = line.copy()
    broken[2, 1] = np.nan
    laid = paths([line, broken, line[:3], line + 1])
    assert [bool(size) for size in laid.sizes] == [True, False, False, True]
    ctx = context()
    laid.lay(ctx, 3)
    assert next(iter(ctx.copy_path())) == (cairo.PATH_MOVE_TO, (1.0, 1.0))


def test_nothing() -> None:
    assert paths([]).sizes == []
    assert paths([np.empty((0, 3))]).sizes == [0]


def test_paths_of_the_same_points_are_the_last_ones() -> None:
    line = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [3, 0, 0]])
    laid = paths([np.concatenate([line, line + 3]), line])
    assert paths([np.concatenate([line, line + 3]), line], laid) is laid
    two, moved = np.concatenate([line, line + 3]), line + np.array([0, 1e-9, 0])
    for others in ([two, moved], [line, two], [two]):
        again, fresh = paths(others, laid), paths(others)
        assert again is not laid
        assert (again.starts, again.sizes) == (fresh.starts, fresh.sizes)
        assert np.array_equal(again.boxes, fresh.boxes)
