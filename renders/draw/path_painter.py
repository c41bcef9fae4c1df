"""Outlines drawn by cairo, each where the play has it and as manim's camera would paint it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from manim import Camera, VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

from renders.draw.cairo_paths import CURVE, Paths, Points, paths
from renders.draw.changes import Laid, PixelBoxes
from renders.draw.transforms import BatchedTransforms, Stroke, strokes_of

_MITER = 10  # cairo's limit: so many half line widths may a corner stick out

# (objects, points, 2) in manim's units, and margins around them, (objects, 1, 1) → the boxes of the objects.
InPixels = Callable[[Points, Any], PixelBoxes]


class PathPainter:
    """Draws outlines on a camera's context, whose units are manim's."""

    def __init__(self, camera: Camera) -> None:
        self._camera: Any = camera
        self._flight: BatchedTransforms | None = None  # all through which outlines keep their strokes
        self._drawn: list[tuple[int, list[Stroke]]] = []
        self._laid: Paths | None = None

    def lay(self, vmobjects: Sequence[VMobject], play: BatchedTransforms | None, see: InPixels) -> Laid:
        """Takes all outlines of a picture and works out where they are."""
        if play is None or play is not self._flight:
            self._flight = play if play is not None and play.only_flies else None
            there = [place for place, vmobject in enumerate(vmobjects) if len(vmobject.points) >= CURVE]
            painted = zip(there, _strokes([vmobjects[place] for place in there], play), strict=True)
            self._drawn = [(place, strokes) for place, strokes in painted if strokes]
        places = [place for place, _ in self._drawn]
        shown = [vmobjects[place] for place in places]
        outlines = [vmobject.points if play is None else play.points(vmobject) for vmobject in shown]
        laid = self._laid = paths(outlines, self._laid)
        boxes, looks = np.zeros((len(vmobjects), 4), np.int64), list[Any]([None]) * len(vmobjects)
        margins = _margins([strokes for _, strokes in self._drawn]) * self._camera.cairo_line_width_multiple
        boxes[places] = see(laid.boxes.reshape(-1, 2, 2), margins[:, None, None])
        boxes[[place for place, size in zip(places, laid.sizes, strict=True) if not size]] = 0
        for (place, strokes), outline in zip(self._drawn, laid.outlines, strict=True):
            looks[place] = outline, *map(_comparable, strokes)
        self._vmobjects = vmobjects
        self._at = {place: at for at, place in enumerate(places)}  # among the paths
        return Laid(vmobjects, boxes, looks, np.zeros((len(vmobjects), 0)))

    def paint(self, ctx: Any, places: Sequence[int]) -> None:
        """Draws those at some places, whose boxes have an inside."""
        line: float = self._camera.cairo_line_width_multiple
        assert self._laid is not None
        for place in places:
            vmobject, at = self._vmobjects[place], self._at[place]
            self._laid.lay(ctx, at)
            for width, colour in self._drawn[at][1]:
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


def _strokes(vmobjects: Sequence[VMobject], play: BatchedTransforms | None) -> list[list[Stroke]]:
    """How each is painted: as the play has it, or else as it is itself."""
    moved = [None if play is None else play.strokes(vmobject) for vmobject in vmobjects]
    own = [vmobject for vmobject, strokes in zip(vmobjects, moved, strict=True) if strokes is None]
    looks = zip(
        [vmobject.get_stroke_width(True) for vmobject in own],
        _colours([vmobject.get_stroke_rgbas(True) for vmobject in own]),
        _colours([vmobject.get_fill_rgbas() for vmobject in own]),
        [vmobject.get_stroke_width() for vmobject in own],
        _colours([vmobject.get_stroke_rgbas() for vmobject in own]),
        strict=True,
    )
    return [strokes_of(*next(looks)) if strokes is None else strokes for strokes in moved]


def _colours(rgbas: Sequence[Points]) -> list[Any]:
    """Of each the four numbers, or where it is a gradient the array of them."""
    if rgbas and all(len(colours) == 1 for colours in rgbas):
        return list(np.concatenate(rgbas).tolist())
    return [colours[0].tolist() if len(colours) == 1 else colours for colours in rgbas]


def _comparable(stroke: Stroke) -> tuple[float | None, Any]:
    width, colour = stroke
    return width, colour if isinstance(colour, list) else colour.tobytes()


def _margins(drawn: Sequence[list[Stroke]]) -> Points:
    """How far each object's widest stroke may reach beyond its outline, in widths' units."""
    widest = [
        max(width or 0.0 for width, _ in strokes) if len(strokes) > 1 else strokes[0][0] or 0.0
        for strokes in drawn
    ]
    return np.array(widest) / 2 * _MITER
