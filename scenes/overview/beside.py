"""What stands beside the machine at each stop of the flight: names, lengths, tokens, signs of sums."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import RIGHT, CubicBezier, VGroup

from scenes import style
from scenes.focus import shown_positions, token
from scenes.overview.facts import guessing, meta, pages
from scenes.overview.places import Places
from scenes.parts.chips import Chip, chip_label, column, gap, longest_in
from scenes.parts.label import number, sentence
from scenes.parts.space.machine import Machine
from scenes.parts.space.notes import Note, arranged, halo, length, named, plus
from scenes.reading import Reading
from scenes.stage import LessonScene

MOST = 7  # tokens that have a chip
ROOM = 1.6  # for chips, at the left


class Beside:
    """Makes what is written; the machine must be where it is then seen."""

    def __init__(self, scene: LessonScene, machine: Machine, places: Places) -> None:
        self.scene, self.read, self.machine, self.places = scene, scene.read, machine, places
        self.part, self.blocks = places.part, machine.shape.blocks

    def at(self, name: str, x: float = 0.5, y: float = 1.0, z: float = 1.0) -> Any:
        """A point of a box on screen, by shares of its sides."""
        box = self.machine.box(name)
        return self.machine.view.project(box.low + (box.high - box.low) * (x, y, z))

    def whole(self) -> list[VGroup]:
        """Its storeys' names, the tokens that come in, and the one that comes out."""
        middle, last = self._block(self.blocks // 2), self._block(self.blocks - 1)
        acts = self.machine.shape.mlp_pages - 1
        deck = self._known(f"{middle}.mlp.pages", f"{middle}.mlp.up.0")
        floor = f"{self._block(min(1, self.blocks - 1))}.attn.pattern.{self.machine.shape.heads - 1}"
        tokens = self.tokens()
        notes = arranged(
            [
                self._named("weights", style.LEARNED, self.at(deck, 0.3), (0.5, 0.5)),
                self._named(
                    "feed_forward", style.FEED_FORWARD, self.at(f"{last}.mlp.act.{acts}", z=0.7), (0.5, 0.6)
                ),
                self._named("attention", style.PROBABILITY, self.at(floor, 0.1), (-0.5, -0.6)),
                self._likeliest(),
            ],
            [tokens],
        )
        return [tokens, *notes]

    def tokens(self) -> VGroup:
        """The prompt's tokens at the left, each with a line to its lane."""
        positions, hidden = shown_positions(self.read, MOST)
        longest = longest_in(ROOM - 0.1, style.SMALL_SIZE)
        chips: list[VGroup] = [
            Chip(token(self.read, place).token(), style.SMALL_SIZE, longest=longest) for place in positions
        ]
        listed = list(chips)
        if hidden is not None:
            listed.insert(1, gap(hidden, self.read.locale))
        lane = self.at("embed.token", 0.0, 1.0, 0.5)
        pitch = 0.52
        middle = min(float(lane[1]) - 0.4, 2.35 - (len(listed) - 1) * pitch / 2)
        right = min(style.LEFT + ROOM, float(lane[0]) - 0.5)
        made = column(listed, right, middle + (len(listed) - 1) * pitch / 2, pitch)
        lines = VGroup()
        for place, chip in zip(positions, chips, strict=True):
            end = np.append(self.at("embed.token", 0.5, 1.0, (place + 0.5) / self.read.trace.length), 0.0)
            start = np.array(chip.get_right())
            bend = np.array(((end[0] - start[0]) * 0.6, 0, 0))
            curve = CubicBezier(start, start + bend, end + np.array((-0.1, 0.45, 0)), end)
            lines.add(curve.set_stroke(style.BODY, 1.5, 0.55))
        return VGroup(lines, made)

    def book(self) -> tuple[VGroup, VGroup, VGroup, VGroup]:
        """The tokens; the table's name, and its rows on their way; places, and how many; the sum's name."""
        tokens = self.tokens()
        count, lengths = meta(self.read, "vocabulary"), self._lengths("embed.position")
        table, places, added = arranged(
            [
                Note(self._phrase("table", style.LEARNED, count=count), self.at("wte", 0.7), (0.5, 0.45)),
                self._named("places", style.BODY, self.at("wpe.0", 0.6, 0.0), (0.4, -0.4)),
                self._named("sum", style.BODY, self.at("block.00.resid_pre.beam", 0.6), (0.5, 0.6)),
            ],
            [tokens, *lengths],
        )
        return tokens, VGroup(table, self._rows()), VGroup(places, *lengths), added

    def _rows(self) -> VGroup:
        """From each token's page of the book an arc to its lane."""
        made, width = VGroup(), self.machine.shape.width
        book = self.machine.box("wte")
        positions, _ = shown_positions(self.read, MOST)
        for place in positions:
            page = int(self.read.trace["tokens"][place]) // width
            deep = 1 - (page + 0.5) / self.machine.shape.table_pages
            start = np.append(self.at(book.name, 0.3, 1.0, deep), 0.0)
            if np.abs(start[:2]).max() > style.TOP:  # a book so deep that its end is out of the picture
                continue
            end = np.append(self.at("embed.token", 0.5, 1.0, (place + 0.5) / self.read.trace.length), 0.0)
            lift = np.array((0.0, 0.55, 0.0))
            arc = CubicBezier(start, start + lift, end + lift, end)
            made.add(arc.set_stroke(style.LEARNED, 2.5, 0.9))
        return made

    def attention(self) -> tuple[VGroup, VGroup, VGroup]:
        """The name of its three pages; how much there is of what they take; the name of the heads."""
        last = self.machine.shape.heads - 1
        heads = meta(self.read, "heads")
        floor = f"{self.part}.attn.pattern.{last}"
        lengths = self._lengths(f"{self.part}.ln1")
        pages_, count = arranged(
            [
                self._named("qkv", style.LEARNED, self.at(f"{self.part}.attn.w_q", 0.5, 0.0), (-0.35, -0.75)),
                Note(
                    self._phrase("heads", style.PROBABILITY, count=heads),
                    self.at(floor, 0.6, 0.0),
                    (0.4, -0.55),
                ),
            ],
            lengths,
        )
        return pages_, VGroup(*lengths), count

    def mixing(self) -> tuple[VGroup, VGroup]:
        """The name of the page that mixes the heads; where what it makes is added."""
        (name,) = arranged(
            [self._named("mixing", style.LEARNED, self.at(f"{self.part}.attn.w_o", 0.35, 0.0), (-0.35, -0.6))]
        )
        riser = self.machine.box(f"{self.part}.attn.riser")
        sign = plus(self.at(riser.name, 0.5, 0.5, 1.0))
        lines = [self.machine.box(f"{self.part}.resid_mid").outline]
        return name, VGroup(halo(lines, style.INK), sign)

    def thinking(self) -> tuple[VGroup, VGroup, VGroup]:
        """The pages up; what is bent; the pages back, and where the result is added."""
        count, last = pages(self.read), self.machine.shape.mlp_pages - 1
        act, lengths = f"{self.part}.mlp.act.{last // 2}", self._lengths(f"{self.part}.ln2")
        up, bent, down = arranged(
            [
                Note(self._phrase("up", style.LEARNED, count=count), self._top("up", 0), (-0.5, 0.55)),
                self._named("bent", style.FEED_FORWARD, self.at(act, z=0.6), (0.35, 0.6)),
                Note(self._phrase("down", style.LEARNED, count=count), self._top("down", 0), (0.4, 0.55)),
            ],
            lengths,
        )
        sign = plus(self.at(f"{self.part}.mlp.riser", 0.5, 0.5, 1.0))
        return VGroup(up, *lengths), bent, VGroup(down, sign)

    def guesses(self) -> tuple[VGroup, VGroup]:
        """The likeliest token so far on the stream, after some of the blocks; the early ones and the last."""
        early, late, right = VGroup(), VGroup(), -99.0
        for block in guessing(self.blocks):
            reading = self.read(f"lens.{block:02d}.token", 0).token()
            final = block == self.blocks - 1
            chip = Chip(reading, style.SMALL_SIZE, style.LOGIT if final else style.INK, longest=7)
            chip.move_to((*self.at(f"block.{block:02d}.resid_post", 1.0, 0.5, 1.0), 0))
            if chip.get_left()[0] < right + 0.08:
                continue
            (late if final else early).add(chip)
            right = chip.get_right()[0]
        return early, late

    def _likeliest(self) -> Note:
        """The likeliest token, and its share; the point is its own cell of the floor."""
        read, shape, hue = self.read, self.machine.shape, style.PROBABILITY
        one = read("generated.probability", 0, 0, how="ranked")
        share = read("generated.probability", 0, one.value).percent(1)
        name = chip_label(one.token(), style.LABEL_SIZE, hue, 10)
        figure = number(share, style.LABEL_SIZE, hue)
        text = VGroup(name, figure).arrange(RIGHT, buff=0.2)
        page, row = divmod(int(one.value), shape.width)
        cell = self.machine.box("probability").sides["y"].at(page, row)
        return Note(text, cell[:2], (0.25, -0.8), hue)

    def _lengths(self, name: str) -> list[VGroup]:
        """How many channels and positions a sheet across the path has, along two of its edges."""
        box, view = self.machine.box(name), self.machine.view
        (x, low, back), (_, high, front) = box.low, box.high
        top, bottom = np.array((x, high, front)), np.array((x, low, front))
        channels = length(view, top, bottom, meta(self.read, "width"), style.CHANNELS, (-0.3, 0.0))
        count = self.read("tokens", how="count").integer()
        across = length(
            view, np.array((x, low, back)), np.array((x, low, front)), count, style.POSITIONS, (0.0, -0.28)
        )
        return [channels, across]

    def _named(self, key: str, hue: str, point: Any, off: tuple[float, float]) -> Note:
        return Note(named(self.scene.label(key), hue), point, off, hue)

    def _phrase(self, key: str, hue: str, **readings: Reading) -> VGroup:
        return sentence(*self.scene.phrase(key, **readings), size=style.LABEL_SIZE, color=hue)

    def _top(self, way: str, page: int) -> Any:
        return self.at(f"{self.part}.mlp.{way}.{page}", 0.5)

    def _block(self, block: int) -> str:
        return f"block.{block:02d}"

    def _known(self, *names: str) -> str:
        """The first of some names that a box has."""
        there = {site.name for site in self.machine.network.sites}
        return next(name for name in names if name in there)
