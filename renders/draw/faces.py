"""Where the corners of a face stand on screen, and which map takes its picture there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cairo
import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]  # (points, 2) in pixels, y downwards


def projective(corners: Points, steps: Points) -> Points:
    """The places of a grid over a rectangle seen in perspective, by its four corners: (down, across, 2).

    The map of the unit square on four points (Heckbert 1989, "Fundamentals of Texture Mapping", 2.2.3).
    """
    left, right, low, last = corners
    one, other, sum_ = right - last, low - last, left - right + last - low
    area = cross(one, other)
    g, h = cross(sum_, other) / area, cross(one, sum_) / area
    u, v = steps[None, :, None], steps[:, None, None]
    across, down = right - left + g * right, low - left + h * low
    return np.asarray((across * u + down * v + left) / (g * u + h * v + 1))


def shared(
    left: Sequence[float], right: Sequence[float], low: Sequence[float], last: Sequence[float]
) -> tuple[list[float], list[float], list[float]]:
    """Three corners of the parallelogram from which four corners are equally far: a quarter of the miss."""
    off = [(a + d - b - c) / 4 for a, b, c, d in zip(left, right, low, last, strict=True)]
    return (
        [a - o for a, o in zip(left, off, strict=True)],
        [b + o for b, o in zip(right, off, strict=True)],
        [c + o for c, o in zip(low, off, strict=True)],
    )


def inverse(start: Sequence[float], right: Sequence[float], low: Sequence[float], size: Any) -> Any:
    """The matrix from the picture's pixels to the image's texels, from where three corners are."""
    wide, tall = size
    x, y = start
    matrix = cairo.Matrix(
        (right[0] - x) / wide, (right[1] - y) / wide, (low[0] - x) / tall, (low[1] - y) / tall, x, y
    )
    matrix.invert()
    return matrix


def cross(one: Points, other: Points) -> Points:
    """The areas, with their signs, of the parallelograms of two vectors, (…, 2) each."""
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])


def length(vector: Points) -> Points:
    """How long vectors, (…, 2), are."""
    return np.asarray(np.hypot(vector[..., 0], vector[..., 1]))
