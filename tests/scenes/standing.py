"""How the pieces of a scenery stand to each other, for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.parts.space.exit import Exit
from scenes.parts.space.projector import crossing
from scenes.parts.space.room import Room
from scenes.parts.space.scenery import Scenery
from scenes.parts.texture import Texture
from scenes.reading import slice_of


def cells(hall: Room | Exit, name: str, axis: str) -> Any:
    """The values on a face of a piece, which are its slice's."""
    side = hall.box(name).sides[axis]
    assert isinstance(side, Texture)
    drawn = side.drawn
    assert slice_of(hall.read.trace, drawn.source, *drawn.index).digest == drawn.digest
    return side.cells.values  # type: ignore[attr-defined]


def in_order(scenery: Scenery) -> None:
    """No piece that is there is in another, and each is painted after those that are behind it."""
    there = [box for box in scenery.boxes if box in scenery.submobjects and box.sides]
    lows, highs = np.array([box.low for box in there]), np.array([box.high for box in there])
    assert [(there[one].name, there[other].name) for one, other in crossing(lows, highs)] == []
    ranks = np.array([box.submobjects[0].z_index for box in there])
    beyond = (lows[:, None] >= highs[None] - 1e-6).any(axis=-1)  # (one, other): one begins where other ends
    wrong = np.argwhere(beyond & ~beyond.T & (ranks[:, None] < ranks[None]))
    assert [(there[one].name, there[other].name) for one, other in wrong] == []
