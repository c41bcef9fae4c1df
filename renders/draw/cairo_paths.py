"""Many outlines laid for cairo at once: numpy works out the paths, and cairo reads them from its memory.

To hand cairo a curve costs one call from Python, and a letter has some 25. A `cairo_path_t` is an array of
16-byte entries (cairo's manual, "Paths"): a header of type and length, then that many points less one; so the
paths of all objects of a picture are one array, and each is one call.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from cairo import _cairo  # type: ignore[attr-defined]

Points = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

CURVE = 4  # points of a cubic curve: an anchor, two handles, an anchor
_RELATIVE, _ABSOLUTE = 1e-5, 1e-6  # manim's tolerances for two anchors being one point
_MOVE, _LINE_TO, _CURVE_TO, _CLOSE = range(4)  # cairo_path_data_type_t
_ENTRY = 16  # bytes


class _Path(ctypes.Structure):
    """cairo_path_t."""

    _fields_ = (("status", ctypes.c_int), ("data", ctypes.c_void_p), ("num_data", ctypes.c_int))


@dataclass(frozen=True)
class Paths:
    """The paths of some objects, in their order; `boxes`, (objects, 4), are least x, y and greatest x, y.

    An object without a whole curve, or with a point that is no number, has no path: `sizes` is 0 there.
    """

    entries: Points  # (entries, 2)
    address: int  # of the first of them
    starts: list[int]
    sizes: list[int]
    boxes: Points
    outlines: list[bytes]  # what they were made of,
    points: Points  # (points, 2) of all of them
    counts: list[int]  # of curves

    def lay(self, ctx: Any, place: int) -> None:
        """Makes an object's path the current one."""
        ctx.new_path()
        start, size = self.starts[place], self.sizes[place]
        if _append_path is None:
            _call_by_call(ctx, self.entries[start : start + size])
            return
        _path.data, _path.num_data = self.address + start * _ENTRY, size
        # A pycairo context is a Python object with the cairo_t* behind its head (pycairo's C API).
        context = ctypes.c_void_p.from_address(id(ctx) + object.__basicsize__)
        _append_path(context, _pointer)


def paths(outlines: Sequence[Points], last: Paths | None = None) -> Paths:
    """The paths of outlines, (points, 2 or more) each: cubic curves of four points.

    They are `last` itself where that is of the same points.

    A new part begins wherever a curve does not start where the last one ended, and a part that ends where it
    began is closed: as manim does it, and to the same coordinates.
    """
    whole = [outline[: len(outline) // CURVE * CURVE, :2] for outline in outlines]
    counts = np.array([len(outline) // CURVE for outline in whole], int)  # curves
    boxes = np.full((len(whole), 4), np.nan)
    there = np.flatnonzero(counts)
    if not len(there):
        none = [0] * len(whole)
        return Paths(np.empty((0, 2)), 0, none, none, boxes, [b""] * len(whole), np.empty((0, 2)), none)
    points = np.concatenate(whole)
    if last is not None and last.counts == counts.tolist() and np.array_equal(last.points, points):
        return last
    firsts = np.cumsum(counts) - counts  # each outline's first curve
    boxes[there, :2] = np.minimum.reduceat(points, firsts[there] * CURVE)
    boxes[there, 2:] = np.maximum.reduceat(points, firsts[there] * CURVE)

    curves = points.reshape(-1, CURVE, 2)
    begin, end = curves[:, 0], curves[:, 3]
    parts = np.empty(len(curves), bool)  # whether a part begins here
    parts[1:] = ~_close(end[:-1], begin[1:])
    parts[firsts[there]] = True
    heads = np.flatnonzero(parts)
    tails = np.append(heads[1:], len(curves)) - 1
    closed = tails[_close(begin[heads], end[tails])]

    takes = np.full(len(curves), CURVE)  # entries: a header and three points
    takes[heads] += 2  # before: a move to its anchor
    takes[closed] += 1  # after: a header that closes the part
    ends = np.cumsum(takes)
    entries = np.empty((ends[-1], 2))
    headers = entries.view(np.int32)  # (entries, 4), of which a header has the first two
    moves = (ends - takes)[heads]
    headers[moves, :2] = _MOVE, 2
    entries[moves + 1] = begin[heads]
    headers[ends[closed] - 1, :2] = _CLOSE, 1
    turns = ends - CURVE
    turns[closed] -= 1
    headers[turns, :2] = _CURVE_TO, CURVE
    for point in (1, 2, 3):
        entries[turns + point] = curves[:, point]

    edges = np.concatenate([[0], ends])
    starts, stops = edges[firsts], edges[firsts + counts]
    fine = np.isfinite(boxes).all(1)
    return Paths(
        entries,
        entries.ctypes.data,
        starts.tolist(),
        np.where(fine, stops - starts, 0).tolist(),
        boxes,
        [outline.tobytes() for outline in whole],
        points,
        counts.tolist(),
    )


def _close(one: Points, other: Points) -> npt.NDArray[np.bool_]:
    """Whether anchors, (n, 2), are one point each with others, by manim's measure."""
    return np.asarray((np.abs(one - other) <= _ABSOLUTE + _RELATIVE * np.abs(other)).all(1))


def _library() -> Any:
    """cairo's own `cairo_append_path`, out of the library that pycairo is bound to, or None."""
    try:
        append = ctypes.CDLL(_cairo.__file__).cairo_append_path
    except (AttributeError, OSError):
        return None
    append.argtypes, append.restype = (ctypes.c_void_p, ctypes.POINTER(_Path)), None
    return append


_append_path = _library()
_path = _Path()
_pointer = ctypes.byref(_path)


def _call_by_call(ctx: Any, entries: Points) -> None:
    """The same where the library cannot be reached: as many calls as there are curves."""
    rows, kinds = entries.tolist(), entries.view(np.int32)[:, 0].tolist()
    place = 0
    while place < len(rows):
        kind = kinds[place]
        if kind == _MOVE:
            ctx.move_to(*rows[place + 1])
            place += 2
        elif kind == _CURVE_TO:
            ctx.curve_to(*rows[place + 1], *rows[place + 2], *rows[place + 3])
            place += CURVE
        else:
            ctx.close_path()
            place += 1
