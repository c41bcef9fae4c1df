"""How chapters join: one ends at its station in the machine, from which the next one flies to its own.

A close-up stands on a veil over the machine: it is drawn over it after the flight, and away again when the
close-up is put back. So the last picture of one chapter is the first of the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from manim import Animation, FadeIn, FadeOut, Mobject

from llmtrace.trace import Trace
from scenes.focus import focus
from scenes.page import BODY, TITLE
from scenes.parts.space.flight import Flight, Lighting
from scenes.parts.space.machine import Machine
from scenes.parts.space.notes import Curtain
from scenes.parts.space.projector import View
from scenes.parts.space.stations import SEEN, STATIONS, among

FRAME = (BODY.left, BODY.bottom, BODY.right, TITLE.bottom)
REST = 0.45  # how far what is not at a station is lit


class Journey:
    """The machine between two close-ups, at one station after another."""

    def __init__(self, trace: Trace) -> None:
        self._block = focus(trace).block
        self.machine = Machine(trace, SEEN)
        self.veil = Curtain().set_z_index(-1e-6)  # before all of the machine, behind all that is flat

    def view(self, station: str) -> View:
        there = STATIONS[station]
        view = self.machine.framed(SEEN, FRAME, lambda site: among(site.name, there.framed, self._block))
        return replace(view, place=(view.place[0] + there.aside, view.place[1]))

    def lit(self, station: str) -> dict[str, float]:
        """How far each box is lit, by its name."""
        wanted = STATIONS[station].lit
        names = (box.name for box in self.machine.boxes)
        return {name: 1.0 if among(name, wanted, self._block) else REST for name in names}

    def stand(self, station: str) -> None:
        """Brings the machine to a station at once."""
        for name, lit in self.lit(station).items():
            self.machine.box(name).set_lit(lit)
        self.machine.look(self.view(station))

    def fly(self, station: str) -> Iterator[Animation]:
        """The animations, to be played together, of a flight to a station."""
        yield Flight(self.machine, self.view(station))
        yield Lighting(self.machine, self.lit(station))

    def close_up(self, beside: Mobject) -> list[Animation]:
        """The animations that make room for a close-up, and for the map beside it."""
        return [FadeIn(self.veil), FadeIn(beside)]

    def put_back(self, flat: list[Mobject]) -> list[Animation]:
        """The animations that give the machine back, from behind what is flat."""
        return [FadeOut(self.veil), *(FadeOut(mobject) for mobject in flat)]
