"""What a play's transforms make of their objects, frame by frame, worked out for all of them at once.

Manim sets every letter's points and colours anew for each frame, one by one. Here they are rows of a few
arrays. The objects themselves stay as they were until the play is over; only where an updater may look at
them each is given its rows in every frame. The numbers are manim's own: its animations say how far each is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Animation, AnimationGroup, Succession, Transform, VMobject
from manim.animation.creation import ShowPartial
from manim.utils.bezier import interpolate

from renders.draw.cairo_paths import CURVE, Points

# A stroke's width, None for a fill; and its colour: four numbers, or the (2 or more, 4) RGBA of a gradient.
Stroke = tuple[float | None, Any]
_COLOURS = ("background_stroke_rgbas", "fill_rgbas", "stroke_rgbas")
_WIDTHS = ("background_stroke_width", "stroke_width")
Member = tuple[Any, Any, Any]  # of an animation: as shown, at the start, at the end


@dataclass
class TrackedTransform:
    """One transform of a play: the members with rows in the arrays, and the others, which manim moves."""

    animation: Transform
    members: list[Member]
    alpha: float = 0.0  # how far it is

    def __post_init__(self) -> None:
        self.rows = [place for place, member in enumerate(self.members) if _alike(member)]
        self._others = sorted(set(range(len(self.members))) - set(self.rows))

    def hold(self, alpha: float) -> None:
        """Takes down how far the animation is, in the place of its `interpolate_mobject`."""
        self.alpha = alpha
        for place in self._others:
            self.animation.interpolate_submobject(*self.members[place], self._share(place))

    def shares(self) -> list[float]:
        """How far each member in the arrays is."""
        if self.animation.lag_ratio == 0:
            return [self._share(0)] * len(self.rows)
        return [self._share(place) for place in self.rows]

    def _share(self, place: int) -> float:
        return self.animation.get_sub_alpha(self.alpha, place, len(self.members))


@dataclass
class BatchedTransforms:
    """A play's transforms; `steady`: no object gets or loses members, and no order changes while it lasts.

    `updating`: there are updaters, so that the objects are kept where they are shown. `flying`: the camera
    moves through a space.
    """

    scene: Any
    tracks: list[TrackedTransform]
    steady: bool
    updating: bool
    flying: bool = False
    _strokes: dict[int, list[Stroke]] = field(default_factory=dict)  # by an object's id, as are
    _points: dict[int, Points] = field(default_factory=dict)

    def __post_init__(self) -> None:
        members = [track.members[row] for track in self.tracks for row in track.rows]
        self._shown = [shown for shown, _, _ in members]
        self._ids = list(map(id, self._shown))
        self._row = {key: row for row, key in enumerate(self._ids)}
        counts = [len(start.points) // CURVE * CURVE for _, start, _ in members]
        self._ends = np.cumsum([0, *counts]).tolist()
        self._of = np.repeat(np.arange(len(members)), np.array(counts, int))
        axes = 3 if self.updating else 2  # an updater may ask for the third
        self._start, self._end = (
            [
                _stacked([m[which].points[:n, :axes] for m, n in zip(members, counts, strict=True)], axes),
                *(_stacked([getattr(m[which], name) for m in members], 4) for name in _COLOURS),
                *(_stacked([[[float(getattr(m[which], name))]] for m in members], 1) for name in _WIDTHS),
            ]
            for which in (1, 2)
        )
        self._moved = [
            np.flatnonzero((start != end).any(axis=1))
            for start, end in zip(self._start, self._end, strict=True)
        ]
        for track in self.tracks:
            vars(track.animation)["interpolate_mobject"] = track.hold
        if self.updating:
            vars(self.scene)["update_mobjects"] = self._update
        else:
            for idle in (self.scene, *self.scene.animations):  # nothing is there to be updated
                vars(idle)["update_mobjects"] = _nothing
        self._at: list[float] = []
        self._looks: list[Any] = []

    @property
    def only_flies(self) -> bool:
        """Whether a camera's flight is all that happens, so that no object gets another look."""
        alone = self.steady and not self.tracks and len(self.scene.animations) == 1
        return self.flying and alone and not getattr(self.scene.animations[0], "posing", False)

    def advance(self) -> None:
        """Brings all to where the animations are, before a picture is drawn."""
        if not self.updating:
            self._work_out()
        elif self._looks:
            self._settle()  # what updaters may have changed in place

    def points(self, vmobject: VMobject) -> Points:
        """Where an object is."""
        moved = self._points.get(id(vmobject))
        return vmobject.points if moved is None or self.updating else moved

    def strokes(self, vmobject: VMobject) -> list[Stroke] | None:
        """How an object is painted; None if that is not of the play's, or an updater's, making."""
        made = self._strokes.get(id(vmobject))
        if made is None or not self.updating or self._still_ours(vmobject):
            return made
        return None

    def end(self) -> None:
        """Sets the objects to where the animations have come."""
        for idle in (self.scene, *self.scene.animations):
            vars(idle).pop("update_mobjects", None)
        for track in self.tracks:
            del vars(track.animation)["interpolate_mobject"]
            track.animation.interpolate_mobject(track.alpha)
        if self.updating:
            self.scene.update_mobjects(0)

    def _work_out(self) -> None:
        shares = [share for track in self.tracks for share in track.shares()]
        if shares == self._at and not self.updating:
            return
        self._at = shares
        share = np.array(shares, float)[:, None]  # (members, 1)
        points, *self._looks = (
            _between(start, end, moved, share[moved] if place else share[self._of[moved]])
            for place, (start, end, moved) in enumerate(zip(self._start, self._end, self._moved, strict=True))
        )
        if self.updating or not self._points or len(self._moved[0]):
            cuts = zip(self._ends, self._ends[1:], strict=False)
            self._points = {key: points[a:b] for key, (a, b) in zip(self._ids, cuts, strict=True)}
        self._settle()

    def _settle(self) -> None:
        """Makes the strokes of the arrays."""
        behind, fill, stroke, behind_width, width = self._looks
        looks = (part.tolist() for part in (behind_width[:, 0], behind, fill, width[:, 0], stroke))
        self._strokes = {key: strokes_of(*look) for key, *look in zip(self._ids, *looks, strict=True)}

    def _update(self, dt: float) -> None:
        """In the place of the scene's `update_mobjects`: first the objects come to where they are shown."""
        self._work_out()
        *colours, behind_width, width = self._looks
        for row, shown in enumerate(self._shown):
            shown.points = self._points[id(shown)]
            for name, rgbas in zip(_COLOURS, colours, strict=True):
                setattr(shown, name, rgbas[row : row + 1])
            shown.background_stroke_width, shown.stroke_width = (
                float(behind_width[row, 0]),
                float(width[row, 0]),
            )
        type(self.scene).update_mobjects(self.scene, dt)

    def _still_ours(self, vmobject: Any) -> bool:
        """Whether no updater gave an object other colours or widths than the play's."""
        row = self._row[id(vmobject)]
        *colours, behind_width, width = self._looks
        return (
            all(getattr(vmobject, name).base is rgbas for name, rgbas in zip(_COLOURS, colours, strict=True))
            and vmobject.background_stroke_width == behind_width[row, 0]
            and vmobject.stroke_width == width[row, 0]
        )


def _between(start: Points, end: Points, moved: npt.NDArray[np.intp], share: Points) -> Points:
    """Rows that are `share` of the way from a start to an end; most are where they were all along."""
    if len(moved) == len(start):
        return np.asarray(interpolate(start, end, share))
    made = start.copy()
    made[moved] = interpolate(start[moved], end[moved], share)
    return made


def _stacked(rows: Sequence[Any], columns: int) -> Points:
    """All rows below each other, of which there may be none."""
    return np.concatenate([np.empty((0, columns)), *rows])


def strokes_of(behind_width: float, behind: Any, fill: Any, width: float, stroke: Any) -> list[Stroke]:
    """What is to be painted of an object, from the back: what has no width or no opacity is left out."""
    strokes: list[Stroke] = []
    if behind_width > 0 and _seen(behind):
        strokes.append((behind_width, behind))
    if _seen(fill):
        strokes.append((None, fill))
    if width > 0 and _seen(stroke):
        strokes.append((width, stroke))
    return strokes


def _seen(colour: Any) -> bool:
    return bool(colour[3] if isinstance(colour, list) else colour[:, 3].any())


def batched(scene: Any) -> BatchedTransforms | None:
    """The transforms of a play that has begun; None where there are none, and orders may change.

    Only what manim itself would do is taken over: straight paths, a colour a paint, and no object that
    another animation moves too.
    """
    families = [mobject.get_family() for mobject in scene.mobjects]
    updating = bool(scene.updaters) or any(member.updaters for family in families for member in family)
    leaves = list(_leaves(scene.animations))
    members = [list(animation.get_all_families_zipped()) for animation in leaves]
    owners = Counter(key for family in members for key in {id(shown) for shown, *_ in family})
    tracks = [
        track
        for animation, family in zip(leaves, members, strict=True)
        if _plain(animation) and all(owners[id(shown)] == 1 for shown, *_ in family)
        if (track := TrackedTransform(animation, family)).rows
    ]
    kept = not updating and all(map(_steady, leaves))
    if not tracks and not kept:
        return None
    flying = any(getattr(animation, "flying", False) for animation in leaves)
    return BatchedTransforms(scene, tracks, kept, updating, flying)


def _nothing(dt: float) -> None:
    """In the place of `update_mobjects`."""


def _leaves(animations: Sequence[Animation]) -> Iterator[Any]:
    for animation in animations:
        if isinstance(animation, AnimationGroup) and not isinstance(animation, Succession):
            yield from _leaves(animation.animations)
        else:
            yield animation


def _steady(animation: Any) -> bool:
    """Whether no object gets or loses members by it, and no order changes; ours may say so themselves."""
    return isinstance(animation, Transform | ShowPartial) or getattr(animation, "steady", False)


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


def _alike(members: Member) -> bool:
    """Whether an object and what it comes from and becomes are of one build."""
    return all(
        isinstance(m, VMobject)
        and type(m).interpolate is VMobject.interpolate
        and len(m.points) == len(members[0].points)
        and all(len(getattr(m, name)) == 1 for name in _COLOURS)
        and m.get_background_image() is None
        for m in members
    )
