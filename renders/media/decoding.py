"""A video's pictures as they come out of the decoder."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from av.video.reformatter import Colorspace as Matrix

from renders.media.container import named_errors, opened

Pixels = npt.NDArray[np.uint8]  # (height, width, 4) RGBA


class Resizer:
    """Brings a lesson's frames to a size and a pixel format, in the colours that they were encoded with."""

    def __init__(self, pixels: str) -> None:
        self._pixels, self._reformatter = pixels, VideoReformatter()

    def __call__(
        self, frame: av.VideoFrame, width: int, height: int, how: Interpolation = Interpolation.LANCZOS
    ) -> av.VideoFrame:
        return self._reformatter.reformat(
            frame,
            width,
            height,
            self._pixels,
            src_colorspace=Matrix.ITU709,
            dst_colorspace=Matrix.ITU709,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG if self._pixels.startswith("yuv") else ColorRange.JPEG,
            interpolation=how,
        )


def decoded(video: Path, first: int, last: int) -> Iterator[np.ndarray]:
    """Frames `first` up to `last`, each Y, and below it U and V: (height · 3/2, width) uint8.

    Raises EncodeError when the video cannot be read or decoded.
    """
    for frame in frames(video, first, last):
        yield frame.to_ndarray(format="yuv420p")


def pictures(
    video: Path, first: int, last: int, width: int, height: int, *, only: Collection[int] | None = None
) -> Iterator[Pixels]:
    """Frames `first` up to `last` at another size, or those of them, counted from 0, that are in `only`.

    Raises EncodeError like `decoded`.
    """
    resize = Resizer("rgba")
    for number, frame in enumerate(frames(video, first, last)):
        if only is not None and number not in only:
            continue
        how = Interpolation.AREA if width < frame.width else Interpolation.LANCZOS
        yield np.asarray(resize(frame, width, height, how).to_ndarray(), np.uint8)


def frames(video: Path, first: int, last: int) -> Iterator[av.VideoFrame]:
    """Frames `first` up to `last`, as they are decoded. Raises EncodeError like `decoded`."""
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
                yield frame
