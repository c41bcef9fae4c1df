"""Text: words, tokens, numbers and formulas, set by Typst with the fonts that it carries."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import RIGHT, VectorizedPoint, VGroup, VMobject

from scenes import outlines, style
from scenes.letters import plain, shown
from scenes.reading import Reading


class Label(VGroup):
    """A line of text whose box is the line's, not the ink's: centring two of them aligns their baselines.

    `reading` is the reading that the text shows, or None when it shows no number and no token. `text` is what
    is drawn, in a `face`.
    """

    def __init__(
        self,
        glyphs: VMobject,
        box: tuple[Any, Any],
        reading: Reading | None,
        text: str,
        face: str,
        size: float,
    ) -> None:
        corners = [VectorizedPoint(corner, fill_opacity=0, stroke_width=0) for corner in box]
        super().__init__(*glyphs.submobjects, *corners)
        self.reading, self.text, self.face = reading, text, face
        self.size = size
        self._made = self._diagonal()

    @property
    def glyphs(self) -> list[VMobject]:
        """Its letters, without the corners of its line."""
        return list(self.submobjects[:-2])

    @property
    def turned(self) -> bool:
        """Whether it no longer runs from left to right, or is squeezed."""
        (was_wide, was_high), (wide, high) = self._made, self._diagonal()
        return abs(wide * was_high - high * was_wide) > 1e-3 * was_high * (was_wide + was_high)

    def size_now(self) -> float:
        """The size of its type as it stands: of a turned one, that of upright letters as large as these."""
        if not self.turned:
            return self.size * self._diagonal()[1] / self._made[1]
        was = np.concatenate(outlines.line(self.text, self.face).outlines)[:, :2]
        now = np.concatenate([glyph.points for glyph in self.glyphs])[:, :2]
        if was.shape != now.shape:  # some of it is not there, or it is on its way into something else
            return self.size
        affine = np.linalg.lstsq(was - was.mean(axis=0), now - now.mean(axis=0), rcond=None)[0]
        return outlines.SIZE * float(np.sqrt(abs(np.linalg.det(affine))))

    def _diagonal(self) -> tuple[float, float]:
        """From the top left corner of its line to the bottom right one; turning changes its proportion."""
        first, last = (corner.points[0] for corner in self.submobjects[-2:])
        return float(last[0] - first[0]), float(first[1] - last[1])


class Formula(VGroup):
    """A formula's letters and rules."""


def words(text: str, size: float = style.TEXT_SIZE, color: str | None = None) -> Label:
    """Plain words in the serif face, in our ink or a colour. Nothing in the text is markup."""
    return _line(text, style.SERIF, size, color or style.INK, None)


def mono(text: str, size: float = style.NUMBER_SIZE, color: str | None = None) -> Label:
    """Plain text in the face of tokens and numbers."""
    return _line(text, style.MONO, size, color or style.INK, None)


def number(
    reading: Reading, size: float = style.NUMBER_SIZE, color: str | None = None, text: str | None = None
) -> Label:
    """A reading in the face of tokens and numbers, its visible spaces dimmed; `text` may shorten it."""
    text = reading.text if text is None else text
    label = _line(text, style.MONO, size, color or style.INK, reading)
    if reading.form == "token" and len(text) > 1 and plain(text, style.MONO):  # a glyph for each letter
        for mark, glyph in zip(text.replace(" ", ""), label.submobjects, strict=False):
            if mark in "␣↵⇥":
                glyph.set_fill(style.DIM)
    return label


def sentence(*parts: str | Reading, size: float = style.TEXT_SIZE, color: str | None = None) -> VGroup:
    """Words with readings among them, in one line of the serif face, such as `"of ", reading, " values"`.

    Dimmed, or in a colour.
    """
    line, color = VGroup(), color or style.DIM
    gap = 0.0
    for part in parts:
        text = part if isinstance(part, str) else part.text
        label = _line(text.strip(), style.SERIF, size, color, part if isinstance(part, Reading) else None)
        spaced = text.startswith((" ", ","))
        if line.submobjects:
            label.next_to(line, RIGHT, buff=max(gap, 0.0 if text.startswith(",") else size * 0.0042 * spaced))
        gap = size * 0.0042 * text.endswith(" ")
        line.add(label)
    return line


def broken(word: str, size: float, width: float) -> list[str]:
    """A word in the serif face, cut where it alone is wider than a line: as much in each part as fits."""
    if len(word) < 2 or words(word, size).width <= width:
        return [word]
    fits = bisect_left(range(2, len(word)), True, key=lambda end: words(word[:end], size).width > width) + 1
    while fits > 1 and unicodedata.category(word[fits])[0] == "M":  # a mark stays with its letter
        fits -= 1
    return [word[:fits], *broken(word[fits:], size, width)]


def formula(math: str, size: float = 44, color: str | None = None) -> Formula:
    """A formula in Typst's mathematical notation, written by us and never by a prompt."""
    return Formula(*_filled(outlines.formula(math), size, color or style.INK))


def _line(text: str, font: str, size: float, color: str, reading: Reading | None) -> Label:
    drawn = shown(text, font)
    line = outlines.line(drawn, font)
    scale = size / outlines.SIZE
    corners = (0.0, line.top * scale, 0.0), (line.width * scale, line.bottom * scale, 0.0)
    return Label(_filled(line.outlines, size, color), corners, reading, drawn, font, size)


def _filled(shapes: Sequence[outlines.Outline], size: float, color: str) -> VGroup:
    pattern = VMobject(fill_color=color, fill_opacity=1, stroke_width=0)
    group = VGroup()
    for shape in shapes:
        glyph = pattern.copy()  # quicker than to make one
        glyph.points = shape * (size / outlines.SIZE)
        group.add(glyph)
    return group
