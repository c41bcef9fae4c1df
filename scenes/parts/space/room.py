"""The room of one head: queries on the left wall, keys on the back wall, their weights on the floor.

    room = Room(read, focus(read.trace), View(azimuth=30, elevation=25, nearness=1 / 90))
    room.look(room.framed("asking", frame))
    room.entitle(q=words("queries"), k=words("keys"), v=words("values"), mix=words("their mix"))
    self.add(room)
    beat.play(room.to(focus=1.0, shaft=1.0), share=0.3)  # products hang above the focus cell, from the top
    beat.play(room.to(fallen=1.0), share=0.1)            # and fall into it: its score
    beat.play(room.to(filled=1.0), share=0.3)            # all scores, row by row
    beat.play(room.to(stage=1), share=0.1)               # ÷ √d_k; 2: the future struck out; 3: softmax
    beat.play(room.to(room.framed("whole", frame), values=1.0), share=0.2)
    beat.play(room.to(slid=1.0), share=0.2)              # the focus row goes out, below the values
    beat.play(room.to(weighed=1.0), share=0.1)           # rays as wide as its weights; values dim by them
    beat.play(room.to(mixed=1.0), share=0.3)             # their mix, from the top channel down, as one lane

`pose` says how all of it is, and any pose can be struck at once: `room.strike(Pose(…))`.
`room.shaft.equation(channel)` is a product that can be reckoned, for `room.shaft.strongest(count)`. Every
face is a slice of the trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from manim import LEFT, RIGHT, Line, Mobject, VGroup

from scenes import style
from scenes.focus import Focus
from scenes.parts.space.projector import Points, View
from scenes.parts.space.room_build import STAGES, RoomBuilder
from scenes.parts.space.room_names import RoomNames
from scenes.parts.space.room_plan import APART, HIGH, MOST, Plan, bump, risen
from scenes.parts.space.room_shaft import Shaft
from scenes.parts.space.scenery import Inscription, Piece, Posing, Scenery, mixed
from scenes.reading import Reader

ASIDE = 0.5  # how far what is not in focus is lit
OTHERS = 0.25  # and what other tokens take
LEAST = 0.12  # and a value that has no weight
_OVER = 0.03  # the floor, that the row is before it slides


@dataclass(frozen=True)
class Pose:
    """How a room is, in shares from 0 to 1; `stage` is a place in `STAGES`, or between two of them."""

    focus: float = 0.0  # the two columns that meet, lit before the others
    shaft: float = 0.0  # products, from the first channel
    fallen: float = 0.0  # into the focus cell
    filled: float = 0.0  # rows of the floor, from the first token that asks
    stage: float = 0.0
    values: float = 0.0  # their wall, from behind the keys to its place
    slid: float = 0.0  # the focus row, from the floor to below the values
    weighed: float = 0.0  # rays from it, and values dimmed by it
    mixed: float = 0.0  # channels of the mix, from the first

    def between(self, other: Pose, share: float) -> Pose:
        return Pose(**mixed(self, other, share))


class Room(Scenery):
    """One head's room, for up to 40 lanes: of a longer prompt the focus's key and the last tokens have one.

    `left_out` is how many then have none.
    """

    def __init__(self, read: Reader, focus: Focus, view: View) -> None:
        self.read, self.f = read, focus
        lanes = _lanes(focus, read.trace.length)
        hidden = read.trace.length - len(lanes)
        self.left_out = read("tokens", 0, hidden, how="span").integer() if hidden else None
        width = read.trace.meta.model.head_width
        self.plan = Plan(len(lanes), width, lanes.index(focus.query), lanes.index(focus.key))
        made = RoomBuilder(read.trace, focus, self.plan, lanes)
        self.shaft = Shaft(read, focus, made.group, self.plan)
        self._shares = made.shares()
        self._names = RoomNames(read, focus, self.plan, lanes, made.strongest)
        walls = [*made.queries(), *made.keys(), *made.values(), *made.floor()]
        pieces = [*walls, *self.shaft.pieces(), *made.row(), *made.mix()]
        self.pieces = {piece.name: piece for piece in pieces}
        super().__init__(pieces, view, self._stops(pieces))
        self.pose = Pose()
        self._titles: dict[str, Inscription] = {}
        for name in self._names.answering().values():
            self.hang(name)
        self._asking = {place: self.hang(name) for place, name in self._names.asking().items()}
        counted = self._names.weights() if self.plan.counted else []
        self._weights = [self.hang(weight) for weight in counted]
        self._slid = [self.hang(weight) for weight in self._names.weights()]
        self._starts = [weight.at.copy() for weight in self._slid]
        self.hang(self._names.grid(), on="bed")
        self._strikes = self.hang(self._names.strikes())
        self._ways = [self.hang(way) for way in self._names.ways()]
        self.strike(self.pose)

    def to(self, view: View | None = None, **pose: float) -> Posing:
        """The animation to a pose that differs from the present one in these, and to a view."""
        return Posing(self, replace(self.pose, **pose), view)

    def strike(self, pose: Pose, view: View | None = None) -> Room:
        """Brings everything to a pose, as seen from a view."""
        self.pose = pose
        self._arrange(pose)
        self._show_walls(pose)
        self._show_products(pose)
        self._show_floor(pose)
        self._show_values(pose)
        self._show_mix(pose)
        self.look(view or self.view)
        return self

    def framed(self, what: str, frame: tuple[float, float, float, float], view: View | None = None) -> View:
        """The view in which a part fills a frame of the screen (left, low, right, high).

        "asking" is the floor and its walls, "taking" what is right of it, "whole" both; raises `KeyError` for
        another.
        """
        plan = self.plan
        front = plan.back + plan.side
        asking = ((-APART - plan.thick, -plan.slab, plan.wall - plan.thick), (plan.side, HIGH, front))
        taking = ((plan.values, -plan.slab, plan.wall - plan.thick), (plan.mix + plan.thick, HIGH, front))
        boxes = {"asking": [asking], "taking": [taking], "whole": [asking, taking]}[what]
        lows, highs = (np.array([box[end] for box in boxes]) for end in (0, 1))
        return (view or self.view).fitted(lows, highs, frame)

    def entitle(self, **names: Mobject) -> Room:
        """Names walls: `q`, `k`, `v`, `mix`. Raises `KeyError` for another."""
        for wall, name in names.items():
            self._titles[wall] = self.hang(self._names.title(wall, name))
        return self.strike(self.pose)

    def reckon(self, count: int = 1, left: float = style.LEFT) -> VGroup:
        """The largest products that can be reckoned, as numbers at the left, each with a line to its block.

        They stand where the present view has the blocks: to be gone before it changes.
        """
        made = VGroup()
        for channel in self.shaft.strongest(count, apart=self.plan.channels // 6):
            x, y = self.view.project(np.array(self.shaft.middle(channel)))
            equation = self.shaft.equation(channel).move_to((left, y, 0), aligned_edge=LEFT)
            start = equation.get_right() + 0.12 * RIGHT
            made.add(equation, Line(start, (x, y, 0), color=style.DIM, stroke_width=1.5))
        return made

    def _stops(self, pieces: Sequence[Piece]) -> tuple[Points, Points]:
        """Where everything comes through, for the order in which it is painted."""
        poses = [Pose(fallen=0.5), Pose(fallen=1.0), Pose(values=0.5)]
        poses += [Pose(values=1.0, slid=share, weighed=share) for share in (0.1, 0.5, 1.0)]
        lows, highs = [], []
        for pose in [*poses, Pose()]:
            self._arrange(pose)
            lows.append(np.array([piece.low for piece in pieces]))
            highs.append(np.array([piece.high for piece in pieces]))
        return np.array(lows), np.array(highs)

    def _arrange(self, pose: Pose) -> None:
        """Puts what moves where it is."""
        plan = self.plan
        for channel in range(plan.channels):
            self.pieces[f"product.{channel}"].stand(*self.shaft.at(channel, pose.fallen))
        across = pose.values * plan.values
        self.pieces["v"].slide(0, across)
        for place in range(plan.tokens):
            self.pieces[f"v.{place}"].slide(0, across + plan.x(place))
        lifted = min(1.0, 6 * pose.slid)  # up off the floor, across, and down beside it
        low = _OVER - (plan.slab + _OVER) * max(0.0, 6 * pose.slid - 5)
        size = (plan.side, max(0.01, plan.slab * lifted), plan.lane)
        self.pieces["slid"].stand((pose.slid * plan.values, low, plan.z(plan.query)), size)
        for place in range(plan.tokens):
            ray = self.pieces[f"ray.{place}"]
            ray.low[2] = ray.high[2] - max(1e-3, (ray.high[2] - plan.wall) * pose.weighed)

    def _show_walls(self, pose: Pose) -> None:
        """Columns in focus are lit; while the floor fills, whoever asks is."""
        plan, going = self.plan, 0 < pose.filled < 1
        aside = 1 - (1 - ASIDE) * max(pose.focus, pose.filled)
        for place in range(plan.tokens):
            asks = bump(pose.filled * plan.tokens, place) if going else float(place == plan.query)
            answers = 0.8 if going else float(place == plan.key)
            self.pieces[f"q.{place}"].light(max(aside, asks))
            self.pieces[f"k.{place}"].light(max(aside, answers))
        for name in ("q.focus", "k.focus"):
            self.let(self.pieces[name], 0.0 if going else pose.focus)

    def _show_products(self, pose: Pose) -> None:
        count = self.plan.channels
        shining = min(1.0, 5 * pose.shaft) * (1 - pose.fallen)
        for name in ("light.q", "light.k"):
            self.let(self.pieces[name], shining)
        for channel in range(count):
            there = risen(pose.shaft, channel, count, 4.0) * min(1.0, 4 * (1 - pose.fallen))
            self.let(self.pieces[f"product.{channel}"], there)

    def _show_floor(self, pose: Pose) -> None:
        plan = self.plan
        cell = max(0.0, 2 * pose.fallen - 1) if pose.filled < 1 else 0.0
        for number in range(len(STAGES)):
            there = _stage(pose.stage, number)
            for place in range(plan.tokens):
                self.let(self.pieces[f"row.{place}.{number}"], there * risen(pose.filled, place, plan.tokens))
            self.let(self.pieces[f"cell.{number}"], there * cell)
        self.let(self.pieces["row"], pose.focus * max(min(1.0, 2 * pose.shaft), pose.filled))
        standing = min(1.0, pose.shaft) * (1 - pose.fallen)  # products, where its number would be
        settled = max(0.0, 2 * (pose.stage - 2.5)) * pose.filled
        for place, weight in enumerate(self._weights):
            self.let(weight, settled * (1 - standing * (place == plan.key)))
        self.let(self._strikes, min(1.0, max(0.0, pose.stage - 1)) * pose.filled)

    def _show_values(self, pose: Pose) -> None:
        """Their wall, dimmed by the row that slid out below it, and the rays between."""
        coming = min(1.0, 4 * pose.values)
        for place, share in enumerate(self._shares):
            value, ray = self.pieces[f"v.{place}"], self.pieces[f"ray.{place}"]
            self.let(value.light(1 - pose.weighed * (1 - LEAST) * (1 - share)), coming)
            self.let(ray, min(1.0, 4 * pose.weighed))
        self.let(self.pieces["v"], coming)
        if (title := self._titles.get("v")) is not None:
            title.at[0] = pose.values * self.plan.values + self.plan.side / 2
            self.let(title, coming)
        self.let(self.pieces["slid"], min(1.0, 8 * pose.slid))
        for weight, start in zip(self._slid, self._starts, strict=True):
            weight.at = start + np.array((pose.slid * self.plan.values, 0.0, 0.0))
            self.let(weight, max(0.0, 5 * pose.slid - 4))
        self.let(self._asking[self.plan.query], 1 - 4 * pose.slid * (1 - pose.slid))  # it passes here
        self.let(self._ways[0], pose.slid**3)

    def _show_mix(self, pose: Pose) -> None:
        coming = min(1.0, 4 * pose.mixed)
        parts = [name for name in self.pieces if name.startswith("mix.part.")]
        for number, name in enumerate(parts):
            self.let(self.pieces[name], risen(pose.mixed, number, len(parts), 3.0))
        for place in range(self.plan.tokens):
            if place != self.plan.query:
                self.let(self.pieces[f"mix.{place}"].light(OTHERS), coming)
        for thing in (self.pieces["mix"], self.pieces["mix.focus"], self._ways[1], self._titles.get("mix")):
            if thing is not None:
                self.let(thing, coming)


def _lanes(focus: Focus, length: int) -> list[int]:
    """The positions that have a lane: all, or the focus's key and the last ones."""
    if length <= MOST:
        return list(range(length))
    last = list(range(length - MOST, length))
    return last if focus.key in last else [focus.key, *last[1:]]


def _stage(stage: float, number: int) -> float:
    """How far a stage of the floor is there: it comes over the one before, and what loses cells goes."""
    if stage >= number:
        gone = stage - number
        return max(0.0, 1 - gone) if number == STAGES.index("masked") - 1 else float(gone < 1)
    return max(0.0, 1 + stage - number)
