"""Colours, type, sizes and motion: everything that a look is made of.

Colours are those of the theme in force (`scenes.palette`), so they are asked for where something is drawn and
never as a module is loaded, nor as a default in a signature:

    with themed("light"):
        style.INK  # that of paper

Lengths are in manim's units: the frame is 14.22 wide and 8 high.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from scenes.palette import (
    DARK,
    READABLE,
    THEMES,
    Scale,
    Theme,
    channels,
    contrast,
    contrast_of,
    mix,
    starkest,
)

__all__ = ["READABLE", "Scale", "channels", "contrast", "contrast_of", "mix", "starkest"]

GROUND: str
PANEL: str
LINE: str
INK: str
DIM: str
COUNTER_INK: str

QUERY: str
KEY: str
VALUE: str
PROBABILITY: str
SHARE: str
FEED_FORWARD: str
LOGIT: str
HIGHLIGHT: str

NEGATIVE: str
POSITIVE: str

BODY: str
LEARNED: str
GLEAM: str
POSITIONS: str
CHANNELS: str
WASH: str
BEAM: str

SHADE: Mapping[str, float]

SIGNED: Scale
STREAM: Scale
WEIGHTS: Scale
SCORES: Scale
SHARES: Scale
LOGITS: Scale

SERIF = "New Computer Modern"  # words and formulas; inside Typst itself, as is the next
MONO = "DejaVu Sans Mono"  # tokens and numbers

BIG_SIZE = 48  # one number a frame
TITLE_SIZE = 44
TEXT_SIZE = 32
LABEL_SIZE = 27
NUMBER_SIZE = 24
SMALL_SIZE = 22  # the least that reads at 720p

FRAME_WIDTH, FRAME_HEIGHT = 14.222, 8.0
MARGIN = 0.55
LEFT, RIGHT = -FRAME_WIDTH / 2 + MARGIN, FRAME_WIDTH / 2 - MARGIN
TOP, BOTTOM = FRAME_HEIGHT / 2 - MARGIN, -FRAME_HEIGHT / 2 + MARGIN

FADED = 0.25  # the opacity of what is not the one idea
QUICK, CALM = 0.8, 1.6  # the longest that a move may take, in seconds: a small one, a large one
FLIGHT = 1.5  # seconds from one station of the machine to another

_COLOURS = frozenset(field.name.upper() for field in fields(Theme))
_in_force: ContextVar[Theme] = ContextVar("theme", default=DARK)


@contextmanager
def themed(name: str) -> Iterator[None]:
    """Puts a theme of `THEMES` in force: for what is drawn inside, in this thread and no other."""
    before = _in_force.set(THEMES[name])
    try:
        yield
    finally:
        _in_force.reset(before)


if not TYPE_CHECKING:  # so that a name that no theme has is still an error to a type checker

    def __getattr__(name: str) -> Any:
        """A colour of the theme in force."""
        if name in _COLOURS:
            return getattr(_in_force.get(), name.lower())
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def hue(name: str) -> str:
    """The colour of a name, such as "QUERY": for tables that are made before a theme is in force."""
    return str(getattr(_in_force.get(), name.lower()))


def signed(value: float, bound: float) -> str:
    """The colour of a signed value: the ground at 0, full hue at ±`bound` and beyond."""
    share, theme = abs(value) / bound if bound else 0.0, _in_force.get()
    return mix(theme.ground, theme.positive if value > 0 else theme.negative, share)


def weight(value: float) -> str:
    """The colour of a probability or attention weight, from 0 to 1."""
    theme = _in_force.get()
    return mix(theme.ground, theme.probability, value)


def legible(colour: str, share: float) -> float:
    """The least share of a colour over the ground, from `share` on, at which words in it can be read."""
    ground = _in_force.get().ground
    shares = np.linspace(share, 1.0, 20).tolist()
    return next((one for one in shares if contrast(mix(ground, colour, one), ground) >= READABLE), 1.0)


def ink_on(colour: str, least: float = READABLE) -> str:
    """The ink that reads on a colour: ours where one of them has that contrast, else pure white or black."""
    theme = _in_force.get()
    ours = max((theme.ink, theme.counter_ink), key=lambda ink: contrast(ink, colour))
    return ours if contrast(ours, colour) >= least else starkest(colour)
