"""Movements in space, each one animation of the whole space: all boxes come from one product of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import Animation
from manim.utils.rate_functions import smootherstep

from scenes.parts.space.boxes import Space
from scenes.parts.space.projector import View


class InSpace(Animation):
    """An animation of a space that says itself how everything is on the way: `at(share)`, eased.

    `steady`: no box comes before another on the way that it was behind before.
    """

    steady = True

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
    """Flies from where a space is seen to another view."""

    def __init__(self, space: Space, to: View, **options: Any) -> None:
        self.space, self.to = space, to
        super().__init__(space, **options)

    def begin(self) -> None:
        self.start = self.space.view
        steps = (self.start.between(self.to, share / 16).signs for share in range(17))
        self.steady = len(set(steps)) == 1
        super().begin()

    def at(self, share: float) -> None:
        self.space.look(self.start.between(self.to, share))
