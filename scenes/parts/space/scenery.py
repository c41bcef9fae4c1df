"""What rooms and halls in space are furnished with: pieces that come and go, light, lines, and words.

A `Scenery` is a space whose boxes are pieces. What it has is drawn as far as it is `there`: a piece that is
not there is no member of it, so that nothing counts as shown that is not seen. Words and lines are places in
space, put on screen with it: words lie on a face, or follow a line of it, upright or along it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import numpy as np
from manim import LineJointType, Mobject, VMobject

from scenes.parts.space.boxes import Box, Space
from scenes.parts.space.flight import InSpace
from scenes.parts.space.projector import Points, View
from scenes.parts.texture import Quad

Triple = Sequence[float]
_LINE = np.array([0, 1 / 3, 2 / 3, 1])[:, None]  # the points of a straight line as a cubic curve
_HALOES = ((9.0, 0.10), (5.0, 0.16))  # of an edge that glows: width, opacity


class Piece(Box):
    """A box that comes and goes; `there` is the share of it. Its edge may glow, as wide as `glow` says."""

    def __init__(
        self,
        name: str,
        low: Triple,
        size: Triple,
        faces: Mapping[str, Quad],
        edge: str | None = None,
        width: float = 1.2,
        opacity: float = 0.8,
        glow: float = 0.0,
    ) -> None:
        super().__init__(name, low, size, faces, edge, width, opacity)
        self.there, self._line = 1.0, opacity
        self._full = {axis: side.opacity for axis, side in self.sides.items()}
        self.haloes = [
            VMobject(stroke_color=edge, stroke_width=wide * glow, stroke_opacity=faint)
            for wide, faint in (_HALOES if glow and edge else ())
        ]
        for line in (self.outline, *self.haloes):
            line.joint_type = LineJointType.ROUND
        self.submobjects = [*self.sides.values(), *self.haloes, *([self.outline] if edge else [])]

    def reveal(self, there: float) -> Piece:
        """Makes it so much of what it is: 0 is not at all."""
        self.there = there
        for axis, side in self.sides.items():
            side.set_opacity(self._full[axis] * there)
        if self.edge:
            self.outline.set_stroke(opacity=self._line * there)
            for halo, (_, opacity) in zip(self.haloes, _HALOES, strict=False):
                halo.set_stroke(opacity=opacity * there)
        return self

    def light(self, lit: float) -> Piece:
        """`set_lit`, where that changes anything."""
        if abs(lit - self.lit) > 1e-4:
            self.set_lit(lit)
        return self

    def stand(self, low: Triple, size: Triple) -> Piece:
        """Puts it elsewhere; its space brings it there on screen."""
        self.low = np.array(low, float)
        self.high = self.low + np.array(size, float)
        return self

    def slide(self, axis: int, low: float) -> Piece:
        """Moves it along an axis to where its lower end is at a place."""
        self.high[axis] += low - self.low[axis]
        self.low[axis] = low
        return self

    @property
    def mobject(self) -> Mobject:
        return self

    def place(self, view: View) -> None:
        """Its space does that, for all boxes at once."""

    def put(self, corners: Points, lines: Points) -> None:
        super().put(corners, lines)
        for halo in self.haloes:
            halo.points = lines


class Hung(Protocol):
    """What stands in a space and is no piece: `mobject` is put where a view has it."""

    @property
    def mobject(self) -> Mobject: ...

    def place(self, view: View) -> None: ...

    def reveal(self, there: float) -> Any: ...


class Wire(VMobject):
    """Straight lines through points of space: `ways` are (points, 3) each."""

    def __init__(self, *ways: Any, color: str, width: float = 1.4, opacity: float = 0.8) -> None:
        super().__init__(stroke_color=color, stroke_width=width, stroke_opacity=opacity)
        self.ways: list[Points] = [np.asarray(way, float) for way in ways]
        self.full = opacity

    @property
    def mobject(self) -> Mobject:
        return self

    def place(self, view: View) -> None:
        lines = []
        for way in self.ways:
            flat = np.zeros(way.shape)
            flat[:, :2] = view.project(way)
            lines.append((flat[:-1, None] + (flat[1:] - flat[:-1])[:, None] * _LINE).reshape(-1, 3))
        self.points = np.concatenate(lines) if lines else np.zeros((0, 3))

    def reveal(self, there: float) -> None:
        self.set_stroke(opacity=self.full * there)


class Inscription:
    """A line of text at a point of space, as large as it was set, or turned into a direction `along`.

    With `up`, another direction, it lies in the plane of both, a unit of text as long as `along`. `anchor`,
    −1 to 1 each, is the point of the text that is there, but for a `shift` of the text's own units.
    """

    def __init__(
        self,
        text: Mobject,
        at: Triple,
        along: Triple | None = None,
        up: Triple | None = None,
        anchor: tuple[float, float] = (-1.0, 0.0),
        shift: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        self.mobject = text
        self.at = np.array(at, float)
        self.along, self.up = (None if way is None else np.array(way, float) for way in (along, up))
        self.parts = [part for part in text.get_family() if len(part.points)]
        self._veil = Veil(text)
        middle = np.array(text.get_center()) + np.array((*anchor, 0)) * (text.width, text.height, 0) / 2
        middle -= (*shift, 0.0)
        self.flat: Points = np.concatenate([part.points for part in self.parts]) - middle
        self.cuts = np.cumsum([len(part.points) for part in self.parts])[:-1]

    def place(self, view: View) -> None:
        for part, points in zip(self.parts, np.split(self._placed(view), self.cuts), strict=True):
            part.points = points

    def _placed(self, view: View) -> Points:
        if self.along is None:
            return np.asarray(self.flat + np.append(view.project(self.at), 0.0))
        if self.up is None:
            start, end = view.project(np.stack([self.at, self.at + self.along]))
            x, y = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
            x, y = (-x, -y) if x < 0 else (x, y)  # never upside down
            return np.asarray(self.flat @ np.array([(x, y, 0), (-y, x, 0), (0, 0, 1)]) + (*start, 0.0))
        points = np.zeros(self.flat.shape)
        points[:, :2] = view.project(self.at + self.flat[:, :1] * self.along + self.flat[:, 1:2] * self.up)
        return points

    def reveal(self, there: float) -> None:
        self._veil.reveal(there)


class Veil:
    """Makes something flat so much of what it was when it was made."""

    def __init__(self, mobject: Mobject) -> None:
        parts = [part for part in mobject.get_family() if isinstance(part, VMobject) and len(part.points)]
        self._full = [
            (part, float(part.get_fill_opacity()), float(part.get_stroke_opacity())) for part in parts
        ]

    def reveal(self, there: float) -> None:
        for part, fill, stroke in self._full:
            part.set_fill(opacity=fill * there)
            part.set_stroke(opacity=stroke * there)


_Thing = TypeVar("_Thing", bound=Hung)


class Scenery(Space):
    """Pieces, and what is written and drawn between them, each as far as it is there."""

    def __init__(
        self, pieces: Sequence[Piece], view: View, stations: tuple[Points, Points] | None = None
    ) -> None:
        self.pieces: dict[str, Piece] = {piece.name: piece for piece in pieces}
        self._hung: list[Hung] = []
        self._presence: dict[int, float] = {}
        super().__init__(pieces, view, stations)

    def look(self, view: View) -> Scenery:
        super().look(view)
        for thing in self._hung:
            if self._presence.get(id(thing.mobject), 0.0) > 0:
                thing.place(view)
        return self

    def hang(self, thing: _Thing, there: float = 1.0, on: str | None = None) -> _Thing:
        """Has it stand in the space. With the name of a piece it lies on it, and is hidden as that is."""
        thing.place(self.view)
        self._hung.append(thing)
        if on is not None:
            rank = self.pieces[on].submobjects[0].z_index + 0.5 / len(self.boxes)
            for part in thing.mobject.get_family():
                part.z_index = rank
        self.add(thing.mobject)
        self.let(thing, there)
        return thing

    def let(self, thing: Hung, there: float) -> None:
        """Makes something so much of what it is; at 0 it is no member until it is more."""
        mobject = thing.mobject
        if self._presence.get(id(mobject)) == there:
            return
        self._presence[id(mobject)] = there
        thing.reveal(there)
        if there > 0 and mobject not in self.submobjects:
            self.add(mobject)
            thing.place(self.view)
        elif there <= 0 and mobject in self.submobjects:
            self.submobjects.remove(mobject)

    def keep(self, members: Sequence[Mobject] | None = None) -> None:
        """Has these as members, whether they are there or not; without them all that are there, no others."""
        if members is None:
            members = [member for member in self.submobjects if self._presence.get(id(member)) != 0]
        self.submobjects = list(members)


class Posing(InSpace):
    """Brings a posed scenery from its pose to another, and flies to a view on the way where one is given.

    beat.play(Posing(room, replace(room.pose, shaft=1.0)), share=0.2)
    """

    posing = True

    def __init__(self, space: Any, to: Any, view: View | None = None, **options: Any) -> None:
        self.space, self.to, self.way = space, to, view
        self.flying = view is not None
        super().__init__(space, **options)

    def begin(self) -> None:
        self.before, self.start = self.space.pose, self.space.view
        seen: dict[int, Mobject] = {}
        for share in (1.0, 0.5, 0.02):  # all that is there on the way is a member from its first picture on
            self.space.strike(self.before.between(self.to, share), self.start)
            seen |= {id(member): member for member in self.space.submobjects}
        self.members = list(seen.values())
        super().begin()

    def at(self, share: float) -> None:
        view = self.start if self.way is None else zoomed(self.start, self.way, share)
        self.space.strike(self.before.between(self.to, share), view)
        self.space.keep(self.members if share < 1 else None)


def zoomed(start: View, to: View, share: float) -> View:
    """The view that is so far from one to another, where each point goes straight over the screen.

    With both centre and scale on their own ways what is shown would leave the screen on a far zoom.
    """
    view = start.between(to, share)
    if abs(to.scale / start.scale - 1) < 1e-3:
        return view
    near = (1 / view.scale - 1 / start.scale) / (1 / to.scale - 1 / start.scale)
    far = (view.scale - start.scale) / (to.scale - start.scale)
    x, y, z = (one + (other - one) * near for one, other in zip(start.centre, to.centre, strict=True))
    across, up = (one + (other - one) * far for one, other in zip(start.place, to.place, strict=True))
    return replace(view, centre=(x, y, z), place=(across, up))


def mixed(one: Any, other: Any, share: float) -> dict[str, float]:
    """Every number of a pose on its straight way to another's."""
    return {key: value + (getattr(other, key) - value) * share for key, value in vars(one).items()}
