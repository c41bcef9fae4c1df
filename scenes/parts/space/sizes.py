"""How big: a cube for each model, as many grains in it as the model has numbers, cut by what they are for.

    sizes = Sizes(read, {"table": "tokens", "attention": "attention", "feed_forward": "feed-forward"})
    sizes.look(sizes.framed(1, frame))                    # this model's cube alone
    self.add(sizes)
    beat.play(sizes.to(sizes.framed(5, frame), shown=5.0))  # beside it GPT-2's, each after the other
    beat.play(sizes.to(sizes.framed(6, frame), shown=6.0))  # and GPT-3

This model comes first, then the published ones from the smallest on; one of its own shape has no second
cube. Every count is a reading: this model's of the trace, the others' of their published shapes
(`scenes.published`). All cubes have one scale: volume is the number of parameters, and in a cube height is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sin

import numpy as np
from manim import DOWN, VGroup

from scenes import style
from scenes.parts.label import sentence, words
from scenes.parts.space.boxes import plain
from scenes.parts.space.projector import View
from scenes.parts.space.scenery import Inscription, Piece, Posing, Scenery, mixed
from scenes.parts.texture import Pixels, Quad
from scenes.published import MODELS, PUBLISHED, parameters
from scenes.reading import Reader, Reading

AZIMUTH, ELEVATION = 33.0, 19.0
GREATEST = 3.9  # the side of the largest cube
_GAP = 0.26  # between two models
_ACROSS, _LEAST = 12.3, 0.3  # of a picture, for all cubes and their labels; and the least of their own size
_ALL = "all"  # the kind of a model's parameters where they are not told apart
_LAYERED = ("attention", "feed_forward")
_STEPS, _DARK = 5, 0.22  # rows of a layer, of which the first is so much darker
_TALL = 0.12  # of a cube, the least that a part must have for its name
_TEXT = 0.5  # a unit of text on a cube, as a share of its side


@dataclass(frozen=True)
class Pose:
    """How many cubes are there, from the first; one that is there in part is rising."""

    shown: float = 1.0

    def between(self, other: Pose, share: float) -> Pose:
        return Pose(**mixed(self, other, share))


@dataclass(frozen=True)
class Model:
    """A model with its parameters by kind, and how its name and their number read."""

    name: str | Reading
    kinds: Mapping[str, int]
    count: Reading
    blocks: int

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


@dataclass(frozen=True)
class Layers:
    """A face in layers of one colour, the upper edge of each darker: one layer a block."""

    colour: str
    count: int

    gaps = False
    smooth = False

    @property
    def shape(self) -> tuple[int, int]:
        return self.count * _STEPS, 1

    def picture(self, down: int = 1, across: int = 1) -> Pixels:  # noqa: ARG002
        dark = style.mix(self.colour, style.GROUND, _DARK)
        steps = np.array([style.channels(dark), *[style.channels(self.colour)] * (_STEPS - 1)])
        rows = np.tile(steps, (self.count, 1))  # (row, channel)
        groups = np.arange(len(rows)) // down
        means = np.stack([np.bincount(groups, row) for row in rows.T], axis=-1) / np.bincount(groups)[:, None]
        made = np.full((len(means), 1, 4), 255, np.uint8)
        made[:, 0, :3] = np.rint(means)
        return made


class Sizes(Scenery):
    """The cubes of this model, of GPT-2's four and of GPT-3; `names` are the kinds' that are written on some.

    They are written on this model's cube and on the last one. `models` are in their order from the left.
    """

    def __init__(self, read: Reader, names: Mapping[str, str]) -> None:
        self.read = read
        self.models = _models(read)
        largest = max(model.total for model in self.models)
        self.sides = [GREATEST * (model.total / largest) ** (1 / 3) for model in self.models]
        across = cos(radians(AZIMUTH)) + sin(radians(AZIMUTH))
        self._cubes = [side * across for side in self.sides]  # as wide as they are seen
        self._labels = [_label(model) for model in self.models]
        self._corners = self._placed()
        slabs = [self._slabs(number) for number in range(len(self.models))]
        self._slabs_of = slabs
        self._whole = [[(float(slab.low[1]), float(slab.high[1])) for slab in made] for made in slabs]
        super().__init__([slab for made in slabs for slab in made], View((0, 0, 0), 1.0, AZIMUTH, ELEVATION))
        self._written = [self._write(number, names) for number in range(len(self.models))]
        self.pose = Pose()
        self.strike(self.pose)

    def to(self, view: View | None = None, **pose: float) -> Posing:
        """The animation to a pose, and to a view."""
        return Posing(self, replace(self.pose, **pose), view)

    def strike(self, pose: Pose, view: View | None = None) -> Sizes:
        """Brings everything to a pose, as seen from a view."""
        self.pose = pose
        for number, slabs in enumerate(self._slabs_of):
            there = float(np.clip(pose.shown - number, 0, 1))
            for slab, (low, high) in zip(slabs, self._whole[number], strict=True):
                slab.low[1], slab.high[1] = low * there, high * there
                self.let(slab, float(there > 0))
            label, *names = self._written[number]
            self.let(label, max(0.0, 2 * there - 1))
            after = number < len(self.models) - 1 and float(np.clip(pose.shown - number - 1, 0, 1))
            for name in names:  # where a larger cube follows, they would be too small to read
                self.let(name, max(0.0, 2 * there - 1) * (1 - after))
        self.look(view or self.view)
        return self

    def framed(self, count: int, frame: tuple[float, float, float, float]) -> View:
        """The view in which so many cubes, from the first, stand in a frame with their labels below.

        `frame`: left, low, right, high.
        """
        left, low, right, high = frame
        low += max(label.height for label in self._labels[:count]) + 0.25
        boxes = [box for slabs in self._slabs_of[:count] for box in slabs]
        lows, highs = np.array([box.low for box in boxes]), np.array([box.high for box in boxes])
        whole = np.array([ends for cube in self._whole[:count] for ends in cube])
        lows[:, 1], highs[:, 1] = whole.T
        view, ends = self.view.fitted(lows, highs, frame), (0, count - 1)
        beyond = [max(0.0, self._labels[end].width - self._cubes[end] * view.scale) / 2 for end in ends]
        return self.view.fitted(lows, highs, (left + beyond[0], low, right - beyond[1], high))

    def holds(self) -> Reading:
        """How often GPT-3 has as many numbers as this model."""
        return self.read(f"{PUBLISHED}GPT-3", how="fold").integer()

    def _placed(self) -> list[tuple[float, float, float]]:
        """Where each cube's nearest corner stands: on one line across the screen."""
        across, made, end = radians(AZIMUTH), list[tuple[float, float, float]](), 0.0
        labels = [label.width for label in self._labels]
        scale = _together(self._cubes, labels)
        for side, cube, label in zip(self.sides, self._cubes, labels, strict=True):
            half = max(cube, label / scale) / 2
            middle = end + half
            end = middle + half + _GAP
            corner = middle + side * (cos(across) - sin(across)) / 2
            made.append((corner * cos(across), 0.0, -corner * sin(across)))
        return made

    def _slabs(self, number: int) -> list[Piece]:
        """A cube's parts, one on the other."""
        model, side, (x, y, z) = self.models[number], self.sides[number], self._corners[number]
        made = []
        for kind, count in model.kinds.items():
            tall, hue = side * count / model.total, _hue(kind)
            layers = model.blocks if kind in _LAYERED else 1
            faces = {axis: _face(hue, axis, layers) for axis in ("x", "y", "z")}
            edge = style.mix(hue, style.HIGHLIGHT, 0.5)
            at = (x - side, y, z - side)
            made.append(Piece(f"{number}.{kind}", at, (side, tall, side), faces, edge, 1.0, 0.6))
            y += tall
        return made

    def _write(self, number: int, names: Mapping[str, str]) -> list[Inscription]:
        """A cube's label below it and, on this model's and on the largest, its parts' names."""
        side, corner, across = self.sides[number], self._corners[number], radians(AZIMUTH)
        back = side * (cos(across) - sin(across)) / 2
        at = (corner[0] - back * cos(across), 0.0, corner[2] + back * sin(across))
        label = Inscription(self._labels[number], at, anchor=(0.0, 1.0), shift=(0.0, -0.18))
        made = [self.hang(label)]
        if number not in (0, len(self.models) - 1):
            return made
        for slab in self._slabs_of[number]:
            kind = slab.name.partition(".")[2]
            if kind in names and slab.high[1] - slab.low[1] > _TALL * side:
                ink = _ink(kind)
                place = (slab.low[0] + 0.05 * side, (slab.low[1] + slab.high[1]) / 2, slab.high[2])
                text, size = words(names[kind], style.LABEL_SIZE, ink), _TEXT * side
                made.append(self.hang(Inscription(text, place, (size, 0, 0), (0, size, 0)), on=slab.name))
        return made


def _together(cubes: Sequence[float], labels: Sequence[float]) -> float:
    """The scale, at most 1, at which cubes fill a picture side by side, with labels that keep their size."""
    scale = 1.0
    between = _GAP * (len(cubes) - 1)
    while (
        sum(map(max, (cube * scale for cube in cubes), labels)) + between * scale > _ACROSS and scale > _LEAST
    ):
        scale *= 0.97
    return scale


def _models(read: Reader) -> list[Model]:
    """This one, then those that are published with another shape, from the smallest on."""
    card = read.trace.meta.model
    kinds = parameters(card)
    if sum(kinds.values()) != card.parameters:  # of another build
        kinds = {_ALL: card.parameters}
    own = Model(
        read("meta.model.name", how="meta").name(),
        kinds,
        read("meta.model.parameters", how="meta").rounded(),
        card.blocks,
    )
    others = [
        Model(
            name,
            parameters(shape),
            read(f"{PUBLISHED}{name}", how="parameters").rounded(),
            shape.blocks,
        )
        for name, shape in MODELS.items()
        if parameters(shape) != kinds
    ]
    return [own, *others]


def _hue(kind: str) -> str:
    hues = {
        "norms": style.BODY,
        "positions": style.mix(style.LEARNED, style.HIGHLIGHT, 0.45),
        "attention": style.PROBABILITY,
        "feed_forward": style.FEED_FORWARD,
    }
    return hues.get(kind, style.LEARNED)


def _face(hue: str, axis: str, layers: int) -> Quad:
    if layers == 1 or axis == "y":
        return plain(hue, axis)
    return Quad(Layers(style.mix(style.GROUND, hue, style.SHADE[axis]), layers), 1.0, 1.0)


def _ink(kind: str) -> str:
    """White or black, whichever reads on the front of a kind's slab, which the lines of its layers darken."""
    lines = 0.95 if kind in _LAYERED else 1.0
    face = style.mix(style.GROUND, _hue(kind), style.SHADE["z"] * lines)
    return style.starkest(face)


def _label(model: Model) -> VGroup:
    name = sentence(model.name, size=style.SMALL_SIZE, color=style.INK)
    count = sentence(model.count, size=style.SMALL_SIZE, color=style.DIM)
    return VGroup(name, count.next_to(name, DOWN, buff=0.08))
