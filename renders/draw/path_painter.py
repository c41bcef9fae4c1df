"""Outlines drawn by cairo, each where the play has it and as manim's camera would paint it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Camera, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

from renders.draw.cairo_paths import CURVE, paths
from renders.draw.transforms import BatchedTransforms, Stroke, strokes_of

Numbers = npt.NDArray[np.float64]
# Takes boxes, (objects, 4): least x, y and greatest x, y; margins, one each, all in manim's units; and which
# are there at all. Tells which of them are in the picture.
See = Callable[[Numbers, Numbers, npt.NDArray[np.bool_]], list[int]]

_MITER = 10  # cairo's limit: so many half line widths may a corner stick out


class PathPainter:
    """Draws outlines on a camera's context, whose units are manim's."""

    def __init__(self, camera: Camera) -> None:
        self._camera: Any = camera
        self._flight: BatchedTransforms | None = None  # all through which outlines keep their strokes
        self._drawn: list[tuple[int, list[Stroke]]] = []

    def lay(self, vmobjects: Sequence[VMobject], play: BatchedTransforms | None, see: See) -> None:
        """Takes all outlines of a picture and works out where they are."""
        if play is None or play is not self._flight:
            self._flight = play if play is not None and play.only_flies else None
            self._drawn = [
                (place, strokes)
                for place, vmobject in enumerate(vmobjects)
                if len(vmobject.points) >= CURVE and (strokes := self._strokes(vmobject, play))
            ]
        drawn = self._drawn
        shown = [vmobjects[place] for place, _ in drawn]
        laid = paths([vmobject.points if play is None else play.points(vmobject) for vmobject in shown])
        margins = _margins([strokes for _, strokes in drawn]) * self._camera.cairo_line_width_multiple
        seen = see(laid.boxes, margins, np.array(laid.sizes, bool))
        self._laid, self._vmobjects = laid, vmobjects
        self._seen = [
            (*drawn[at], at) for at in seen
        ]  # place among the objects, strokes, place among the paths
        self._next = 0

    def paint(self, ctx: Any, stop: int) -> None:
        """Draws the next of them, up to place `stop`."""
        line: float = self._camera.cairo_line_width_multiple
        while self._next < len(self._seen) and self._seen[self._next][0] < stop:
            place, strokes, at = self._seen[self._next]
            self._next += 1
            vmobject = self._vmobjects[place]
            self._laid.lay(ctx, at)
            for width, colour in strokes:
                self._set_source(ctx, vmobject, colour)
                if width is None:
                    ctx.fill_preserve()
                else:
                    ctx.set_line_width(width * line)
                    ctx.set_line_join(LINE_JOIN_MAP[vmobject.joint_type])
                    ctx.set_line_cap(CAP_STYLE_MAP[vmobject.cap_style])
                    ctx.stroke_preserve()

    def _set_source(self, ctx: Any, vmobject: VMobject, colour: Any) -> None:
        if isinstance(colour, list):
            red, green, blue, opacity = colour
            ctx.set_source_rgba(blue, green, red, opacity)  # cairo's memory is read as RGBA
        else:
            self._camera.set_cairo_context_color(ctx, colour, vmobject)

    def _strokes(self, vmobject: VMobject, play: BatchedTransforms | None) -> list[Stroke]:
        moved = None if play is None else play.strokes(vmobject)
        if moved is not None:
            return moved
        behind, fill, stroke = (
            rgbas[0].tolist() if len(rgbas) == 1 else rgbas
            for rgbas in (
                self._camera.get_stroke_rgbas(vmobject, background=True),
                self._camera.get_fill_rgbas(vmobject),
                self._camera.get_stroke_rgbas(vmobject),
            )
        )
        return strokes_of(vmobject.get_stroke_width(True), behind, fill, vmobject.get_stroke_width(), stroke)


def _margins(drawn: Sequence[list[Stroke]]) -> Numbers:
    """How far each object's widest stroke may reach beyond its outline, in widths' units."""
    widest = [
        max(width or 0.0 for width, _ in strokes) if len(strokes) > 1 else strokes[0][0] or 0.0
        for strokes in drawn
    ]
    return np.array(widest) / 2 * _MITER
