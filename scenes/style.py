"""Colours, type, sizes and motion: everything that a look is made of.

One hue per concept, from the Okabe–Ito palette (Okabe & Ito 2008, "Color Universal Design"), which
colour-blind eyes tell apart. Lengths are in manim's units: the frame is 14.22 wide and 8 high.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

GROUND = "#0C0D12"
PANEL = "#1A1C23"  # a surface on the ground
LINE = "#3A3D47"  # hairlines, empty cells
INK = "#E6E6E6"
DIM = "#8A8F98"  # labels and asides; 5.9:1 on the ground
DARK_INK = "#0C0D12"  # on bright cells

QUERY = "#F0E442"
KEY = "#56B4E9"
VALUE = "#009E73"
PROBABILITY = "#E69F00"
FEED_FORWARD = "#CC79A7"
LOGIT = "#2BC59B"
HIGHLIGHT = "#FFFFFF"

NEGATIVE = "#4C8DD6"  # signed values run from this over the ground to the next
POSITIVE = "#E0703A"

BODY = "#BFC7D8"  # what is neither negative nor positive: some of it over the ground, so that it is no hole
LEARNED = "#9A8AE0"  # weights
GLEAM = "#FFD27A"  # the top of a tower of probability
POSITIONS, CHANNELS = "#9BE7C4", "#F7B2C4"  # marks of how many there are

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

READABLE = 4.5  # the contrast that text needs (WCAG 2.2, AA)
FADED = 0.25  # the opacity of what is not the one idea
QUICK, CALM = 0.8, 1.6  # the longest that a move may take, in seconds: a small one, a large one
FLIGHT = 1.5  # seconds from one station of the machine to another


def mix(start: str, end: str, amount: float) -> str:
    """The colour between two, at `amount` from 0 to 1, in sRGB."""
    one, two = (np.array(channels(colour)) for colour in (start, end))
    return "#" + "".join(f"{round(c):02X}" for c in one + (two - one) * min(max(amount, 0.0), 1.0))


def signed(value: float, bound: float) -> str:
    """The colour of a signed value: the ground at 0, full hue at ±`bound` and beyond."""
    share = abs(value) / bound if bound else 0.0
    return mix(GROUND, POSITIVE if value > 0 else NEGATIVE, share)


def weight(value: float) -> str:
    """The colour of a probability or attention weight, from 0 to 1."""
    return mix(GROUND, PROBABILITY, value)


@dataclass(frozen=True)
class Scale:
    """Colours of shares from −1 to 1: between the stops in sRGB, `power` bending what lies between 0 and ±1.

    `signed`: shares have both signs, so that means of many cells are smaller than the cells are.
    """

    stops: tuple[tuple[float, str], ...]
    power: float = 1.0
    signed: bool = True

    def rgb(self, shares: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
        """(…) shares, those beyond ±1 clipped → (…, 3) colours."""
        place = np.clip((np.asarray(shares) + 1) * (_STEPS / 2) + 0.5, 0, _STEPS).astype(np.intp)
        return self._table[place]

    def colour(self, share: float) -> str:
        """The colour of one share."""
        red, green, blue = self.rgb(np.array(share)).tolist()
        return f"#{red:02X}{green:02X}{blue:02X}"

    @cached_property
    def _table(self) -> npt.NDArray[np.uint8]:
        share = np.linspace(-1, 1, _STEPS + 1)
        bent = np.sign(share) * np.abs(share) ** self.power
        places = [place for place, _ in self.stops]
        at_stops = np.array([channels(colour) for _, colour in self.stops])
        table = [np.interp(bent, places, channel) for channel in at_stops.T]
        return np.stack(table, axis=-1).round().astype(np.uint8)


_STEPS = 510  # of a scale: every level of one channel


def ink_on(colour: str) -> str:
    """The ink that reads on a colour: ours where one of them reaches 4.5:1, else pure white or black."""
    ours = max((INK, DARK_INK), key=lambda ink: contrast(ink, colour))
    if contrast(ours, colour) >= READABLE:
        return ours
    return starkest(colour)


def starkest(colour: str) -> str:
    """Pure white or black, whichever stands out more from a colour."""
    return max(("#FFFFFF", "#000000"), key=lambda ink: contrast(ink, colour))


def contrast(one: str, two: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    return contrast_of(*(np.array(channels(colour)) / 255 for colour in (one, two)))


def contrast_of(one: npt.NDArray[np.floating], two: npt.NDArray[np.floating]) -> float:
    """The same of two colours of three channels each, from 0 to 1."""
    high, low = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour, each from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: npt.NDArray[np.floating]) -> float:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


# Cells. Their legends say where ±1 is: the strongest 5 % are clipped.
SIGNED = Scale(((-1, "#5AA0F0"), (0, mix(GROUND, BODY, 0.13)), (1, "#F2803F")), power=1.1)
STREAM = Scale(((-1, "#5AA0F0"), (0, mix(GROUND, BODY, 0.09)), (1, "#F2803F")), power=1.1)
WEIGHTS = Scale(((-1, "#5650C8"), (0, "#19172B"), (1, "#CDBBFF")), power=1.15)
# How close a score comes to the largest of its row: 1 is that, and it has no hue until it is a weight.
SCORES = Scale(((0, mix(GROUND, BODY, 0.08)), (1, mix(GROUND, BODY, 0.95))), signed=False)
# Attention weights and probabilities: most are small, so that a linear scale would be too dark for them.
SHARES = Scale(
    (
        (0, mix(GROUND, PROBABILITY, 0.07)),
        (0.25, mix(GROUND, PROBABILITY, 0.42)),
        (0.6, mix(GROUND, PROBABILITY, 0.8)),
        (1, "#FFB01A"),
    ),
    signed=False,
)
LOGITS = Scale(
    (
        (0, mix(GROUND, LOGIT, 0.05)),
        (0.45, mix(GROUND, LOGIT, 0.16)),
        (0.75, mix(GROUND, LOGIT, 0.5)),
        (1, "#7CF5D0"),
    ),
    signed=False,
)
