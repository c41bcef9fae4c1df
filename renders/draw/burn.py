"""Captions drawn into the picture: the scene a little smaller, and below it the words as they are spoken.

The scene keeps all that it shows: it is drawn at 7/8 of the size and stands at the top, and the captions have
the band below to themselves. Both lie on the same ground, so no edge is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cairo
import numpy as np

from renders.draw.cairo_paths import paths
from renders.draw.camera import Picture
from renders.draw.pages import LINES, SIZE, SPACE, WIDTH, pages, width
from renders.shot import BurnedCaption
from scenes import style
from scenes.parts.label import Label, words

EIGHTHS = 7  # of the frame's width and height that the scene keeps
_LINE = 0.47  # from line to line, in manim's units
_FOOT = 0.54  # from the middle of the lines to the frame's lower edge
_PAD = (0.08, 0.03)  # of the surface behind the spoken word: at its sides, above and below


def inner(width: int, height: int) -> tuple[int, int]:
    """The size at which the scene is drawn for a frame of this size."""
    return width * EIGHTHS // 8, height * EIGHTHS // 8


@dataclass(frozen=True)
class Laid:
    """Where the scene and the words stand in a frame; in pixels, but `line`, a line's width in manim's units.

    `scene`: left, top, width, height. `unit`: pixels of one of manim's units in the words. `foot`: from the
    middle of the lines to the frame's lower edge. `lines`: how many there is room for.
    """

    width: int
    height: int
    scene: tuple[int, int, int, int]
    unit: float
    foot: float
    line: float = WIDTH
    lines: int = LINES

    @classmethod
    def wide(cls, width: int, height: int) -> Laid:
        """The scene a little smaller at the top, and below it two lines."""
        wide, high = inner(width, height)
        unit = height / style.FRAME_HEIGHT
        return cls(width, height, ((width - wide) // 2, 0, wide, high), unit, _FOOT * unit)

    @classmethod
    def square(cls, side: int) -> Laid:
        """The scene as wide as the frame, with room above, and four lines below it."""
        high, unit = side * 9 // 16, side / style.FRAME_HEIGHT
        top = (side - high) // 6
        foot = (side - high - top) / 2
        return cls(side, side, (0, top, side, high), unit, foot, style.FRAME_HEIGHT * 0.9, 4)

    @property
    def band(self) -> int:
        """The first row of the words' part."""
        return self.scene[1] + self.scene[3]


class Burner:
    """A `Write` between the scene and the encoder: takes the scene's pictures, hands on whole frames.

    A picture that is shown for long is handed on in parts, one for each word that is spoken meanwhile.
    """

    def __init__(self, captions: Sequence[BurnedCaption], laid: Laid, write: Any, first: int = 0) -> None:
        """`write(frame, repeat)` gets (height, width, 4) RGBA, which changes again after the call.

        `first`: the frame of the chapter that the first picture stands on.
        """
        self._write = write
        parts = [page for caption in captions for page in pages(caption, laid.line, laid.lines)]
        self._changes = list(_changes(parts))  # (first frame, caption, number of the spoken word)
        self._frame, self._next = first, 0
        ground = (*style.channels(style.GROUND), 255)
        self._canvas = np.full((laid.height, laid.width, 4), ground, np.uint8)
        self._laid, self._band = laid, _Band(laid)

    def __call__(self, picture: Picture, repeat: int, _changed: object = None) -> None:
        """Takes a picture of the scene's size, RGBA, shown for `repeat` frames."""
        left, top, width, height = self._laid.scene
        self._canvas[top : top + height, left : left + width] = picture
        while repeat > 0:
            self._speak()
            until = self._changes[self._next][0] if self._next < len(self._changes) else None
            part = repeat if until is None else min(repeat, until - self._frame)
            self._write(self._canvas, part)
            self._frame += part
            repeat -= part

    def _speak(self) -> None:
        """Draws the band anew when another word is spoken from this frame on."""
        due = None
        while self._next < len(self._changes) and self._changes[self._next][0] <= self._frame:
            due = self._changes[self._next]
            self._next += 1
        if due is not None:
            self._canvas[self._laid.band :] = self._band.draw(due[1], due[2])


def _changes(captions: Sequence[BurnedCaption]) -> Iterator[tuple[int, BurnedCaption | None, int]]:
    """The frames on which the band changes, and to what; None is an empty band."""
    for caption, following in zip(captions, [*captions[1:], None], strict=True):
        yield caption.start, caption, 0
        for number, (one, other) in enumerate(pairwise(caption.begins), 1):
            if one < other < caption.end:
                yield other, caption, number
        if following is None or following.start > caption.end:
            yield caption.end, None, 0


class _Band:
    """The strip below the scene, drawn with cairo."""

    def __init__(self, laid: Laid) -> None:
        rows = laid.height - laid.band
        self._surface = cairo.ImageSurface(cairo.FORMAT_RGB24, laid.width, rows)
        self._context = cairo.Context(self._surface)
        self._context.translate(laid.width / 2, rows - laid.foot)
        self._context.scale(laid.unit, -laid.unit)  # units, y upwards, from the middle of the lines
        self._line = laid.line
        self._laid: tuple[BurnedCaption, list[tuple[float, float, Label]]] | None = None

    def draw(self, caption: BurnedCaption | None, spoken: int) -> Picture:
        """(rows, width, 4) RGBA of the band with this word of the caption spoken."""
        context = self._context
        context.set_source_rgb(*_rgb(style.GROUND))
        context.paint()
        for number, (x, y, label) in enumerate(self._words(caption) if caption else []):
            if number == spoken:
                self._behind(x, y, label)
            rest = style.mix(style.GROUND, style.INK, 0.75)
            context.set_source_rgb(*_rgb(style.HIGHLIGHT if number == spoken else rest))
            self._outline(x, y, label)
        self._surface.flush()
        rows = np.ndarray(
            (self._surface.get_height(), self._surface.get_width(), 4),
            np.uint8,
            self._surface.get_data(),
            strides=(self._surface.get_stride(), 4, 1),
        )
        picture = rows[..., [2, 1, 0, 3]]  # cairo's pixels are BGRX in memory
        picture[..., 3] = 255
        return picture

    def _words(self, caption: BurnedCaption) -> list[tuple[float, float, Label]]:
        """Each word's middle, and its outlines; a caption is laid out once."""
        if self._laid is None or self._laid[0] is not caption:
            self._laid = (caption, list(_laid_out(caption, self._line)))
        return self._laid[1]

    def _behind(self, x: float, y: float, label: Label) -> None:
        """A soft surface behind a word: a rounded rectangle."""
        half, up = label.width / 2 + _PAD[0], label.height / 2 + _PAD[1]
        radius = up * 0.45
        context = self._context
        context.new_path()
        for cx, cy, quarter in (
            (x + half - radius, y + up - radius, 0.0),
            (x - half + radius, y + up - radius, 0.5),
            (x - half + radius, y - up + radius, 1.0),
            (x + half - radius, y - up + radius, 1.5),
        ):
            context.arc(cx, cy, radius, quarter * np.pi, (quarter + 0.5) * np.pi)
        context.close_path()
        context.set_source_rgb(*_rgb(style.mix(style.GROUND, style.INK, 0.16)))
        context.fill()

    def _outline(self, x: float, y: float, label: Label) -> None:
        """Fills a word's letters, which stand about its middle."""
        move = np.array((x, y, 0.0)) - label.get_center()
        laid = paths([glyph.points + move for glyph in label.submobjects])
        for place, size in enumerate(laid.sizes):
            if size:
                laid.lay(self._context, place)
                self._context.fill()


def _laid_out(caption: BurnedCaption, wide: float) -> Iterator[tuple[float, float, Label]]:
    for row, line in enumerate(caption.lines):
        labels = [words(text, SIZE) for text in line]
        long = width(line)
        shrink = min(1.0, wide / long)  # a line of the widest letters, such as W
        x, y = -long * shrink / 2, ((len(caption.lines) - 1) / 2 - row) * _LINE
        for label in labels:
            label.scale(shrink)
            yield x + label.width / 2, y, label
            x += label.width + SPACE * shrink


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = style.channels(colour)
    return red / 255, green / 255, blue / 255
