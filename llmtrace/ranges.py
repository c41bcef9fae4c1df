"""What values a tensor has, in a line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llmtrace.store import Array


@dataclass(frozen=True)
class Range:
    """The least and the largest finite value (None where there is none), and how many are not finite."""

    least: float | int | None
    most: float | int | None
    below: int  # −∞
    above: int  # +∞
    undefined: int  # NaN

    def __or__(self, other: Range) -> Range:
        """The range of both."""
        ends = [end for end in (self.least, other.least) if end is not None]
        tops = [end for end in (self.most, other.most) if end is not None]
        counts = self.below + other.below, self.above + other.above, self.undefined + other.undefined
        return Range(min(ends, default=None), max(tops, default=None), *counts)


def range_of(values: Array) -> Range:
    """Reads each value once or twice; makes no copy of a tensor whose values are all finite."""
    if not values.size:
        return Range(None, None, 0, 0, 0)
    least, most = values.min(), values.max()  # NaN when one is among them
    if np.isfinite(least) and np.isfinite(most):
        return Range(least.item(), most.item(), 0, 0, 0)
    finite = values[np.isfinite(values)]
    ends = (finite.min().item(), finite.max().item()) if finite.size else (None, None)
    counts = (int(found(values).sum()) for found in (np.isneginf, np.isposinf, np.isnan))
    return Range(*ends, *counts)
