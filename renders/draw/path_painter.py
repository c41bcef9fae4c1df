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

    def paint(
        self, ctx: Any, vmobjects: Sequence[VMobject], play: BatchedTransforms | None, see: See
    ) -> None:
        """Draws those objects that `see` tells of, in their order."""
        drawn = [
            (vmobject, strokes)
            for vmobject in vmobjects
            if len(vmobject.points) >= CURVE and (strokes := self._strokes(vmobject, play))
        ]
        laid = paths([vmobject.points if play is None else play.points(vmobject) for vmobject, _ in drawn])
        line: float = self._camera.cairo_line_width_multiple
        for place in see(laid.boxes, _margins(drawn) * line, np.array(laid.sizes, bool)):
            laid.lay(ctx, place)
            vmobject, strokes = drawn[place]
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


def _margins(drawn: Sequence[tuple[VMobject, list[Stroke]]]) -> Numbers:
    """How far each object's widest stroke may reach beyond its outline, in widths' units."""
    widest = [
        max(width or 0.0 for width, _ in strokes) if len(strokes) > 1 else strokes[0][0] or 0.0
        for _, strokes in drawn
    ]
    return np.array(widest) / 2 * _MITER
