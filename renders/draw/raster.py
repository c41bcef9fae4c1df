"""One face in perspective, pixel by pixel.

Cairo lays a turned image row by row with 1 to 4 µs of work beside each row's pixels, has no perspective, and
counts texels from the edge of what is drawn, so that a part of a picture is not drawn as all of it is. A face
of 45 × 170 pixels takes it 240 µs, and this 100.

A pixel is one number: four channels of 16 bits, in which products with shares of 256 have room, are reckoned
with at once.
"""

from __future__ import annotations

from math import ceil, floor

import numpy as np
import numpy.typing as npt

from renders.compiled import compiled

Spread = npt.NDArray[np.uint64]  # colours of four channels of 16 bits: red, blue, green, opacity

_STEPS = 16  # pixels between two places in the image that are worked out; it is straight on between them
_MASK = np.uint64(0x00FF00FF00FF00FF)
_HALVES = np.uint64(0x0080008000800080)
_LOW = np.uint64(0x00FF00FF)
_0, _7, _8, _24, _32, _48 = (np.uint64(bits) for bits in (0, 7, 8, 24, 32, 48))
_255, _256 = np.uint64(255), np.uint64(256)


def spread(pixels: npt.NDArray[np.uint8]) -> Spread:
    """(…, 4) RGBA, colours times their opacity → (…)."""
    packed = np.ascontiguousarray(pixels).view(np.uint32)[..., 0].astype(np.uint64)
    return np.asarray((packed & _LOW) | (packed >> _8 & _LOW) << _32)


@compiled
def draw_face(picture, box, edges, place, texels, size, opaque, opacity, lit, ground, covers, rank):  # type: ignore[no-untyped-def]
    """Draws a face on a `picture`, (height, width) of RGBA in 32 bits, as far as it is in a `box` of it.

    Squares that by `cover`'s `covers` a face of a higher `rank` hides are left out.

    `edges`, (4, 3): a x + b y + c is how far a point is inside of each, in pixels; opposite ones are
    neighbours. `place`, (3, 3), is the map from pixels to the unit square, of whose `texels`, as `spread`
    makes them, `size` has so many across and down. `lit` below 1 mixes in the `ground`.
    """
    flat = texels.ravel()
    rows, columns = texels.shape
    light, whole = np.uint64(round(lit * 256)), np.uint64(round(opacity * 256))
    dark = ground * (_256 - light)
    # Upright faces have the same places of the image in all rows, and rows of it laid once may serve again.
    upright = texels.size == 1 or place[0, 1] == place[1, 0] == place[2, 0] == place[2, 1] == 0.0
    lines = np.empty((2, box[2] - box[0] if upright else 0), np.uint64)
    line_of, slot_of = np.full(2, -1), np.arange(2)  # of an even row of the image and an odd one
    inside, across = np.empty(4), np.empty(4)
    for edge in range(4):
        slope = edges[edge, 0]
        across[edge] = 1.0 / slope if abs(slope) > 1e-9 else 1e9
    for y in range(box[1], box[3]):
        first, last, inner, outer = _spans(edges, across, y, box, inside)
        if first >= last:
            continue
        start, stop, all_from, all_to = ceil(first), ceil(last), ceil(inner), floor(outer)
        row, covered = picture[y], covers[y // _STEPS]
        if upright:
            _, v = _within(place, start, y, size)
            upper = min(max(v, 0), (rows - 1) << 16) >> 16
            down = np.uint64(min(max(v, 0) - (upper << 16), 65535) >> 8)
            _lay_lines(flat, rows, columns, place, box, size, upper, lines, line_of, slot_of)
            if slot_of[0] == slot_of[1]:
                down = _0
            line, next_line = lines[slot_of[upper & 1]], lines[slot_of[~upper & 1]]
            x = start
            while x < stop:
                begin, x = _run(covered, rank, x, stop)
                to = min(max(begin, all_from), x)
                until = max(min(x, all_to), to)  # from `to` on, pixels are wholly inside
                _lay_edge(
                    row, line, next_line, box[0], begin, to, down, edges, inside, opacity, opaque, light, dark
                )
                _lay_whole(row, line, next_line, box[0], to, until, down, whole, opaque, light, dark)
                _lay_edge(
                    row, line, next_line, box[0], until, x, down, edges, inside, opacity, opaque, light, dark
                )
            continue
        aligned = start - start % _STEPS  # so that a part of a picture is drawn as all of it is
        next_u, next_v = _within(place, aligned, y, size)
        for block in range(aligned, stop, _STEPS):
            begin, end = max(block, start), min(block + _STEPS, stop)
            u, v = next_u, next_v
            next_u, next_v = _within(place, block + _STEPS, y, size)
            if covered[block // _STEPS] > rank:
                continue
            step_u, step_v = (next_u - u) // _STEPS, (next_v - v) // _STEPS
            u, v = u + step_u * (begin - block), v + step_v * (begin - block)
            for x in range(begin, end):
                share = whole
                if not all_from <= x < all_to:
                    share = np.uint64(_covered(edges, inside, x) * opacity * 256.0 + 0.5)
                _lay(row, x, _between(flat, rows, columns, u, v), share, opaque, light, dark)
                u += step_u
                v += step_v


@compiled
def _run(covered, rank, x, stop):  # type: ignore[no-untyped-def]
    """From where to where the next pixels of a row are that no higher face hides."""
    while x < stop and covered[x // _STEPS] > rank:
        x += _STEPS - x % _STEPS
    begin = min(x, stop)
    while x < stop and covered[x // _STEPS] <= rank:
        x += _STEPS - x % _STEPS
    return begin, min(x, stop)


@compiled
def _lay_edge(row, line, next_line, left, begin, end, down, edges, inside, opacity, opaque, light, dark):  # type: ignore[no-untyped-def]
    """Pixels of an upright face that an edge goes through."""
    for x in range(begin, end):
        at = np.uintp(x - left)
        texel = (line[at] * (_256 - down) + next_line[at] * down) >> _8 & _MASK
        share = np.uint64(_covered(edges, inside, x) * opacity * 256.0 + 0.5)
        _lay(row, x, texel, share, opaque, light, dark)


@compiled
def _lay_whole(row, line, next_line, left, begin, end, down, share, opaque, light, dark):  # type: ignore[no-untyped-def]
    """Pixels that are wholly inside of an upright face: without a branch, so that eight go at a time."""
    for x in range(begin, end):
        at = np.uintp(x - left)
        texel = line[at]
        if down > _0:
            texel = (texel * (_256 - down) + next_line[at] * down) >> _8 & _MASK
        colour, there = _dimmed(texel, opaque, light, dark)
        if share < _256 or not opaque:
            colour = _over(row[np.uintp(x)], colour, there, share)
        row[np.uintp(x)] = np.uint32((colour | colour >> _24) & np.uint64(0xFFFFFFFF))


@compiled
def _lay(row, x, texel, share, opaque, light, dark):  # type: ignore[no-untyped-def]
    colour, there = _dimmed(texel, opaque, light, dark)
    if share < _256 or there < _256:
        colour = _over(row[np.uintp(x)], colour, there, share)
    row[np.uintp(x)] = np.uint32((colour | colour >> _24) & np.uint64(0xFFFFFFFF))


@compiled
def _over(pixel, colour, there, share):  # type: ignore[no-untyped-def]
    """A share of a colour over a pixel of the picture, of which it hides as much as is `there` of it."""
    under = np.uint64(pixel)
    under = (under & _LOW) | (under >> _8 & _LOW) << _32
    keep = _256 - (there * share + _255 >> _8)
    return (colour * share + under * keep + _HALVES) >> _8 & _MASK


@compiled
def _spans(edges, across, y, box, inside):  # type: ignore[no-untyped-def]
    """Between which pixels of a row there is any of a face, and between which it is all.

    `inside` is made to say how far the middle of the row's first pixel is inside of each edge; `across`:
    pixels to the right that bring a point one further inside.
    """
    first, last, inner, outer = float(box[0]), float(box[2]), float(box[0]), float(box[2])
    for edge in range(4):
        inside[edge] = edges[edge, 0] * 0.5 + edges[edge, 1] * (y + 0.5) + edges[edge, 2]
        touched, covered = (-0.5 - inside[edge]) * across[edge], (0.5 - inside[edge]) * across[edge]
        if across[edge] > 0:
            first, inner = max(first, touched), max(inner, covered)
        else:
            last, outer = min(last, touched + 1), min(outer, covered + 1)
    return first, last, inner, outer


@compiled
def _dimmed(texel, opaque, light, dark):  # type: ignore[no-untyped-def]
    """A colour in less light, and how much of what is behind it hides, up to 256."""
    if not opaque:
        there = texel >> _48
        there += there >> _7
        return (texel * light + (dark >> _8 & _MASK) * there) >> _8 & _MASK, there
    if light < _256:
        return (texel * light + dark + _HALVES) >> _8 & _MASK, _256
    return texel, _256


def covering(width: int, height: int) -> npt.NDArray[np.int64]:
    """For each square of a picture that no face hides it yet."""
    return np.full((-(-height // _STEPS), -(-width // _STEPS)), -1)


@compiled
def cover(covers, boxes, edges, ranks):  # type: ignore[no-untyped-def]
    """Notes, for each square of a picture, the highest rank of the opaque faces that have all of it."""
    middle = (_STEPS - 1) / 2 + 0.5
    for rank in ranks:
        left, top, right, bottom = boxes[rank]
        for row in range(top // _STEPS, (bottom + _STEPS - 1) // _STEPS):
            for column in range(left // _STEPS, (right + _STEPS - 1) // _STEPS):
                x, y = column * _STEPS + middle, row * _STEPS + middle
                whole = True
                for edge in range(4):
                    a, b, c = edges[rank, edge]
                    whole &= a * x + b * y + c >= (abs(a) + abs(b)) * middle + 0.5
                if whole:
                    covers[row, column] = rank


@compiled
def _within(place, x, y, size):  # type: ignore[no-untyped-def]
    """Where a pixel's middle is in the image, in 65536ths of a texel from the middle of the first."""
    x, y = x + 0.5, y + 0.5
    depth = 65536.0 / (place[2, 0] * x + place[2, 1] * y + place[2, 2])
    u = (place[0, 0] * x + place[0, 1] * y + place[0, 2]) * depth * size[0]
    v = (place[1, 0] * x + place[1, 1] * y + place[1, 2]) * depth * size[1]
    return int(u) - 32768, int(v) - 32768


@compiled
def _between(flat, rows, columns, u, v):  # type: ignore[no-untyped-def]
    """The colour between four texels, or that of the nearest beyond the edge."""
    most_u, most_v = (columns - 1) << 16, (rows - 1) << 16
    u, v = min(max(u, 0), most_u), min(max(v, 0), most_v)
    at = np.uintp((v >> 16) * columns + (u >> 16))
    aside, below = np.uintp(u < most_u), np.uintp(columns if v < most_v else 0)
    across, down = np.uint64(u >> 8 & 255), np.uint64(v >> 8 & 255)
    both = across * down >> _8
    return (
        flat[at] * (_256 - across - down + both)
        + flat[at + aside] * (across - both)
        + flat[at + below] * (down - both)
        + flat[at + below + aside] * both
    ) >> _8 & _MASK


@compiled
def _lay_lines(flat, rows, columns, place, box, size, upper, lines, line_of, slot_of):  # type: ignore[no-untyped-def]
    """Lays a row of the image and the next one across the box, where they are not the rows laid last.

    Rows that are alike, as those of a cell are, are laid once.
    """
    for line in range(upper, upper + 2):
        if line_of[line & 1] == line:
            continue
        here, other = line & 1, ~line & 1
        line_of[here] = line
        if line_of[other] >= 0 and _alike(flat, rows, columns, line_of[other], line):
            slot_of[here] = slot_of[other]
            continue
        slot_of[here] = 1 - slot_of[other]
        made = lines[slot_of[here]]
        (zero, _), (end, _) = _within(place, 0, 0, size), _within(place, 1024, 0, size)
        for x in range(box[0], box[2]):
            u = zero + ((end - zero) * x >> 10)
            made[np.uintp(x - box[0])] = _between(flat, rows, columns, u, line << 16)


@compiled
def _alike(flat, rows, columns, one, other):  # type: ignore[no-untyped-def]
    """Whether two rows of an image are the same; beyond its last one that is repeated."""
    one, other = min(one, rows - 1) * columns, min(other, rows - 1) * columns
    differs = _0
    for column in range(columns):  # without a branch: eight at a time
        differs |= flat[np.uintp(one + column)] ^ flat[np.uintp(other + column)]
    return differs == _0


@compiled
def _covered(edges, inside, x):  # type: ignore[no-untyped-def]
    """How much of a pixel a face covers: exactly where edges are upright or level, and no corner is near."""
    left, right = edges[0, 0] * x + inside[0], edges[1, 0] * x + inside[1]
    upper, lower = edges[2, 0] * x + inside[2], edges[3, 0] * x + inside[3]
    across = max(min(left, 0.5) + min(right, 0.5), 0.0)
    down = max(min(upper, 0.5) + min(lower, 0.5), 0.0)
    # Of a right corner that is the product; in a sharp one both edges take from the same end of the pixel.
    one, other = 0 if left < right else 1, 2 if upper < lower else 3
    sharp = max(-edges[one, 0] * edges[other, 0] - edges[one, 1] * edges[other, 1], 0.0)
    return across * down * (1.0 - sharp) + max(across + down - 1.0, 0.0) * sharp
