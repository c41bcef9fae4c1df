"""The network's end: the last token's lane meets the table again; a score and a share for each of its tokens.

    end = Exit(read, View(azimuth=27, elevation=24, nearness=1 / 120))
    end.look(end.framed("table", frame))
    end.entitle(table=words("the table again"), scores=sentence(…), rest=sentence(…, end.rest()))
    self.add(end)
    beat.play(end.to(lit=1.0), share=0.1)                       # the lane's light falls onto the table
    beat.play(end.to(scored=1.0), share=0.3)                    # page by page a score for each row
    beat.play(end.to(end.framed("whole", frame), folded=1.0), share=0.2)  # the same, folded out into a wall
    beat.play(end.to(weighed=1.0), share=0.1)                   # softmax: the floor, with the wall's columns
    beat.play(end.to(risen=1.0, named=1.0), share=0.2)          # the likeliest rise from their own cells
    beat.play(end.to(drawn=1.0), share=0.1)                     # the token that is drawn lifts off

`pose` says how all of it is; `end.strike(Pose(…))` brings it there at once. Every cell is a value of the
trace; a tower's height is its share beside the likeliest's, its number is on its flag.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from manim import RIGHT, Mobject, VGroup

from scenes import style
from scenes.parts.chips import chip_label
from scenes.parts.label import number
from scenes.parts.space.exit_build import ExitBuilder
from scenes.parts.space.exit_flags import Flags
from scenes.parts.space.exit_plan import DEEP, HIGH, LANE, LIFT, LONG, THICK, WIDE, ExitPlan
from scenes.parts.space.projector import Points, View
from scenes.parts.space.room_plan import MOST, risen
from scenes.parts.space.scenery import Inscription, Piece, Posing, Scenery, Wire, mixed
from scenes.reading import Reader, Reading

TOWERS = 5  # and one more for the token that is drawn, where it is none of them
_STREAM, _OTHERS = 0.8, 0.4  # what is not the last token's lane
_FAINT = 0.45  # the wall, once its shares are there


@dataclass(frozen=True)
class Pose:
    """How an exit is, in shares from 0 to 1."""

    lit: float = 0.0  # light from the last lane on the table
    scored: float = 0.0  # pages that have their scores
    folded: float = 0.0  # the wall, from its first page down
    weighed: float = 0.0  # the floor
    risen: float = 0.0  # towers
    named: float = 0.0  # their flags, from the likeliest on
    drawn: float = 0.0  # the drawn token's tower, off the floor

    def between(self, other: Pose, share: float) -> Pose:
        return Pose(**mixed(self, other, share))


class Exit(Scenery):
    """The end of a network for a trace's first new token. `tokens` have towers, the likeliest first.

    Of a longer prompt the last 40 tokens have a lane.
    """

    def __init__(self, read: Reader, view: View) -> None:
        self.read, trace = read, read.trace
        card = trace.meta.model
        self.plan = ExitPlan(min(trace.length, MOST), card.width, card.vocabulary)
        self.chosen = int(trace["generated.token"][0])
        self.tokens = _likeliest(read, self.chosen)
        self._made = ExitBuilder(trace, self.plan, self.tokens)
        made = self._made
        pieces = [*made.stream(), *made.table(), *made.light(), *made.wall(), *made.floor(), *made.towers()]
        self._bands = range(len(self.plan.bands()))
        self.pieces = {piece.name: piece for piece in pieces}
        super().__init__(pieces, view, self._stops(pieces))
        self.pose = Pose()
        self._titles: dict[str, Inscription] = {}
        self._wires = [self.hang(wire) for wire in self._lines()]
        mark = self._words(self.chosen, style.PROBABILITY), self.tokens.index(self.chosen)
        flags = [self._words(token, style.INK) for token in self.tokens]
        self._flags = self.hang(Flags(flags, self._tops, mark[::-1]))
        self.pieces["stream"].light(_STREAM)
        if "others" in self.pieces:
            self.pieces["others"].light(_OTHERS)
        self.strike(self.pose)

    def to(self, view: View | None = None, **pose: float) -> Posing:
        """The animation to a pose that differs from the present one in these, and to a view."""
        return Posing(self, replace(self.pose, **pose), view)

    def strike(self, pose: Pose, view: View | None = None) -> Exit:
        """Brings everything to a pose, as seen from a view."""
        self.pose = pose
        self._arrange(pose)
        for token in self.tokens:
            self.let(self.pieces[f"tower.{token}"], min(1.0, 8 * pose.risen))
        self._show_scores(pose)
        for key, there in (("table", 1.0), ("scores", pose.folded * (1 - pose.named)), ("rest", pose.named)):
            if key in self._titles:
                self.let(self._titles[key], there)
        self._flags.marking = pose.drawn
        self._flags.reveal(pose.named)
        self.let(self._flags, pose.named)
        self.look(view or self.view)
        return self

    def framed(self, what: str, frame: tuple[float, float, float, float], view: View | None = None) -> View:
        """The view in which a part fills a frame of the screen (left, low, right, high).

        "table" is the last lane and the table, "scores" the wall and the floor, "whole" all but the stream;
        raises `KeyError` for another.
        """
        plan = self.plan
        table = ((LANE, 0.0, plan.wall), (WIDE, WIDE, plan.back + plan.lane * plan.tokens))
        scores = ((plan.left, 0.0, plan.wall - THICK), (plan.left + LONG, HIGH, plan.near + DEEP))
        boxes = {"table": [table], "scores": [scores], "whole": [table, scores]}[what]
        lows, highs = (np.array([box[end] for box in boxes]) for end in (0, 1))
        return (view or self.view).fitted(lows, highs, frame)

    def entitle(self, **names: Mobject) -> Exit:
        """Writes on the `table`, on the wall of `scores`, and on the floor about the `rest`.

        Raises `KeyError` for another.
        """
        plan, size = self.plan, 4.2
        across, up, toward = (size, 0, 0), (0, size, 0), (0, 0, -size)
        places = {
            "table": ((WIDE / 2, 2.2, plan.front + 0.01), up, (0.0, 0.0), "table"),
            "scores": ((plan.left + LONG - 0.8, HIGH - 0.7, plan.wall), up, (1.0, 1.0), "wall.0"),
            "rest": ((plan.left + 0.7, 0.0, plan.near + DEEP - 0.7), toward, (-1.0, -1.0), "floor"),
        }
        for key, name in names.items():
            at, away, anchor, piece = places[key]
            self._titles[key] = self.hang(Inscription(name, at, across, away, anchor), on=piece)
        return self.strike(self.pose)

    def rest(self) -> Reading:
        """What all tokens without a tower have together."""
        return self.read("generated.probability", 0, *self.tokens, how="rest").percent(1)

    def _stops(self, pieces: Sequence[Piece]) -> tuple[Points, Points]:
        """Where everything comes through, for the order in which it is painted."""
        lows, highs = [], []
        for pose in (Pose(risen=1.0, drawn=1.0), Pose(risen=1.0), Pose()):
            self._arrange(pose)
            lows.append(np.array([piece.low for piece in pieces]))
            highs.append(np.array([piece.high for piece in pieces]))
        return np.array(lows), np.array(highs)

    def _arrange(self, pose: Pose) -> None:
        """Puts what moves where it is."""
        for token in self.tokens:
            lifted = LIFT * pose.drawn * (token == self.chosen)
            self.pieces[f"tower.{token}"].stand(*self._made.tower(token, pose.risen, lifted))
        self.pieces["page"].slide(2, self.plan.front - self.plan.thick * pose.scored)

    def _show_scores(self, pose: Pose) -> None:
        count = len(self._bands)
        for band in self._bands:
            self.let(self.pieces[f"edge.{band}"], risen(pose.scored, band, count))
            wall = self.pieces[f"wall.{band}"].light(1 - (1 - _FAINT) * pose.weighed)
            self.let(wall, risen(pose.folded, band, count, 3.0))
        self.let(self.pieces["wall"], min(1.0, 4 * pose.folded))
        self.let(self.pieces["floor"], pose.weighed)
        self.let(self.pieces["ray"], pose.lit)
        going = 0 < pose.scored < 1
        self.let(self.pieces["page"], float(going))
        for wire, there in zip(self._wires, (pose.lit, pose.folded), strict=True):
            self.let(wire, there)

    def _tops(self) -> Points:
        """The middle of each tower's top."""
        towers = [self.pieces[f"tower.{token}"] for token in self.tokens]
        return np.array([((t.low[0] + t.high[0]) / 2, t.high[1], (t.low[2] + t.high[2]) / 2) for t in towers])

    def _lines(self) -> tuple[Wire, Wire]:
        """From the last lane to the table, and from the table's side to the wall."""
        plan = self.plan
        z = plan.back + plan.lane * plan.tokens
        lane = [[(LANE + THICK, y, z), (0.0, y, plan.front)] for y in (0.0, WIDE)]
        side = [[(WIDE, y, plan.wall), (plan.left, min(y, HIGH), plan.wall)] for y in (0.0, WIDE)]
        return (
            Wire(*lane, color=style.INK, width=1.4, opacity=0.45),
            Wire(*side, color=style.LOGIT, width=1.4, opacity=0.5),
        )

    def _words(self, token: int, ink: str) -> VGroup:
        rank = self.read("generated.probability", 0, self.rank(token), how="ranked")
        share = self.read("generated.probability", 0, token)
        faint = style.PROBABILITY if ink != style.INK else style.DIM
        return VGroup(
            chip_label(rank.token(), style.LABEL_SIZE, ink),
            number(share.percent(1), style.NUMBER_SIZE, faint),
        ).arrange(RIGHT, buff=0.16)

    def rank(self, token: int) -> int:
        """A token's place among all, the likeliest first."""
        order = np.argsort(-self.read.trace["generated.probability"][0], kind="stable")
        return int(np.flatnonzero(order == token)[0])


def _likeliest(read: Reader, chosen: int) -> list[int]:
    """The likeliest tokens that have a share at all, and the one that is drawn."""
    row = read.trace["generated.probability"][0]
    order = [int(token) for token in np.argsort(-row, kind="stable")[:TOWERS] if row[token] > 0]
    return order if chosen in order else [*order, chosen]
