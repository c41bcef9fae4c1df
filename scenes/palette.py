"""The colours of a theme, and what is reckoned with colours. Imports no manim.

One hue per concept, from the Okabe–Ito palette (Okabe & Ito 2008, "Color Universal Design"), which
colour-blind eyes tell apart: as they are on a dark ground, darker on paper. Cells are nearly the ground where
their value is 0 and full hue where it is large, in every theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

READABLE = 4.5  # the contrast that text needs (WCAG 2.2, AA)
_STEPS = 510  # of a scale: every level of one channel


def mix(start: str, end: str, amount: float) -> str:
    """The colour between two, at `amount` from 0 to 1, in sRGB."""
    one, two = (np.array(channels(colour)) for colour in (start, end))
    return "#" + "".join(f"{round(c):02X}" for c in one + (two - one) * min(max(amount, 0.0), 1.0))


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour, each from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


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


def _luminance(colour: npt.NDArray[np.floating]) -> float:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


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


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A set of colours; `scenes.style` has those of the theme in force under the same names in capitals."""

    ground: str
    panel: str  # a surface on the ground
    line: str  # hairlines, empty cells
    ink: str
    dim: str  # labels and asides
    counter_ink: str  # on cells that ours cannot be read on

    query: str
    key: str
    value: str
    probability: str
    share: str  # some of it over the ground: probabilities that are not the one that is meant
    feed_forward: str
    logit: str
    highlight: str

    negative: str  # signed values run from this over the ground to the next
    positive: str

    body: str  # what is neither negative nor positive: some of it over the ground, so that it is no hole
    learned: str  # weights
    gleam: str  # the top of a tower of probability
    positions: str  # marks of how many there are
    channels: str
    wash: str  # a little of it over the ground: what leads from one thing to another, what is chosen
    beam: str  # light that falls

    shade: Mapping[str, float]  # of a plain face's hue over the ground, by the axis that it stands across

    # Cells. Their legends say where ±1 is: the strongest 5 % are clipped.
    signed: Scale
    stream: Scale
    weights: Scale
    # How close a score comes to the largest of its row: 1 is that, and it has no hue until it is a weight.
    scores: Scale
    # Attention weights and probabilities: most are small, so that a linear scale would lose them.
    shares: Scale
    logits: Scale


def _over(ground: str, hue: str, *shares: tuple[float, float]) -> tuple[tuple[float, str], ...]:
    """Stops of a scale: so much of a hue over the ground at each place."""
    return tuple((place, mix(ground, hue, share)) for place, share in shares)


_DARK, _DARK_BODY = "#0C0D12", "#BFC7D8"
DARK = Theme(
    ground=_DARK,
    panel="#1A1C23",
    line="#3A3D47",
    ink="#E6E6E6",
    dim="#8A8F98",  # 5.9:1 on the ground
    counter_ink=_DARK,
    query="#F0E442",
    key="#56B4E9",
    value="#009E73",
    probability="#E69F00",
    share="#E69F00",
    feed_forward="#CC79A7",
    logit="#2BC59B",
    highlight="#FFFFFF",
    negative="#4C8DD6",
    positive="#E0703A",
    body=_DARK_BODY,
    learned="#9A8AE0",
    gleam="#FFD27A",
    positions="#9BE7C4",
    channels="#F7B2C4",
    wash="#E6E6E6",
    beam="#E6E6E6",
    shade={"x": 0.62, "y": 1.0, "z": 0.8},
    signed=Scale(((-1, "#5AA0F0"), (0, mix(_DARK, _DARK_BODY, 0.13)), (1, "#F2803F")), power=1.1),
    stream=Scale(((-1, "#5AA0F0"), (0, mix(_DARK, _DARK_BODY, 0.09)), (1, "#F2803F")), power=1.1),
    weights=Scale(((-1, "#5650C8"), (0, "#19172B"), (1, "#CDBBFF")), power=1.15),
    scores=Scale(_over(_DARK, _DARK_BODY, (0, 0.08), (1, 0.95)), signed=False),
    shares=Scale(
        (*_over(_DARK, "#E69F00", (0, 0.07), (0.25, 0.42), (0.6, 0.8)), (1, "#FFB01A")), signed=False
    ),
    logits=Scale(
        (*_over(_DARK, "#2BC59B", (0, 0.05), (0.45, 0.16), (0.75, 0.5)), (1, "#7CF5D0")), signed=False
    ),
)

_PAPER, _PAPER_BODY = "#FBF7EE", "#455272"
LIGHT = Theme(
    ground=_PAPER,
    panel="#F4EFE3",
    line="#CEC5B2",
    ink="#1D2129",
    dim="#5E6169",
    counter_ink=_PAPER,
    query="#544A00",
    key="#0067C4",
    value="#007455",
    probability="#A25000",
    share="#DC8700",
    feed_forward="#B0298A",
    logit="#004E60",
    highlight="#000000",
    negative="#1F63B8",
    positive="#B5420C",
    body=_PAPER_BODY,
    learned="#4B28C2",
    gleam="#8A4A00",
    positions="#0A7550",
    channels="#B02F5C",
    wash="#8A6F33",
    beam="#FFFFFF",
    shade={"x": 0.78, "y": 0.4, "z": 0.6},
    signed=Scale(((-1, "#1F6BC4"), (0, mix(_PAPER, _PAPER_BODY, 0.09)), (1, "#D2551A")), power=1.0),
    stream=Scale(((-1, "#1F6BC4"), (0, mix(_PAPER, _PAPER_BODY, 0.06)), (1, "#D2551A")), power=1.0),
    weights=Scale(((-1, "#8C82EA"), (0, "#F0ECF4"), (1, "#3A1C9E")), power=1.3),
    scores=Scale(_over(_PAPER, _PAPER_BODY, (0, 0.06), (1, 0.95)), signed=False),
    shares=Scale(
        (*_over(_PAPER, "#E69F00", (0, 0.08), (0.25, 0.5)), (0.6, "#DD8500"), (1, "#AC5200")), signed=False
    ),
    logits=Scale(
        (*_over(_PAPER, "#00808C", (0, 0.05), (0.45, 0.24), (0.75, 0.66)), (1, "#004E60")), signed=False
    ),
)

THEMES = {"dark": DARK, "light": LIGHT}
"""By the name that `--theme` takes."""
