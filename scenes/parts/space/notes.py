"""What is written beside things in space while the camera rests: names with leaders, lengths, signs, a scale.

Names are placed by `arranged`: each where it was wanted, or as near as nothing else stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Circle, Dot, Line, Mobject, Rectangle, VGroup, VMobject

from scenes import style
from scenes.page import Region
from scenes.parts.label import Label, mono, number, sentence, words
from scenes.parts.space.light import light
from scenes.parts.space.projector import Points, View
from scenes.parts.texture import Quad
from scenes.reading import Reading

PAGE = Region(style.LEFT, style.RIGHT, style.BOTTOM, 2.75)  # below the title
_STUB = 0.14  # of a leader, on its name's line
_APART = 0.14  # two names
_STEP = 0.12  # by which a name gives way
_OVER = 0.4  # how far a name may reach over its point


@dataclass(frozen=True)
class Note:
    """A name for what is at a point of the screen; `off` is where its nearer end is wanted, from there."""

    text: VGroup
    point: Any  # (2)
    off: tuple[float, float]
    hue: str = field(default_factory=lambda: style.DIM)


def arranged(notes: Sequence[Note], taken: Sequence[Mobject] = (), page: Region = PAGE) -> list[VGroup]:
    """Names with their leaders: all inside a page, none over another or over what has `taken` its place."""
    placed = list(taken)
    return [_noted(note, placed, page) for note in notes]


def _noted(note: Note, placed: list[Mobject], page: Region) -> VGroup:
    text, (x, y), (right, up) = note.text, note.point, note.off
    room = page.right - x if right >= 0 else x - page.left
    if room < text.width - _OVER:  # brought back onto the page it would be on the other side of its point
        right = -right
    edge = LEFT if right >= 0 else RIGHT  # the end of the name that is nearer to the point
    for step in range(80):  # as wanted, then a little higher, a little lower, and so on
        off = (step + 1) // 2 * _STEP * (1 if step % 2 else -1)
        text.move_to((x + right, y + up + off, 0), aligned_edge=edge)
        _inside(text, page)
        if not any(_close(text, other) for other in placed):
            break
    placed.append(text)
    start = np.array(text.get_edge_center(edge)) + np.array((-0.08 if right >= 0 else 0.08, 0, 0))
    bend = start + np.array((-_STUB if right >= 0 else _STUB, 0, 0))
    leader = VMobject(stroke_color=note.hue, stroke_width=2, stroke_opacity=0.8)
    leader.set_points_as_corners([start, bend, (x, y, 0)])
    return VGroup(leader, Dot((x, y, 0), radius=0.045, color=note.hue), plate(text), text)


def plate(text: Mobject) -> Rectangle:
    """The ground behind what is written, where it may lie on what is in space."""
    made = Rectangle(width=text.width + 0.12, height=text.height + 0.06, stroke_width=0)
    return made.set_fill(style.GROUND, 0.8).move_to(text)


def _inside(text: Mobject, page: Region) -> None:
    """Brings a name back onto the page where it stands out of it."""
    (left, low), (right, high) = text.get_corner(DOWN + LEFT)[:2], text.get_corner(UP + RIGHT)[:2]
    x = max(0.0, page.left - left) - max(0.0, right - page.right)
    text.shift((x, max(0.0, page.bottom - low) - max(0.0, high - page.top), 0))


def _close(one: Mobject, other: Mobject) -> bool:
    wide = min(one.get_right()[0], other.get_right()[0]) - max(one.get_left()[0], other.get_left()[0])
    high = min(one.get_top()[1], other.get_top()[1]) - max(one.get_bottom()[1], other.get_bottom()[1])
    return bool(wide > -_APART and high > -_APART)


def length(
    view: View, start: Points, end: Points, count: Reading, hue: str, off: tuple[float, float]
) -> VGroup:
    """A mark along an edge from one point of space to another, `off` it on screen, with a count."""
    one, other = (np.append(view.project(np.array(point)) + off, 0.0) for point in (start, end))
    way = other - one
    across = np.array((-way[1], way[0], 0)) / max(float(np.hypot(way[0], way[1])), 1e-9) * 0.09
    figure = number(count, style.SMALL_SIZE, hue)
    if abs(way[1]) > abs(way[0]):  # upright: a wide number must not reach over the edge
        aside = np.array((np.copysign(max(0.0, figure.width / 2 + 0.06 - abs(off[0])), off[0]), 0.0, 0.0))
        one, other = one + aside, other + aside
    figure.move_to((one + other) / 2)
    room = min(0.45, (abs(way[0]) * figure.width + abs(way[1]) * figure.height) / float(way @ way) / 2 + 0.06)
    parts = [(one - across, one + across), (other - across, other + across)]
    parts += [(one, one + way * (0.5 - room)), (other, other - way * (0.5 - room))]
    return VGroup(*(Line(a, b, color=hue, stroke_width=2) for a, b in parts), figure)


def plus(point: Any, radius: float = 0.15) -> VGroup:
    """The sign of a sum, at a point of the screen."""
    x, y = point
    ring = Circle(radius, color=style.INK, stroke_width=2.5, fill_color=style.GROUND, fill_opacity=1)
    arm = 0.55 * radius
    arms = (((-arm, 0, 0), (arm, 0, 0)), ((0, -arm, 0), (0, arm, 0)))
    lines = (Line(a, b, color=style.INK, stroke_width=2.5) for a, b in arms)
    return VGroup(ring, *lines).move_to((x, y, 0))


def scale(parts: Sequence[str | Reading]) -> VGroup:
    """The colours of signed cells from end to end, and what their ends are."""
    shares = np.linspace(-1, 1, 24)
    steps = VGroup()
    for red, green, blue in style.SIGNED.rgb(shares).tolist():
        colour = f"#{red:02X}{green:02X}{blue:02X}"
        steps.add(Rectangle(width=0.045, height=0.13, stroke_width=0, fill_color=colour, fill_opacity=1))
    steps.arrange(RIGHT, buff=0)
    signs = (mono(sign, style.SMALL_SIZE, style.DIM) for sign in "−+")
    low, high = signs
    return VGroup(low, steps, high, sentence(*parts, size=style.SMALL_SIZE)).arrange(RIGHT, buff=0.1)


def halo(lines: Sequence[VMobject], hue: str) -> VGroup:
    """Light around the outlines of what is in focus."""
    made = VGroup()
    for line in lines:
        for width, opacity in ((10.0, 0.10), (6.0, 0.16), (2.0, 0.9)):
            glow = VMobject(stroke_color=hue, stroke_width=width, stroke_opacity=opacity)
            glow.points = line.points.copy()
            made.add(glow)
    return made


def named(text: str, hue: str, size: float = style.LABEL_SIZE) -> Label:
    """A name in the hue of its thing."""
    return words(text, size, hue)


def scrim(height: float = 1.75) -> Quad:
    """The ground coming down from the picture's upper edge over what is in space, behind a title."""
    clear = np.clip(np.linspace(2.3, 0.0, 16), 0.0, 1.0)[:, None] ** 1.5  # whole down to the letters' feet
    made = light(style.GROUND, style.GROUND, clear, down=True)
    made.stretch_to_fit_width(style.FRAME_WIDTH + 0.1).stretch_to_fit_height(height)
    made.move_to((0, style.FRAME_HEIGHT / 2 - height / 2 + 0.02, 0))
    made.z_index = -1e-6  # above all boxes, below what is written
    return made


class Curtain(Rectangle):
    """The ground, over all of the picture: one world goes behind it, another comes."""

    def __init__(self) -> None:
        super().__init__(
            width=style.FRAME_WIDTH + 0.1, height=style.FRAME_HEIGHT + 0.1, stroke_width=0,
            fill_color=style.GROUND, fill_opacity=1,
        )  # fmt: skip
