"""What stands in a scene's picture: every text with its place, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import wraps
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from manim import Mobject, RoundedRectangle, VMobject, config

from scenes import style
from scenes.letters import shown as drawn
from scenes.parts import label as label_module
from scenes.parts.label import Formula, Label
from scenes.parts.matrix import Vector
from scenes.parts.space.boxes import Space
from scenes.parts.space.corner import CornerMap
from scenes.parts.space.notes import Curtain
from scenes.parts.texture import Quad
from scenes.reading import Reading
from scenes.stage import LessonScene

MARGIN = 0.3  # between anything and the picture's edge
TOUCH = 0.015  # boxes may share this much: the control points of a curve lie a little outside it
SMALLEST = 17.0  # of type, with what a crowded line may be scaled down
# Names of tensors, models and people, whose digits are no values.
EXEMPT = ("read from ", "gelesen aus ", "block.", "3Blue1Brown", "GPT-")

Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True)
class Text:
    """A visible label: its ink as one box, or box by box where it is turned."""

    text: str
    boxes: tuple[Box, ...]
    own: Reading | None
    around: Reading | None  # of the nearest group that has one
    size: float  # of its type, as it stands now
    face: str = style.SERIF


def watch(scene: LessonScene, patch: pytest.MonkeyPatch) -> list[str]:
    """Looks at the picture after everything that a scene plays; the list fills with what is wrong."""
    wrong: list[str] = []
    draw, note = label_module._line, scene.note_shown

    def kept(text: str, *rest: Any) -> Label:
        label = draw(text, *rest)
        label.face, label.size, label.line = rest[0], rest[1], diagonal(label)  # type: ignore[attr-defined]
        label.text = drawn(text, rest[0])  # type: ignore[attr-defined]
        return label

    @wraps(note)
    def noted(start: int) -> None:
        note(start)
        for fault in faults(scene):
            line = f"frame {scene.now}: {fault}"
            if not any(line.partition(": ")[2] == known.partition(": ")[2] for known in wrong):
                wrong.append(line)

    patch.setattr(label_module, "_line", kept)
    patch.setattr(scene, "note_shown", noted)
    return wrong


def faults(scene: LessonScene) -> Iterator[str]:
    found = [text for root in scene.mobjects for text in texts(root, None)]
    for text in found:
        yield from unread(text)
        if text.size < SMALLEST and text.around is None:  # a prompt was to be read in large before
            yield f"{text.text!r} is set at {text.size:.1f}"
    for one, other in combinations(found, 2):
        if any(overlap(a, b) for a in one.boxes for b in other.boxes):
            yield f"{one.text!r} and {other.text!r} overlap"
    chips = [m for root in scene.mobjects for m in root.get_family() if isinstance(m, RoundedRectangle)]
    for chip in chips:
        around = box_of([chip])
        for text in found:
            if around and visible(chip) and not all(apart_or_in(box, around) for box in text.boxes):
                yield f"{text.text!r} lies across the edge of a box"
    vectors = [m for root in scene.mobjects for m in root.get_family() if isinstance(m, Vector)]
    for vector in vectors:
        around = box_of([vector.texture]) if visible(vector.texture) else None
        for text in found:
            if around and any(overlap(box, around) for box in text.boxes):
                yield f"{text.text!r} lies on a vector"
    for small in (one for one in scene.mobjects if isinstance(one, CornerMap)):
        around = box_of(small.family_members_with_points())
        for text in found:
            if around and any(overlap(box, around) for box in text.boxes):
                yield f"{text.text!r} lies on the map"
    yield from outside(scene)


def texts(mobject: Mobject, around: Reading | None) -> Iterator[Text]:
    reading = getattr(mobject, "reading", None)
    if isinstance(mobject, Label):
        glyphs = mobject.submobjects[:-2]
        inked = [box for glyph in glyphs if visible(glyph) and (box := box_of([glyph]))]
        if inked:
            (wide, high), (was_wide, was_high) = diagonal(mobject), mobject.line  # type: ignore[attr-defined]
            turned = abs(wide * was_high - high * was_wide) > 1e-3 * was_high * (was_wide + was_high)
            boxes = tuple(inked) if turned else (hull(inked),)
            label: Any = mobject
            size = label.size * (1.0 if turned else high / was_high)
            yield Text(label.text, boxes, reading, around, size, label.face)
    elif isinstance(mobject, Formula):
        inked = [
            box
            for glyph in mobject.family_members_with_points()
            if visible(glyph) and (box := box_of([glyph]))
        ]
        if inked:
            yield Text("a formula", (hull(inked),), None, None, style.TEXT_SIZE)
    else:
        for part in mobject.submobjects:
            yield from texts(part, reading or around)


def unread(text: Text) -> Iterator[str]:
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
    elif any(map(str.isdigit, shown)) and not shown.startswith(EXEMPT):
        yield f"{text.text!r} shows a number that is no reading"


def outside(scene: LessonScene) -> Iterator[str]:
    right, top = config.frame_width / 2 - MARGIN, config.frame_height / 2 - MARGIN
    for root in scene.mobjects:
        if isinstance(root, Curtain) or type(root) is Quad:  # the ground, over all of the picture
            continue
        for part in _to_be_inside(root):
            box = box_of([part]) if visible(part) else None
            if box and (box[0] < -right or box[2] > right or box[1] < -top or box[3] > top):
                yield f"a part of {type(root).__name__} at {np.round(box, 2)} leaves the picture"
                break


def _to_be_inside(root: Any) -> list[Any]:
    """What of a thing may not leave the picture: what is in space goes on beyond it, but not its words."""
    if not isinstance(root, Space) or isinstance(root, CornerMap):
        return list(root.family_members_with_points())
    labels = [member for member in root.get_family() if isinstance(member, Label)]
    return [part for label in labels for part in label.family_members_with_points()]


def visible(part: VMobject | Quad) -> bool:
    if isinstance(part, Quad):
        return part.opacity > 0.02
    return max(part.get_fill_opacity(), part.get_stroke_opacity() * (part.get_stroke_width() > 0)) > 0.02


def diagonal(label: Label) -> tuple[float, float]:
    """From the top left corner of its line to the bottom right one; turning changes its proportion."""
    first, last = (corner.get_center() for corner in label.submobjects[-2:])
    return float(last[0] - first[0]), float(first[1] - last[1])


def box_of(parts: list[Any]) -> Box | None:
    points = np.concatenate([np.zeros((0, 3)), *(part.points for part in parts)])
    if len(points) == 0:
        return None
    (left, bottom, _), (right, top, _) = points.min(axis=0), points.max(axis=0)
    return float(left), float(bottom), float(right), float(top)


def hull(boxes: list[Box]) -> Box:
    every = np.array(boxes)
    (left, bottom), (right, top) = every[:, :2].min(axis=0), every[:, 2:].max(axis=0)
    return float(left), float(bottom), float(right), float(top)


def overlap(a: Box, b: Box) -> bool:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return wide > TOUCH and high > TOUCH


def apart_or_in(box: Box, around: Box) -> bool:
    within = box[0] >= around[0] and box[1] >= around[1] and box[2] <= around[2] and box[3] <= around[3]
    return within or not overlap(box, around)
