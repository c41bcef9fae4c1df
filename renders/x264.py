"""How x264 is set, and what these settings were chosen by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av
import numpy as np
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc
from av.video.reformatter import Colorspace as Matrix

# TABLE
PRESET = "veryfast"
PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow")
QP = 23

# `renders.skips` needs a packet for every frame at once, and one frame referred to.
_AT_ONCE = "keyint=infinite:bframes=0:ref=1:weightp=0:rc-lookahead=0:scenecut=0:force-cfr=1"
# 8x8 transforms and CABAC are what the High profile is; only `ultrafast` would drop them.
_HIGH = "8x8dct=1:cabac=1"


_TRELLIS = "trellis=1:no-deblock=1"


@dataclass(frozen=True)
class Settings:
    """Of one stream: High profile, yuv420p, BT.709 in limited range. Streams of equal settings join."""

    width: int
    height: int
    fps: int
    preset: str
    qp: int

    @property
    def options(self) -> dict[str, str]:
        return {
            "preset": self.preset,
            "qp": str(self.qp),
            "profile": "high",
            "x264-params": f"{_AT_ONCE}:{_HIGH}:{_TRELLIS}",
        }

    def give(self, codec: VideoCodecContext) -> None:
        codec.width, codec.height, codec.pix_fmt = self.width, self.height, "yuv420p"
        codec.time_base = Fraction(1, self.fps)
        codec.framerate = Fraction(self.fps)
        codec.thread_count = 1
        codec.color_range = ColorRange.MPEG
        codec.colorspace = Matrix.ITU709
        codec.color_primaries = ColorPrimaries.BT709
        codec.color_trc = ColorTrc.BT709

    def frame(self, planes: np.ndarray, number: int) -> av.VideoFrame:
        """Frame `number` of a stream, (height · 3/2, width) uint8: Y, and below it U and V; not copied."""
        frame = av.VideoFrame.from_numpy_buffer(planes, format="yuv420p")
        frame.color_range, frame.colorspace = ColorRange.MPEG, Matrix.ITU709
        frame.pts, frame.time_base = number, Fraction(1, self.fps)
        return frame


@cache
def repeat(settings: Settings) -> bytes:
    """A packet that shows the frame before again, for `renders.skips`.

    It is x264's own, of the second of two frames of middle grey: what is predicted where nothing is known yet
    (ITU-T H.264, 8.3.3.3 and 8.3.4), so that the first comes out exactly and the second has nothing to mend.
    """
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.options = settings.options
    settings.give(codec)
    codec.flags |= Flags.global_header
    grey = np.full((settings.height * 3 // 2, settings.width), 128, np.uint8)
    packets = [bytes(packet) for number in range(2) for packet in codec.encode(settings.frame(grey, number))]
    return packets[1]
