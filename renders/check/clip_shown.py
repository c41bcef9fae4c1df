"""What a clip shows: its pictures beside the lesson's, in squares whose means are compared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from renders.check.files import wrong_spans
from renders.check.words import named
from renders.errors import EncodeError
from renders.media.decoding import pictures
from renders.media.moving import HELD, SLOWEST
from renders.media.probe import probe
from renders.publish.clip_file import CLIP, ClipFile, ClipManifest
from renders.publish.clip_pictures import finished
from renders.publish.excerpt import Excerpt
from renders.publish.places import MOVING

_SIZE, _SIDE = (320, 184), 8  # pixels: of pictures that are compared, and of the squares whose means are
# Levels of 255 that a square's mean may differ by: the loss of a smaller GIF did 9, one other digit 40.
_ALLOWED = 20.0


def wrong_pictures(folder: Path, about: ClipManifest, excerpt: Excerpt) -> Iterator[str]:
    """Which of its files show something else than the lesson, at the end of a beat or at first."""
    for name, file in about.files.items():
        path = folder / name
        if not path.is_file():
            continue
        try:
            if file.kind in ("mp4", "webm"):
                yield from _wrong_video(path, file, about, excerpt)
            elif file.kind in ("poster", *MOVING):
                yield from _wrong_still(path, excerpt)
            if file.kind in MOVING:
                yield from _wrong_moving(path, about, excerpt)
        except (EncodeError, OSError, ValueError) as error:
            yield f"{name}: cannot be read ({error})"


def _wrong_video(path: Path, file: ClipFile, about: ClipManifest, excerpt: Excerpt) -> Iterator[str]:
    found = probe(path)
    if abs(found.video_seconds - about.seconds) > 1.5 / about.fps:
        yield f"{path.name}: {found.video_seconds:.3f} s of picture, {CLIP} says {about.seconds:.3f} s"
    if (found.audio_codec is not None) != about.sound:
        yield f"{path.name}: has {'' if found.audio_codec else 'no '}sound, {CLIP} says otherwise"
    if found.captions:
        shown = [(c.start, c.end, c.text) for c in excerpt.captions]
        yield from wrong_spans(f"{path.name}: caption", found.captions, shown)
    first, _ = excerpt.span
    for beat, moved in zip(excerpt.beats, excerpt.shifted, strict=True):
        frame = round(moved.end * about.fps) - 1
        both = (
            _shown(path, frame, (found.width, found.height), file.inset),
            _shown(excerpt.edition.media, first + frame, _SIZE, None),
        )
        if both[0] is None or both[1] is None or _apart(both[0], both[1]):
            yield f"{named(about.chapter, beat.name, moved.end)}: {path.name} shows another picture"


def _shown(
    media: Path, frame: int, size: tuple[int, int], inset: tuple[int, int, int, int] | None
) -> np.ndarray | None:
    """A frame, or the part of it that the lesson's picture is in, at `_SIZE`."""
    if inset is None:
        return next(pictures(media, frame, frame + 1, *_SIZE), None)
    whole = next(pictures(media, frame, frame + 1, *size), None)
    if whole is None:
        return None
    left, top, width, height = inset
    return _small(Image.fromarray(whole).crop((left, top, left + width, top + height)))


def _wrong_still(path: Path, excerpt: Excerpt) -> Iterator[str]:
    with Image.open(path) as picture:
        wide, shown = picture.width, _small(picture)
    if _apart(shown, _small(Image.fromarray(finished(excerpt, wide)))):
        yield f"{path.name}: does not begin with the picture that the lesson has"


def _wrong_moving(path: Path, about: ClipManifest, excerpt: Excerpt) -> Iterator[str]:
    """Compares what is on show when a beat's last frame would be: that, or one shortly before."""
    first, before = excerpt.span[0], math.ceil(about.fps / SLOWEST)
    ends = {excerpt.last_frame(beat): beat for beat in excerpt.beats}
    with Image.open(path) as picture:
        size = (picture.width, picture.height)
        shown = list(_on_show(picture, [HELD + (frame - first + 0.5) / about.fps for frame in ends]))
    for (frame, beat), seen in zip(ends.items(), shown, strict=True):
        meant = pictures(excerpt.edition.media, max(first, frame - before), frame + 1, *size)
        if all(_apart(seen, _small(Image.fromarray(one))) for one in meant):
            where = named(about.chapter, beat.name, beat.end - excerpt.start)
            yield f"{where}: {path.name} shows another picture"


def _on_show(picture: Image.Image, times: list[float]) -> Iterator[np.ndarray]:
    """What a GIF or a WebP shows at these seconds, in their order; its last picture after its end."""
    number, until = -1, 0.0
    for seconds in times:
        while until <= seconds and number + 1 < getattr(picture, "n_frames", 1):
            number += 1
            picture.seek(number)
            picture.load()
            until += picture.info.get("duration", 0) / 1000
        yield _small(picture)


def _small(picture: Image.Image) -> np.ndarray:
    """A picture at `_SIZE`; where two are compared, both at the clip's width: else thin lines differ."""
    return np.asarray(picture.convert("RGB").resize(_SIZE, Image.Resampling.BOX))


def _apart(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two pictures of `_SIZE` differ in a square."""
    gap = np.abs(one[..., :3].astype(int) - other[..., :3]).mean(axis=2)
    rows, columns = gap.shape[0] // _SIDE, gap.shape[1] // _SIDE
    squares = gap[: rows * _SIDE, : columns * _SIDE].reshape(rows, _SIDE, columns, _SIDE)
    return bool(squares.mean(axis=(1, 3)).max() > _ALLOWED)
