"""Where things stand in the room of a head, for a number of tokens and channels. Knows no manim."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

HIGH = 7.6  # of the walls, whatever the head's width
DEEP = 9.5  # of the floor, at most
WIDE = 2.6  # of a token, at most
THICK = 0.14  # of a wall, at most
SLAB = 0.16  # of the floor, at most
APART = 0.9  # the walls from the floor
SHAFT = 0.62  # the widest product, where tokens have room for it
ROOMY = 0.7  # of a lane, from which on it is wide
COUNTED = 7  # tokens, up to which each weight of the focus row is a number
MOST = 40  # tokens that have a lane

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Plan:
    """Measures: x from the first key to the last, z from the first query to the last, y upward.

    `query` and `key` are places among the lanes, which are `tokens` many.
    """

    tokens: int
    channels: int
    query: int
    key: int

    @cached_property
    def lane(self) -> float:
        return min(WIDE, DEEP / self.tokens)

    @property
    def thick(self) -> float:
        """Of a wall: where lanes are narrow its side must not hide them."""
        return min(THICK, 0.3 * self.lane)

    @property
    def slab(self) -> float:
        """The height of the floor."""
        return min(SLAB, 0.3 * self.lane)

    @property
    def rim(self) -> float:
        """The width of the line around what is in focus."""
        return 2.4 if self.lane > ROOMY else 1.3

    @property
    def glow(self) -> float:
        """How wide its glow is."""
        return 1.0 if self.lane > ROOMY else 0.5

    @property
    def counted(self) -> bool:
        return self.tokens <= COUNTED

    @property
    def seam(self) -> float:
        """What a lane leaves free on each side."""
        return self.lane * 0.025

    @property
    def filled(self) -> float:
        return self.lane - 2 * self.seam

    @cached_property
    def side(self) -> float:
        """Of the floor."""
        return self.lane * self.tokens

    @property
    def back(self) -> float:
        """The far side of the floor."""
        return -self.side / 2

    @property
    def wall(self) -> float:
        """The face of the far walls."""
        return self.back - APART

    @property
    def asking(self) -> float:
        """The face of the near left wall, that of the queries."""
        return -APART

    @property
    def channel(self) -> float:
        return HIGH / self.channels

    @property
    def values(self) -> float:
        """The left end of the values, where they have slid to."""
        return self.side + max(2.4, 0.35 * self.side)

    @property
    def mix(self) -> float:
        """The wall of the mix."""
        return self.values + self.side + 2.2

    @property
    def shaft(self) -> float:
        """The width of the widest product."""
        return min(SHAFT, max(self.lane * 0.72, 0.3))

    def x(self, key: float) -> float:
        """The left end of a key's lane."""
        return self.lane * key

    def z(self, query: float) -> float:
        """The far end of a query's lane."""
        return self.back + self.lane * query

    @property
    def focus(self) -> tuple[float, float]:
        """The middle of the focus cell, x and z."""
        return self.x(self.key + 0.5), self.z(self.query + 0.5)


def bump(place: float, number: int) -> float:
    """How far a front that is at `place` is on lane `number`: 1 at its middle, 0 from a lane away."""
    return max(0.0, 1.0 - abs(place - number - 0.5))


def risen(share: float, number: int, count: int, soft: float = 1.0) -> float:
    """How far the `number`-th of `count` is there when a share of all is; `soft` of them come at a time."""
    return min(1.0, max(0.0, (share * (count + soft) - number) / soft))
