"""How much a clip flashes, as FFmpeg's filter `photosensitivity` measures it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from av.filter import Graph

from renders.media import graphs
from renders.media.container import named_errors
from renders.media.decoding import Pixels, pictures

LIMIT = 1.0  # of the filter's measure: 5 flashes a second read 17
_SIZE = (160, 90)  # pixels: the filter looks at the means of 8×8 parts of the picture


def flashes(video: Path, first: int, last: int, fps: int) -> float:
    """The worst moment of frames `first` up to `last`, played twice as a loop plays them."""
    with named_errors(video):
        small = [frame.copy() for frame in pictures(video, first, last, *_SIZE)]
        return worst([*small, *small], fps)


def worst(frames: Sequence[Pixels], fps: int) -> float:
    """The largest `badness` of (height, width, 4) RGBA pictures; above `LIMIT` they flash too much."""
    return max(_badness(frames, fps), default=0.0)


def _badness(frames: Sequence[Pixels], fps: int) -> Iterator[float]:
    graph, unit = Graph(), Fraction(1, fps)
    height, width = frames[0].shape[:2]
    source = graphs.source(graph, width, height, unit)
    sees = graph.add("photosensitivity", "bypass=1")
    graph.link_nodes(source, graph.add("format", "rgb24"), sees, graph.add("buffersink")).configure()
    for number, picture in enumerate(frames):
        source.push(graphs.frame_of(picture, number, unit))
        for seen in graphs.pulled(graph):
            yield float(seen.metadata.get("lavfi.photosensitivity.badness", 0.0))
