"""The moving pictures of a clip: packets copied where they can be, else drawn, scaled or encoded again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from renders.errors import EncodeError
from renders.media import moving
from renders.media.cutting import cut_picture
from renders.media.decoding import Pixels, pictures
from renders.media.holding import hold
from renders.media.poster import LEAST, lit
from renders.media.probe import probe
from renders.media.segment import SegmentWriter
from renders.media.x264 import QP, Settings
from renders.progress import Reporter
from renders.publish.excerpt import Excerpt

HOLD = 1.2  # seconds that the last picture of a loop stays on
POSTER = 1280  # pixels: how wide a poster is at most
PRESET, SMALL_QP = "slow", 24  # of a picture that is encoded again, at the size of a page


@dataclass(frozen=True)
class Shape:
    """The size of a clip's picture, in pixels, and whether it is the lesson's own."""

    width: int
    height: int
    own: bool


def shape_of(excerpt: Excerpt, height: int | None) -> Shape:
    """The lesson's own shape, or that of a height; never larger than the lesson's."""
    found = probe(excerpt.edition.media)
    if height is None or height >= found.height:
        return Shape(found.width, found.height, True)
    return Shape(*_even(found.width, found.height, round(found.width * height / found.height)), False)


def segment(excerpt: Excerpt, shape: Shape, held: int, to: Path, reporter: Reporter) -> None:
    """Writes the silent picture, whose last one stays for `held` more frames.

    Its packets are copied where the size is the lesson's own.
    """
    media, fps = excerpt.edition.media, excerpt.edition.manifest.fps
    if shape.own:
        cut = to.with_name(f"{to.stem}.cut.mp4")
        cut_picture(media, *excerpt.span, cut)
        size = excerpt.edition.manifest.picture
        settings = Settings(shape.width, shape.height, fps, size.preset, QP) if size else None
        if not held:
            cut.replace(to)
            return
        if settings and hold(cut, held, settings, to):
            cut.unlink()
            return
        cut.unlink()
    first, last = excerpt.span
    reporter.total(last - first, exact=True)
    with SegmentWriter(to, shape.width, shape.height, fps, PRESET, SMALL_QP) as writer:
        shown = None
        for number, picture in enumerate(pictures(media, first, last, shape.width, shape.height), 1):
            writer.write(picture)
            shown = picture
            reporter.drawn(excerpt.chapter.name, number)
        if shown is not None:
            writer.write(shown, held)


def finished(excerpt: Excerpt, width: int | None = None) -> Pixels:
    """The picture that stands for a part: the last of the beat that ends on most readings, where it is lit.

    Where all end on black, it is the brightest of those ends.
    """
    media, best, most = excerpt.edition.media, None, -1.0
    own = shape_of(excerpt, None)
    size = _even(own.width, own.height, min(width or own.width, own.width))
    for frame in excerpt.ending():
        picture = next(pictures(media, frame, frame + 1, *size), None)
        if picture is None:
            raise EncodeError(f"{media}: has no frame {frame}; make the lesson again")
        if (share := lit(picture[..., :3])) > most:
            best, most = picture.copy(), share
        if most >= LEAST:
            break
    assert best is not None
    return best


def write_poster(picture: Pixels, to: Path) -> tuple[int, int]:
    """Writes it as a PNG; returns its width and height."""
    Image.fromarray(np.ascontiguousarray(picture[..., :3])).save(to, "PNG", optimize=True)
    return picture.shape[1], picture.shape[0]


def moving_picture(
    excerpt: Excerpt, kind: str, width: int, to: Path, rate: Fraction, colours: int = 256
) -> Shape:
    """Writes a GIF or a WebP, which begins with the finished picture."""
    own = shape_of(excerpt, None)
    size = _even(own.width, own.height, min(width, own.width))
    first, last = excerpt.span
    wanted = set(moving.sampled(last - first, excerpt.edition.manifest.fps, rate))

    def source() -> Iterator[Pixels]:
        for number, picture in enumerate(pictures(excerpt.edition.media, first, last, *size)):
            if number in wanted:
                yield picture

    still = finished(excerpt, size[0])
    if kind == "webp":
        moving.write_webp(still, source, rate, to)
    else:
        moving.write_gif(still, source, rate, to, colours)
    return Shape(*size, False)


def _even(width: int, height: int, wide: int) -> tuple[int, int]:
    return wide - wide % 2, (high := round(height * wide / width)) - high % 2
