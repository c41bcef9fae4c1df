"""Which box of the network is where, and what feeds what: data from a model's shape and a count of tokens.

    made = network(Shape.of(trace.meta.model), trace.length, detailed=2)
    lows, highs = made.at(0.5)  # block 3 half open

The stream runs along x, each of its sheets across it: tokens along z, channels along y. Attention hangs below
it, the feed-forward stands above; weights are pages behind the sheets, of as many rows and columns as the
stream is wide: what is longer is folded, nothing is shrunk. Knows no manim.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from llmtrace.names import block as named
from scenes.parts.space.blocks import OpenBlock, closed_block
from scenes.parts.space.layout import LIFT, PITCH, THIN, WALL, WIDE, Floor, Shape, Site
from scenes.parts.space.projector import Points


@dataclass(frozen=True)
class Network:
    """All boxes of a network, and where they are while its detailed block is closed and while it is open."""

    sites: tuple[Site, ...]
    closed: tuple[Points, Points]  # lower ends, higher ends
    opened: tuple[Points, Points]

    def at(self, opening: float) -> tuple[Points, Points]:
        """The ends of all boxes for an opening from 0 to 1, every coordinate on its straight way."""
        lows, highs = (c + (o - c) * opening for c, o in zip(self.closed, self.opened, strict=True))
        return lows, highs

    def stations(self, count: int = 5) -> tuple[Points, Points]:
        """Where all boxes come through while the block opens, (count, boxes, 3) each end: for their order."""
        ends = [self.at(opening) for opening in np.linspace(0, 1, count)]
        return np.array([lows for lows, _ in ends]), np.array([highs for _, highs in ends])

    def place(self, name: str) -> int:
        """The number of a site; raises `KeyError`."""
        for number, site in enumerate(self.sites):
            if site.name == name:
                return number
        raise KeyError(f"{name}: no box of the network has this name")


def network(shape: Shape, tokens: int, detailed: int | None = None) -> Network:
    """The network for a prompt of so many tokens; `detailed` is the block that can be opened."""
    states = []
    for opening in (0, 1):
        floor = Floor(shape, tokens, detailed, opening)
        _build(floor)
        ends: Points = np.array(floor.ends)  # (boxes, 2, 3)
        states.append((ends[:, 0], ends[:, 1]))
    return Network(tuple(floor.sites), states[0], states[1])


def _build(floor: Floor) -> None:
    stream, begin, x = _entry(floor)
    for number in range(floor.shape.blocks):
        if number == floor.detailed:
            stream, begin, x = OpenBlock(floor, number).build(x, stream, begin)
        else:
            stream, begin, x = closed_block(floor, number, x, stream, begin)
    _exit(floor, x, stream, begin)


def _entry(floor: Floor) -> tuple[str, float, float]:
    """Tokens' rows and places. Returns what the stream comes from, where that ends, where block 1 begins."""
    shape, below = floor.shape, -WIDE - LIFT[0]
    table = floor.book("wte", "in", 0.0, shape.vocabulary * shape.width)
    left = shape.context
    places = []
    for number in range(ceil(shape.context / shape.width)):
        rows = min(left, shape.width)
        places.append(floor.page(f"wpe.{number}", "in", 0.0, below, number, rows, PITCH[0]))
        left -= rows
    token = floor.lanes("embed.token", "in", 1.0, 0.0, [table])
    position = floor.lanes("embed.position", "in", 1.0, below, places)
    total = floor.lanes("embed.sum", "in", 13.0, 0.0, [token, position])
    return total, 13.0 + floor.thick, 18.5


def _exit(floor: Floor, x: float, stream: str, begin: float) -> None:
    """The last norm, the same table again, and before it a score and a probability for each of its rows."""
    shape, deep = floor.shape, WALL[1]
    last = named(shape.blocks - 1, "resid_post")
    beam = floor.beam(begin, x + 1.0, "out", last, stream)
    norm = floor.norm("ln_f", "out", x + 1.0, 0.0, [beam])
    table = floor.book("wte.again", "out", x + 2.5, 0)  # tied: its numbers are counted once
    wall = Site("logits", "out", "wall", ("D", "V/D", ""), "logits", feeds=(norm, table))
    floor.put(wall, (x + 2.9, 0.0, floor.pages_at + 0.3), (WALL[0], deep, THIN))
    axes = ("D", "", "V/D")
    ground = Site("probability", "out", "floor", axes, "generated.probability", (0,), feeds=("logits",))
    floor.put(ground, (x + 2.9, 0.0, floor.pages_at + 0.8), (WALL[0], 0.1, deep))
