"""A finished video made smaller: a lower picture and one channel of sound, in the bytes there is room for."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.video.reformatter import ColorRange
from av.video.reformatter import Colorspace as Matrix

from renders.media.container import close_failed, named_errors, opened
from renders.media.decoding import Resizer
from renders.media.x264 import looking_ahead
from renders.store.atomic import atomic_file
from voiceover.loudness import RATE

SOUND_BITS = 64_000  # a second: a voice in one channel
_OVERHEAD = 0.04  # of a file's bytes: its index, and how far a rate is missed
_LEAST = {540: 180_000, 480: 130_000, 360: 80_000}  # bits a second below which lettering gets soft
_MOST = {540: 900_000, 480: 700_000, 360: 450_000}  # and above which nothing is seen to be gained
_CRF, _KEYS = 25, 60  # its quality; frames from one key frame to the next at most


def shrink(
    video: Path, to: Path, height: int, most: int, told: Callable[[float], object] = lambda _: None
) -> bool:
    """Writes `video` at `height`, a key of 540, 480 or 360, into `to`, an MP4 of `most` bytes at most.

    `told` hears which share of it is done. False, and no work, where that many bytes would look poor.
    Raises EncodeError when the video cannot be read.
    """
    with opened(video) as source, atomic_file(to) as aside, named_errors(to):
        seconds = max(1.0, (source.duration or 0) / 1e6)  # FFmpeg counts a container's in microseconds
        rate = int(most * (1 - _OVERHEAD) * 8 / seconds) - SOUND_BITS
        if rate < _LEAST[height]:
            return False
        container = av.open(str(aside), "w", format="mp4", container_options={"movflags": "+faststart"})
        try:
            _encode(source, container, height, min(rate, _MOST[height]), lambda at: told(at / seconds))
            container.close()
        finally:
            close_failed(container)
        return aside.stat().st_size <= most


def _encode(
    source: InputContainer, container: OutputContainer, height: int, rate: int, at: Callable[[float], object]
) -> None:
    picture, sound = source.streams.video[0], next(iter(source.streams.audio), None)
    picture.thread_type = "AUTO"
    width = round(picture.width * height / picture.height / 2) * 2
    out: Any = container.add_stream("libx264", picture.average_rate or Fraction(30), options=_options(rate))
    out.width, out.height, out.pix_fmt = width, height, "yuv420p"
    out.codec_context.color_range, out.codec_context.colorspace = ColorRange.MPEG, Matrix.ITU709
    voice: Any = container.add_stream("aac", RATE, layout="mono") if sound else None
    if voice:
        voice.bit_rate = SOUND_BITS
    resampler, resize = av.AudioResampler("fltp", "mono", RATE), Resizer("yuv420p")
    for packet in source.demux([picture, *([sound] if sound else [])]):
        for frame in packet.decode():
            if isinstance(frame, av.VideoFrame):
                at(frame.time or 0.0)
                container.mux(out.encode(_scaled(resize, frame, width, height)))
            elif isinstance(frame, av.AudioFrame):
                for part in resampler.resample(frame):
                    container.mux(voice.encode(part))
    for stream in filter(None, (out, voice)):
        container.mux(stream.encode(None))


def _scaled(resize: Resizer, frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
    small = resize(frame, width, height)
    small.pict_type = 0  # the encoder's own choice
    return small


def _options(rate: int) -> dict[str, str]:
    """One quality, which the rate bounds: what stands still costs next to nothing."""
    bounded = {"maxrate": str(rate), "bufsize": str(rate * 8)}
    return looking_ahead("veryfast", _CRF, _KEYS) | bounded
