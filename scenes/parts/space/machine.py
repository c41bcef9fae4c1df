"""The network as it is seen: its boxes with a trace's values on their faces.

Every cell is a value of the trace, in the scale of its own table; weights that the trace does not keep are
plain pages. Data is never shaded: a shaded cell would be another value in the legend.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from llmtrace.trace import Array, Trace
from scenes import style
from scenes.how import strongest
from scenes.parts.space.boxes import Box, Space, plain
from scenes.parts.space.layout import Shape, Site
from scenes.parts.space.network import Network, network
from scenes.parts.space.projector import View
from scenes.parts.texture import Paint, Quad, Texture, folded, logits_paint
from scenes.reading import slice_of

_HUES = {  # of a box's edges and top, by what its tensor's name ends with
    "attn.q": "QUERY",
    "attn.k": "KEY",
    "attn.v": "VALUE",
    "attn.context": "VALUE",
    "attn.pattern": "PROBABILITY",
    "mlp.pre": "FEED_FORWARD",
    "mlp.act": "FEED_FORWARD",
    "logits": "LOGIT",
    "probability": "PROBABILITY",
}


class Machine(Space):
    """The whole network of a trace: `network` tells where its boxes are, `detailed` which block opens."""

    def __init__(self, trace: Trace, view: View, detailed: int | None = None) -> None:
        self.shape = Shape.of(trace.meta.model)
        self.network: Network = network(self.shape, trace.length, detailed)
        lows, highs = self.network.closed
        boxes = [
            _furnished(site, trace, self.shape, low, high)
            for site, low, high in zip(self.network.sites, lows, highs, strict=True)
        ]
        super().__init__(boxes, view, self.network.stations() if detailed is not None else None)
        self.opening = 0.0

    def open(self, opening: float, view: View | None = None) -> Machine:
        """Brings the detailed block to an opening from 0 to 1."""
        self.opening = opening
        self.move(*self.network.at(opening), view)
        return self

    def framed(
        self,
        view: View,
        frame: tuple[float, float, float, float],
        shown: Callable[[Site], bool] = lambda _: True,
        opening: float = 0.0,
    ) -> View:
        """The view in whose directions some of the boxes fill a frame of the screen, at an opening.

        `frame`: left, low, right, high. Raises `ValueError` where no box is shown.
        """
        places = [number for number, site in enumerate(self.network.sites) if shown(site)]
        if not places:
            raise ValueError("no box of the network is to be shown; name some that are there")
        lows, highs = self.network.at(opening)
        return view.fitted(lows, highs, frame, places)


def _furnished(site: Site, trace: Trace, shape: Shape, low: Array, high: Array) -> Box:
    faces, edge, width, opacity = _LOOKS[site.kind](site, trace, shape)
    return Box(site.name, low.tolist(), (high - low).tolist(), faces, edge, width, opacity)


_Look = tuple[dict[str, Quad], str | None, float, float]  # faces, edge, its width and opacity


def _lanes(site: Site, trace: Trace, _shape: Shape) -> _Look:
    """Tokens along z: channels go down, as everywhere."""
    hue, bound = _hue(site), None
    if site.tensor.endswith(("mlp.pre", "mlp.act")):  # one scale for both: what is bent is seen in place
        bound = strongest(trace[site.tensor.replace("mlp.act", "mlp.pre")])
    cells = _texture(site, trace, Paint(bound=bound), np.transpose)
    return {"x": cells, "y": plain(hue, "y"), "z": _dim(hue, "z", 0.5)}, hue, 1.2, 0.6


def _heads(site: Site, trace: Trace, _shape: Shape) -> _Look:
    """All heads' bands, or one: a sheet across the path or, for keys and values, along it."""
    hue, along = _hue(site), "z" if site.axes[0] == "T" else "x"
    paint = Paint(bound=strongest(trace[site.tensor]))
    arrange = _banded if site.kind == "heads" else np.transpose
    cells = _texture(site, trace, paint, arrange)
    other = "x" if along == "z" else "z"
    return {along: cells, "y": plain(hue, "y"), other: _dim(hue, other, 0.6)}, hue, 1.1, 0.8


def _floor(site: Site, trace: Trace, shape: Shape) -> _Look:
    hue = _hue(site)
    if site.name == "probability":
        values = trace[site.tensor][site.index]
        cells = _texture(
            site, trace, Paint(style.SHARES, float(values.max()), gaps=False), folded(shape.width)
        )
        return {"y": cells, "x": _dim(hue, "x", 0.4), "z": _dim(hue, "z", 0.5)}, hue, 1.1, 0.7
    cells = _texture(site, trace, Paint(style.SHARES, 1.0), None)
    return {"y": cells, "x": _dim(hue, "x", 0.5), "z": _dim(hue, "z", 0.6)}, hue, 1.0, 0.5


def _beam(site: Site, trace: Trace, _shape: Shape) -> _Look:
    """The last token's values run along it; its top is a road with a lane for each token."""
    last = slice_of(trace, site.tensor, trace.length - 1)
    threads = Texture(last, Paint(style.STREAM, gaps=False), 1.0, 1.0, lambda values: values[:, None])
    far, near = (style.mix(style.GROUND, style.BODY, share) for share in (0.36, 0.78))
    road = plain(far, "y", near, (trace.length, 1))
    return {"z": threads, "y": road, "x": _dim(style.BODY, "x", 0.5)}, style.BODY, 1.0, 0.3


def _wall(site: Site, trace: Trace, shape: Shape) -> _Look:
    values = trace[site.tensor]
    cells = _texture(site, trace, logits_paint(values), folded(shape.width))
    return {"z": cells, "y": plain(style.LOGIT, "y"), "x": _dim(style.LOGIT, "x", 0.8)}, style.LOGIT, 1.1, 0.8


def _page(site: Site, trace: Trace, shape: Shape) -> _Look:
    shown = site.part == f"block.{int(trace['weight.head'][0]):02d}"
    cells = _weights(site.name.removeprefix(f"{site.part}."), trace, shape) if shown else None
    return {"z": cells or _blank(), **_sides((1, 1))}, style.LEARNED, 1.0, 0.55


def _weights(page: str, trace: Trace, shape: Shape) -> Quad | None:
    """The cells of one of the shown block's pages, where the trace keeps its weights, as of a small model.

    (what it makes, what it takes); of the feed-forward's way back each neuron has a row too.
    """
    part, name, *number = page.split(".")  # "attn.w_q", "mlp.up.0"
    tensor = f"weight.block.{name.removeprefix('w_')}"
    if tensor not in trace:
        return None
    paint = Paint(style.WEIGHTS)
    if part == "attn":
        return Texture(slice_of(trace, tensor), paint, 1.0, 1.0, _outputs(name))
    first = int(number[0]) * shape.width
    neurons = (first, min(first + shape.width, shape.mlp_width))
    if name == "down":
        return Texture(slice_of(trace, tensor, neurons), paint, 1.0, 1.0)
    return Texture(slice_of(trace, tensor, (0, shape.width), neurons), paint, 1.0, 1.0, np.transpose)


def _deck(site: Site, _trace: Trace, shape: Shape) -> _Look:
    pages = 4 if site.name.endswith("attn.pages") else 2 * shape.mlp_pages
    return {"z": _blank(), **_sides((pages, 1))}, style.LEARNED, 1.0, 0.55


def _book(site: Site, _trace: Trace, shape: Shape) -> _Look:
    light = 1.0 if site.cells else 0.55  # the same table again
    front = _blank(light)
    return {"z": front, **_sides((shape.table_pages, 1), light)}, style.LEARNED, 1.0, 0.6 * light


def _rod(_site: Site, _trace: Trace, _shape: Shape) -> _Look:
    hue = style.LEARNED
    return {"x": _dim(hue, "x", 0.6), "y": plain(hue, "y"), "z": _dim(hue, "z", 0.5)}, None, 1.0, 1.0


def _riser(_site: Site, trace: Trace, _shape: Shape) -> _Look:
    lanes = Quad(plain(style.BODY, "y", ruled=(1, trace.length)).cells, 1.0, 1.0).set_opacity(0.16)
    return {"x": lanes}, None, 1.0, 1.0


_LOOKS: dict[str, Callable[[Site, Trace, Shape], _Look]] = {
    "lanes": _lanes,
    "heads": _heads,
    "head": _heads,
    "floor": _floor,
    "beam": _beam,
    "wall": _wall,
    "page": _page,
    "deck": _deck,
    "book": _book,
    "rod": _rod,
    "riser": _riser,
}


def _texture(site: Site, trace: Trace, paint: Paint, arrange: Callable[[Array], Array] | None) -> Texture:
    return Texture(slice_of(trace, site.tensor, *site.index), paint, 1.0, 1.0, arrange)


def _hue(site: Site) -> str:
    name = next((hue for end, hue in _HUES.items() if site.tensor.endswith(end)), "BODY")
    return style.hue(name)


def _dim(hue: str, axis: str, share: float) -> Quad:
    """A plain face of some of a hue; the axis' own shade is in it."""
    return plain(style.mix(style.GROUND, hue, min(1.0, share / style.SHADE[axis])), axis)


def _blank(light: float = 1.0) -> Quad:
    """The front of a page whose weights are not shown."""
    upper, lower = (
        style.mix(style.GROUND, style.LEARNED, share * light / style.SHADE["z"]) for share in (0.3, 0.17)
    )
    return plain(upper, "z", lower)


def _sides(pages: tuple[int, int], light: float = 1.0) -> dict[str, Quad]:
    """The top and the right side of pages, ruled between them."""
    top, right = (style.mix(style.GROUND, style.LEARNED, share * light) for share in (0.8, 0.9))
    ruled = pages if pages != (1, 1) else None
    return {"y": plain(top, "y", ruled=ruled), "x": plain(right, "x", ruled=ruled and ruled[::-1])}


def _banded(values: Array) -> Array:
    """(head, position, channel) → (heads one below the other, position)."""
    return values.transpose(0, 2, 1).reshape(-1, values.shape[1])


def _outputs(page: str) -> Callable[[Array], Array]:
    """A block's weights → (what they make, what they take), heads one below or beside the other."""
    if page == "w_o":
        return lambda w: w.reshape(-1, w.shape[2]).T
    return lambda w: w.transpose(0, 2, 1).reshape(-1, w.shape[1])
