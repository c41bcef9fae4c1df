"""What is wrong with a chapter's pictures, found while it is drawn, or while it is gone through undrawn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import Mobject

from renders.draw.camera import LessonCamera, in_order
from renders.shot import Fault, Quality
from scenes import style
from scenes.gates import Text, empty, faults, texts
from scenes.stage import LessonScene

_Standing = tuple[float, ...]  # where a text is, and how much of it

SMALL = Quality(480, 270)  # the drawing that contrast is measured on
EMPTY = 1.0  # seconds that a picture may have nothing in it
MARKS = "␣↵⇥"  # of spaces, in a token
_FULL = 0.9  # the opacity from which on a text is not dimmed


class Look:
    """Looks at a scene's picture after everything that it plays; what is wrong is `found`, once a beat.

    What is played before frame `first` is looked at only for what is dimmed later.
    """

    def __init__(self, scene: LessonScene, first: int = 0) -> None:
        self.found: list[Fault] = []
        self._scene, self._first, self._bare = scene, first, 0
        self._ends = list(accumulate(one.frames for one in scene.scheduled.beats))
        self._known = set[tuple[int, str]]()
        self._lit: dict[int, Mobject] = {}  # texts that have been there in full; kept: an id stays one's
        self._stood: dict[int, tuple[Mobject, _Standing]] = {}  # and those that are there, as they stand
        self._faint = set[int]()  # texts that did not stand out at the last look
        self._clear: dict[
            int, tuple[Mobject, _Standing]
        ] = {}  # and how those stood that did when they were measured
        self._behind: Backdrop | None = None
        self._was_empty = True
        scene.watchers.append(self._after)

    def _after(self, start: int) -> None:
        scene, now = self._scene, self._scene.now
        there = texts(scene.mobjects)
        self._lit |= {id(text.of): text.of for text in there if _opacity(text) >= _FULL}
        before, self._stood = self._stood, {id(text.of): (text.of, _standing(text)) for text in there}
        nothing = not there and empty(scene.mobjects)
        self._bare = self._bare + now - start if nothing and self._was_empty else 0
        self._was_empty = nothing
        if start < self._first:
            return
        still = {key for key, (_, how) in self._stood.items() if key in before and before[key][1] == how}
        for line in faults(scene.mobjects, there, still):
            self._tell(now - 1, line)
        for line in self._unclear(there, still):
            self._tell(now - 1, line)
        if self._bare > EMPTY * scene.fps:
            self._tell(now - 1, f"nothing has been in the picture for {self._bare / scene.fps:.1f} s")

    def _unclear(self, there: list[Text], still: set[int]) -> Iterator[str]:
        """Texts that stand, and for two looks not out from what lies behind them.

        Those are left out that were dimmed after they had been there in full. A text is measured where it
        stands otherwise than before, and at the end of each beat.
        """
        before, self._faint = self._faint, set()
        ends = self._scene.now in self._ends
        due = [
            text
            for text in there
            if _opacity(text) >= _FULL or id(text.of) not in self._lit
            if ends or id(text.of) in before or self._clear.get(id(text.of)) != self._stood[id(text.of)]
        ]
        if not due:
            return
        if self._behind is None:
            self._behind = Backdrop()
        for text, by in zip(due, self._behind.contrasts(self._scene.mobjects, due, there), strict=True):
            key = id(text.of)
            if by >= style.READABLE - 0.05:
                self._clear[key] = self._stood[key]
                continue
            self._faint.add(key)
            if key in before and key in still:
                least = f"{style.READABLE:g} is the least that reads"
                yield f"{text.text!r} has a contrast of {by:.1f} to what lies behind it, and {least}"

    def _tell(self, frame: int, line: str) -> None:
        beat = bisect_right(self._ends, frame)
        if (beat, line) not in self._known:
            self._known.add((beat, line))
            self.found.append(Fault(frame, line))


class Backdrop:
    """Draws what lies behind texts, small."""

    def __init__(self) -> None:
        size = {"pixel_width": SMALL.width, "pixel_height": SMALL.height}
        self._camera = LessonCamera(**size, background_color=style.GROUND)

    def contrasts(self, mobjects: list[Any], due: list[Text], there: list[Text]) -> list[float]:
        """How far each text stands out where it does so least; `there`: all texts, which are left out."""
        ink = {id(glyph) for text in there for glyph in text.glyphs}
        behind = [m for m in in_order(mobjects) if len(m.points) and id(m) not in ink]
        self._camera.reset()
        self._camera.capture_mobjects(behind, include_submobjects=False)
        picture = self._camera.pixel_array[..., :3]
        return [min(self._contrast(glyph, picture) for glyph in _letters(text)) for text in due]

    def _contrast(self, glyph: Any, picture: npt.NDArray[Any]) -> float:
        """That of a glyph to the mean colour of the box that it is in."""
        ends = np.array([glyph.points.min(axis=0), glyph.points.max(axis=0)])[:, :2]
        (left, low), (right, high) = self._camera._pixels(ends)
        top, bottom = max(0, int(high)), max(int(high) + 1, int(np.ceil(low)))
        inside = picture[top:bottom, max(0, int(left)) : max(int(left) + 1, int(np.ceil(right)))]
        if not inside.size:
            return float("inf")  # beyond the picture's edge, which is another fault
        ground = inside.reshape(-1, 3).mean(axis=0) / 255
        opacity = glyph.get_fill_opacity()
        ink = np.array(glyph.get_fill_color().to_rgb()) * opacity + ground * (1 - opacity)
        return style.contrast_of(ink, ground)


def _opacity(text: Text) -> float:
    return float(max(glyph.get_fill_opacity() for glyph in text.glyphs))


def _standing(text: Text) -> _Standing:
    """Where a text stands and how much of it is there."""
    return (*text.boxes[0], *text.boxes[-1], round(_opacity(text), 3))


def _letters(text: Text) -> list[Any]:
    """A text's glyphs without the dimmed marks of a token's spaces, which are no letters."""
    letters = [glyph for glyph in text.glyphs if glyph.get_fill_color().to_hex() != style.DIM]
    return letters if letters and text.text.strip(MARKS) != text.text else list(text.glyphs)
