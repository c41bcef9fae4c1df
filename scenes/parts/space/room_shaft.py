"""The shaft of products above the focus cell, and the two planes of light that meet in it."""

from __future__ import annotations

from math import prod

import numpy as np
from manim import DOWN, RIGHT, VGroup

from llmtrace.trace import Array
from scenes import style
from scenes.focus import Focus
from scenes.how import TIMES, strongest
from scenes.parts.digits import agreeing_digits
from scenes.parts.label import mono, number
from scenes.parts.space.boxes import plain
from scenes.parts.space.light import light
from scenes.parts.space.room_plan import HIGH, Plan, Triple
from scenes.parts.space.scenery import Piece
from scenes.reading import Reader, Value

_WIDEST = 90.0  # the percentile of the products' sizes from which on they are as wide as they get
_TALL = 0.76  # of a channel, that a product fills
_ABOVE = 0.05  # the floor
_DIGITS = 3  # at most, of operands


class Shaft:
    """A block for each channel's product: as wide as it is large, in the colour of its sign."""

    def __init__(self, read: Reader, focus: Focus, group: int, plan: Plan) -> None:
        self.read, self.f, self.group, self.plan = read, focus, group, plan
        self.products = np.array([self.product(channel).value for channel in range(plan.channels)])
        bound = float(np.percentile(np.abs(self.products), _WIDEST)) or 1.0
        self._shares = np.clip(self.products / bound, -1, 1)

    def pieces(self) -> list[Piece]:
        made, grey = [], style.mix(style.GROUND, style.HIGHLIGHT, 0.2)  # of a product that is next to nothing
        for channel, share in enumerate(self._shares.tolist()):
            hue = style.SIGNED.stops[2 if share > 0 else 0][1]
            body = style.mix(grey, hue, abs(share) ** 0.7)
            faces = {axis: plain(body, axis) for axis in ("x", "y", "z")}
            edge = style.mix(body, style.HIGHLIGHT, 0.3)
            made.append(Piece(f"product.{channel}", *self.at(channel, 0.0), faces, edge, 0.8, 0.6))
        return [*self._light(), *made]

    def at(self, channel: int, fallen: float) -> tuple[Triple, Triple]:
        """Where a product is, its low end and its size, when all have fallen so far into the cell."""
        x, z = self.plan.focus
        wide = self.plan.shaft * (0.28 + 0.72 * abs(float(self._shares[channel])))
        tall = self.plan.channel * _TALL
        low = HIGH - channel * self.plan.channel - (self.plan.channel + tall) / 2
        low, tall = low * (1 - fallen) + _ABOVE, max(tall * (1 - fallen), 1e-3)
        return (x - wide / 2, low, z - wide / 2), (wide, tall, wide)

    def middle(self, channel: int) -> Triple:
        """Where a line to a product ends: at its left edge."""
        (x, y, z), (_, tall, wide) = self.at(channel, 0.0)
        return x, y + tall / 2, z + wide

    def product(self, channel: int) -> Value:
        names = f"{self.f.tensor('q')}{TIMES}{self.f.tensor('k')}"
        index = (self.f.head, self.f.query, channel, self.group, self.f.key, channel)
        return self.read(names, *index, how="product")

    def strongest(self, count: int, apart: int = 0) -> list[int]:
        """The channels of the largest products that can be reckoned, from the top, so far from each other."""
        found: list[int] = []
        for channel in np.argsort(-np.abs(self.products), kind="stable").tolist():
            if len(found) == count:
                break
            near = any(abs(channel - other) < apart for other in found)
            if not near and self._digits(channel) is not None:
                found.append(channel)
        return sorted(found)

    def equation(self, channel: int, size: float = style.NUMBER_SIZE) -> VGroup:
        """A channel's operands and their product below, as numbers that agree; `ValueError` where none do."""
        digits = self._digits(channel)
        if digits is None:
            raise ValueError(f"channel {channel}: its shown operands do not give the shown product")
        query, key = self._operands(channel)
        above = VGroup(
            number(query.decimal(digits), size, style.QUERY),
            mono("×", size, style.DIM),
            number(key.decimal(digits), size, style.KEY),
        ).arrange(RIGHT, buff=0.12)
        below = VGroup(mono("=", size, style.DIM), number(self.product(channel).decimal(2), size))
        below.arrange(RIGHT, buff=0.12).next_to(above, DOWN, buff=0.06)
        return VGroup(above, below.align_to(above, RIGHT))

    def _operands(self, channel: int) -> tuple[Value, Value]:
        query = self.read(self.f.tensor("q"), self.f.head, self.f.query, channel)
        return query, self.read(self.f.tensor("k"), self.group, self.f.key, channel)

    def _digits(self, channel: int) -> int | None:
        values = [value.value for value in self._operands(channel)]
        return agreeing_digits(values, float(self.products[channel]), prod, 2, _DIGITS)

    def _light(self) -> list[Piece]:
        """Brighter at the channels where its operand is larger, as light that falls through a window."""
        plan, (x, z) = self.plan, self.plan.focus
        half = plan.shaft / 2 + 0.03
        fading = np.linspace(1, 0.15, 16)
        query = self._sizes(self.f.tensor("q"), self.f.head, self.f.query)
        key = self._sizes(self.f.tensor("k"), self.group, self.f.key)
        asks = light(style.QUERY, style.QUERY, (0.1 + 0.3 * query)[:, None] * fading)
        answers = light(style.KEY, style.KEY, (0.11 + 0.36 * key)[:, None] * fading)
        start = plan.asking + 0.02
        return [
            Piece("light.q", (start, 0.03, z - 0.01), (x - half - start, HIGH, 0.02), {"z": asks}),
            Piece("light.k", (x - 0.01, 0.03, plan.wall), (0.02, HIGH, z - half - plan.wall), {"x": answers}),
        ]

    def _sizes(self, source: str, head: int, position: int) -> Array:
        """How large each channel's operand is, in its wall's scale: 0 to 1."""
        table = self.read.trace[source][head]
        return np.asarray(np.minimum(1.0, np.abs(table[position]) / strongest(table)))
