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
from renders.media.h264 import DistinctFrames

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

    One that stays on is the same array again. Raises EncodeError like `decoded`.
    """
    resize, number = Resizer("rgba"), 0
    for frame, stays in held(video, first, last):
        often = stays if only is None else sum(at in only for at in range(number, number + stays))
        number += stays
        if often:
            how = Interpolation.AREA if width < frame.width else Interpolation.LANCZOS
            picture = np.asarray(resize(frame, width, height, how).to_ndarray(), np.uint8)
            yield from [picture] * often


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


def held(video: Path, first: int, last: int) -> Iterator[tuple[av.VideoFrame, int]]:
    """Frames `first` up to `last`, each with for how many it stays on: what repeats one is not decoded.

    Raises EncodeError like `decoded`.
    """
    shown, since = None, first
    for number, frame in _distinct(video, first, last):
        stays = number - max(first, since)
        if shown is not None and stays > 0:
            yield shown, stays
        shown, since = frame, number


def _distinct(video: Path, first: int, last: int) -> Iterator[tuple[int, av.VideoFrame | None]]:
    """Those that do not repeat the one before, with their numbers, from the key frame before `first` on.

    At the end comes the number of the first that is not there, or not wanted, with None.
    """
    with opened(video, packets=True) as container, named_errors(video):
        stream = container.streams.video[0]
        header, rate = stream.codec_context.extradata or b"", stream.average_rate or Fraction(1)
        end = first
        try:
            kept = DistinctFrames(header)
        except (ValueError, IndexError, StopIteration):  # another encoder's, where all is decoded
            for end, frame in enumerate(frames(video, first, last), first + 1):
                yield end - 1, frame
            yield end, None
            return
        decoder = av.CodecContext.create("h264", "r")
        assert isinstance(decoder, av.VideoCodecContext)
        # One thread: another one would wait for Python to free these packets, when the decoder waits for it.
        decoder.extradata, decoder.thread_count = header, 1
        container.seek(round(first / rate / (stream.time_base or 1)), stream=stream)
        for packet in container.demux(stream):
            number = round((packet.pts or 0) * packet.time_base * rate)
            if not packet.size or number >= last:
                break
            end, content = number + 1, kept.next(bytes(packet), packet.is_keyframe)
            if content is not None:
                yield from _numbered(decoder, content, number)
        yield from _numbered(decoder, None, end)
        yield end, None


def _numbered(
    decoder: av.VideoCodecContext, content: bytes | None, number: int
) -> Iterator[tuple[int, av.VideoFrame]]:
    """What comes out of a decoder when a frame's packet goes in, or at the end."""
    packet = None if content is None else av.Packet(content)
    if packet is not None:
        packet.pts = packet.dts = number
    for frame in decoder.decode(packet):
        yield frame.pts or 0, frame
