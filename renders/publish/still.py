"""`still`: one picture of a chapter, drawn at any size, or as outlines.

still(Edition.load(folder), "attention:arcs", Path("arcs.svg"))
still_of(VideoRequest("What will be", chapters=("attention",)), "attention:arcs", Path("arcs.svg"))
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from renders.edition.edition import Edition
from renders.errors import RequestError
from renders.media.png import png
from renders.progress import NullReporter, Reporter, Stages
from renders.publish.clip_texts import alt_of
from renders.publish.excerpt import Excerpt, parted
from renders.publish.redrawn import task_of
from renders.publish.unfilmed import gone_through, unfilmed
from renders.request import VideoRequest
from renders.shot import Quality, RenderTask
from renders.store import layout
from renders.store.atomic import atomic_file
from renders.values import number, one_of
from scenes.palette import THEMES

STILLS = "stills"  # the folder in a lesson's that stills go to
Kind = Literal["png", "webp", "svg"]
KINDS: tuple[Kind, ...] = ("png", "webp", "svg")
WIDTHS = (160, 7680)  # pixels: the narrowest and the widest
BUDGET = 300_000  # bytes that an SVG may well have: more are many outlines, which a PNG shows as well


@dataclass(frozen=True)
class StillOptions:
    """What is wanted of a still. `width` in pixels; its height is 9/16 of that. `theme`: None: the lesson's.

    Raises `RequestError` for what is not known.
    """

    kind: Kind = "png"
    width: int = 1280
    transparent: bool = False
    theme: str | None = None

    def __post_init__(self) -> None:
        one_of("format", self.kind, KINDS)
        number("width", self.width, *WIDTHS, whole=True)
        if self.theme is not None:
            one_of("theme", self.theme, THEMES)


@dataclass(frozen=True)
class Still:
    """A picture's file, what is to be seen in it, and how many bytes it has."""

    path: Path
    alt: str
    bytes: int


def still(
    edition: Edition,
    what: str,
    path: Path | None = None,
    options: StillOptions | None = None,
    reporter: Reporter | None = None,
) -> Still:
    """Draws CHAPTER, at the end of the beat with most readings, or CHAPTER:BEAT, at the end of the beat.

    `path`: by default in the lesson's folder. Raises `RequestError` where the lesson has no such part, or
    this version cannot draw it as it was drawn.
    """
    options = options or StillOptions()
    excerpt = Excerpt.of(edition, what)
    excerpt.require_picture(layout.TRACE)
    if not excerpt.whole and len(excerpt.beats) > 1:
        raise RequestError(f"{what}: a still is of one beat; name one of them")
    to = path or default_path(excerpt, edition.folder, options.kind)
    size = Quality(options.width, round(options.width * 9 / 16), theme=options.theme or edition.theme)
    task = task_of(edition, excerpt.chapter, size, burned=False)
    if task is None:
        raise RequestError(
            f"{edition.folder}: this version tells {what} in other beats; make the lesson again"
        )
    frame = next(excerpt.ending()) - round(excerpt.chapter.start * edition.manifest.fps)
    alt, _ = alt_of(excerpt)
    title = f"{excerpt.chapter.title}: {edition.manifest.title}"
    with Stages(reporter or NullReporter()).running("still"), atomic_file(to) as aside:
        if options.kind == "svg":
            from renders.draw.vector import vector_still

            text = vector_still(task, frame, title, alt, transparent=options.transparent)
            aside.write_text(text, encoding="utf-8", newline="\n")
        else:
            _write_pixels(task, frame, options, aside, (title, alt))
        size_of = aside.stat().st_size
    return Still(to, alt, size_of)


def still_of(
    request: VideoRequest,
    what: str,
    path: Path | None = None,
    options: StillOptions | None = None,
    reporter: Reporter | None = None,
) -> Still:
    """The same of a prompt's chapter that is not made: nothing is spoken, and no other picture drawn.

    `path`: by default in the folder that its lesson would have.
    """
    options, reporter = options or StillOptions(), reporter or NullReporter()
    _, beat, _ = parted(what)
    with unfilmed(request, reporter) as edition:
        to = path or default_path(Excerpt.of(edition, what), request.folder(), options.kind)
        if beat is None:
            with Stages(reporter).running("beats"):
                edition = gone_through(edition)
        return still(edition, what, to, options, reporter)


def default_path(excerpt: Excerpt, folder: Path, kind: Kind) -> Path:
    """In the lesson's folder. Raises `RequestError` where a link there leads out of it."""
    path = folder / STILLS / f"{excerpt.slug}.{kind}"
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        raise RequestError(f"{path.parent}: leads out of the lesson's folder; name another place with --out")
    return path


def _write_pixels(
    task: RenderTask, frame: int, options: StillOptions, to: Path, said: tuple[str, str]
) -> None:
    """Writes a PNG, which says what is in it, or a WebP without loss."""
    from renders.draw.stills import stills

    drawn: list[np.ndarray] = []
    stills(task, [frame], lambda _, picture: drawn.append(picture.copy()), transparent=options.transparent)
    picture = Image.fromarray(_straight(drawn[0]) if options.transparent else drawn[0][..., :3])
    if options.kind == "webp":
        picture.save(to, "WEBP", lossless=True, method=4)
        return
    text = PngInfo()
    for key, words in zip(("Title", "Description"), said, strict=True):
        text.add_itxt(key, words)
    to.write_bytes(png(picture, text))


def _straight(picture: np.ndarray) -> np.ndarray:
    """(height, width, 4) RGBA whose colours are times their opacity, without that."""
    opacity = np.maximum(picture[..., 3:], 1) / 255  # (height, width, 1)
    colours = np.clip(np.rint(picture[..., :3] / opacity), 0, 255).astype(np.uint8)
    return np.concatenate([colours, picture[..., 3:]], axis=2)
