"""Whether a lesson can be read as it is shown: its pictures, its captions, the figures that are spoken."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from renders.check.again import drawn_by
from renders.check.words import named
from renders.edition.edition import Edition
from renders.edition.manifest import EditionBeat, EditionCaption, EditionChapter
from renders.edition.rows import Row
from renders.pool.capacity import capacity
from renders.pool.server import warm
from renders.shot import Fault, RenderTask
from scenes.reading import slice_of
from voiceover.captions import SHORTEST, SPEED

_SLACK = 0.02  # seconds: captions end on whole frames
_FASTEST = 1.5 * SPEED  # characters a second: of a voice that speaks faster than captions should be read
_BLOCK = re.compile(r"block\.\d+\.")
_NAMES = (
    "token",
    "word",
    "which",
    "whole",
    "name",
    "quoted",
    "beginning",
)  # forms: their digits are no figures


def wrong_look(edition: Edition, unproved: list[str]) -> list[str]:
    """What a viewer could not read, by chapter, beat and time; goes through every chapter without drawing it.

    Adds to `unproved` the chapters that this version cannot draw as they were drawn.
    """
    told = list(drawn_by(edition, unproved))
    faults: dict[tuple[str, str], list[Fault]] = {}
    warm()
    with ProcessPoolExecutor(capacity(), multiprocessing.get_context("forkserver")) as pool:
        for (chapter, task), found in zip(told, pool.map(_looked, [task for _, task in told]), strict=True):
            for beat in chapter.beats:
                start, frames = task.start(beat.name), edition.manifest.frames(beat)
                own = [Fault(at - start, what) for at, what in found if 0 <= at - start < frames]
                faults[chapter.name, beat.name] = own
    return remarks(edition, [faults.get((c.name, b.name), []) for c, b in edition.manifest.beats])


def remarks(edition: Edition, faults: Sequence[Sequence[Fault]]) -> list[str]:
    """The same, where the faults of each beat's pictures are known: by their frames in the beat."""
    lines = []
    known = set[tuple[str, str]]()  # what stays wrong from beat to beat is said once
    for (chapter, beat), own in zip(edition.manifest.beats, faults, strict=True):
        for frame, what in own:
            if (chapter.name, what) not in known:
                known.add((chapter.name, what))
                lines.append(
                    f"{named(chapter.name, beat.name, beat.start + frame / edition.manifest.fps)}: {what}"
                )
        lines += _short_captions(chapter, beat)
        lines += _unseen_figures(edition, chapter, beat)
    return lines


def _looked(task: RenderTask) -> list[Fault]:
    from renders.draw.render import look  # in a process of its own: manim is loaded there alone

    return look(task)


def _short_captions(chapter: EditionChapter, beat: EditionBeat) -> Iterator[str]:
    for caption in beat.captions:
        if caption.end - caption.start < _needed(caption, beat) - _SLACK:
            where = named(chapter.name, beat.name, caption.start)
            shown = f"{caption.end - caption.start:.1f} s"
            yield f"{where}: the caption {caption.text!r} is shown for {shown}, too short to be read"


def _needed(caption: EditionCaption, beat: EditionBeat) -> float:
    """How long a caption has to be shown, at most as long as there is speech."""
    letters = len(caption.text)
    return min(max(SHORTEST, letters / _FASTEST), beat.words_to - beat.words_from)


def _unseen_figures(edition: Edition, chapter: EditionChapter, beat: EditionBeat) -> Iterator[str]:
    """Figures that are spoken in a beat and not on screen in it.

    They are as the same reading in any form, as the same text, or as that many things, such as 256 cells; a
    count may be of what the chapter has shown before.
    """
    before = {one.name for one in chapter.beats if one.start <= beat.start}
    ours = [row for row in edition.rows if row.chapter == chapter.name]
    drawn = [row for row in ours if row.where == "screen" and row.beat in before]
    shown = [row for row in drawn if row.beat == beat.name and _is_figure(row)]
    read, texts = {_of(row) for row in shown}, {row.text for row in shown}
    for row in ours:
        if row.where != "speech" or row.beat != beat.name or not _is_figure(row):
            continue
        if _of(row) not in read and row.text not in texts and _count(row) not in _counts(edition, drawn):
            where = named(chapter.name, beat.name, beat.start + row.start)
            yield f"{where}: {row.text} is said, and not on screen"


def _is_figure(row: Row) -> bool:
    return row.form.partition(":")[0] not in _NAMES and any(map(str.isdigit, row.text or ""))


def _of(row: Row) -> tuple[object, ...]:
    return row.tensor, row.index, row.how


def _count(row: Row) -> int | None:
    """The number of things that a figure says there are; None where it counts none."""
    return int(re.sub(r"\D", "", row.text or "")) if row.form == "integer" else None


def _counts(edition: Edition, drawn: Sequence[Row]) -> set[int]:
    """How many things of a kind are drawn: readings of a tensor in all blocks, blocks, cells of an axis."""
    places: dict[str, set[object]] = {}
    found = set[int]()
    for row in drawn:
        kind, number = _BLOCK.sub("", row.tensor), _BLOCK.match(row.tensor)
        places.setdefault(kind, set()).add((row.tensor, row.index))
        if number:
            places.setdefault("block", set()).add(number[0])
        if row.sha256 is not None and row.tensor in edition.trace:
            values = slice_of(edition.trace, row.tensor, *row.index).values
            found |= {values.size, *values.shape}
    return found | {len(those) for those in places.values()}
