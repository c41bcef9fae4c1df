"""How much a clip flashes, as FFmpeg's filter `photosensitivity` measures it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.filter import Graph
from av.video.reformatter import Interpolation

from renders.media import graphs
from renders.media.container import named_errors
from renders.media.decoding import Pixels, Resizer, held

LIMIT = 1.0  # of the filter's measure: 5 flashes a second read 17
_SIZE = (160, 90)  # pixels: the filter looks at the means of 8×8 parts of the picture


def flashes(video: Path, first: int, last: int, fps: int) -> float:
    """The worst moment of frames `first` up to `last`, played twice as a loop plays them."""
    resize = Resizer("rgba")
    with named_errors(video):
        small = [one for frame, stays in held(video, first, last) for one in [_small(resize, frame)] * stays]
        return worst([*small, *small], fps)


def worst(shown: Sequence[Pixels], fps: int) -> float:
    """The largest `badness` of (height, width, 4) RGBA pictures; above `LIMIT` they flash too much."""
    return max(_badness(shown, fps), default=0.0)


def _small(resize: Resizer, frame: av.VideoFrame) -> Pixels:
    """A few pixels of each part, not the mean of all: a tenth another measure, in half the time."""
    return np.array(resize(frame, *_SIZE, Interpolation.FAST_BILINEAR).to_ndarray(), np.uint8)


def _badness(shown: Sequence[Pixels], fps: int) -> Iterator[float]:
    graph, unit = Graph(), Fraction(1, fps)
    height, width = shown[0].shape[:2]
    source = graphs.source(graph, width, height, unit)
    sees = graph.add("photosensitivity", "bypass=1")
    graph.link_nodes(source, graph.add("format", "rgb24"), sees, graph.add("buffersink")).configure()
    for number, picture in enumerate(shown):
        source.push(graphs.frame_of(picture, number, unit))
        for seen in graphs.pulled(graph):
            yield float(seen.metadata.get("lavfi.photosensitivity.badness", 0.0))
