"""Words as points of space: a map that turns, with the prompt's words and their nearest neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any

import numpy as np
from manim import Animation, Rectangle, VGroup, VMobject

from llmtrace.trace import Array
from scenes import style
from scenes.embedding.near import links, nearest_pair
from scenes.page import Region
from scenes.parts.chips import Chip, chip_label
from scenes.parts.curve import Marks, dots
from scenes.parts.label import number
from scenes.reading import Reader, slice_of

FROM, TO = -24.0, 14.0  # degrees that it turns through
TILT = 14.0  # of the view from above
_STOPS = np.linspace(FROM, TO, 6)  # where labels must be clear of each other
_MOST = 26  # neighbours that are named
_RANKS = ((3, 6), (8, 4), (1000, 2))  # up to so many words, how many neighbours of each
_STRETCH = 1.5  # sideways, at most
_COSINES = 10  # numbers
_REACH = 0.12  # from a dot to its label
_APART = 0.05  # between labels
_RADII = {"own": 0.075, "near": 0.05, "other": 0.03}


@dataclass(frozen=True)
class _Pin:
    """A label that follows a point, or the middle of two."""

    label: VMobject
    points: tuple[int, ...]
    offset: Array  # (2,)


class WordMap(VGroup):
    """`chips` are the prompt's words, `names` their neighbours', `threads` join them, `cosines` say how near.

    `pair` lights the nearest two words. All of it follows `turn`.
    """

    def __init__(self, read: Reader, region: Region) -> None:
        trace = read.trace
        self.drawn = slice_of(trace, "projection.point")
        flat = self.drawn.values.astype(np.float64)
        self._points = np.pad(flat, ((0, 0), (0, 3 - flat.shape[1])))  # (P, 3)
        self._at = {int(token): place for place, token in enumerate(trace["projection.token"])}
        self._fit(region)
        self._region, self._taken, self._pins = region, list[Array](), list[_Pin]()
        self._named_places = list[int]()
        own = [token for token in dict.fromkeys(trace["tokens"].tolist()) if token in self._at]
        ranks = next(ranks for most, ranks in _RANKS if len(own) <= most)
        self._links = links(trace, ranks)
        self._pairs = [
            (self._own(trace, place), self._near(trace, place, rank)) for place, rank in self._links
        ]
        self._kinds = {
            "own": [self._at[token] for token in own],
            "near": sorted({near for _, near in self._pairs} - {self._at[token] for token in own}),
        }
        every = {place for kind in self._kinds.values() for place in kind}
        self._kinds["other"] = [place for place in range(len(self._points)) if place not in every]
        self._keep_clear(self._kinds["own"])
        self.chips = VGroup(*self._named(read, own))
        self.names, self.cosines, self._joined = VGroup(), VGroup(), list[tuple[int, int]]()
        self.pair = VMobject(stroke_color=style.INK, stroke_width=4)
        self._name_all(read)
        hues = {"own": style.INK, "near": style.LEARNED, "other": style.mix(style.GROUND, style.DIM, 0.7)}
        self.marks = {kind: Marks(self.drawn, hue, np.zeros((0, 3))) for kind, hue in hues.items()}
        self.threads = VMobject(stroke_color=style.LEARNED, stroke_width=2, stroke_opacity=0.75)
        super().__init__(self.threads, self.pair, *self.marks.values(), self.names, self.cosines, self.chips)
        for under in (self.threads, self.pair):
            under.set_z_index(-1)
        self.turn(FROM)

    def turn(self, angle: float) -> WordMap:
        """Brings everything to where it is seen at an angle, in degrees."""
        self.angle = angle
        flat = np.pad(self._seen(angle), ((0, 0), (0, 1)))  # (P, 3)
        for kind, places in self._kinds.items():
            self.marks[kind].points = dots(flat[places], _RADII[kind])
        _join(self.threads, [(flat[one], flat[other]) for one, other in self._joined])
        _join(self.pair, [(flat[one], flat[other]) for one, other in self._lit])
        for pin in self._pins:
            middle = flat[list(pin.points)].mean(axis=0)
            pin.label.move_to(middle + np.array((*pin.offset, 0.0)))
        return self

    def _seen(self, angle: float) -> Array:
        """(P, 2): where the points are on screen."""
        a, t = radians(angle), radians(TILT)
        x, y, z = self._points.T
        across, toward = x * cos(a) + z * sin(a), -x * sin(a) + z * cos(a)
        up = y * cos(t) - toward * sin(t)
        return np.stack([across, up], axis=1) * self._unit + self._middle

    def _fit(self, region: Region) -> None:
        """The largest unit with which all points stay in the region while they turn."""
        self._unit, self._middle = np.ones(2), np.zeros(2)
        seen = np.concatenate([self._seen(angle) for angle in _STOPS])
        low, high = seen.min(axis=0), seen.max(axis=0)
        inside = region.inset(0.9, 0.35)
        size = np.maximum(high - low, 1e-6)
        up = min(inside.width / size[0], inside.height / size[1])
        across = min(inside.width / size[0], _STRETCH * up)
        self._unit = np.array((across, up))
        self._middle = region.point()[:2] - (low + high) / 2 * self._unit
        self._stops = np.stack([self._seen(angle) for angle in _STOPS])  # (stops, P, 2)

    def _own(self, trace: Any, place: int) -> int:
        return self._at[int(trace["tokens"][place])]

    def _near(self, trace: Any, place: int, rank: int) -> int:
        return self._at[int(trace["neighbours.token"][place, rank])]

    def _named(self, read: Reader, own: Sequence[int]) -> list[Chip]:
        """A chip for each of the prompt's words that finds room."""
        ids = read.trace["tokens"].tolist()
        size = style.LABEL_SIZE * (1.2 if len(own) <= 8 else 0.85)
        made = (Chip(read("tokens", ids.index(token)).token(), size, longest=12) for token in own)
        return [chip for chip, token in zip(made, own, strict=True) if self._beside(chip, self._at[token])]

    def _beside(self, chip: Chip, place: int) -> bool:
        """Places a word's chip on the far side of its neighbours."""
        return self._placed(chip, (place,), [other for one, other in self._pairs if one == place], far=True)

    def _name_all(self, read: Reader) -> None:
        """The nearest pair first, with its cosine; then all words' nearest, and so on; then cosines."""
        best = nearest_pair(read.trace)
        self._lit = list[tuple[int, int]]()
        if best is not None:
            self._name(read, best)
            self._measure(read, best, style.LABEL_SIZE)
            self._lit.append((self._own(read.trace, best[0]), self._near(read.trace, *best)))
        for link in sorted(self._links, key=lambda link: (link[1], link[0])):
            if link != best:
                self._name(read, link)
        for link in links(read.trace, 1):
            if link != best and len(self.cosines) < _COSINES:
                self._measure(read, link, 20)

    def _name(self, read: Reader, link: tuple[int, int]) -> None:
        """A neighbour's name where it finds room, and then the thread to it."""
        one, other = self._own(read.trace, link[0]), self._near(read.trace, *link)
        known = {*self._kinds["own"], *self._named_places}
        if other not in known and len(self.names) < _MOST:
            token = read("neighbours.token", *link).token()
            hue = style.mix(style.LEARNED, style.INK, 0.45)
            label = _backed(chip_label(token, style.LABEL_SIZE * 0.85, hue, 12))
            if self._placed(label, (other,), away=[one]):
                self.names.add(label)
                self._named_places.append(other)
                known.add(other)
        if other in known:
            self._joined.append((one, other))

    def _measure(self, read: Reader, link: tuple[int, int], size: float) -> None:
        """The cosine of a thread, at its middle."""
        ends = self._own(read.trace, link[0]), self._near(read.trace, *link)
        if ends in self._joined:
            label = _backed(number(read("neighbours.cosine", *link).decimal(), size))
            if self._placed(label, ends):
                self.cosines.add(label)

    def _keep_clear(self, places: Sequence[int]) -> None:
        for place in places:
            half = np.array((0.08, 0.08))
            at = self._stops[:, place]
            self._taken.append(np.concatenate([at - half, at + half], axis=1))

    def _placed(
        self, label: VMobject, points: tuple[int, ...], away: Sequence[int] = (), far: bool = False
    ) -> bool:
        """Pins a label beside its point where it is clear of all others at every angle.

        Rather away from some points, if it can be; `far`: a little further off too.
        """
        half = np.array((label.width, label.height)) / 2
        middle = self._stops[:, list(points)].mean(axis=1)  # (stops, 2)
        outward = middle.mean(axis=0) - self._stops[:, list(away)].mean(axis=(0, 1)) if away else np.zeros(2)
        for offset in _offsets(half, outward, far):
            at = middle + offset
            box = np.concatenate([at - half - _APART / 2, at + half + _APART / 2], axis=1)  # (stops, 4)
            if self._inside(box) and not any(_meet(box, taken) for taken in self._taken):
                self._taken.append(box)
                self._pins.append(_Pin(label, points, offset))
                return True
        return False

    def _inside(self, box: Array) -> bool:
        low, high = box[:, :2].min(axis=0), box[:, 2:].max(axis=0)
        region = self._region
        return bool(
            low[0] >= region.left
            and low[1] >= region.bottom
            and high[0] <= region.right
            and high[1] <= region.top
        )


class Turn(Animation):
    """Turns a map to an angle, of which some parts are shown."""

    def __init__(self, words: WordMap, angle: float, shown: Sequence[VMobject], **options: Any) -> None:
        self.words, self.to = words, angle
        super().__init__(VGroup(*shown), **options)

    def create_starting_mobject(self) -> Any:
        return self.mobject  # a copy would be for nothing

    def begin(self) -> None:
        self.start = self.words.angle
        super().begin()

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        self.words.turn(self.start + (self.to - self.start) * share)


def _backed(label: VMobject) -> VGroup:
    """A label on some of the ground, so that no thread goes through its letters."""
    ground = Rectangle(width=label.width + 0.06, height=label.height * 0.8, stroke_width=0)
    return VGroup(ground.set_fill(style.GROUND, 0.8).move_to(label), label)


def _offsets(half: Array, outward: Array, far: bool) -> list[Array]:
    """Where a label may be from its point: outward of it first; then further, where that is allowed."""
    across, up = half + _REACH
    sides = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)]
    length = float(np.linalg.norm(outward)) or 1.0
    sides.sort(key=lambda side: -float(np.dot(side, outward)) / length / float(np.linalg.norm(side)))
    near = [np.array((x * across, y * up)) for x, y in sides]
    return near + [np.array((x * (across + 0.1), y * (up + 0.25))) for x, y in sides if y] * far


def _meet(one: Array, other: Array) -> bool:
    """Whether two boxes, (stops, 4) each, meet at any stop."""
    wide = np.minimum(one[:, 2], other[:, 2]) - np.maximum(one[:, 0], other[:, 0])
    high = np.minimum(one[:, 3], other[:, 3]) - np.maximum(one[:, 1], other[:, 1])
    return bool(((wide > 0) & (high > 0)).any())


def _join(line: VMobject, ends: Sequence[tuple[Array, Array]]) -> None:
    line.clear_points()
    for start, end in ends:
        line.start_new_path(start)
        line.add_line_to(end)
