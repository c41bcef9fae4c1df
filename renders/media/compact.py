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

import contextlib
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.stream import VideoStream

from renders.media.container import close_failed, named_errors
from renders.media.x264 import CENTRED, Settings
from renders.store.atomic import atomic_file

_PRESET, _CRF = "medium", 30
_KEYS = 20  # seconds from one key frame to the next at most: most clips have but the first
_THREADS = 2  # the bytes hang on how many they are, so that it is not the machine's cores


class CompactWriter:
    """Writes one silent segment: H.264 High, yuv420p, BT.709 in limited range, constant frame rate.

        with CompactWriter(path, 1280, 720, 30) as writer:
            writer.write(picture)  # (height, width, 4) uint8 RGBA, of that size, both sides even

    `path` appears when the block ends well, and is not touched when it raises.
    Raises EncodeError for what cannot be encoded; OutputError when the disk is full.
    """

    def __init__(self, path: Path, width: int, height: int, fps: int) -> None:
        from renders.media.yuv import YuvConverter  # loads Numba, 0.2 s, which many have no use for

        self._path, self._frames = path, 0
        self._settings = Settings(width, height, fps, _PRESET, _CRF)
        self._converted = YuvConverter(width, height)

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            aside = stack.enter_context(atomic_file(self._path))
            self._container = av.open(str(aside), "w", format="mp4")
            stack.callback(close_failed, self._container)
            options = {"crf": str(_CRF), "tune": "animation", "bf": "0", "x264-params": CENTRED}
            options |= {"preset": _PRESET, "profile": "high", "g": str(_KEYS * self._settings.fps)}
            stream = self._container.add_stream("libx264", rate=self._settings.fps, options=options)
            assert isinstance(stream, VideoStream)
            self._settings.give(stream.codec_context)
            stream.codec_context.thread_count = _THREADS
            self._stream, self._stack = stream, stack.pop_all()
        return self

    def write(self, picture: np.ndarray, repeat: int = 1) -> None:
        """Shows `picture`, (height, width, 4) uint8 RGBA, for `repeat` frames.

        It may be changed after the call.
        """
        self._converted.take(picture)
        for _ in range(repeat):
            frame = self._settings.frame(self._converted.planes, self._frames)
            self._frames += 1
            self._put(frame)

    def _put(self, frame: av.VideoFrame | None) -> None:
        with named_errors(self._path):
            for packet in self._stream.encode(frame):
                packet.duration, packet.time_base = 1, Fraction(1, self._settings.fps)
                self._container.mux(packet)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._put(None)
            with named_errors(self._path):
                self._container.close()
