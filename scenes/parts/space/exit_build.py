"""The pieces of the network's end: the stream and its last lane, the table, the wall, the floor, towers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from llmtrace.names import block
from llmtrace.trace import Array, Trace
from scenes import style
from scenes.how import strongest
from scenes.parts.bars import full
from scenes.parts.space.boxes import plain
from scenes.parts.space.exit_plan import (
    DEEP,
    HIGH,
    LANE,
    LONG,
    ROAD,
    THICK,
    TOWER,
    WIDE,
    ExitPlan,
    Triple,
)
from scenes.parts.space.light import light
from scenes.parts.space.room_plan import ROOMY
from scenes.parts.space.scenery import Piece
from scenes.parts.texture import Paint, Quad, Texture, logits_paint
from scenes.reading import slice_of

GLARE = 0.05  # of the likeliest token's share: from there on a cell is as bright as it gets,
LEAST = 0.001  # but not below this: a flat distribution is dark
_SLAB = 0.1


class ExitBuilder:
    """Makes the pieces of a trace's exit; `tokens` are those that have a tower."""

    def __init__(self, trace: Trace, plan: ExitPlan, tokens: Sequence[int]) -> None:
        self.trace, self.plan, self.tokens = trace, plan, list(tokens)
        self._scores = logits_paint(trace["logits"])
        row = trace["generated.probability"][0]
        self._shares = {token: float(row[token]) / full(float(row.max())) for token in self.tokens}
        self._wide = dict(zip(self.tokens, plan.stout(self.tokens), strict=True))

    def stream(self) -> list[Piece]:
        """The end of the stream, the last norm, and in it the last token's lane."""
        plan, trace = self.plan, self.trace
        deep = plan.lane * plan.tokens
        last = block(trace.meta.model.blocks - 1, "resid_post")
        threads = Texture(
            slice_of(trace, last, trace.length - 1), Paint(style.STREAM, gaps=False), 1.0, 1.0, _upright
        )
        far, near = (style.mix(style.GROUND, style.BODY, share) for share in (0.36, 0.78))
        road = plain(far, "y", near, (plan.tokens, 1))
        faces = {"z": threads, "y": road, "x": plain(style.mix(style.GROUND, style.BODY, 0.8), "x")}
        stream = Piece(
            "stream", (ROAD, 0, plan.back), (LANE - 0.8 - ROAD, WIDE, deep), faces, style.BODY, 1.0, 0.3
        )
        paint = Paint(bound=strongest(trace["ln_f.out"]))
        made = [stream]
        first = trace.length - plan.tokens
        lanes = {"others": (0, plan.tokens - 1), "last": (plan.tokens - 1, plan.tokens)}
        for name, (start, stop) in lanes.items():
            if start == stop:
                continue
            drawn = slice_of(trace, "ln_f.out", (first + start, first + stop))
            cells = Texture(drawn, paint, 1.0, 1.0, np.transpose)
            at = (LANE, 0.0, plan.back + start * plan.lane)
            sides = {"x": cells, "y": plain(style.BODY, "y")}
            size = (THICK, WIDE, (stop - start) * plan.lane)
            rim = (style.INK, 2.2, 1.0, 1.0) if plan.lane > ROOMY else (style.INK, 1.2, 1.0, 0.5)
            made.append(Piece(name, at, size, sides, *(rim if name == "last" else (style.BODY, 1.0, 0.5))))
        return made

    def table(self) -> list[Piece]:
        """The table again; on its right side, page by page, a score for each row."""
        plan, hue = self.plan, style.LEARNED
        upper, lower = (style.mix(style.GROUND, hue, share / 0.8) for share in (0.36, 0.18))
        top = plain(style.mix(style.GROUND, hue, 0.8), "y", ruled=(plan.pages, 1))
        right = plain(style.mix(style.GROUND, hue, 0.45), "x", ruled=(1, plan.pages))
        faces = {"z": plain(upper, "z", lower), "y": top, "x": right}
        at = (0.0, 0.0, plan.wall)
        made = [Piece("table", at, (WIDE, WIDE, plan.thick), faces, hue, 1.1, 0.7)]
        for number, (start, stop) in enumerate(plan.bands()):
            cells = self._band(start, stop, lambda folded: folded[::-1].T)
            at = (WIDE, 0.0, plan.front - stop * plan.page)
            made.append(Piece(f"edge.{number}", at, (0.02, WIDE, (stop - start) * plan.page), {"x": cells}))
        pages = plain(style.HIGHLIGHT, "y")
        at = (0.0, WIDE + 0.01, plan.front - plan.page)
        return [*made, Piece("page", at, (WIDE, 0.02, plan.page), {"y": pages}, style.LOGIT, 1.6, 0.9, 1.0)]

    def wall(self) -> list[Piece]:
        """The scores: a page a row, from the top down."""
        plan, hue = self.plan, style.LOGIT
        row = HIGH / plan.pages
        made = []
        for number, (start, stop) in enumerate(plan.bands()):
            cells = self._band(start, stop, np.asarray)
            at = (plan.left, HIGH - stop * row, plan.wall - THICK)
            made.append(Piece(f"wall.{number}", at, (LONG, (stop - start) * row, THICK), {"z": cells}))
        at = (plan.left, 0.0, plan.wall + 0.005)
        return [*made, Piece("wall", at, (LONG, HIGH, 0.01), {}, hue, 1.5, 0.9)]

    def floor(self) -> list[Piece]:
        """The shares, below the wall and with its columns."""
        plan, hue = self.plan, style.PROBABILITY
        shares = slice_of(self.trace, "generated.probability", 0)
        bound = max(LEAST, GLARE * float(shares.values.max()))
        cells = Texture(shares, Paint(style.SHARES, bound, gaps=False), 1.0, 1.0, plan.folded)
        sides = {axis: plain(style.mix(style.GROUND, hue, 0.6), axis) for axis in ("x", "z")}
        at = (plan.left, -_SLAB, plan.near)
        return [Piece("floor", at, (LONG, _SLAB, DEEP), {"y": cells, **sides}, hue, 1.2, 0.8)]

    def towers(self) -> list[Piece]:
        """On each token's own cell, as high as its share is beside the likeliest's."""
        made = []
        for token in self.tokens:
            under = style.mix(style.GROUND, style.SHARE, 0.5)
            faces = {
                "y": plain(style.GLEAM, "y"),
                "x": plain(style.PROBABILITY, "x"),
                "z": plain(style.PROBABILITY, "z", under),
            }
            at, size = self.tower(token, 1.0, 0.0)
            made.append(Piece(f"tower.{token}", at, size, faces, style.GLEAM, 0.9, 0.7, 0.6))
        return made

    def tower(self, token: int, risen: float, lifted: float) -> tuple[Triple, Triple]:
        """Where a token's tower is, its low end and its size."""
        x, z = self.plan.place(token)
        wide = self._wide[token]
        deep = 0.9 * self.plan.cell[1]
        tall = max(0.02, TOWER * self._shares[token] * risen)
        return (x - wide / 2, 0.01 + lifted, z - deep / 2), (wide, tall, deep)

    def light(self) -> list[Piece]:
        """What falls from the last lane onto the table."""
        clear = np.linspace(0.42, 0.0, 16) ** 1.3
        ray = light(style.BEAM, style.LEARNED, clear)
        return [Piece("ray", (0.0, 0.0, self.plan.front + 0.01), (WIDE, WIDE, 0.02), {"z": ray})]

    def _band(self, start: int, stop: int, arrange: Callable[[Array], Array]) -> Quad:
        """The scores of some pages, (page, row), arranged."""
        width, plan = self.plan.width, self.plan
        tokens = (start * width, min(stop * width, plan.vocabulary))
        drawn = slice_of(self.trace, "logits", tokens)
        return Texture(drawn, self._scores, 1.0, 1.0, lambda values: arrange(plan.folded(values)))


def _upright(values: Array) -> Array:
    return values[:, None]
