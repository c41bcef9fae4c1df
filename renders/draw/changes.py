"""Where a picture differs from the last one: only there is it wiped and drawn again.

Light that goes through a stack of boxes changes a hundredth of the picture, though all boxes are one thing
that moves. So objects are compared with how they were laid for the last picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import is_, ne
from typing import Any

import numpy as np
import numpy.typing as npt

from renders.media.yuv import Box

EMPTY: Box = (0, 0, 0, 0)
PixelBoxes = npt.NDArray[np.int64]  # (objects, 4): left, top, right, bottom; all 0: not in the picture


@dataclass(frozen=True)
class Laid:
    """The objects of a kind as a picture has them, in their order.

    `looks` and `numbers`, (objects, any), are all that their pixels hang on: what looks the same in two
    pictures has equal ones.
    """

    objects: Sequence[Any]
    boxes: PixelBoxes
    looks: Sequence[Any]
    numbers: npt.NDArray[np.float64]

    @property
    def box(self) -> Box:
        return _around(self.boxes)

    def inside(self, box: Box) -> tuple[list[int], PixelBoxes]:
        """The places of the objects that a box has something of, and what it has of each, (objects, 4)."""
        common = np.concatenate(
            [np.maximum(self.boxes[:, :2], box[:2]), np.minimum(self.boxes[:, 2:], box[2:])], axis=1
        )
        return np.flatnonzero((common[:, :2] < common[:, 2:]).all(axis=1)).tolist(), common


def changed(before: Sequence[Laid], now: Sequence[Laid]) -> Box | None:
    """The box of all that stands or looks otherwise; None where the objects are not the same ones."""
    if len(before) != len(now) or not all(
        len(one.objects) == len(other.objects) and all(map(is_, one.objects, other.objects))
        for one, other in zip(before, now, strict=True)
    ):
        return None
    box = EMPTY
    for one, other in zip(before, now, strict=True):
        differ = (one.numbers != other.numbers).any(axis=1)
        differ |= np.fromiter(map(ne, one.looks, other.looks), bool, len(differ))
        box = joined(box, _around(np.concatenate([one.boxes[differ], other.boxes[differ]])))
    return box


def joined(one: Box, other: Box) -> Box:
    """The box that two boxes are in."""
    if EMPTY in (one, other):
        return one if other == EMPTY else other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _around(boxes: PixelBoxes) -> Box:
    there = boxes[boxes[:, 2] > boxes[:, 0]]
    if not len(there):
        return EMPTY
    left, top = there[:, :2].min(axis=0).tolist()
    right, bottom = there[:, 2:].max(axis=0).tolist()
    return left, top, right, bottom
