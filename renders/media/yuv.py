"""Pictures as the encoder takes them: yuv420p by BT.709 in limited range, converted where they changed.

One compiled loop compares and converts: at 1080p a whole picture takes it 1.4 ms, and one that did not
change 0.5. FFmpeg's conversion took 4.7, of all of the box around what changed, and to find that 1 to 2 more.
"""

from __future__ import annotations

import numpy as np

from renders.compiled import compiled

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels; right and bottom are outside

_WIDE = 64  # pixels that are compared, and then converted, together
# Shares of red, green and blue in luma, and in both differences to it (ITU-R BT.709-6, item 3.2 and 3.3), of
# which 8 bits in limited range have 219 and 224 steps.
_RED, _BLUE = 0.2126, 0.0722
_ONE = 1 << 16
_LUMA = np.array([_RED, 1 - _RED - _BLUE, _BLUE])
_Y = np.rint(_LUMA * 219 / 255 * _ONE).astype(np.int32)
_U = np.rint((np.eye(3)[2] - _LUMA) / (2 - 2 * _BLUE) * 224 / 255 * _ONE).astype(np.int32)
_V = np.rint((np.eye(3)[0] - _LUMA) / (2 - 2 * _RED) * 224 / 255 * _ONE).astype(np.int32)
_BLACK, _GREY = np.int32((16 << 16) + (1 << 15)), np.int32((128 << 18) + (1 << 17))  # and a half, to round
_8, _16, _18 = np.int32(8), np.int32(16), np.int32(18)
_255, _OUTER, _LOW = np.uint32(0xFF), np.uint32(0xFF00FF), np.uint32(0xFFFF)


class YuvConverter:
    """The last picture, converted. Chroma is the mean of four pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.planes = np.empty((height * 3 // 2, width), np.uint8)  # Y, and below it U and V
        self._last: np.ndarray | None = None  # (height, width) uint32: the picture, a number a pixel

    def take(self, picture: np.ndarray, changed: Box | None = None) -> bool:
        """Converts what differs from the last picture; returns whether anything does.

        `picture`: (height, width, 4) uint8 RGBA. Outside of `changed` it must be the last one.
        """
        pixels = np.ascontiguousarray(picture).view(np.uint32)[..., 0]  # (height, width)
        height, width = pixels.shape
        left, top, right, bottom = changed or (0, 0, width, height)
        if self._last is None:
            self._last = ~pixels  # nothing is the same
            left, top, right, bottom = 0, 0, width, height
        box = left // 2 * 2, top // 2 * 2, right + right % 2, bottom + bottom % 2
        luma, *chroma = _planes(self.planes)
        return bool(_convert(pixels, self._last, luma, *chroma, box))


@compiled
def _convert(now, last, luma, blue, red, box):  # type: ignore[no-untyped-def]
    """Converts what differs in a box of even edges, and notes it in `last`; returns whether anything does.

    Of two rows all is converted that lies between the first and the last difference.
    """
    left, top, right, bottom = box
    any_differs = False
    for y in range(top, bottom, 2):
        first, stop = right, left
        for start in range(left, right, _WIDE):
            end = min(start + _WIDE, right)
            if _differ(now[y], last[y], start, end) or _differ(now[y + 1], last[y + 1], start, end):
                first, stop = min(first, start), end
        if first < stop:
            any_differs = True
            for row in range(y, y + 2):
                last[row, first:stop] = now[row, first:stop]
                _convert_luma(now[row, first:stop], luma[row, first:stop])
            chroma = y // 2, slice(first // 2, stop // 2)
            _convert_chroma(now[y, first:stop], now[y + 1, first:stop], blue[chroma], red[chroma])
    return any_differs


@compiled
def _differ(one, other, start, stop):  # type: ignore[no-untyped-def]
    differing = np.uint32(0)
    for x in range(start, stop):
        differing |= one[np.uintp(x)] ^ other[np.uintp(x)]
    return differing != 0


@compiled
def _convert_luma(pixels, luma):  # type: ignore[no-untyped-def]
    for x in range(len(pixels)):
        pixel = pixels[np.uintp(x)]
        level = _weighed(_Y, pixel & _255, pixel >> _8 & _255, pixel >> _16 & _255)
        luma[np.uintp(x)] = np.uint8(np.int32(level + _BLACK) >> _16)


@compiled
def _convert_chroma(upper, lower, blue, red):  # type: ignore[no-untyped-def]
    for x in range(len(blue)):
        at, to = np.uintp(2 * x), np.uintp(x)
        one, two, three, four = upper[at], upper[at + 1], lower[at], lower[at + 1]
        # Red and blue of four pixels are summed in one number, 16 bits apart.
        outer = (one & _OUTER) + (two & _OUTER) + (three & _OUTER) + (four & _OUTER)
        r, b = outer & _LOW, outer >> _16
        g = (one >> _8 & _255) + (two >> _8 & _255) + (three >> _8 & _255) + (four >> _8 & _255)
        blue[to] = np.uint8(np.int32(_weighed(_U, r, g, b) + _GREY) >> _18)
        red[to] = np.uint8(np.int32(_weighed(_V, r, g, b) + _GREY) >> _18)


@compiled
def _weighed(shares, r, g, b):  # type: ignore[no-untyped-def]
    """A sum in 32 bits: Numba's own is of 64, of which a processor reckons half as many at once."""
    sum_ = np.int32(np.int32(shares[0] * np.int32(r)) + np.int32(shares[1] * np.int32(g)))
    return np.int32(sum_ + np.int32(shares[2] * np.int32(b)))


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
