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

# Chosen by measurement on real frames: two chapters of the default lesson at 1080p30, 642 pictures, each put
# through x264 twice at most, on one thread, with other work beside (CPU: the least of two or more runs).
# PSNR is of luma, in dB: the mean, what 5 % of the frames fall below, the least. "Flat": millionths of the
# picture that are 8×8 blocks without detail in which a pixel comes out wrong by two levels of luma or more;
# bands, and what is left of things that have gone.
#
#     settings                              CPU ms a frame    kB   PSNR              flat
#     veryfast, CRF 18, animation, 5 B-frames         13.8  1201   57.5  53.0  46.7  3004
#     veryfast, QP 23                                  7.1  1505   56.3  52.1  49.4  4584
#     veryfast, QP 23, trellis                         7.2  1485   56.7  52.9  50.2  4254
#     ultrafast, QP 23, trellis, no deblocking         5.1  1860   57.1  53.2  51.4  3805
#     superfast, QP 23, trellis, no deblocking         6.7  1517   57.3  53.2  51.8  2122
#     veryfast, QP 23, trellis, no deblocking          6.9  1473   57.4  53.3  51.8  1609    <- the default
#     faster, QP 23, trellis, no deblocking           11.7  1463   57.4  53.4  52.2  1220
#     veryfast, QP 22, trellis, no deblocking          7.0  1603   58.3  54.4  52.9  1208
#
# That held for flat pictures. In flights through the network every pixel moves: at one quantiser for all they
# took most of the bytes, and a lesson 12 MB a minute. A frame of such a move may lose more, for nobody can
# look at its cells; what then stands still must be sharp. So x264 is asked for one *visible* quality, with
# bounds for its quantisers, and for key frames that are better than what moves (780 frames of `overview`, 712
# of `embedding` at 1080p30. "Square": the largest mean difference of 8×8 pixels, of which `check --redraw`
# allows 10 levels; "held": pictures that stay on):
#
#     settings                             overview: kB  PSNR least  held square  embedding: kB  PSNR  held
#     QP 23, a key frame every 2 s               12,700  47.0  42.8  47.7    2.2          3,530  54.0  55.0
#     CRF 29, QP from 22 on, every 5 s            5,720  44.3  32.8  45.4    8.7
#     CRF 29, QP 22 to 31, every 5 s              6,340  44.4  36.4  45.4    5.7          2,420  52.3  52.1
#     the same, I-ratio 2.2, every 10 s           6,160  44.5  36.1  45.4    6.0          2,370  51.8  52.1
#     CRF 28, QP 22 to 30, the rest the same      6,630  44.8  36.8  45.6    4.9
#
# The whole lesson had 6.9 MB a minute by that, and 6 are what a post can bear. With CRF 31.3, QP 22 to 34 and
# I-ratio 2.5 it has 5.96; side by side the worst frame of a flight is a little softer. Key frames and stills
# have no less than before: with an I-ratio of 2.4 flat colours were off by more than three levels.
#
# To estimate how complex a frame is takes 2 to 4 ms. B-frames with looking ahead make smaller files and cost
# twice the time, and `h264` wants frames in the order in which they are shown. The deblocking filter softens
# lettering, and flat ground has no blocks to hide. `ultrafast` is a quarter quicker and a quarter larger:
# right for a draft.
PRESET = "veryfast"
PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow")
CRF = 31.3
_LEAST, _MOST = 22, 34  # quantisers

# A packet for every frame at once, and one frame referred to: `h264` needs both. The writer says
# where key frames stand.
_AT_ONCE = "keyint=infinite:bframes=0:ref=1:weightp=0:rc-lookahead=0:scenecut=0:force-cfr=1"
# 8x8 transforms and CABAC are what the High profile is; only `ultrafast` would drop them.
_HIGH = "8x8dct=1:cabac=1"
_PLAIN = "aq-mode=0:mbtree=0:ipratio=2.5"  # one quantiser a frame, and key frames no worse than stills
_SHARP = "trellis=1:no-deblock=1"
# Where `YuvConverter` takes chroma from: the middle of four pixels (ITU-T H.264, figure E-1). Where nothing
# is said, players take it from the left.
CENTRED = "chromaloc=1"


@dataclass(frozen=True)
class Settings:
    """Of one stream: High profile, yuv420p, BT.709 in limited range. Streams of equal settings join."""

    width: int
    height: int
    fps: int
    preset: str
    crf: float

    @property
    def options(self) -> dict[str, str]:
        """What x264 is to be opened with."""
        return {
            "preset": self.preset,
            "crf": str(self.crf),
            "qmin": str(min(_LEAST, self.crf)),
            "qmax": str(max(_MOST, self.crf)),
            "profile": "high",
            "x264-params": f"{_AT_ONCE}:{_HIGH}:{_PLAIN}:{_SHARP}:{CENTRED}",
        }

    def give(self, codec: VideoCodecContext) -> None:
        """Sets what is not among the options. One thread: with more, a packet comes a frame late."""
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


def looking_ahead(preset: str, crf: float, keys: int) -> dict[str, str]:
    """What x264 is to be opened with where it may look ahead: smaller files than `Settings.options` make.

    `keys`: frames from one key frame to the next at most.
    """
    kept = {"profile": "high", "tune": "animation", "x264-params": CENTRED}
    return {"preset": preset, "crf": str(crf), "g": str(keys), **kept}


@cache
def repeat(settings: Settings) -> bytes:
    """A packet that shows the frame before again, for `renders.media.h264`.

    It is x264's own, of the second of two frames of middle grey: what is predicted where nothing is known yet
    (ITU-T H.264, 8.3.3.3 and 8.3.4), so that the first comes out exactly and the second has nothing to mend.
    """
    codec = _encoder(settings)
    grey = np.full((settings.height * 3 // 2, settings.width), 128, np.uint8)
    packets = [bytes(packet) for number in range(2) for packet in codec.encode(settings.frame(grey, number))]
    return packets[1]


@cache
def header(settings: Settings) -> bytes:
    """The parameter sets of a stream of these settings, as a byte stream (annex B)."""
    codec = _encoder(settings)
    codec.open()
    return codec.extradata or b""


def _encoder(settings: Settings) -> VideoCodecContext:
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.options = settings.options
    settings.give(codec)
    codec.flags |= Flags.global_header
    return codec
