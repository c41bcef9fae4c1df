"""Tokens as chips: a box each, with the exact text in it."""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, RIGHT, DashedVMobject, RoundedRectangle, VGroup

from scenes import style
from scenes.letters import shorten, shown
from scenes.locale import Locale
from scenes.parts.label import Label, mono, number, sentence
from scenes.reading import Reading

LONGEST = 14  # characters of a token that a chip shows
ADVANCE = 0.00628  # the width of each, by the size of type
BESIDE = 0.013  # and of what a chip leaves beside them, both sides together


class Chip(VGroup):
    """A token in its box. `token` is its reading in the form "token"."""

    def __init__(
        self,
        token: Reading,
        size: float = style.LABEL_SIZE,
        color: str | None = None,
        longest: int = LONGEST,
    ) -> None:
        color = color or style.INK
        self.label = chip_label(token, size, color, longest)
        self.box = _box(self.label.width + size * BESIDE, size, color)
        super().__init__(self.box, self.label.move_to(self.box))


class Blank(VGroup):
    """The empty place where the next token goes."""

    def __init__(self, size: float = style.LABEL_SIZE, color: str | None = None) -> None:
        color = color or style.PROBABILITY
        self.box = _box(size * 0.035, size, color)
        self.mark = mono("?", size, color)
        super().__init__(DashedVMobject(self.box, num_dashes=30), self.mark.move_to(self.box))


def chip_label(token: Reading, size: float, color: str | None = None, longest: int = LONGEST) -> Label:
    """A token's text, cut with an ellipsis when more than so many characters would be drawn."""
    return number(token, size, color, text=shorten(shown(token.text, style.MONO), longest))


def longest_in(width: float, size: float = style.LABEL_SIZE) -> int:
    """The characters that a chip of a width has room for."""
    return min(LONGEST, int((width - size * BESIDE) / (size * ADVANCE)))


def gap(hidden: Reading, locale: Locale, size: float = style.SMALL_SIZE) -> VGroup:
    """Stands for the tokens that are not shown, and says how many they are."""
    return sentence(*locale.phrase("more", hidden=hidden), size=size)


def lines(chips: Sequence[VGroup], width: float, pitch: float, buff: float = 0.14) -> VGroup:
    """Chips in as few lines as a width allows, `pitch` apart, centred; a group of lines."""
    rows, used = [VGroup()], 0.0
    for chip in chips:
        if rows[-1].submobjects and used + buff + chip.width > width:
            rows, used = [*rows, VGroup()], 0.0
        used += chip.width + (buff if rows[-1].submobjects else 0.0)
        rows[-1].add(chip)
    for index, row in enumerate(rows):
        row.arrange(RIGHT, buff=buff).move_to(index * pitch * DOWN)
    return VGroup(*rows).move_to((0, 0, 0))


def column(chips: Sequence[VGroup], right: float, top: float, pitch: float) -> VGroup:
    """Chips below each other, `pitch` apart from `top`, flush at `right`."""
    for index, chip in enumerate(chips):
        chip.move_to((right, top - index * pitch, 0.0), aligned_edge=RIGHT)
    return VGroup(*chips)


def _box(width: float, size: float, color: str) -> RoundedRectangle:
    return RoundedRectangle(
        width=width,
        height=size * 0.0215,
        corner_radius=0.09,
        stroke_color=color,
        stroke_width=2,
        fill_color=style.PANEL,
        fill_opacity=1,
    )
