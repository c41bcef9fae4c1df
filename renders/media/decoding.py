"""A video's pictures as they come out of the decoder."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from renders.media.container import named_errors, opened


def decoded(video: Path, first: int, last: int) -> Iterator[np.ndarray]:
    """Frames `first` up to `last`, each Y, and below it U and V: (height · 3/2, width) uint8.

    Raises EncodeError when the video cannot be read or decoded.
    """
    with opened(video) as container, named_errors(video):
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        rate, unit = stream.average_rate or Fraction(1), stream.time_base or Fraction(1)
        container.seek(round(first / rate / unit), stream=stream)
        for frame in container.decode(stream):
            number = round((frame.pts or 0) * unit * rate)
            if number >= last:
                return
            if number >= first:
                yield frame.to_ndarray(format="yuv420p")
