"""Pictures in, one silent H.264 segment out: a chapter. `renders.media.joining` reads segments,
`renders.media.mp4` joins them without encoding again.

A segment is MP4: it keeps times as exact fractions (Matroska rounds to milliseconds) and its parameter sets
stand once in the header, so that segments with equal settings can share one header when they are joined.
"""

import contextlib
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from av.video.frame import PictureType

from renders.errors import EncodeError
from renders.media.container import close_failed, named_errors
from renders.media.h264 import FrameNumbers
from renders.media.x264 import CRF, PRESET, PRESETS, Settings, repeat
from renders.store.atomic import atomic_file

if TYPE_CHECKING:
    from renders.media.yuv import Box

SEEK_SECONDS = 10  # a key frame at least this often, and where a beat begins, so that a player can jump
# A still picture is encoded so often, and then repeated: each time mends what those before left out, and
# after a move the quantiser is down again with the fourth alone.
PASSES = 4


class SegmentWriter:
    """Writes one silent segment: H.264 High, yuv420p, BT.709 in limited range, constant frame rate.

        with SegmentWriter(path, 1920, 1080, 30) as segment:
            segment.write(picture)  # (height, width, 4) uint8
            segment.write(still, repeat=45)

    `fps` is frames a second, `preset` and `crf` x264's. `path` appears when the block ends well, and is not
    touched when it raises. Frame times are exactly 0 to `frames` - 1 over `fps`.

    Raises EncodeError for a size, picture or setting that cannot be encoded, or when no frame was written;
    OutputError when the folder cannot be written or the disk is full.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: int,
        preset: str = PRESET,
        crf: float = CRF,
    ) -> None:
        if width <= 0 or height <= 0 or width % 2 or height % 2:
            raise EncodeError(
                f"{path.name}: a video of {width}×{height} cannot be encoded; choose an even width and height"
            )
        if fps <= 0:
            raise EncodeError(f"{path.name}: {fps} frames a second cannot be encoded; choose 1 or more")
        if preset not in PRESETS:
            raise EncodeError(f"{path.name}: no preset {preset!r}; choose one of {', '.join(PRESETS)}")
        from renders.media.yuv import YuvConverter  # loads Numba, 0.2 s, which many have no use for

        self.path = path
        self.frames = 0  # taken so far
        self._settings = Settings(width, height, fps, preset, crf)
        self._converted = YuvConverter(width, height)
        self._running: Future[None] | None = None
        # Only the encoder's thread knows these:
        self._encoded = 0  # frames
        self._since_key = 0  # frames, from the last key frame on
        self._passes = 0  # how often the picture has been encoded

    def __enter__(self) -> Self:
        settings = self._settings
        with contextlib.ExitStack() as stack:
            aside = stack.enter_context(atomic_file(self.path))
            self._container = av.open(str(aside), "w", format="mp4")
            stack.callback(close_failed, self._container)
            self._stream = self._container.add_stream("libx264", rate=settings.fps, options=settings.options)
            settings.give(self._stream.codec_context)
            with named_errors(self.path):
                self._container.start_encoding()
                header = self._stream.codec_context.extradata
                self._numbering = FrameNumbers(header or b"", repeat(settings))
            self._thread = stack.enter_context(ThreadPoolExecutor(1))
            self._stack = stack.pop_all()
        return self

    def write(self, picture: np.ndarray, repeat: int = 1, changed: "Box | None" = None) -> None:
        """Show `picture`, (height, width, 4) uint8 RGBA, for `repeat` frames.

        Its alpha is ignored. It may be changed after the call, which returns while it is still being encoded.
        Outside of `changed` it must be the last picture; one that equals the last repeats it.
        Raises EncodeError when shape or type are wrong, OutputError when the disk is full; what fails while
        a picture is encoded is raised by the next call, or at the end.
        """
        size = (self._settings.height, self._settings.width)
        if picture.shape != (*size, 4) or picture.dtype != np.uint8:
            raise EncodeError(
                f"{self.path.name}: a picture is {picture.dtype} {picture.shape} and must be uint8 "
                f"{(*size, 4)}; draw it at the segment's size"
            )
        if repeat < 0:
            raise EncodeError(f"{self.path.name}: a picture cannot be shown {repeat} times; count from 0")
        if repeat:
            self.flush()  # x264 has copied the last picture, so that its memory is free
            new = self._converted.take(picture, changed)
            self._running = self._thread.submit(self._encode, repeat, new)
            self.frames += repeat

    def flush(self) -> None:
        """Waits until all pictures so far have gone through the encoder."""
        if self._running is not None:
            running, self._running = self._running, None
            running.result()

    def _encode(self, repeat: int, new: bool) -> None:
        """Encodes the converted picture; in the thread, where PyAV lets others run meanwhile."""
        every = SEEK_SECONDS * self._settings.fps
        if new:
            self._passes = 0
        with named_errors(self.path):
            for frame in range(repeat):
                # A picture that stays on beyond the moment when a key frame is due is that key frame itself.
                ahead = repeat - 1 if new and frame == 0 else 0
                key = self._encoded == 0 or self._since_key + ahead >= every
                if key:
                    self._passes = self._since_key = 0
                self._mux(self._numbering.repeated() if self._passes == PASSES else self._pass(key), key)
                self._encoded += 1
                self._since_key += 1

    def _pass(self, key: bool) -> bytes:
        """Puts the picture through x264, which answers with a packet at once."""
        frame = self._settings.frame(self._converted.planes, self._encoded)
        frame.pict_type = PictureType.I if key else PictureType.NONE
        (packet,) = self._stream.encode(frame)
        self._passes += 1
        return self._numbering.encoded(bytes(packet), key)

    def _mux(self, frame: bytes, key: bool) -> None:
        packet = av.Packet(frame)
        packet.pts = packet.dts = self._encoded
        packet.duration, packet.time_base = 1, Fraction(1, self._settings.fps)
        packet.is_keyframe, packet.stream = key, self._stream
        self._container.mux(packet)

    def _finish(self) -> None:
        self.flush()
        if self.frames == 0:
            raise EncodeError(f"{self.path.name}: no frame was drawn; give the chapter at least one")
        with named_errors(self.path):
            self._container.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._finish()
