"""A token as it grows from its letters: a line for every merge, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import LEFT, RIGHT, UP, Dot, Polygon, RoundedRectangle, VGroup, VMobject

from scenes import style
from scenes.letters import shorten, shown
from scenes.page import Region
from scenes.parts.label import Label, number, sentence, words
from scenes.reading import Reader, Reading

_MOST = 12  # lines; of a longer word the middle ones are left out
_HIGHEST, _WIDEST = 0.95, 1.5  # of a line's pitch, and of a letter's box
_ROOM = 1.75  # for what stands ahead of the lines


_State = tuple[Reading, int, int]  # a piece: what it spells, and its letters from one up to another


class Piece(VGroup):
    """Letters that are one by now, in their box: `box` and `label`."""

    def __init__(self, state: _State, left: float, y: float, column: float, height: float, lit: bool) -> None:
        """`left`: where the first column begins; `y`: the line's middle; `column`: a letter's width."""
        read, start, stop = state
        width = (stop - start) * column - 0.07
        self.box = RoundedRectangle(
            width=width,
            height=height,
            corner_radius=0.07,
            stroke_color=style.INK if lit else style.mix(style.GROUND, style.DIM, 0.75),
            stroke_width=2.6 if lit else 1.4,
            fill_color=style.mix(style.PANEL, style.WASH, 0.16) if lit else style.PANEL,
            fill_opacity=1,
        ).move_to((left + (start + stop) / 2 * column, y, 0))
        bright = lit or stop - start == 1
        self.label = _fitted(read, min(40.0, 56 * height), style.INK if bright else style.DIM, width - 0.08)
        super().__init__(self.box, self.label.move_to(self.box))


def _fitted(read: Reading, size: float, color: str, width: float) -> Label:
    """A piece's letters within a width: smaller, and where they would be too small to read, fewer."""
    label, text = number(read, size, color), shown(read.text, style.MONO)
    if label.width > width:
        size = max(style.SMALL_SIZE, size * width / label.width)
        label = number(read, size, color)
    letters = len(text)
    while label.width > width and letters > 2:
        letters -= 1
        label = number(read, size, color, text=shorten(text, letters))
    return label


class Growth(VGroup):
    """The letters in `lines[0]`, then a line for each merge of the token at a place, within a region.

    `lit[n]` is the piece that line n + 1 made, `links[n]` leads to it from the two above; `names` say which
    rule made it. `whole` is the token in its last line.
    """

    def __init__(
        self,
        read: Reader,
        place: int,
        room: Region,
        letters: str,
        rule: Callable[[Reading], Sequence[str | Reading]],
    ) -> None:
        """`letters` names the first line; `rule` words the rank of the rule that made another."""
        self.rows = np.flatnonzero(read.trace["tokens.merges"][:, 0] == place).tolist()
        states, merged = self._states(read)
        kept = _kept(len(states))
        self.pitch = min(_HIGHEST, room.height / len(kept))
        column = min(_WIDEST, (room.width - _ROOM) / len(states[0]))
        left = room.left + _ROOM
        self.lines, self.links, self.names, self.lit = list[VGroup](), VGroup(), VGroup(), list[Piece]()
        for line, at in enumerate(kept):
            y = room.top - (line + 0.5) * self.pitch
            pieces = VGroup()
            for state in states[at]:
                lit = state is merged[at]
                piece = Piece(state, left, y, column, self.pitch * 0.7, lit)
                pieces.add(piece)
                if lit:
                    self.lit.append(piece)
            self.lines.append(pieces)
            if at == 0:
                self.names.add(words(letters, self._size, style.DIM))
            else:
                ahead = self._link(self.lit[-1]) if at - 1 in kept else self._skip(pieces)
                self.links.add(ahead)
                rank = read("tokens.merges", self.rows[at - 1], 2).ordinal()
                self.names.add(sentence(*rule(rank), size=self._size))
            self.names[-1].move_to((left - 0.25, y, 0), aligned_edge=RIGHT)
        super().__init__(self.links, *self.lines, self.names)

    @property
    def _size(self) -> float:
        return min(style.LABEL_SIZE, max(20.0, 48 * self.pitch))

    @property
    def whole(self) -> Piece:
        return self.lit[-1]

    def _states(self, read: Reader) -> tuple[list[list[_State]], list[_State | None]]:
        """The pieces at first and after each merge; and the one that each made."""
        leaves = self._leaves(read)
        state = [(leaf, at, at + 1) for at, leaf in enumerate(leaves)]
        states, merged = [state], list[_State | None]([None])
        for row in self.rows:
            at = int(read.trace["tokens.merges"][row, 1])
            joined = (read("tokens.merges", row, 5).token(), state[at][1], state[at + 1][2])
            state = [*state[:at], joined, *state[at + 2 :]]
            states.append(state)
            merged.append(joined)
        return states, merged

    def _leaves(self, read: Reader) -> list[Reading]:
        """The letters, each read from the merge that takes it: merges are undone, the last one first."""
        last = self.rows[-1]
        pieces = [read("tokens.merges", last, 5).token()]
        for row in reversed(self.rows):
            at = int(read.trace["tokens.merges"][row, 1])
            pieces[at : at + 1] = [read("tokens.merges", row, side).token() for side in (3, 4)]
        return pieces

    def _link(self, piece: Piece) -> VGroup:
        """From the two above to the one that they became."""
        low = [piece.box.get_corner(UP + side) for side in (LEFT, RIGHT)]
        high = [corner + 0.3 * self.pitch * UP for corner in low]
        corners = (*high, *reversed(low))
        return VGroup(Polygon(*corners, stroke_width=0, fill_color=style.WASH, fill_opacity=0.14))

    def _skip(self, pieces: VGroup) -> VGroup:
        """Where lines are left out."""
        dots = VGroup(*(Dot(radius=0.025, color=style.DIM) for _ in range(3))).arrange(RIGHT, buff=0.1)
        return VGroup(dots.move_to(pieces.get_top() + 0.15 * self.pitch * UP))


def _kept(lines: int) -> list[int]:
    """The lines that are shown: the first and last ones where there are too many."""
    if lines <= _MOST:
        return list(range(lines))
    return [*range(_MOST - 4), *range(lines - 4, lines)]


def bracket(over: VGroup, label: VMobject | None) -> VGroup:
    """A bracket above things, and what they are together."""
    ends = [over.get_corner(UP + side) + 0.08 * UP - 0.04 * side for side in (LEFT, RIGHT)]
    corners = [ends[0], ends[0] + 0.09 * UP, ends[1] + 0.09 * UP, ends[1]]
    line = VMobject(color=style.INK, stroke_width=2).set_points_as_corners(corners)
    if label is None:
        return VGroup(line)
    label.next_to(line, UP, buff=0.06)
    label.shift(max(0.0, label.get_right()[0] - style.RIGHT) * LEFT)
    label.shift(max(0.0, style.LEFT - label.get_left()[0]) * RIGHT)
    return VGroup(line, label)
