"""Movements in space, each one animation of the whole space: all boxes come from one product of arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import exp
from typing import Any

from manim import Animation
from manim.utils.rate_functions import linear, smootherstep

from scenes.parts.space.boxes import Space
from scenes.parts.space.machine import Machine
from scenes.parts.space.projector import View


class InSpace(Animation):
    """An animation of a space that says itself how everything is on the way: `at(share)`, eased.

    `steady`: no box comes before another on the way that it was behind before. `flying`: what is seen is on
    its way, so that it may be drawn with less care. `posing`: things look otherwise on the way.
    """

    steady = True
    flying = True
    posing = False

    def __init__(
        self, space: Space, rate_func: Callable[[float], float] = smootherstep, **options: Any
    ) -> None:
        super().__init__(space, rate_func=rate_func, **options)

    def create_starting_mobject(self) -> Any:
        return self.mobject  # a copy of all boxes would be for nothing

    def interpolate_mobject(self, alpha: float) -> None:
        self.at(self.rate_func(alpha))

    def at(self, share: float) -> None:
        raise NotImplementedError


class Flight(InSpace):
    """Flies from where a space is seen to another view; a far flight `dips`: it goes out and in again.

    `dip` is how much smaller everything is halfway, as a power of e.
    """

    def __init__(self, space: Space, to: View, dip: float = 0.0, **options: Any) -> None:
        self.space, self.to, self.dip = space, to, dip
        super().__init__(space, **options)

    def begin(self) -> None:
        self.start = self.space.view
        steps = (self.start.between(self.to, share / 16).signs for share in range(17))
        self.steady = len(set(steps)) == 1
        super().begin()

    def at(self, share: float) -> None:
        view = self.start.between(self.to, share)
        self.space.look(replace(view, scale=view.scale * exp(-4 * self.dip * share * (1 - share))))


class Lighting(InSpace):
    """Lights boxes, by their names, from what they are to a share of their colours; `rest`: all others."""

    flying = False

    def __init__(
        self, space: Space, lit: Mapping[str, float], rest: float | None = None, **options: Any
    ) -> None:
        """Raises `KeyError` for a name that no box has."""
        self.space, self.lit, self.rest = space, dict(lit), rest
        for name in lit:
            space.box(name)
        super().__init__(space, **options)

    def begin(self) -> None:
        wanted = ((box, self.lit.get(box.name, self.rest)) for box in self.space.boxes)
        self.ways = [(box, box.lit, lit) for box, lit in wanted if lit is not None and lit != box.lit]
        super().begin()

    def at(self, share: float) -> None:
        for box, before, after in self.ways:
            box.set_lit(before + (after - before) * share)


class BlockOpening(InSpace):
    """Opens or closes a machine's detailed block, and flies to another view with it where one is given."""

    def __init__(self, machine: Machine, opening: float, to: View | None = None, **options: Any) -> None:
        self.machine, self.opening, self.to = machine, opening, to
        super().__init__(machine, **options)

    def begin(self) -> None:
        self.start, self.before = self.machine.view, self.machine.opening
        super().begin()

    def at(self, share: float) -> None:
        view = self.start if self.to is None else self.start.between(self.to, share)
        self.machine.open(self.before + (self.opening - self.before) * share, view)


class Wave(InSpace):
    """Light that goes through groups of boxes, given by their names, one after another, and stays.

    `work`: how long it takes for each, beside the others; every group the same without it.
    """

    flying = False

    def __init__(
        self,
        space: Space,
        groups: Sequence[Sequence[str]],
        work: Sequence[float] | None = None,
        lit: float = 1.0,
        **options: Any,
    ) -> None:
        """Raises `KeyError` for a name that no box has."""
        self.groups = [[space.box(name) for name in names] for names in groups]
        self.work, self.lit = list(work or [1.0] * len(self.groups)), lit
        super().__init__(space, **{"rate_func": linear, **options})

    def begin(self) -> None:
        total, start = sum(self.work), 0.0
        self.ways = []
        for boxes, work in zip(self.groups, self.work, strict=True):
            stop = start + work / total
            self.ways += [(box, box.lit, start, stop) for box in boxes]
            start = stop
        super().begin()

    def at(self, share: float) -> None:
        for box, before, start, stop in self.ways:
            done = min(max((share - start) / (stop - start), 0.0), 1.0)
            lit = before + (self.lit - before) * done
            if lit != box.lit:
                box.set_lit(lit)
