"""What a play's transforms make of their objects, frame by frame, worked out for all of them at once.

Manim sets every letter's points and colours anew for each frame, one by one. Here they are rows of a few
arrays, and the objects themselves stay as they were until the play is over. The numbers are manim's own:
its animations say how far each of them is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from manim import Animation, AnimationGroup, Succession, Transform, VMobject
from manim.animation.creation import ShowPartial
from manim.utils.bezier import interpolate

from renders.draw.cairo_paths import CURVE, Points

# A stroke's width, None for a fill; and its colour: four numbers, or the (2 or more, 4) RGBA of a gradient.
Paint = tuple[float | None, Any]
_COLOURS = ("background_stroke_rgbas", "fill_rgbas", "stroke_rgbas")
_WIDTHS = ("background_stroke_width", "stroke_width")


@dataclass
class Track:
    """One transform of a play."""

    animation: Transform
    members: list[tuple[VMobject, VMobject, VMobject]]  # as shown, at the start, at the end
    alpha: float = 0.0  # how far it is

    def hold(self, alpha: float) -> None:
        """Takes down how far the animation is, in the place of its `interpolate_mobject`."""
        self.alpha = alpha

    def shares(self) -> list[float]:
        """How far each member is."""
        count = len(self.members)
        if self.animation.lag_ratio == 0:
            return [self.animation.get_sub_alpha(self.alpha, 0, count)] * count
        return [self.animation.get_sub_alpha(self.alpha, place, count) for place in range(count)]


@dataclass
class Play:
    """The transforms of a play whose objects stand still in it while `points` and `paints` move."""

    scene: Any
    tracks: list[Track]
    steady: bool  # no object gets or loses members while it lasts
    paints: dict[int, list[Paint]] = field(default_factory=dict)  # by an object's id, as are
    points: dict[int, Points] = field(default_factory=dict)

    def __post_init__(self) -> None:
        members = [member for track in self.tracks for member in track.members]
        self._ids = [id(shown) for shown, _, _ in members]
        counts = [len(start.points) // CURVE * CURVE for _, start, _ in members]
        self._ends = np.cumsum([0, *counts]).tolist()
        self._of = np.repeat(np.arange(len(members)), counts)
        self._start, self._end = (
            [
                np.concatenate([m[which].points[:n, :2] for m, n in zip(members, counts, strict=True)]),
                *(np.concatenate([getattr(m[which], name) for m in members]) for name in _COLOURS),
                *(np.array([[float(getattr(m[which], name))] for m in members]) for name in _WIDTHS),
            ]
            for which in (1, 2)
        )
        for track in self.tracks:
            vars(track.animation)["interpolate_mobject"] = track.hold
        for idle in (self.scene, *self.scene.animations):  # nothing is there to be updated
            vars(idle)["update_mobjects"] = _nothing
        self._at: list[float] = []

    def advance(self) -> None:
        """Brings `points` and `paints` to where the animations are."""
        shares = [share for track in self.tracks for share in track.shares()]
        if shares == self._at:
            return
        self._at = shares
        share = np.array(shares)[:, None]  # (members, 1)
        points, behind, fill, stroke, behind_width, width = (
            interpolate(start, end, share if place else share[self._of])
            for place, (start, end) in enumerate(zip(self._start, self._end, strict=True))
        )
        cuts = zip(self._ends, self._ends[1:], strict=False)
        self.points = {key: points[a:b] for key, (a, b) in zip(self._ids, cuts, strict=True)}
        looks = (part.tolist() for part in (behind_width[:, 0], behind, fill, width[:, 0], stroke))
        self.paints = {key: paints_of(*look) for key, *look in zip(self._ids, *looks, strict=True)}

    def end(self) -> None:
        """Sets the objects to where the animations have come."""
        for idle in (self.scene, *self.scene.animations):
            del vars(idle)["update_mobjects"]
        for track in self.tracks:
            del vars(track.animation)["interpolate_mobject"]
            track.animation.interpolate_mobject(track.alpha)


def paints_of(behind_width: float, behind: Any, fill: Any, width: float, stroke: Any) -> list[Paint]:
    """What is to be painted of an object, from the back: what has no width or no opacity is left out."""
    paints: list[Paint] = []
    if behind_width > 0 and _seen(behind):
        paints.append((behind_width, behind))
    if _seen(fill):
        paints.append((None, fill))
    if width > 0 and _seen(stroke):
        paints.append((width, stroke))
    return paints


def _seen(colour: Any) -> bool:
    return bool(colour[3] if isinstance(colour, list) else colour[:, 3].any())


def tracked(scene: Any) -> Play | None:
    """The transforms of a play that has begun; None where there are none, or where an updater may interfere.

    Only what manim itself would do is taken over: straight paths, a colour a paint, each object once.
    """
    families = [mobject.get_family() for mobject in scene.mobjects]
    if scene.updaters or any(member.updaters for family in families for member in family):
        return None
    leaves = list(_leaves(scene.animations))
    tracks, taken = list[Track](), set[int]()
    for animation in leaves:
        members = list(animation.get_all_families_zipped())
        ids = {id(shown) for shown, *_ in members}
        if not taken.isdisjoint(ids):
            return None
        taken |= ids
        if members and _plain(animation) and all(map(_alike, members)):
            tracks.append(Track(animation, members))
    steady = all(isinstance(animation, Transform | ShowPartial) for animation in leaves)
    return Play(scene, tracks, steady) if tracks else None


def _nothing(dt: float) -> None:
    """In the place of `update_mobjects`."""


def _leaves(animations: Sequence[Animation]) -> Iterator[Any]:
    for animation in animations:
        if isinstance(animation, AnimationGroup) and not isinstance(animation, Succession):
            yield from _leaves(animation.animations)
        else:
            yield animation


def _plain(animation: Animation) -> bool:
    kind: Any = type(animation)
    return (
        isinstance(animation, Transform)
        and kind.interpolate is Animation.interpolate
        and kind.interpolate_mobject is Animation.interpolate_mobject
        and kind.interpolate_submobject is Transform.interpolate_submobject
        and kind.get_sub_alpha is Animation.get_sub_alpha
        and animation.path_func is interpolate
    )


def _alike(members: tuple[Any, ...]) -> bool:
    """Whether an object and what it comes from and becomes are of one build."""
    return all(
        type(m).interpolate is VMobject.interpolate
        and len(m.points) == len(members[0].points)
        and all(len(getattr(m, name)) == 1 for name in _COLOURS)
        and m.get_background_image() is None
        for m in members
    )
