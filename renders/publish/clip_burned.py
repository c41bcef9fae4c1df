"""A clip with its words in the picture, for places that play without sound: lit as they are spoken."""

from __future__ import annotations

from pathlib import Path

from renders.media.compact import compact_segment
from renders.media.decoding import pictures
from renders.progress import Reporter
from renders.publish.clip_pictures import Shape, counted
from renders.publish.excerpt import Excerpt
from renders.shot import burned_captions
from scenes import style

Inset = tuple[int, int, int, int]  # left, top, width, height of the lesson's picture, in pixels


def burned_segment(
    excerpt: Excerpt, shape: Shape, side: int | None, held: int, to: Path, reporter: Reporter
) -> tuple[Shape, Inset]:
    """Writes the silent picture, smaller, and below it the words; the last one stays for `held` more frames.

    `side`: of a square picture; None: one of `shape`. Returns its shape, and where the lesson's picture is.
    """
    from renders.draw.burn import Burner, Laid  # loads manim

    laid = Laid.square(side) if side else Laid.wide(shape.width, shape.height)
    manifest, (first, last) = excerpt.edition.manifest, excerpt.span
    twice = manifest.picture is not None and manifest.picture.burned  # they are in the lesson's picture
    said = [] if twice else excerpt.captions
    captions = burned_captions(said, 0, last - first, manifest.fps)
    with (
        style.themed(excerpt.edition.theme),
        counted(reporter, excerpt, last - first) as told,
        compact_segment(to, laid.width, laid.height, manifest.fps) as write,
    ):
        burner, shown = Burner(captions, laid, write), None
        for number, picture in enumerate(pictures(excerpt.edition.media, first, last, *laid.scene[2:]), 1):
            burner(picture, 1)
            shown = picture
            told(number)
        if shown is not None:
            burner(shown, held)
    return Shape(laid.width, laid.height, False), laid.scene
