"""Values → pixels: colour scales, and matrices as pictures of cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from llmtrace.trace import Array
from scenes import style
from scenes.how import BOUND_PERCENTILE

Pixels = npt.NDArray[np.uint8]

_BEYOND = 1.25  # a scale ends at a high percentile where the largest magnitude is so many times that
_STEPS = 255


@dataclass(frozen=True)
class ColourScale:
    """Which colour a value has: from `low` to `high` along `ramp`, and beyond that the end's."""

    low: float
    high: float
    ramp: Pixels  # (steps, 3)
    clipped: int  # how many values lie beyond
    least: float  # of all finite values
    most: float

    def colours(self, values: Array) -> Pixels:
        """(…) → (…, 3)"""
        span = (self.high - self.low) or 1.0
        share = (np.nan_to_num(values.astype(np.float64), posinf=0, neginf=0) - self.low) / span
        colours: Pixels = self.ramp[np.rint(np.clip(share, 0, 1) * (len(self.ramp) - 1)).astype(np.int64)]
        return colours


def scale_for(values: Array, hue: str, clip: bool = True) -> ColourScale:
    """Signed values run both ways from the ground, others from the ground to `hue`.

    With `clip` the scale ends, as in lessons, at a high percentile of the magnitudes.
    """
    finite = values[np.isfinite(values)].astype(np.float64)
    least, most = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    size = np.abs(finite)
    bound = float(size.max(initial=0.0))
    if clip and size.size and bound > _BEYOND * (typical := float(np.percentile(size, BOUND_PERCENTILE))) > 0:
        bound = typical
    clipped = int((size > bound).sum())
    if least < 0:
        return ColourScale(-bound, bound, _ramp(style.NEGATIVE, style.POSITIVE), clipped, least, most)
    return ColourScale(0.0, bound, _ramp(None, hue), clipped, least, most)


def _ramp(below: str | None, above: str) -> Pixels:
    def colour(share: float) -> tuple[int, int, int]:
        end = above if share >= 0 or below is None else below
        return rgb(style.mix(style.GROUND, end, abs(share)))

    shares = np.linspace(-1.0 if below else 0.0, 1.0, _STEPS)
    return np.array([colour(float(share)) for share in shares], dtype=np.uint8)


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hexed(pixel: Pixels) -> str:
    return "#" + "".join(f"{int(channel):02X}" for channel in pixel)


def cells(values: Array, scale: ColourScale, width: int, height: int, gap: int) -> Pixels:
    """A matrix as a picture: each value a cell of `width` × `height` pixels, `gap` of them the ground's.

    −∞ has a colour and stripes of its own, NaN and +∞ are white.
    """
    colours = scale.colours(values)
    colours[np.isnan(values) | np.isposinf(values)] = rgb(style.HIGHLIGHT)
    colours[np.isneginf(values)] = rgb(style.PANEL)
    picture = colours.repeat(height, axis=0).repeat(width, axis=1)
    rows, columns = np.indices(picture.shape[:2])
    if min(width, height) >= 6:
        stripes = (rows + columns) % 6 == 0
        picture[np.isneginf(values).repeat(height, 0).repeat(width, 1) & stripes] = rgb(style.LINE)
    if gap:
        picture[(rows % height >= height - gap) | (columns % width >= width - gap)] = rgb(style.GROUND)
    return picture
