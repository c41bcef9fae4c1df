"""Pictures encoded anew in as few bytes as they look well in, for clips at another size.

x264 looks ahead here, and spends its bits where they are seen for long. A segment's writer cannot: it needs a
packet for every frame at once. Clips of the default lesson at 720p30, of 9 and 10 s (PSNR of luma in dB: the
mean, what 5 % of the frames fall below, the least; CPU: seconds of all threads, decoding too):

    settings                         qkv:one: kB  PSNR            CPU  overview:room: kB  PSNR
    a segment's, slow, CRF 26                431  40.4 39.4 37.5  3.7                853  41.0 40.1 39.2
    a segment's, veryfast, CRF 31.3          292  40.0 38.1 34.8  2.3                526  40.4 38.5 37.1
    medium, CRF 30, animation                226  41.4 37.3 35.1  3.3                315  42.6 40.1 36.7
    veryfast, CRF 28, animation              243  40.2 37.8 35.5  1.9                332  41.7 40.0 36.9
    medium, CRF 30, B-frames                 191  41.6 37.6 35.5  3.7                281  42.8 40.5 36.7

No B-frames, for what joins packets wants frames in the order in which they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from av.video.stream import VideoStream

from renders.media.container import close_failed, named_errors
from renders.media.x264 import Settings, looking_ahead
from renders.store.atomic import atomic_file

_PRESET, _CRF = "medium", 30
_KEYS = 20  # seconds from one key frame to the next at most: most clips have but the first
_THREADS = 2  # the bytes hang on how many they are, so that it is not the machine's cores


class Write(Protocol):
    """Shows a picture, (height, width, 4) uint8 RGBA, for `repeat` frames; it may be changed afterwards."""

    def __call__(self, picture: np.ndarray, repeat: int = 1, /) -> None: ...


@contextmanager
def compact_segment(path: Path, width: int, height: int, fps: int) -> Iterator[Write]:
    """One silent segment: H.264 High, yuv420p, BT.709 in limited range, constant frame rate.

        with compact_segment(path, 1280, 720, 30) as write:
            write(picture)  # of that size; both sides even

    `path` appears when the block ends well, and is not touched when it raises.
    Raises EncodeError for what cannot be encoded; OutputError when the disk is full.
    """
    from renders.media.yuv import YuvConverter  # loads Numba, 0.2 s, which many have no use for

    settings, converted, frames = Settings(width, height, fps, _PRESET, _CRF), YuvConverter(width, height), 0
    with atomic_file(path) as aside, named_errors(path):
        container = av.open(str(aside), "w", format="mp4")
        try:
            options = looking_ahead(_PRESET, _CRF, _KEYS * fps) | {"bf": "0"}
            stream = container.add_stream("libx264", rate=fps, options=options)
            assert isinstance(stream, VideoStream)
            settings.give(stream.codec_context)
            stream.codec_context.thread_count = _THREADS

            def put(frame: av.VideoFrame | None) -> None:
                for packet in stream.encode(frame):
                    packet.duration, packet.time_base = 1, Fraction(1, fps)
                    container.mux(packet)

            def write(picture: np.ndarray, repeat: int = 1, /) -> None:
                nonlocal frames
                converted.take(picture)
                for _ in range(repeat):
                    put(settings.frame(converted.planes, frames))
                    frames += 1

            yield write
            put(None)
            container.close()
        finally:
            close_failed(container)
