"""Pictures as the encoder takes them: yuv420p by BT.709 in limited range, converted where they changed."""

from typing import Any, Literal

import av
import numpy as np
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from av.video.reformatter import Colorspace as Matrix

PixelFormat = Literal["rgba", "bgra"]
Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels; right and bottom are outside

# The chroma of neighbouring pixels is averaged (4.7 ms a 1080p picture); picking one of them (3.5 ms) frays
# coloured lettering, and exact rounding (6.3 ms) changes no level by more than one.
_AVERAGE = Interpolation.BILINEAR
# Around the part that changed, so many pixels more are converted and then left out: chroma is an average.
_MARGIN = 16


class YuvConverter:
    """The last picture, converted.

    Most pictures differ from the last in a small part, and to find it (1 ms at 1080p) costs less than to
    convert the rest again.
    """

    def __init__(self, width: int, height: int, pixel_format: PixelFormat) -> None:
        self.planes = np.empty((height * 3 // 2, width), np.uint8)  # Y, and below it U and V
        self._format = pixel_format
        self._reformatter = VideoReformatter()
        self._last: np.ndarray | None = None  # (height, width) uint32: the picture, a number a pixel

    def take(self, picture: np.ndarray, changed: Box | None = None) -> bool:
        """Converts what differs in `picture`, (height, width, 4) uint8, from the last; False: nothing does.

        Outside of `changed` it must be the last picture.
        """
        if picture.strides[1:] != (4, 1) or picture.strides[0] < 0:
            picture = np.ascontiguousarray(picture)
        pixels = picture.view(np.uint32)[..., 0]  # (height, width)
        height, width = pixels.shape
        if self._last is None:
            self._last = pixels.copy()
            self._convert(picture, (0, 0, width, height))
            return True
        left, top, right, bottom = changed or (0, 0, width, height)
        now, before = pixels[top:bottom, left:right], self._last[top:bottom, left:right]
        box = _difference(now, before)
        if box is None:
            return False
        before[:] = now
        self._convert(picture, (box[0] + left, box[1] + top, box[2] + left, box[3] + top))
        return True

    def _convert(self, picture: np.ndarray, box: Box) -> None:
        height, width = picture.shape[:2]
        kept = box[0] - box[0] % 2, box[1] - box[1] % 2, box[2] + box[2] % 2, box[3] + box[3] % 2
        left, top, right, bottom = (
            max(0, kept[0] - _MARGIN),
            max(0, kept[1] - _MARGIN),
            min(width, kept[2] + _MARGIN),
            min(height, kept[3] + _MARGIN),
        )
        yuv = self._reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(picture[top:bottom, left:right], format=self._format),  # no copy
            format="yuv420p",
            src_colorspace=Matrix.ITU709,
            dst_colorspace=Matrix.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=_AVERAGE,
            threads=1,
        )
        for plane, target, by in zip(yuv.planes, _planes(self.planes), (1, 2, 2), strict=True):
            buffer: Any = plane  # typing knows buffers from Python 3.12 on
            rows = np.frombuffer(buffer, np.uint8).reshape(plane.height, plane.line_size)
            x, y, x_end, y_end = (edge // by for edge in kept)
            dx, dy = left // by, top // by
            target[y:y_end, x:x_end] = rows[y - dy : y_end - dy, x - dx : x_end - dx]


def _difference(one: np.ndarray, other: np.ndarray) -> Box | None:
    """The box in which two (height, width) differ; None when they do not."""
    differs = one != other
    rows = np.flatnonzero(differs.any(axis=1))
    if not len(rows):
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(differs[top:bottom].any(axis=0))
    return int(columns[0]), top, int(columns[-1]) + 1, bottom


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
