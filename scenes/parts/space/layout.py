"""The measures of the network in space, and the kinds of boxes that it is made of. Knows no manim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from llmtrace.meta import ModelCard

Triple = tuple[float, float, float]

WIDE = 16.0  # of the stream's channels, in every model
THIN = 0.12  # of a sheet, at least
LIFT = (2.0, 6.0)  # between the stream and the storeys of a closed block, of an open one
PITCH = (0.5, 1.7)  # from page to page
DEEPEST = 24.0  # a book; pocket's is 4, GPT-2's 1.4
BEHIND = 1.2  # from the last lane to the first page
BETWEEN = (3.4, 5.0)  # two blocks
BAND = 0.92  # of a head's band, that it fills
WALL = (16.0, 8.0)  # of the logits: a page is a row


@dataclass(frozen=True)
class Shape:
    """What of a model the network's boxes depend on."""

    width: int
    heads: int
    blocks: int
    mlp_width: int
    vocabulary: int
    context: int

    @classmethod
    def of(cls, card: ModelCard) -> Shape:
        return cls(card.width, card.heads, card.blocks, card.mlp_width, card.vocabulary, card.context)

    @property
    def table_pages(self) -> int:
        return ceil(self.vocabulary / self.width)

    @property
    def mlp_pages(self) -> int:
        return ceil(self.mlp_width / self.width)


@dataclass(frozen=True)
class Site:
    """A box: what it is of, not where.

    `part`: "in", "out" or a block's, as in "block.02". `axes`: the letters of what is counted along x, y and
    z (`llmtrace.names.LETTERS`; "V/D" are pages of the table), "" where it is but thick. `tensor` and `index`
    say which values of a trace it shows, `cells` how many parameters it is; `feeds` name what it comes of.
    """

    name: str
    part: str
    kind: str
    axes: tuple[str, str, str]
    tensor: str = ""
    index: tuple[int | tuple[int, int], ...] = ()
    cells: int = 0
    feeds: tuple[str, ...] = ()


class Floor:
    """The measures of a network for a number of tokens, and its boxes as they are set down.

    `opening`, 0 or 1, is that of the detailed block; closed blocks hold their pages and heads together.
    """

    def __init__(self, shape: Shape, tokens: int, detailed: int | None, opening: int) -> None:
        self.shape, self.tokens, self.detailed, self.opening = shape, tokens, detailed, opening
        self.pitch_z = min(1.6, max(0.2, 8 / tokens))  # of a token
        self.deep = self.pitch_z * tokens
        self.cell = WIDE / shape.width
        self.thick = max(self.cell, THIN)
        self.back = -self.deep / 2  # the first lane's far side
        self.pages_at = self.back - BEHIND  # the first page's face
        self.sites: list[Site] = []
        self.ends: list[tuple[Triple, Triple]] = []

    def put(self, site: Site, low: Triple, size: Triple) -> str:
        x, y, z = (start + length for start, length in zip(low, size, strict=True))
        self.sites.append(site)
        self.ends.append((low, (x, y, z)))
        return site.name

    def lanes(self, name: str, part: str, x: float, y: float, feeds: Sequence[str], tensor: str = "") -> str:
        """A sheet across the path: tokens along z, channels downward."""
        site = Site(name, part, "lanes", ("", "D", "T"), tensor or name, feeds=tuple(feeds))
        return self.put(site, (x, y, self.back), (self.thick, WIDE, self.deep))

    def page(self, name: str, part: str, x: float, y: float, number: int, rows: int, pitch: float) -> str:
        """A page of weights, `number` from the front, with so many rows of as many as the stream is wide."""
        high = rows * self.cell
        axes = ("D", "D" if rows == self.shape.width else "", "")
        site = Site(name, part, "page", axes, cells=rows * self.shape.width)
        z = self.pages_at - number * pitch - self.thick
        return self.put(site, (x, y + WIDE - high, z), (WIDE, high, self.thick))

    def rod(self, name: str, part: str, x: float, y: float, z: float, rows: int, columns: int = 1) -> str:
        """A few numbers a channel, such as a bias, or a norm's gain and shift."""
        high = rows * self.cell
        axes = ("", "D" if rows == self.shape.width else "", "")
        site = Site(name, part, "rod", axes, cells=rows * columns)
        return self.put(site, (x, y + WIDE - high, z), (self.thick, high, columns * THIN))

    def norm(self, name: str, part: str, x: float, y: float, feeds: Sequence[str], tensor: str = "") -> str:
        """A norm's output, and behind its lanes its gain and shift."""
        width = self.shape.width
        rod = self.rod(f"{name}.weights", part, x, y, self.back - 0.2 - 2 * THIN, width, 2)
        return self.lanes(name, part, x, y, (*feeds, rod), tensor or f"{name}.out")

    def beam(self, start: float, stop: float, part: str, tensor: str, feeds: str) -> str:
        """The stream between two of its sheets: nothing changes there."""
        site = Site(f"{tensor}.beam", part, "beam", ("", "D", "T"), tensor, feeds=(feeds,))
        return self.put(site, (start, 0.0, self.back), (stop - start, WIDE, self.deep))

    def riser(self, name: str, part: str, x: float, y: tuple[float, float], feeds: str) -> str:
        """What leads from one storey to another."""
        site = Site(name, part, "riser", ("", "", "T"), feeds=(feeds,))
        return self.put(site, (x, y[0], self.back), (0.04, y[1] - y[0], self.deep))

    def book(self, name: str, part: str, x: float, cells: int) -> str:
        """The table of all tokens: a page for as many of them as the stream is wide, and exactly as deep.

        Only where a narrow model knows so many tokens that it would dwarf all else its pages are thinner.
        """
        deep = min(self.shape.table_pages * self.cell, DEEPEST)
        site = Site(name, part, "book", ("D", "D", ""), cells=cells)
        return self.put(site, (x, 0.0, self.pages_at - 0.4 - deep), (WIDE, WIDE, deep))
