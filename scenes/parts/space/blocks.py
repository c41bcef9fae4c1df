"""One block's boxes, closed with its pages and heads held together, or opened along the path."""

from __future__ import annotations

from llmtrace.names import block as named
from scenes.parts.space.layout import BAND, BEHIND, BETWEEN, LIFT, PITCH, WIDE, Floor, Site, Triple

_After = tuple[
    str, float, float
]  # the sheet that the stream comes from, where it ends, where the next block is


def closed_block(floor: Floor, number: int, x: float, stream: str, begin: float) -> _After:
    """A block in front of its own pages: as long as a page is wide, and a little."""
    part, deep, thick = named(number, "")[:-1], floor.deep, floor.thick
    below, above = -WIDE - LIFT[0], WIDE + LIFT[0]
    width = floor.shape.width

    def name(what: str) -> str:
        return named(number, what)

    beam = floor.beam(begin, x + 9.0, part, name("resid_pre"), stream)
    norm = floor.norm(name("ln1"), part, x + 0.3, below, [beam])
    floor.riser(name("ln1.riser"), part, x + 0.3, (below + WIDE, 0.0), beam)
    deck = _deck(floor, name("attn.pages"), part, x + 0.8, below, 4, 4 * width * width + 4 * width)
    query, right = x + 2.6, x + 3.1
    context = right + deep + 0.9
    heads = [
        _sheet(floor, name("attn.q"), part, (query, below, floor.back), (thick, WIDE, deep), (norm, deck)),
        _sheet(
            floor,
            name("attn.k"),
            part,
            (right, below, floor.back - 0.2 - thick),
            (deep, WIDE, thick),
            (norm, deck),
        ),
        _sheet(
            floor,
            name("attn.v"),
            part,
            (right, below, floor.back - 0.5 - thick),
            (deep, WIDE, thick),
            (norm, deck),
        ),
    ]
    floors = [
        _floor(floor, number, head, part, right, below, tuple(heads[:2])) for head in range(floor.shape.heads)
    ]
    mixed = _sheet(
        floor,
        name("attn.context"),
        part,
        (context, below, floor.back),
        (thick, WIDE, deep),
        (*floors, heads[2]),
    )
    out = floor.lanes(name("attn.out"), part, x + 15.4, below, [mixed, deck])
    floor.riser(name("attn.riser"), part, x + 15.4, (below + WIDE, 0.0), out)
    middle = floor.lanes(name("resid_mid"), part, x + 9.0, 0.0, [beam, out])
    beam = floor.beam(x + 9.0 + thick, x + 17.0, part, name("resid_mid"), middle)
    norm = floor.norm(name("ln2"), part, x + 0.3, above, [beam])
    floor.riser(name("ln2.riser"), part, x + 0.3, (WIDE, above), beam)
    pages = floor.shape.mlp_pages
    mlp = 2 * floor.shape.mlp_width * width + floor.shape.mlp_width + width
    deck = _deck(floor, name("mlp.pages"), part, x + 0.8, above, 2 * pages, mlp)
    pairs = _pairs(floor, number, part, x + 3.2, above, 8.1 / max(pages - 1, 1), 0.8, (norm, deck))
    out = floor.lanes(name("mlp.out"), part, x + 15.4, above, [*pairs, deck])
    floor.riser(name("mlp.riser"), part, x + 15.4, (WIDE, above), out)
    last = floor.lanes(name("resid_post"), part, x + 17.0, 0.0, [beam, out])
    return last, x + 17.0 + thick, x + 17.0 + BETWEEN[0]


class OpenBlock:
    """A block whose pages and heads are boxes of their own; it is open where the floor's opening is 1."""

    def __init__(self, floor: Floor, number: int) -> None:
        self.floor, self.number, self.part = floor, number, named(number, "")[:-1]
        self.opening = floor.opening
        self.pitch, lift = PITCH[floor.opening], LIFT[floor.opening]
        self.below, self.above = -WIDE - lift, WIDE + lift
        self.gap = 0.58 * floor.deep * floor.opening  # in the stream, behind each of its sheets

    def build(self, x: float, stream: str, begin: float) -> _After:
        floor, thick = self.floor, self.floor.thick
        middle = self._attention(x)
        beam = floor.beam(begin, middle, self.part, self.name("resid_pre"), stream)
        floor.riser(
            self.name("ln1.riser"), self.part, x + self.pick(0.3, 1.0), (self.below + WIDE, 0.0), beam
        )
        added = floor.lanes(self.name("resid_mid"), self.part, middle, 0.0, [beam, self.name("attn.out")])
        norm, end = self._feed_forward(x, middle)
        beam = floor.beam(middle + thick + self.gap, end, self.part, self.name("resid_mid"), added)
        floor.riser(self.name("ln2.riser"), self.part, norm, (WIDE, self.above), beam)
        last = floor.lanes(self.name("resid_post"), self.part, end, 0.0, [beam, self.name("mlp.out")])
        after = end + thick + self.gap
        return last, after, end + BETWEEN[self.opening] + self.gap

    def _attention(self, x: float) -> float:
        """From the norm to what is added to the stream. Returns where it is added."""
        floor, deep, thick, y = self.floor, self.floor.deep, self.floor.thick, self.below
        norm = floor.norm(
            self.name("ln1"), self.part, x + self.pick(0.3, 1.0), y, [self.name("resid_pre.beam")]
        )
        pages = x + self.pick(0.8, 3.0)
        weights = {
            letter: self._weights(f"attn.w_{letter}", pages, y, depth, floor.shape.width)
            for depth, letter in enumerate("qkv", start=1)
        }
        query = self.pick(x + 2.6, pages + WIDE + self._clear(4))
        right = query + self.pick(0.5, 1.0)
        context = right + deep + self.pick(0.9, 0.5 * (deep + 2.6) + 0.6)
        back = {"k": floor.back - self.pick(0.2, 0.45) - thick, "v": floor.back - self.pick(0.5, 0.9) - thick}
        for head in range(floor.shape.heads):
            high = y + WIDE - (head + 1) * WIDE / floor.shape.heads
            queries = self._head(
                "q", head, (query, high, floor.back), across=True, feeds=(norm, *weights["q"])
            )
            keys, values = (
                self._head(
                    letter, head, (right, high, back[letter]), across=False, feeds=(norm, *weights[letter])
                )
                for letter in "kv"
            )
            pattern = _floor(floor, self.number, head, self.part, right, y, (queries, keys))
            self._head("context", head, (context, high, floor.back), across=True, feeds=(pattern, values))
        last = self.pick(x + 0.8, context + 1.6)
        mixing = self._weights("attn.w_o", last, y, 0, floor.shape.width, last + WIDE + 0.1)
        out = self.pick(x + 15.4, last + WIDE + self._clear(1))
        heads = [self.name(f"attn.context.{head}") for head in range(floor.shape.heads)]
        made = floor.lanes(self.name("attn.out"), self.part, out, y, [*heads, *mixing])
        floor.riser(self.name("attn.riser"), self.part, out, (y + WIDE, 0.0), made)
        return self.pick(x + 9.0, out + 2.4)

    def _feed_forward(self, x: float, middle: float) -> tuple[float, float]:
        """From the second norm to what is added. Returns where the norm stands, and where it is added."""
        floor, deep, y, width = self.floor, self.floor.deep, self.above, self.floor.shape.width
        count = floor.shape.mlp_pages
        start = self.pick(x + 0.3, middle + 0.4 * deep + 1.5)
        norm = floor.norm(self.name("ln2"), self.part, start, y, [self.name("resid_mid.beam")])
        up = self.pick(x + 0.8, start + 2.0)
        left, pages = floor.shape.mlp_width, list[str]()
        for page in range(count):
            pages += self._weights(f"mlp.up.{page}", up, y, page, min(left, width))
            left -= width
        pairs = self.pick(x + 3.2, up + WIDE + self._clear(count))
        step = self.pick(8.1 / max(count - 1, 1), 0.5 * deep + 1.4)
        apart = self.pick(0.8, 1.2)
        acts = _pairs(floor, self.number, self.part, pairs, y, step, apart, (norm, *pages))
        down = self.pick(x + 0.8, pairs + (count - 1) * step + apart + 2.0)
        left, pages = floor.shape.mlp_width, []
        for page in range(count):
            named_page = self.name(f"mlp.down.{page}")
            pages.append(
                floor.page(named_page, self.part, down, y, count + page, min(left, width), self.pitch)
            )
            left -= width
        z = floor.pages_at - count * self.pitch - floor.thick
        pages.append(floor.rod(self.name("mlp.down.bias"), self.part, down - 0.1 - floor.thick, y, z, width))
        out = self.pick(x + 15.4, down + WIDE + self._clear(2 * count))
        made = floor.lanes(self.name("mlp.out"), self.part, out, y, [*acts, *pages])
        floor.riser(self.name("mlp.riser"), self.part, out, (WIDE, y), made)
        return start, self.pick(x + 17.0, out + 2.4)

    def name(self, what: str) -> str:
        return named(self.number, what)

    def pick(self, closed: float, opened: float) -> float:
        return opened if self.opening else closed

    def _clear(self, pages: int) -> float:
        """How far a sheet must be from a deck of pages so that it hides none, up to 30 degrees of azimuth."""
        return 0.5 * (self.floor.deep + BEHIND + (pages - 1) * self.pitch) + 0.8

    def _weights(
        self, what: str, x: float, y: float, depth: int, rows: int, beside: float | None = None
    ) -> list[str]:
        """A page of weights, and at its left edge, or `beside` it, the biases of its rows.

        What moves when the block opens has its biases at the right: so no order changes on the way.
        """
        floor, name = self.floor, self.name(what)
        z = floor.pages_at - depth * self.pitch - floor.thick
        page = floor.page(name, self.part, x, y, depth, rows, self.pitch)
        left = x - 0.1 - floor.thick
        return [page, floor.rod(f"{name}.bias", self.part, left if beside is None else beside, y, z, rows)]

    def _head(self, what: str, head: int, low: Triple, across: bool, feeds: tuple[str, ...]) -> str:
        """One head's band of a sheet that stands across the path, or along it."""
        floor, band = self.floor, WIDE / self.floor.shape.heads
        high, (x, y, z) = band * BAND, low
        size = (floor.thick, high, floor.deep) if across else (floor.deep, high, floor.thick)
        axes = ("", "K", "T") if across else ("T", "K", "")
        tensor = self.name(f"attn.{what}")
        site = Site(f"{tensor}.{head}", self.part, "head", axes, tensor, (head,), feeds=feeds)
        return floor.put(site, (x, y + band * (1 - BAND) / 2, z), size)


def _sheet(
    floor: Floor,
    tensor: str,
    part: str,
    low: Triple,
    size: Triple,
    feeds: tuple[str, ...],
) -> str:
    """All heads' bands as one sheet."""
    axes = ("", "D", "T") if size[2] > size[0] else ("T", "D", "")
    return floor.put(Site(tensor, part, "heads", axes, tensor, feeds=feeds), low, size)


def _floor(
    floor: Floor, number: int, head: int, part: str, x: float, y: float, feeds: tuple[str, ...]
) -> str:
    """A head's attention weights: keys along x, queries along z."""
    tensor = named(number, "attn.pattern")
    site = Site(f"{tensor}.{head}", part, "floor", ("T", "", "T"), tensor, (head,), feeds=feeds)
    band = WIDE / floor.shape.heads
    low = (x, y + WIDE - (head + 1) * band, floor.back)
    return floor.put(site, low, (floor.deep, min(floor.thick, 0.1, band * (1 - BAND) / 2), floor.deep))


def _deck(floor: Floor, name: str, part: str, x: float, y: float, pages: int, cells: int) -> str:
    """Pages that are held together."""
    deep = (pages - 1) * PITCH[0] + floor.thick
    site = Site(name, part, "deck", ("D", "D", ""), cells=cells)
    return floor.put(site, (x, y, floor.pages_at - deep), (WIDE, WIDE, deep))


def _pairs(
    floor: Floor,
    number: int,
    part: str,
    x: float,
    y: float,
    step: float,
    apart: float,
    feeds: tuple[str, ...],
) -> list[str]:
    """What goes into the activation and what comes out, page by page of the feed-forward's width."""
    made, width = [], floor.shape.width
    for page in range(floor.shape.mlp_pages):
        columns = page * width, min((page + 1) * width, floor.shape.mlp_width)
        high = (columns[1] - columns[0]) * floor.cell
        before = feeds
        for what, shift in (("pre", 0.0), ("act", apart)):
            tensor = named(number, f"mlp.{what}")
            axes = ("", "D" if high == WIDE else "", "T")
            index = ((0, floor.tokens), columns)
            site = Site(f"{tensor}.{page}", part, "lanes", axes, tensor, index, feeds=before)
            name = floor.put(
                site, (x + page * step + shift, y + WIDE - high, floor.back), (floor.thick, high, floor.deep)
            )
            before = (name,)
        made.append(name)
    return made
