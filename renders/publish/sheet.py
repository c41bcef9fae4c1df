"""A contact sheet of a lesson: a frame of every beat, or one every few seconds, with names and times."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typst
from PIL import Image

from renders.edition.edition import Edition
from renders.edition.manifest import EditionChapter
from renders.errors import CheckError, RequestError
from renders.media.decoding import Pixels, pictures
from renders.media.png import png
from renders.media.poster import LEAST, lit
from renders.store import layout
from renders.store.atomic import atomic_file
from renders.terminal import clock
from renders.timeline import DEPARTURE
from scenes import style
from scenes.letters import faces, literal, machine_faces, plain, shorten, shown

WIDTH = 480  # pixels of a frame
COLUMNS = 5
MOST = 600  # frames on a sheet
SIDES = 16383  # pixels of a WebP at most
KINDS = (".png", ".webp")
_GAP, _MARGIN = 20, 48
_TRIES, _BACK = 4, 0.5  # seconds by which one goes back from a frame with nothing in it
_TITLE = 120  # characters of the prompt


@dataclass(frozen=True)
class Still:
    """A frame by its number, or an earlier one from `first` on where it is empty; its name and its time."""

    first: int
    frame: int
    name: str
    seconds: float


def sheet(edition: Edition, out: Path, every: float | None = None, columns: int = COLUMNS) -> Path:
    """Writes the sheet of a lesson to `out`, a PNG or WebP; `every`: seconds from frame to frame.

    Without `every` each beat has its last frame, a chapter's last beat the one before its picture leaves.
    Raises `CheckError` for a lesson without a picture, and `RequestError` where the sheet would be too large.
    """
    manifest = edition.manifest
    if manifest.media != layout.VIDEO:
        raise CheckError(
            f"{edition.folder}: is a lesson to listen to and has no picture; make it with 'make'"
        )
    if out.suffix.lower() not in KINDS:
        raise RequestError(
            f"--out {out}: a sheet is {' or '.join(KINDS)}; name it {out.with_suffix('.png').name}"
        )
    chosen = [(chapter, list(_stills(edition, chapter, every))) for chapter in manifest.chapters]
    count = sum(len(stills) for _, stills in chosen)
    if count > MOST:
        raise RequestError(f"--every {every:g}: would be {count:,} frames, and a sheet has {MOST} at most")
    with tempfile.TemporaryDirectory(prefix="llm-lesson-") as place:
        size = _write_frames(edition, [still for _, stills in chosen for still in stills], Path(place))
        with style.themed(edition.theme):
            picture = _set(edition, chosen, columns, size, Path(place))
    if out.suffix.lower() == ".webp" and max(picture.size) > SIDES:
        raise RequestError(
            f"--out {out}: {max(picture.size):,} pixels, and a WebP has {SIDES:,}; name it .png"
        )
    with atomic_file(out) as aside:
        if out.suffix.lower() == ".png":
            aside.write_bytes(png(picture))
        else:
            picture.save(aside, "WEBP", quality=85, method=6)
    return out


def _stills(edition: Edition, chapter: EditionChapter, every: float | None) -> Iterator[Still]:
    fps = edition.manifest.fps
    if every is None:
        for beat in chapter.beats:
            leaves = DEPARTURE if beat is chapter.beats[-1] else 0.0
            end = max(beat.end - leaves, beat.start)
            yield Still(round(beat.start * fps), max(round(end * fps) - 1, 0), beat.name, beat.start)
        return
    number = -(-chapter.start // every)
    while number * every < chapter.end:
        beat = next(beat for beat in reversed(chapter.beats) if beat.start <= number * every + 1e-6)
        frame = min(round(number * every * fps), round(chapter.end * fps) - 1)
        yield Still(frame, frame, beat.name, number * every)
        number += 1


def _write_frames(edition: Edition, stills: list[Still], place: Path) -> tuple[int, int]:
    """Writes each frame beside the others, as PNG by its number; returns their size."""
    drawn = edition.manifest.picture
    high = round(WIDTH * (drawn.height / drawn.width if drawn else 9 / 16))
    for still in stills:
        found = _found(edition, still, high)
        Image.fromarray(found).convert("RGB").save(place / f"{still.frame}.png", compress_level=1)
    return WIDTH, high


def _found(edition: Edition, still: Still, high: int) -> Pixels:
    """A still's frame, or where nothing is in it an earlier one; the earliest when nothing is in any."""
    step, tried = round(_BACK * edition.manifest.fps), list[Pixels]()
    for back in range(_TRIES):
        frame = max(still.frame - back * step, still.first)
        tried += list(pictures(edition.media, frame, frame + 1, WIDTH, high))
        if len(tried) <= back:
            raise CheckError(f"{edition.media}: has no frame {frame}; make the lesson again")
        if lit(tried[-1][..., :3]) >= LEAST:
            break
    return tried[-1]


def _set(
    edition: Edition,
    chosen: list[tuple[EditionChapter, list[Still]]],
    columns: int,
    size: tuple[int, int],
    place: Path,
) -> Image.Image:
    across = columns * size[0] + (columns - 1) * _GAP + 2 * _MARGIN
    title = shown(shorten(edition.manifest.title, _TITLE), style.SERIF)
    ours = plain(title, style.SERIF)
    names = faces(style.SERIF) if ours else machine_faces(title, style.SERIF)
    rows = (_chapter(chapter, stills, columns, size) for chapter, stills in chosen if stills)
    page = "\n".join(
        (
            f'#set page(width: {across}pt, height: auto, margin: {_MARGIN}pt, fill: rgb("{style.GROUND}"))',
            f'#set text(font: {faces(style.SERIF)}, fallback: false, size: 26pt, fill: rgb("{style.INK}"))',
            "#set par(leading: 0.5em, spacing: 0pt)",
            f"#text(font: {names}, size: 60pt, {literal(title)})#h(1fr){_dim(_about(edition))}",
            *(line for row in rows for line in row),
        )
    )
    file = place / "sheet.typ"
    file.write_text(page, encoding="utf-8")
    fonts = typst.Compiler(root=str(place), ignore_system_fonts=ours)
    png = fonts.compile(str(file), format="png", ppi=72.0)
    assert isinstance(png, bytes)
    return Image.open(io.BytesIO(png)).convert("RGB")


def _about(edition: Edition) -> str:
    manifest = edition.manifest
    return f"{shown(manifest.model, style.SERIF)} · {clock(manifest.seconds)}"


def _chapter(
    chapter: EditionChapter, stills: list[Still], columns: int, size: tuple[int, int]
) -> Iterator[str]:
    """A chapter's title, and below it its frames in rows."""
    yield "\n#v(44pt)"
    yield f"#text(size: 38pt, {literal(chapter.title)})#h(16pt){_mono(chapter.name)}\n\n#v(16pt)"
    cells = ", ".join(_cell(still, size) for still in stills)
    yield f"#grid(columns: {columns} * ({size[0]}pt,), column-gutter: {_GAP}pt, row-gutter: 18pt, {cells})"


def _cell(still: Still, size: tuple[int, int]) -> str:
    picture = f'image("{still.frame}.png", width: {size[0]}pt, height: {size[1]}pt)'
    frame = f'box(stroke: 1pt + rgb("{style.LINE}"), {picture})'
    below = f"[{_mono(still.name, style.INK)}#h(1fr){_mono(clock(still.seconds))}]"
    return f"stack(dir: ttb, spacing: 9pt, {frame}, {below})"


def _mono(text: str, colour: str | None = None) -> str:
    colour = colour or style.DIM
    return f'#text(font: "{style.MONO}", size: 20pt, fill: rgb("{colour}"), {literal(text)})'


def _dim(text: str) -> str:
    return f'#text(fill: rgb("{style.DIM}"), {literal(text)})'
