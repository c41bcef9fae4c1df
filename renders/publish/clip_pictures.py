"""The moving pictures of a clip: packets copied where they can be, else drawn, scaled or encoded again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from renders.errors import EncodeError
from renders.media import moving
from renders.media.compact import compact_segment
from renders.media.cutting import cut_picture
from renders.media.decoding import Pixels, pictures
from renders.media.holding import hold
from renders.media.moving import RATE, SLOW, SLOWEST
from renders.media.png import png
from renders.media.poster import LEAST, lit
from renders.media.probe import picture_size
from renders.media.x264 import CRF, Settings
from renders.progress import Reporter, Stages
from renders.publish.excerpt import Excerpt
from renders.publish.places import WIDEST, Format, Place, budget

HOLD = 1.2  # seconds that the last picture of a loop stays on
POSTER = 1280  # pixels: how wide a poster is at most


class Step(NamedTuple):
    """A way to make a GIF or a WebP.

    `width`: a share of its place's. `rate`: pictures a second. `quality`: how many colours a GIF has, or a
    WebP's, of 100. `bytes`: the share that it takes, about, of the first way's.
    """

    width: float
    rate: Fraction
    quality: int
    bytes: float


# Ways for what such a file may well have, then smaller ones, for what its place takes. A cell's colour stands
# for a number: with 32 for all of a flight some were others, by 31 levels, where `check` allows 20.
_WELL: dict[str, tuple[Step, ...]] = {
    "gif": (
        Step(1.0, RATE, 256, 1.0),
        Step(1.0, RATE, 64, 0.7),
        Step(0.7, SLOW, 48, 0.31),
        Step(0.6, SLOW, 48, 0.24),
    ),
    "webp": (
        Step(1.0, RATE, 60, 1.0),
        Step(0.75, SLOW, 60, 0.55),
        Step(0.75, SLOW, 45, 0.45),
        Step(0.6, SLOW, 40, 0.3),
    ),
}
_SMALLER = {
    "gif": (Step(0.6, SLOWEST, 48, 0.15), Step(0.5, SLOWEST, 48, 0.12)),
    "webp": (Step(0.5, SLOW, 45, 0.2), Step(0.5, SLOWEST, 40, 0.1)),
}


@dataclass(frozen=True)
class Shape:
    """The size of a clip's picture, in pixels, and whether it is the lesson's own."""

    width: int
    height: int
    own: bool


def shape_of(excerpt: Excerpt, height: int | None) -> Shape:
    """The lesson's own shape, or that of a height; never larger than the lesson's."""
    own = picture_size(excerpt.edition.media)
    if height is None or height >= own[1]:
        return Shape(*own, True)
    return Shape(*_even(*own, round(own[0] * height / own[1])), False)


def segment(excerpt: Excerpt, shape: Shape, held: int, to: Path, reporter: Reporter) -> None:
    """Writes the silent picture, whose last one stays for `held` more frames.

    Its packets are copied where the size is the lesson's own.
    """
    media, fps = excerpt.edition.media, excerpt.edition.manifest.fps
    if shape.own and _copied(excerpt, shape, held, to):
        return
    first, last = excerpt.span
    with (
        counted(reporter, excerpt, last - first) as told,
        compact_segment(to, shape.width, shape.height, fps) as write,
    ):
        shown = None
        for number, picture in enumerate(pictures(media, first, last, shape.width, shape.height), 1):
            write(picture)
            shown = picture
            told(number)
        if shown is not None:
            write(shown, held)


def _copied(excerpt: Excerpt, shape: Shape, held: int, to: Path) -> bool:
    """Copies the packets; False where nothing can be held that way."""
    size, fps = excerpt.edition.manifest.picture, excerpt.edition.manifest.fps
    if not held:
        cut_picture(excerpt.edition.media, *excerpt.span, to)
        return True
    if size is None:
        return False
    cut = to.with_name(f"{to.stem}.cut.mp4")
    cut_picture(excerpt.edition.media, *excerpt.span, cut)
    made = hold(cut, held, Settings(shape.width, shape.height, fps, size.preset, CRF), to)
    cut.unlink()
    return made


@contextmanager
def counted(reporter: Reporter, excerpt: Excerpt, frames: int) -> Iterator[Callable[[int], None]]:
    """What is told how many of so many frames are done, while they are."""
    with Stages(reporter).running("frames"):
        reporter.total(frames, exact=True)
        yield lambda done: reporter.drawn(excerpt.chapter.name, done)


def finished(excerpt: Excerpt, width: int | None = None) -> Pixels:
    """The picture that stands for a part: the last of the beat that ends on most readings, where it is lit.

    Where all end on black, it is the brightest of those ends.
    """
    media, best, most = excerpt.edition.media, None, -1.0
    own = picture_size(media)
    size = _even(*own, min(width or own[0], own[0]))
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
    to.write_bytes(png(Image.fromarray(np.ascontiguousarray(picture[..., :3]))))
    return picture.shape[1], picture.shape[0]


def fitting(
    excerpt: Excerpt, made: Format, place: Place, seconds: float, to: Path, reporter: Reporter
) -> Shape:
    """Writes a GIF or a WebP for a place; where it has more bytes than it should, it is made again, smaller.

    A way that is not expected to do is passed over.
    """
    shape, whole, most = None, 0.0, place.most.get(made, 1 << 40)
    well, ways = min(most, budget(made, seconds, 0, sound=False)), (*_WELL[made], *_SMALLER[made])
    for number, step in enumerate(ways, 1):
        enough = well if number < len(_WELL[made]) else most
        if whole * step.bytes > enough and number < len(ways):
            continue
        width = round(min(place.width, WIDEST.get(made, place.width)) * step.width)
        shape = moving_picture(excerpt, made, width, to, step.rate, step.quality, reporter)
        size = to.stat().st_size
        if size <= enough:
            break
        whole = whole or size / step.bytes
    assert shape is not None
    return shape


def moving_picture(
    excerpt: Excerpt, kind: str, width: int, to: Path, rate: Fraction, quality: int, reporter: Reporter
) -> Shape:
    """Writes a GIF or a WebP, which begins with the finished picture."""
    own = picture_size(excerpt.edition.media)
    size = _even(*own, min(width, own[0]))
    first, last = excerpt.span
    wanted = moving.sampled(last - first, excerpt.edition.manifest.fps, rate)
    times = Counter(wanted)  # in order; of a lesson with few pictures a second some stand twice
    passes = 2 if kind == "gif" else 1  # the colours of a GIF are chosen first
    still, done = finished(excerpt, size[0]), 0
    with counted(reporter, excerpt, passes * len(wanted)) as told:

        def source() -> Iterator[Pixels]:
            nonlocal done
            frames = pictures(excerpt.edition.media, first, last, *size, only=times.keys())
            for often, picture in zip(times.values(), frames, strict=False):
                yield from [picture] * often
                done += often
                told(done)

        if kind == "webp":
            moving.write_webp(still, source, rate, to, quality)
        else:
            moving.write_gif(still, source, rate, to, quality)
    return Shape(*size, False)


def _even(width: int, height: int, wide: int) -> tuple[int, int]:
    return wide - wide % 2, (high := round(height * wide / width)) - high % 2
