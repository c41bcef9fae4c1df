"""FFmpeg's filters, fed with pictures: small helpers for those who use them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.format import VideoFormat

from renders.media.decoding import Pixels


def source(graph: Graph, width: int, height: int, unit: Fraction) -> FilterContext:
    """Where pictures of a size go in, with times in parts of a second of `unit`."""
    return graph.add_buffer(width=width, height=height, format=VideoFormat("rgba"), time_base=unit)


def frame_of(picture: Pixels, at: int, unit: Fraction) -> av.VideoFrame:
    """A picture, (height, width, 4) RGBA, that is shown from `at` on."""
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgba")
    frame.pts, frame.time_base = at, unit
    return frame


def pulled(graph: Graph) -> Iterator[av.VideoFrame]:
    """What has come out by now."""
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, av.VideoFrame)
        yield frame
