"""What is written in the room of a head: who asks, who answers, the focus row's weights, strokes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Mobject

from scenes import style
from scenes.focus import Focus, token
from scenes.parts.chips import chip_label
from scenes.parts.label import Label, number
from scenes.parts.space.room_plan import HIGH, Plan, Triple
from scenes.parts.space.scenery import Inscription, Wire
from scenes.reading import Reader

LONGEST = 7  # characters of a token's name
NAMED = 7  # lanes, up to which each has its token's name
STRUCK = 16  # lanes, up to which what is struck out is so visibly
_ABOVE = 0.35  # a wall, that its name stands
_NAME = 0.9  # that a name takes along the floor


class RoomNames:
    """Makes the inscriptions of one head's room."""

    def __init__(
        self, read: Reader, focus: Focus, plan: Plan, lanes: Sequence[int], strongest: float
    ) -> None:
        """`strongest`: the weight from which on its cell is as bright as it gets."""
        self.read, self.f, self.plan, self.lanes = read, focus, plan, list(lanes)
        self.strongest = strongest

    def answering(self) -> dict[int, Inscription]:
        """Along the floor's front edge a name below each key."""
        plan, front = self.plan, self.plan.back + self.plan.side
        made = {}
        for place in self._named(plan.key):
            name = self._name(place, style.KEY if place == plan.key else style.DIM)
            at = (plan.x(place + 0.5), -plan.slab, front + 0.22)
            made[place] = Inscription(name, at, along=(0, 0, -1), anchor=(1.0, 0.0))
        return made

    def asking(self) -> dict[int, Inscription]:
        """Along its right edge a name beside each query."""
        plan, made = self.plan, {}
        for place in self._named(plan.query):
            name = self._name(place, style.QUERY if place == plan.query else style.DIM)
            at = (plan.side + 0.3, -plan.slab / 2, plan.z(place + 0.5))
            made[place] = Inscription(name, at, along=(1, 0, 0))
        return made

    def weights(self) -> list[Inscription]:
        """The focus row's weights on its cells, where they have room; else its largest, below it."""
        plan = self.plan
        if not plan.counted:
            at = (plan.x(plan.key + 0.5), -plan.slab, plan.z(plan.query + 1) + 0.2)
            return [Inscription(self._weight(plan.key, style.PROBABILITY), at, anchor=(0.0, 1.0))]
        made = []
        for place in range(plan.tokens):
            at = (plan.x(place + 0.5), 0.03, plan.z(plan.query + 0.5))
            made.append(Inscription(self._weight(place), at, anchor=(0.0, 0.0)))
        return made

    def _weight(self, place: int, ink: str | None = None) -> Label:
        value = self.read(self.f.tensor("pattern"), self.f.head, self.f.query, self.lanes[place])
        red, green, blue = style.SHARES.rgb(np.array(value.value / self.strongest)).tolist()
        # The cell's edges, seen aslant, take some of the contrast.
        on_cell = style.ink_on(f"#{red:02X}{green:02X}{blue:02X}", 1.15 * style.READABLE)
        return number(value.compact(), style.SMALL_SIZE, ink or on_cell)

    def grid(self) -> Wire:
        """Lines between the cells of the empty floor."""
        plan, front = self.plan, self.plan.back + self.plan.side
        inner, y, edge = range(1, plan.tokens), -0.03, 0.05
        left, right, back, front = edge, plan.side - edge, plan.back + edge, front - edge
        along = [[(left, y, plan.z(row)), (right, y, plan.z(row))] for row in inner]
        across = [[(plan.x(row), y, back), (plan.x(row), y, front)] for row in inner]
        return Wire(*along, *across, color=style.GROUND, width=1.6, opacity=1.0)

    def strikes(self) -> Wire:
        """A stroke through each cell of the future."""
        plan, inset = self.plan, 0.3 * self.plan.lane
        ways = [
            [
                (plan.x(key) + inset, 0.02, plan.z(query + 1) - inset),
                (plan.x(key + 1) - inset, 0.02, plan.z(query) + inset),
            ]
            for query in range(plan.tokens if plan.tokens <= STRUCK else 0)
            for key in range(query + 1, plan.tokens)
        ]
        return Wire(*ways, color=style.PROBABILITY, width=1.6, opacity=0.45)

    def title(self, wall: str, name: Mobject) -> Inscription:
        """A wall's name: `q`, `k`, `v` or `mix`; raises `KeyError` for another."""
        plan = self.plan
        middle, high = plan.back + plan.side / 2, HIGH + _ABOVE
        across, away = (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)
        near = plan.back + 0.8 * plan.side  # where the mix's begins: nearer, the page may end
        places: dict[str, tuple[Triple, Triple, tuple[float, float]]] = {
            "q": ((plan.asking, high, middle), away, (0.0, -1.0)),
            "k": ((plan.side / 2, high, plan.wall), across, (0.0, -1.0)),
            "v": ((plan.values + plan.side / 2, high, plan.wall), across, (0.0, -1.0)),
            "mix": ((plan.mix + plan.thick, -_ABOVE, near), away, (-1.0, 1.0)),
        }
        at, along, anchor = places[wall]
        return Inscription(name, at, along, anchor=anchor)

    def ways(self) -> tuple[Wire, Wire]:
        """From the floor to the row that slid out, and from there to the mix."""
        plan = self.plan
        z = plan.z(plan.query + 1)
        ends = ((plan.side, plan.values), (plan.values + plan.side, plan.mix))
        one, other = (
            Wire(np.array([(start, -plan.slab, z), (end, -plan.slab, z)]), color=style.PROBABILITY, width=1.6)
            for start, end in ends
        )
        return one, other

    def _named(self, focus: int) -> list[int]:
        """The lanes with a name: all where they have room, else the first and the one in focus."""
        if self.plan.tokens <= NAMED:
            return list(range(self.plan.tokens))
        return [0, focus] if focus * self.plan.lane > _NAME else [focus]

    def _name(self, place: int, hue: str) -> Label:
        return chip_label(token(self.read, self.lanes[place]).token(), style.SMALL_SIZE, hue, LONGEST)
