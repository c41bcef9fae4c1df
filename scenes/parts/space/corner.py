"""The map: a miniature of the network in plain solids, the present station lit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from llmtrace.trace import Trace
from scenes import style
from scenes.focus import focus
from scenes.parts.space.boxes import AXES, Box, Space, plain
from scenes.parts.space.layout import Shape, Site
from scenes.parts.space.network import network
from scenes.parts.space.stations import SEEN, STATIONS

MOST = 12  # blocks; of a deeper network so many stand for all
SIZE = (1.6, 0.66)  # of its place, in the upper right corner of the frame


class CornerMap(Space):
    """The whole network as seen from the same side, with the solid of a station in its hue."""

    def __init__(self, trace: Trace, station: str) -> None:
        shape = Shape.of(trace.meta.model)
        here = STATIONS[station]
        drawn = replace(shape, blocks=min(shape.blocks, MOST))
        shown = round(focus(trace).block * (drawn.blocks - 1) / max(shape.blocks - 1, 1))
        lit = here.part if here.part in ("", "in", "out", "stream") else f"{here.part}.{shown}"
        boxes, solid = [], style.mix(style.GROUND, style.BODY, 0.3)
        for name, (low, high) in _solids(drawn, trace.length).items():
            hue = here.hue if name == lit else solid
            edge = here.hue if name == lit else style.mix(style.GROUND, style.BODY, 0.55)
            faces = {axis: plain(hue, axis) for axis in AXES}
            boxes.append(Box(name, low.tolist(), (high - low).tolist(), faces, edge, 0.8))
        frame = (style.RIGHT - SIZE[0], style.TOP - SIZE[1], style.RIGHT, style.TOP)
        lows, highs = (np.array([getattr(box, end) for box in boxes]) for end in ("low", "high"))
        super().__init__(boxes, SEEN.fitted(lows, highs, frame))


def _solids(shape: Shape, tokens: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The lower and the higher end of each solid: all boxes of a part of the network together."""
    made = network(shape, tokens)
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for site, low, high in zip(made.sites, *made.closed, strict=True):
        part = _part(site)
        if part is None:
            continue
        before = found.get(part, (low, high))
        found[part] = np.minimum(before[0], low), np.maximum(before[1], high)
    return found


def _part(site: Site) -> str | None:
    """The solid that a box belongs to; None for what lies between solids."""
    if site.kind == "beam":
        return "stream"
    if site.part in ("in", "out"):
        return site.part if site.kind in ("book", "page") else None
    number = int(site.part.rpartition(".")[2])
    if site.kind == "deck":
        return f"{'attention' if '.attn.' in site.name else 'feed-forward'}.{number}"
    return None
