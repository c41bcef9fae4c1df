"""Space on the screen: where points are, and which box is painted before which. Knows no manim."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import cos, exp, log, radians, sin

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]  # (…, 3) in space, (…, 2) on screen
Signs = tuple[
    int, int, int
]  # along x, y, z: whether the face of the higher (1) or the lower end (−1) is seen

_TOUCH = 1e-6  # boxes that share less than this are apart
_CLOSE = 0.6  # how much of the way from the centre to the eye a box may come


@dataclass(frozen=True)
class View:
    """Where one looks from.

    `centre`, a point of space, stands at `place` on screen, where a unit of space is `scale` units of the
    frame. Azimuth turns to the right of what is seen from the front, elevation goes up; both in degrees.
    `nearness` is 1 over the eye's distance from the centre, 0 for an orthographic view.

    A near eye's is a shift lens: only what is further or nearer on the level shrinks or grows, so that
    uprights stay upright and parallel.
    """

    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)
    scale: float = 1.0
    azimuth: float = 0.0
    elevation: float = 0.0
    nearness: float = 0.0
    place: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def axes(self) -> Points:
        """(3, 3): the directions to the right and up on screen, and on the level toward the eye."""
        p, t = radians(self.azimuth), radians(self.elevation)
        right = (cos(p), 0.0, -sin(p))
        up = (-sin(p) * sin(t), cos(t), -cos(p) * sin(t))
        level = (sin(p), 0.0, cos(p))
        return np.array([right, up, level])

    @cached_property
    def signs(self) -> Signs:
        """Which faces of a box are seen, by the direction to the eye."""
        p, t = radians(self.azimuth), radians(self.elevation)
        toward = (sin(p) * cos(t), sin(t), cos(p) * cos(t))
        x, y, z = (1 if part >= 0 else -1 for part in toward)
        return x, y, z

    def project(self, points: Points) -> Points:
        """(…, 3) points of space → (…, 2) on screen. They must be nearer to the centre than the eye is."""
        across, up, toward = np.moveaxis((np.asarray(points) - self.centre) @ self.axes.T, -1, 0)
        size = self.scale / (1.0 - self.nearness * toward)
        return np.stack([across * size + self.place[0], up * size + self.place[1]], axis=-1)

    def between(self, other: View, share: float) -> View:
        """The view that is so far from this one to another; sizes are mixed as their logarithms.

        The eye's distance is mixed, so that boxes which are in front of it in both views are so all the way;
        from and to an eye that is infinitely far it is its nearness.
        """

        def mixed(one: float, two: float) -> float:
            return one + (two - one) * share

        x, y, z = (mixed(*pair) for pair in zip(self.centre, other.centre, strict=True))
        if self.nearness and other.nearness:
            nearness = 1 / mixed(1 / self.nearness, 1 / other.nearness)
        else:
            nearness = mixed(self.nearness, other.nearness)
        return View(
            (x, y, z),
            exp(mixed(log(self.scale), log(other.scale))),
            mixed(self.azimuth, other.azimuth),
            mixed(self.elevation, other.elevation),
            nearness,
            (mixed(self.place[0], other.place[0]), mixed(self.place[1], other.place[1])),
        )

    def fitted(
        self,
        lows: Points,
        highs: Points,
        frame: tuple[float, float, float, float],
        shown: Sequence[int] | None = None,
    ) -> View:
        """The same directions with boxes, (boxes, 3) each, as large as fits into a frame of the screen.

        `frame`: left, low, right, high. `shown`: the numbers of those that are to fit; without it all. Their
        middle becomes the centre. The eye goes back where it would be too close to any box, shown or not.
        """
        every, of = corners(lows, highs), slice(None) if shown is None else list(shown)
        middle = (np.min(lows[of], axis=0) + np.max(highs[of], axis=0)) / 2
        x, y, z = middle.tolist()
        toward = float(((every - middle) @ self.axes[2]).max())
        nearness = min(self.nearness, _CLOSE / max(toward, _TOUCH))
        plain = replace(self, centre=(x, y, z), scale=1.0, nearness=nearness, place=(0.0, 0.0))
        seen = plain.project(every[of]).reshape(-1, 2)
        least, most = seen.min(axis=0), seen.max(axis=0)
        left, low, right, high = frame
        scale = float(min((right - left) / (most[0] - least[0]), (high - low) / (most[1] - least[1])))
        off = (least + most) / 2 * scale
        return replace(plain, scale=scale, place=((left + right) / 2 - off[0], (low + high) / 2 - off[1]))


def corners(lows: Points, highs: Points) -> Points:
    """(boxes, 3) lower and higher ends → (boxes, 8, 3): the higher end of axis k where bit k is set."""
    higher = (np.arange(8)[:, None] >> np.arange(3)) & 1 > 0
    return np.where(higher, np.asarray(highs)[:, None], np.asarray(lows)[:, None])


def faces(lows: Points, highs: Points, signs: Signs) -> Points:
    """(boxes, 3) ends → (boxes, 3, 4, 3): corners of the faces that are seen, across x, y and z.

    In a quad's order, the upper two and the lower two. A face across x has columns along z and rows down, one
    across y columns along x and rows along z, one across z columns along x and rows down.
    """
    every = corners(lows, highs)
    x, y, z = (max(sign, 0) for sign in signs)
    numbers = [
        [x + 2, x + 6, x, x + 4],
        [2 * y, 2 * y + 1, 2 * y + 4, 2 * y + 5],
        [4 * z + 2, 4 * z + 3, 4 * z, 4 * z + 1],
    ]
    return every[:, numbers]


def paint_order(lows: Points, highs: Points, signs: Signs) -> list[int]:
    """The boxes, (boxes, 3) each end, from the back to the front.

    One is behind another if along some axis it ends, toward the eye, before the other begins, and along none
    the other way round. Where that goes in a circle the furthest comes first. The eye is beyond all of them.
    With (states, boxes, 3) the order holds in every one of these states, if there is such an order.
    """
    turned = np.where(np.array(signs) > 0, 1.0, -1.0)
    ends = np.stack([np.asarray(lows) * turned, np.asarray(highs) * turned])
    ends = ends.reshape(2, -1, *ends.shape[-2:])
    begin, end = ends.min(axis=0), ends.max(axis=0)  # (states, boxes, 3)
    behind = np.zeros((begin.shape[1],) * 2, bool)  # (box, other box)
    for first, last in zip(begin, end, strict=True):
        before = (last[:, None] <= first[None] + _TOUCH).any(axis=-1)
        np.fill_diagonal(before, val=False)
        behind |= before & ~before.T
    behind &= ~behind.T  # in one state so, in another the other way round
    depth = ((begin[0] + end[0]) / 2).sum(axis=1).tolist()
    waits = behind.sum(axis=0).tolist()  # how many must be painted before each
    ready = [(depth[box], box) for box, count in enumerate(waits) if count == 0]
    heapq.heapify(ready)
    order, done = list[int](), [False] * len(waits)
    while len(order) < len(waits):
        if not ready:  # a circle
            ready = [min((depth[box], box) for box, painted in enumerate(done) if not painted)]
        _, box = heapq.heappop(ready)
        if done[box]:
            continue
        done[box] = True
        order.append(box)
        for other in np.flatnonzero(behind[box]).tolist():
            waits[other] -= 1
            if waits[other] == 0:
                heapq.heappush(ready, (depth[other], other))
    return order


def crossing(lows: Points, highs: Points) -> list[tuple[int, int]]:
    """The pairs of boxes that are in each other, so that no order is right."""
    lows, highs = np.asarray(lows), np.asarray(highs)
    shared = np.minimum(highs[:, None], highs[None]) - np.maximum(lows[:, None], lows[None])
    inside = (shared > _TOUCH).all(axis=-1)
    pairs: Sequence[Sequence[int]] = np.argwhere(np.triu(inside, 1)).tolist()
    return [(one, other) for one, other in pairs]
