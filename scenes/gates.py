"""What may not stand in a picture: text that is too small, on other text or outside, and the like.

    for fault in faults(scene.mobjects):
        …   # "'one' and 'two' overlap"

`texts` finds every visible text of a scene with its place. What lies behind a text takes a drawing, so its
contrast is looked at where pictures are drawn (`renders.draw.look`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from manim import Mobject, RoundedRectangle, VMobject, config

from scenes import style
from scenes.letters import shown as drawn
from scenes.parts.label import Formula, Label
from scenes.parts.matrix import Vector
from scenes.parts.space.boxes import Box as SolidBox
from scenes.parts.space.boxes import Space
from scenes.parts.space.corner import CornerMap
from scenes.parts.space.notes import Curtain
from scenes.parts.texture import Quad
from scenes.reading import Reading

MARGIN = 0.3  # between anything and the picture's edge, in manim's units
TOUCH = 0.015  # boxes may share this much: the control points of a curve lie a little outside it
PIXELS = 135 * 0.5 / 48  # of the em at 1080p, a point of type: 135 are a unit, and 48 points half of one
LEAST, LEAST_OF_PROMPT = 25.0, 20.0  # pixels of an em at 1080p: our own words, a prompt's
SEEN = 0.02  # the opacity above which something is there
# Names of tensors, models and people, whose digits are no values.
_EXEMPT = ("read from ", "gelesen aus ", "block.", "3Blue1Brown", "GPT-")
# Forms whose text is a prompt's.
_OF_PROMPT = ("token", "word", "which", "whole", "name", "quoted", "beginning")


class Box(NamedTuple):
    """In manim's units."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Text:
    """A visible text: its ink as one box, or box by box where it is turned."""

    text: str
    boxes: tuple[Box, ...]
    glyphs: tuple[VMobject, ...]  # those that are there
    of: Label | Formula
    own: Reading | None = None
    around: Reading | None = None  # of the nearest group that has one

    @property
    def face(self) -> str:
        return self.of.face if isinstance(self.of, Label) else style.SERIF


def faults(
    mobjects: Sequence[Mobject], found: Sequence[Text] | None = None, still: Container[int] | None = None
) -> Iterator[str]:
    """What is wrong with a picture of some objects, a line each.

    `found`: its texts, where they are known. `still`: the ids of those that stand still, for what is on its
    way may have any size; None: all.
    """
    found = texts(mobjects) if found is None else found
    for text in found:
        yield from _unread(text)
        if still is None or id(text.of) in still:
            yield from _small(text)
    for one, other in combinations(found, 2):
        if any(_overlap(a, b) for a in one.boxes for b in other.boxes):
            yield f"{one.text!r} and {other.text!r} overlap"
    everything = [member for root in mobjects for member in root.get_family()]
    yield from _on_things(found, everything)
    yield from _outside(mobjects)


def texts(mobjects: Iterable[Mobject]) -> list[Text]:
    """Every visible text among some objects and all below them."""
    return [text for mobject in mobjects for text in _texts(mobject, None)]


def empty(mobjects: Iterable[Mobject]) -> bool:
    """Whether nothing is there but the ground and the map in the corner."""
    told = [root for root in mobjects if not (is_ground(root) or isinstance(root, CornerMap))]
    right, top = config.frame_width / 2, config.frame_height / 2
    frame = Box(-right, -top, right, top)
    seen = (box_of([part]) for root in told for part in _parts(root) if visible(part))
    return not any(box is not None and _overlap(box, frame) for box in seen)


def _texts(mobject: Mobject, around: Reading | None) -> Iterator[Text]:
    reading = getattr(mobject, "reading", None)
    if isinstance(mobject, Label | Formula):
        parts = mobject.glyphs if isinstance(mobject, Label) else mobject.family_members_with_points()
        there = [(glyph, box) for glyph in parts if visible(glyph) and (box := box_of([glyph]))]
        if not there:
            return
        glyphs, inked = zip(*there, strict=True)
        if isinstance(mobject, Formula):
            yield Text("a formula", (_hull(inked),), glyphs, mobject)
            return
        boxes = inked if mobject.turned else (_hull(inked),)
        yield Text(mobject.text, boxes, glyphs, mobject, reading, around)
    elif not isinstance(mobject, SolidBox):  # which has no words in it
        for part in mobject.submobjects:
            if part.submobjects:
                yield from _texts(part, reading or around)


def _unread(text: Text) -> Iterator[str]:
    """A digit that is no reading's, or a text that is not its reading's."""
    shown, cut = text.text.removesuffix("…"), text.text.endswith("…")
    if text.own is not None:
        whole = drawn(text.own.text, text.face)
        if not (whole.startswith(shown) if cut else whole == shown):
            yield f"{text.text!r} is not its reading, {text.own.text!r}"
    elif text.around is not None:
        whole = drawn(text.around.text, text.face)
        if shown not in whole and any(map(str.isdigit, shown.replace(whole, ""))):
            yield f"{text.text!r} is not of its reading, {text.around.text!r}"
    elif any(map(str.isdigit, shown)) and not shown.startswith(_EXEMPT):
        yield f"{text.text!r} shows a number that is no reading"


def _small(text: Text) -> Iterator[str]:
    if isinstance(text.of, Formula):
        return
    told = text.own or text.around
    of_prompt = told is not None and told.form.partition(":")[0] in _OF_PROMPT
    pixels, least = text.of.size_now() * PIXELS, LEAST_OF_PROMPT if of_prompt else LEAST
    if pixels < least - 0.05:
        yield f"{text.text!r} is set at {pixels:.1f} pixels of 1080, and {least:g} are the least that reads"


def _on_things(found: Sequence[Text], everything: Sequence[Any]) -> Iterator[str]:
    """Texts across the edge of a chip, or on a vector or the map, which have no room for them."""
    for chip in (m for m in everything if isinstance(m, RoundedRectangle) and visible(m)):
        around = box_of([chip])
        for text in found:
            if around and not all(_apart_or_in(box, around) for box in text.boxes):
                yield f"{text.text!r} lies across the edge of a box"
    for thing, name in ((m, kind) for m in everything for part, kind in _KEPT_FREE if isinstance(m, part)):
        parts = [thing.texture] if isinstance(thing, Vector) else thing.family_members_with_points()
        around = box_of(parts) if visible(parts[0]) else None
        for text in found:
            if around and any(_overlap(box, around) for box in text.boxes):
                yield f"{text.text!r} lies on {name}"


_KEPT_FREE = ((Vector, "a vector"), (CornerMap, "the map"))


def _outside(mobjects: Iterable[Mobject]) -> Iterator[str]:
    right, top = config.frame_width / 2 - MARGIN, config.frame_height / 2 - MARGIN
    for root in mobjects:
        if is_ground(root):
            continue
        for part in _to_be_inside(root):
            box = box_of([part]) if visible(part) else None
            if box and (box.left < -right or box.right > right or box.bottom < -top or box.top > top):
                yield f"a part of {type(root).__name__} at {np.round(box, 2)} leaves the picture"
                break


def _to_be_inside(root: Any) -> list[Any]:
    """What of a thing may not leave the picture: what is in space goes on beyond it, but not its words."""
    if not isinstance(root, Space) or isinstance(root, CornerMap):
        return _parts(root)
    labels = [member for member in root.get_family() if isinstance(member, Label)]
    return [part for label in labels for part in _parts(label)]


def _parts(root: Any) -> list[Any]:
    return list(root.family_members_with_points())


def is_ground(mobject: Mobject) -> bool:
    """Whether it is a ground over all of the picture, before which others stand."""
    return isinstance(mobject, Curtain) or type(mobject) is Quad


def visible(part: Any) -> bool:
    """Whether an outline or a texture is there to be seen."""
    if isinstance(part, Quad):
        return part.opacity > SEEN
    opacity = max(part.get_fill_opacity(), part.get_stroke_opacity() * (part.get_stroke_width() > 0))
    return bool(opacity > SEEN)


def box_of(parts: Sequence[Any]) -> Box | None:
    """The box of the points of some parts, one at least; None where there are none."""
    points = parts[0].points if len(parts) == 1 else np.concatenate([part.points for part in parts])
    if len(points) == 0:
        return None
    (left, bottom, _), (right, top, _) = points.min(axis=0), points.max(axis=0)
    return Box(float(left), float(bottom), float(right), float(top))


def _hull(boxes: Sequence[Box]) -> Box:
    every = np.array(boxes)
    (left, bottom), (right, top) = every[:, :2].min(axis=0), every[:, 2:].max(axis=0)
    return Box(float(left), float(bottom), float(right), float(top))


def _overlap(a: Box, b: Box) -> bool:
    wide, high = min(a.right, b.right) - max(a.left, b.left), min(a.top, b.top) - max(a.bottom, b.bottom)
    return wide > TOUCH and high > TOUCH


def _apart_or_in(box: Box, around: Box) -> bool:
    within = box.left >= around.left and box.bottom >= around.bottom
    within = within and box.right <= around.right and box.top <= around.top
    return within or not _overlap(box, around)
