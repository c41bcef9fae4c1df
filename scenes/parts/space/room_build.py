"""The pieces of a head's room: its walls, the floor in its four states, the row that slides out, the mix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from llmtrace.trace import Array, Trace
from scenes import style
from scenes.focus import Focus
from scenes.how import strongest
from scenes.parts.space.boxes import plain
from scenes.parts.space.light import light
from scenes.parts.space.room_plan import HIGH, Plan, Triple
from scenes.parts.space.scenery import Piece
from scenes.parts.texture import Paint, Quad, Texture
from scenes.reading import slice_of

STAGES = ("scores", "scaled", "masked", "pattern")
PARTS = 16  # of the mix's lane, that come one after the other
_FRONT = 0.015  # that a line in focus is in front of what it surrounds, so that it is painted after it
_LAYER = 0.004  # between what lies on the floor


class RoomBuilder:
    """Makes the pieces of one head's room; `lanes` are the positions that have one."""

    def __init__(self, trace: Trace, focus: Focus, plan: Plan, lanes: Sequence[int]) -> None:
        self.trace, self.f, self.plan, self.lanes = trace, focus, plan, list(lanes)
        groups = trace[focus.tensor("k")].shape[0]
        self.group = focus.head * groups // trace.meta.model.heads  # whose keys and values the head uses

        pattern = trace[focus.tensor("pattern")][focus.head]
        self.strongest = strongest(pattern[np.tri(*pattern.shape) > 0])  # from there on a weight is brightest
        bounds = {stage: strongest(trace[focus.tensor(stage)][focus.head]) for stage in STAGES[:-1]}
        self._paints = {stage: Paint(bound=bound) for stage, bound in bounds.items()}
        self._paints[STAGES[-1]] = Paint(style.SHARES, self.strongest)

    def queries(self) -> list[Piece]:
        """The left wall: a column for each token that asks, channels downward."""
        plan = self.plan
        columns = self._columns("q", self.f.head)
        made = [
            self._lane(f"q.{place}", (plan.asking - plan.thick, 0, plan.z(place)), "x", cells, style.QUERY)
            for place, cells in enumerate(columns)
        ]
        at = (plan.asking - plan.thick - 0.02, 0.0, plan.back)
        made.append(_rim("q", at, (0.01, HIGH, plan.side), style.QUERY))
        at = (plan.asking - plan.thick, 0.0, plan.z(plan.query))
        return [*made, self._lit("q.focus", at, (plan.thick + _FRONT, HIGH, plan.lane), style.QUERY)]

    def keys(self) -> list[Piece]:
        """The back wall: a column for each token that answers."""
        plan = self.plan
        at = (plan.x(plan.key), 0.0, plan.wall - plan.thick)
        focus = self._lit("k.focus", at, (plan.lane, HIGH, plan.thick + _FRONT), style.KEY)
        return [*self._back("k", style.KEY, plan.wall), focus]

    def values(self) -> list[Piece]:
        """Behind the keys, from where they slide to the right."""
        return self._back("v", style.VALUE, self.plan.wall - 0.4)

    def floor(self) -> list[Piece]:
        """A bed, and on it a row for each token that asks and the focus cell, each at every stage."""
        plan, hue = self.plan, style.PROBABILITY
        top = plain(style.mix(style.GROUND, hue, 0.05), "y")
        bed = Piece(
            "bed",
            (0, -plan.slab, plan.back),
            (plan.side, plan.slab - 0.03, plan.side),
            {"y": top, **_edges(hue)},
            hue,
            1.3,
            0.7,
        )
        made = [bed]
        for place in range(plan.tokens):
            for number, quad in enumerate(self._states(place)):
                at = (0.0, (number - len(STAGES)) * _LAYER, plan.z(place) + plan.seam)
                size = (plan.side, _LAYER / 2, plan.filled)
                made.append(Piece(f"row.{place}.{number}", at, size, {"y": quad}))
        for number, quad in enumerate(self._states(plan.query, plan.key)):
            at = (plan.x(plan.key), number * _LAYER, plan.z(plan.query))
            made.append(Piece(f"cell.{number}", at, (plan.lane, _LAYER / 2, plan.lane), {"y": quad}))
        at = (0.0, len(STAGES) * _LAYER, plan.z(plan.query))
        return [*made, _rim("row", at, (plan.side, _LAYER / 2, plan.lane), style.QUERY, plan.rim, 0.95)]

    def row(self) -> list[Piece]:
        """The focus row's weights as they slide out, and the rays that go from them to the values."""
        plan, hue = self.plan, style.PROBABILITY
        made = []
        for place, share in enumerate(self.shares()):
            wide = plan.lane * (0.03 + 0.42 * share)
            at = (plan.values + plan.x(place + 0.5) - wide / 2, 0.0, plan.wall)
            clear = np.linspace(0.3 + 0.55 * share, 0.15 + 0.6 * share, 12)[:, None]
            ray = light(style.VALUE, hue, clear, down=True)
            made.append(Piece(f"ray.{place}", at, (wide, 0.02, plan.z(plan.query) - plan.wall), {"y": ray}))
        faces = {"y": self._states(plan.query)[-1], **_edges(hue)}
        at = (0.0, (len(STAGES) + 2) * _LAYER, plan.z(plan.query))
        slid = Piece("slid", at, (plan.side, plan.slab, plan.lane), faces, hue, 1.5, 0.95, plan.glow)
        return [*made, slid]

    def mix(self) -> list[Piece]:
        """The right wall: what each token takes; the focus's comes from the top, part by part."""
        plan, head, source = self.plan, self.f.head, self.f.tensor("context")
        bound = strongest(self.trace[source][head])
        made = [
            self._lane(f"mix.{place}", (plan.mix, 0, plan.z(place)), "x", cells, style.VALUE)
            for place, cells in enumerate(self._columns("context", head))
            if place != plan.query
        ]
        edges = sorted(set(np.linspace(0, plan.channels, PARTS + 1).round().astype(int).tolist()))
        for number, (start, stop) in enumerate(pairwise(edges)):
            part = slice_of(self.trace, source, head, self.f.query, (start, stop))
            cells = Texture(part, Paint(bound=bound), 1.0, 1.0, _upright)
            at = (plan.mix, HIGH - stop * plan.channel, plan.z(plan.query))
            size = (plan.thick, (stop - start) * plan.channel, plan.lane)
            sides = _solid(style.VALUE, "x") if start == 0 else {"z": plain(style.VALUE, "z")}
            made.append(Piece(f"mix.part.{number}", at, size, {"x": cells, **sides}))
        at = (plan.mix, 0.0, plan.z(plan.query))
        made.append(self._lit("mix.focus", at, (plan.thick + _FRONT, HIGH, plan.lane), style.VALUE))
        at = (plan.mix - 0.03, 0.0, plan.back)
        return [*made, _rim("mix", at, (0.01, HIGH, plan.side), style.VALUE, opacity=0.5)]

    def shares(self) -> list[float]:
        """The focus row's weights, the largest 1."""
        row = self.trace[self.f.tensor("pattern")][self.f.head, self.f.query][self.lanes]
        return [float(weight / row.max()) for weight in row]

    def _back(self, letter: str, hue: str, face: float) -> list[Piece]:
        """A wall across the view, tokens from the left to the right."""
        plan = self.plan
        made = [
            self._lane(f"{letter}.{place}", (plan.x(place), 0, face - plan.thick), "z", cells, hue)
            for place, cells in enumerate(self._columns(letter, self.group))
        ]
        return [*made, _rim(letter, (0, 0, face - plan.thick - 0.02), (plan.side, HIGH, 0.01), hue)]

    def _columns(self, what: str, head: int) -> list[Texture]:
        """A head's vector for each lane, all in one scale."""
        source = self.f.tensor(what)
        paint = Paint(bound=strongest(self.trace[source][head]))
        return [
            Texture(slice_of(self.trace, source, head, position), paint, 1.0, 1.0, _upright)
            for position in self.lanes
        ]

    def _lane(self, name: str, at: Triple, axis: str, cells: Quad, hue: str) -> Piece:
        plan, (x, y, z) = self.plan, at
        if axis == "x":
            at, size = (x, y, z + plan.seam), (plan.thick, HIGH, plan.filled)
        else:
            at, size = (x + plan.seam, y, z), (plan.filled, HIGH, plan.thick)
        return Piece(name, at, size, {axis: cells, **_solid(hue, axis)})

    def _lit(self, name: str, at: Triple, size: Triple, hue: str) -> Piece:
        """The outline of what is in focus."""
        return Piece(name, at, size, {}, hue, self.plan.rim, 1.0, self.plan.glow)

    def _states(self, place: int, only: int | None = None) -> list[Quad]:
        """A row of the floor, or one cell of it, at each stage."""
        return [self._state(stage, place, only) for stage in STAGES]

    def _state(self, stage: str, place: int, only: int | None) -> Quad:
        drawn = slice_of(self.trace, self.f.tensor(stage), self.f.head, self.lanes[place])
        return Texture(drawn, self._paints[stage], 1.0, 1.0, self._arranged(stage, place, only))

    def _arranged(self, stage: str, place: int, only: int | None) -> Callable[[Array], Array]:
        """A row's values in its lanes; once the future is struck out it has no cells."""
        columns = self.lanes if only is None else [self.lanes[only]]
        last = self.lanes[place] if stage in ("masked", "pattern") else self.trace.length

        def arrange(values: Array) -> Array:
            return np.array([[values[key] if key <= last else np.nan for key in columns]], np.float32)

        return arrange


def _upright(values: Array) -> Array:
    return values[:, None]


def _solid(hue: str, data: str) -> dict[str, Quad]:
    """The top, and the side without cells, of a wall."""
    other = "z" if data == "x" else "x"
    return {"y": plain(hue, "y"), other: plain(style.mix(style.GROUND, hue, 0.75), other)}


def _edges(hue: str) -> dict[str, Quad]:
    """The two sides of what lies on the ground."""
    return {axis: plain(style.mix(style.GROUND, hue, 0.7), axis) for axis in ("x", "z")}


def _rim(name: str, at: Triple, size: Triple, hue: str, width: float = 1.4, opacity: float = 0.8) -> Piece:
    """An outline alone."""
    return Piece(name, at, size, {}, hue, width, opacity)
