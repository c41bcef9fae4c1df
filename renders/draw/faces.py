"""Where faces stand on screen: their edges, and the maps from pixels to what is on them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]  # (…, 2) in pixels, y downwards; of a face its upper two, its lower two


def edges(corners: Points) -> Points:
    """Corners, (faces, 4, 2) → (faces, 4, 3): a x + b y + c is how far inside of an edge a point is.

    Edges are the left, the right, the upper, the lower. One without a length has everything inside.
    """
    left, right, low, last = corners.transpose(1, 0, 2)
    ways = np.stack([low - left, right - last, left - right, last - low], axis=1)  # (faces, 4, 2)
    turned = np.sign(cross(right - left, low - left) + cross(low - last, right - last))
    lengths = np.maximum(length(ways), 1e-9)[..., None]
    inward = np.stack([ways[..., 1], -ways[..., 0]], axis=-1) / lengths * turned[:, None, None]
    through = np.stack([left, right, left, last], axis=1)
    beyond = np.where(lengths[..., 0] > 1e-6, -(inward * through).sum(axis=-1), 1e9)
    return np.concatenate([inward, beyond[..., None]], axis=-1)


def places(corners: Points) -> Points:
    """Corners, (faces, 4, 2) → the maps from pixels to the unit square, (faces, 3, 3).

    That of a face without area is any. Inverses of the map of the unit square on four points (Heckbert 1989,
    "Fundamentals of Texture Mapping", 2.2.3).
    """
    left, right, low, last = corners.transpose(1, 0, 2)
    one, other, miss = right - last, low - last, _exact(left - right + last - low)
    area = cross(one, other)
    area = np.where(np.abs(area) > 1e-9, area, np.inf)
    g, h = ((made / area)[:, None] for made in (cross(miss, other), cross(one, miss)))
    a, d = (_exact(right - left) + g * right).T
    b, e = (_exact(low - left) + h * low).T
    c, f = left.T
    g, h = g[:, 0], h[:, 0]
    rows = (
        (e - f * h, c * h - b, b * f - c * e),
        (f * g - d, a - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=1)


def _exact(way: Points) -> Points:
    """What is level, upright or no way at all is so exactly."""
    return np.where(np.abs(way) < 1e-6, 0.0, way)


def cross(one: Points, other: Points) -> Points:
    """The areas, with their signs, of the parallelograms of two vectors, (…, 2) each."""
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])


def length(vector: Points) -> Points:
    """How long vectors, (…, 2), are."""
    return np.asarray(np.hypot(vector[..., 0], vector[..., 1]))
