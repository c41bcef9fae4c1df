"""Faces of light in space: colours that run into each other, as strong as is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes import style
from scenes.parts.space.projector import Points
from scenes.parts.texture import Pixels, Quad


@dataclass(frozen=True, eq=False)
class Light:
    """A face of light, (rows, columns): as strong as `clear` says, from one colour over into another.

    The colours go across, or `down`.
    """

    start: str
    end: str
    clear: Points  # opacities
    down: bool = False

    gaps = False
    smooth = True

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.clear.shape
        return rows, columns

    def picture(self, down: int = 1, across: int = 1) -> Pixels:
        rows, columns = self.shape
        mixed = [
            style.mix(self.start, self.end, s) for s in np.linspace(0, 1, rows if self.down else columns)
        ]
        colours = np.array([style.channels(colour) for colour in mixed], np.uint8)
        made = np.empty((rows, columns, 4), np.uint8)
        made[..., :3] = colours[:, None] if self.down else colours
        made[..., 3] = np.rint(np.clip(self.clear, 0, 1) * 255)
        return made[::down, ::across]


def light(start: str, end: str, clear: Any, down: bool = False) -> Quad:
    """A face of light; `clear`: (columns) or (rows, columns) opacities."""
    return Quad(Light(start, end, np.atleast_2d(np.asarray(clear, float)), down), 1.0, 1.0)
