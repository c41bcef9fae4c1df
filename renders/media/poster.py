"""The picture that stands for a video where it is not playing: its first frame would be an empty ground."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from renders.errors import EncodeError
from renders.media.container import named_errors, opened
from renders.media.decoding import Resizer

WIDTH = 1280  # pixels at most
SMALL = 480  # and of a thumbnail
_LIT = 96  # of 255: brighter than any dark ground, darker than its letters; on paper the other way round
LEAST = 0.001  # of the pixels are lit where there is something to see

_Pixels = npt.NDArray[np.uint8]  # (height, width, 3) RGB


def poster(segments: Sequence[Path]) -> bytes:
    """A PNG of the last frame of the first segment that ends on a picture: not on black, nor nearly.

    `segments`: in the order of preference. Where all end so, it is the brightest of those ends. Raises
    EncodeError when there is none, or one cannot be decoded.
    """
    if not segments:
        raise EncodeError("there is no segment to take a poster from; draw at least one chapter")
    best, most = None, -1.0
    for segment in segments:
        pixels = _last(segment)
        share = lit(pixels)
        if share > most:
            best, most = pixels, share
        if share >= LEAST:
            best = pixels
            break
    assert best is not None
    file = io.BytesIO()
    Image.fromarray(best).save(file, "PNG")
    return file.getvalue()


def lit(pixels: _Pixels) -> float:
    """Which share of a picture, (height, width, 3) RGB, there is something to see in; `LEAST` is enough."""
    share = float((pixels.max(axis=2) > _LIT).mean())
    if share > 0.5:  # on paper it is ink that is seen
        return float((pixels.min(axis=2) < 255 - _LIT).mean())
    return share


def thumbnail(png: bytes) -> bytes:
    """A small JPEG of a poster."""
    picture, file = Image.open(io.BytesIO(png)), io.BytesIO()
    picture.thumbnail((SMALL, SMALL))
    picture.save(file, "JPEG", quality=90, optimize=True)
    return file.getvalue()


def _last(segment: Path) -> _Pixels:
    with opened(segment) as container, named_errors(segment):
        stream = container.streams.video[0]
        container.seek(stream.duration or 0, stream=stream)  # the last key frame
        last = None
        for frame in container.decode(stream):
            last = frame
    if last is None:
        raise EncodeError(f"{segment} holds no picture; draw its chapter again")
    return _rgb(last)


def _rgb(frame: av.VideoFrame) -> _Pixels:
    width = min(WIDTH, frame.width)
    picture = Resizer("rgb24")(frame, width, round(frame.height * width / frame.width))
    return np.asarray(picture.to_ndarray(), np.uint8)
