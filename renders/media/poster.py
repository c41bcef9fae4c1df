"""The picture that stands for a video where it is not playing: its first frame would be an empty ground."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from renders.errors import EncodeError
from renders.media.decoding import Resizer, frames
from renders.media.png import png

WIDTH = 1280  # pixels at most
SMALL = 480  # and of a thumbnail
_LIT = 96  # of 255: brighter than any dark ground, darker than its letters; on paper the other way round
LEAST = 0.001  # of the pixels are lit where there is something to see

_Pixels = npt.NDArray[np.uint8]  # (height, width, 3) RGB


def poster(pictures: Sequence[tuple[Path, int]]) -> bytes:
    """A PNG of the first of these pictures that has something to see: that is not black, nor nearly.

    `pictures`: a video and the number of a frame each, in the order of preference. Where all are black, it is
    the brightest of them. Raises EncodeError when there is none, or one cannot be decoded.
    """
    if not pictures:
        raise EncodeError("there is no segment to take a poster from; draw at least one chapter")
    best, most = None, -1.0
    for video, frame in pictures:
        pixels = _picture(video, frame)
        share = lit(pixels)
        if share > most:
            best, most = pixels, share
        if share >= LEAST:
            best = pixels
            break
    assert best is not None
    return png(Image.fromarray(best))


def lit(pixels: _Pixels) -> float:
    """Which share of a picture, (height, width, 3) RGB, there is something to see in; `LEAST` is enough."""
    share = float((pixels.max(axis=2) > _LIT).mean())
    if share > 0.5:  # on paper it is ink that is seen
        return float((pixels.min(axis=2) < 255 - _LIT).mean())
    return share


def thumbnail(front: bytes) -> bytes:
    """A small JPEG of a poster."""
    picture, file = Image.open(io.BytesIO(front)), io.BytesIO()
    picture.thumbnail((SMALL, SMALL))
    picture.save(file, "JPEG", quality=90, optimize=True)
    return file.getvalue()


def _picture(video: Path, number: int) -> _Pixels:
    frame = next(frames(video, number, number + 1), None)
    if frame is None:
        raise EncodeError(f"{video}: has no frame {number}; draw its chapter again")
    width = min(WIDTH, frame.width)
    picture = Resizer("rgb24")(frame, width, round(frame.height * width / frame.width))
    return np.asarray(picture.to_ndarray(), np.uint8)
