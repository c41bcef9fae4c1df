"""Pictures in, one silent H.264 segment out: a chapter. `renders.joining` reads segments,
`renders.mux` joins them without encoding again.

A segment is MP4: it keeps times as exact fractions (Matroska rounds to milliseconds) and its parameter sets
stand once in the header, so that segments with equal settings can share one header when they are joined.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc, Interpolation, VideoReformatter
from av.video.reformatter import Colorspace as Matrix

from renders.errors import EncodeError, OutputError

# Chosen by measurement: 270 frames of 1080p30 on one core, lettering and a soft vignette on a ground of
# #0c0d12, a 24×48 heat map gliding, a word fading in, two thirds of the time still. "Ground" is the largest
# difference of luma between what went in and what came out, on the gradient alone.
#
#     preset     tune       crf     kB   CPU ms a frame   PSNR Y dB   ground
#     superfast  animation   18    895         8.8           64.9        1
#     veryfast   -           18    663        11.0           58.1        2
#     veryfast   animation   16    734        11.2           60.4        2
#     veryfast   animation   18    655        11.3           58.7        1    <- the default
#     veryfast   animation   20    575        12.2           57.0        1
#     faster     animation   18    674        19.8           60.4        1
#
# `animation` costs nothing and is the best at its size. `superfast` is a quarter quicker and a third larger:
# right for a draft. The ground keeps its gradient in all of them, so aq-mode=3 (704 kB) buys nothing: what
# bands are left are the steps of eight bits themselves, one level of luma each.
TUNE = "animation"
PRESET = "veryfast"
PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow")
CRF = 18
SEEK_SECONDS = 2  # a key frame at least this often, so that a player can jump

# 8x8 transforms and CABAC are what the High profile is; only `ultrafast` would drop them.
_HIGH = "8x8dct=1:cabac=1"
# The chroma of neighbouring pixels is averaged (4.4 ms a 1080p frame); picking one of them (3.2 ms) frays
# coloured lettering, and exact rounding (6.3 ms) changes no level by more than one.
_AVERAGE = Interpolation.BILINEAR
# Around the part that changed, so many pixels more are converted and then left out: chroma is an average.
_MARGIN = 16
_PART = 0.6  # of the picture; converting a larger part by itself is no quicker than converting it all

PixelFormat = Literal["rgba", "bgra"]
Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels; right and bottom are outside


@contextlib.contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, renamed to `path` when the block ends well, removed when it does not.

    A process that is killed leaves a hidden `.NAME.*.part`, never a half-written `path`.
    Raises OutputError when the folder cannot be made or written.
    """
    path = path.absolute()
    aside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.touch(exist_ok=False)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield aside
        try:
            os.replace(aside, path)  # noqa: PTH105  (Path.replace hides which of the two paths failed)
        except OSError as error:
            raise cannot_write(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The user's line for a failed write of `path`."""
    reason = error.strerror or str(error)
    return OutputError(
        f"{path} cannot be written ({reason}); free some space or choose another folder with --out"
    )


@contextlib.contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Errors of the encoder and the muxer, as OutputError when the disk is at fault, else EncodeError."""
    try:
        yield
    except av.FFmpegError as error:
        if isinstance(error, OSError):  # a full disk, a lost mount
            raise cannot_write(path, error) from error
        raise EncodeError(
            f"{path.name} cannot be encoded ({error.strerror}); choose another preset or size"
        ) from error


def close_failed(container: OutputContainer) -> None:
    """Close a container whose file is given up, so that its handle is free and the file can be removed."""
    with contextlib.suppress(Exception):
        container.close()


class SegmentWriter:
    """Writes one silent segment: H.264 High, yuv420p, BT.709 in limited range, constant frame rate.

        with SegmentWriter(path, 1920, 1080, 30) as segment:
            segment.write(picture)  # (height, width, 4) uint8
            segment.write(still, repeat=45)

    `fps` is frames a second, `threads` the encoder's, `preset` and `crf` x264's. `path` appears when the
    block ends well, and is not touched when it raises. Frame times are exactly 0 to `frames` - 1 over `fps`.

    Raises EncodeError for a size, picture or setting that cannot be encoded, or when no frame was written;
    OutputError when the folder cannot be written or the disk is full.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: int,
        threads: int = 1,
        preset: str = PRESET,
        crf: int = CRF,
        *,
        pixel_format: PixelFormat = "rgba",
    ) -> None:
        if width <= 0 or height <= 0 or width % 2 or height % 2:
            raise EncodeError(
                f"{path.name}: a video of {width}×{height} cannot be encoded; choose an even width and height"
            )
        if fps <= 0:
            raise EncodeError(f"{path.name}: {fps} frames a second cannot be encoded; choose 1 or more")
        if preset not in PRESETS:
            raise EncodeError(f"{path.name}: no preset {preset!r}; choose one of {', '.join(PRESETS)}")
        self.path = path
        self.frames = 0  # taken so far
        self._size = (height, width)
        self._fps = fps
        self._pixel_format = pixel_format
        self._threads = threads
        self._reformatter = VideoReformatter()
        self._yuv = np.empty((height * 3 // 2, width), np.uint8)  # the last picture, as yuv420p
        self._encoded = 0  # frames; only the thread below counts them
        self._running: Future[None] | None = None
        self._options = {
            "preset": preset,
            "tune": TUNE,
            "crf": str(crf),
            "profile": "high",
            "g": str(SEEK_SECONDS * fps),
            "x264-params": _HIGH,
        }

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            aside = stack.enter_context(written_aside(self.path))
            self._container = av.open(str(aside), "w", format="mp4")
            stack.callback(close_failed, self._container)
            stream = self._container.add_stream("libx264", rate=self._fps, options=self._options)
            self._stream = stream
            stream.height, stream.width = self._size
            stream.pix_fmt = "yuv420p"
            stream.time_base = stream.codec_context.time_base = Fraction(1, self._fps)
            stream.thread_count = self._threads
            stream.thread_type = "FRAME"  # slices, PyAV's default, cost size and show on flat ground
            stream.color_range = ColorRange.MPEG
            stream.colorspace = Matrix.ITU709
            stream.color_primaries = ColorPrimaries.BT709
            stream.color_trc = ColorTrc.BT709
            with named_errors(self.path):
                self._container.start_encoding()
            self._thread = stack.enter_context(ThreadPoolExecutor(1))
            self._stack = stack.pop_all()
        return self

    def write(self, picture: np.ndarray, repeat: int = 1, changed: Box | None = None) -> None:
        """Show `picture`, (height, width, 4) uint8 in the writer's pixel format, for `repeat` frames.

        Its alpha is ignored. It is converted once, whatever `repeat` is, and may be changed after the call,
        which returns while it is still being encoded. Outside of `changed` it must be the last picture.
        Raises EncodeError when shape or type are wrong, OutputError when the disk is full; what fails while
        a picture is encoded is raised by the next call, or at the end.
        """
        if picture.shape != (*self._size, 4) or picture.dtype != np.uint8:
            raise EncodeError(
                f"{self.path.name}: a picture is {picture.dtype} {picture.shape} and must be uint8 "
                f"{(*self._size, 4)}; draw it at the segment's size"
            )
        if repeat < 0:
            raise EncodeError(f"{self.path.name}: a picture cannot be shown {repeat} times; count from 0")
        if repeat:
            self._wait()  # x264 has copied the last picture, so that its memory is free
            self._convert(picture, changed if self.frames else None)
            self._running = self._thread.submit(self._encode, repeat)
            self.frames += repeat

    def flush(self) -> None:
        """Waits until all pictures so far have gone through the encoder."""
        self._wait()

    def _wait(self) -> None:
        if self._running is not None:
            running, self._running = self._running, None
            running.result()

    def _convert(self, picture: np.ndarray, changed: Box | None) -> None:
        """Brings `self._yuv` up to date: all of it, or the part that changed."""
        height, width = self._size
        kept = (0, 0, width, height)
        if changed is not None:
            left, top, right, bottom = changed
            kept = left - left % 2, top - top % 2, right + right % 2, bottom + bottom % 2
            if (kept[2] - kept[0]) * (kept[3] - kept[1]) > _PART * width * height:
                kept = (0, 0, width, height)
        left, top, right, bottom = (
            max(0, kept[0] - _MARGIN),
            max(0, kept[1] - _MARGIN),
            min(width, kept[2] + _MARGIN),
            min(height, kept[3] + _MARGIN),
        )
        yuv = self._to_yuv(picture[top:bottom, left:right])
        for plane, target, by in zip(yuv.planes, _planes(self._yuv), (1, 2, 2), strict=True):
            rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)  # type: ignore[call-overload]
            x, y, x_end, y_end = (edge // by for edge in kept)
            dx, dy = left // by, top // by
            target[y:y_end, x:x_end] = rows[y - dy : y_end - dy, x - dx : x_end - dx]

    def _to_yuv(self, picture: np.ndarray) -> av.VideoFrame:
        if picture.strides[1:] != (4, 1):
            picture = np.ascontiguousarray(picture)
        return self._reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(picture, format=self._pixel_format),  # no copy
            format="yuv420p",
            src_colorspace=Matrix.ITU709,
            dst_colorspace=Matrix.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=_AVERAGE,
            threads=self._threads,
        )

    def _encode(self, repeat: int) -> None:
        """Encodes `self._yuv`; in the thread, where PyAV lets others run meanwhile."""
        yuv = av.VideoFrame.from_numpy_buffer(self._yuv, format="yuv420p")
        yuv.color_range, yuv.colorspace = ColorRange.MPEG, Matrix.ITU709
        yuv.time_base = Fraction(1, self._fps)
        with named_errors(self.path):
            for _ in range(repeat):
                yuv.pts = self._encoded
                self._container.mux(self._stream.encode(yuv))
                self._encoded += 1

    def _finish(self) -> None:
        self._wait()
        if self.frames == 0:
            raise EncodeError(f"{self.path.name}: no frame was drawn; give the chapter at least one")
        with named_errors(self.path):
            self._container.mux(self._stream.encode(None))
            self._container.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._finish()


def _planes(yuv: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Y, U and V of a yuv420p picture that lies in one array, (height · 3/2, width)."""
    height, width = yuv.shape[0] * 2 // 3, yuv.shape[1]
    flat = yuv.reshape(-1)
    luma, quarter = height * width, height * width // 4
    chroma = (height // 2, width // 2)
    return (
        flat[:luma].reshape(height, width),
        flat[luma : luma + quarter].reshape(chroma),
        flat[luma + quarter :].reshape(chroma),
    )
