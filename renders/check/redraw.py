"""The picture drawn again from the trace, frame by frame, and compared with what the video shows."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import accumulate
from pathlib import Path

import numpy as np

from renders.check.again import drawn_by
from renders.check.words import named
from renders.edition.edition import Edition
from renders.edition.manifest import EditionChapter
from renders.media.decoding import decoded
from renders.media.probe import probe
from renders.media.yuv import YuvConverter
from renders.pool.capacity import capacity
from renders.pool.server import warm
from renders.shot import RenderTask

SIDE = 8  # pixels: of the squares whose mean difference is looked at
# Levels of 255. In 1,475 frames of a draft, the coarsest quality, the encoder did 4.3 to a square at most;
# one other digit of a percentage did 57. A slightly other hue of a cell is told by its digest alone.
ALLOWED = 10.0


def wrong_pictures(edition: Edition, every: bool, unproved: list[str]) -> Iterator[str]:
    """The beats that show something else than their drawing; looks at their last frames, or at `every` one.

    Adds to `unproved` what this version cannot draw as it was drawn.
    """
    manifest = edition.manifest
    if manifest.picture and probe(edition.media).video_frames != round(
        manifest.chapters[-1].end * manifest.fps
    ):
        return  # that is said already, and a manifest could name any number of frames
    told = list(drawn_by(edition, unproved))
    tasks = [task for _, task in told]
    firsts = [round(chapter.start * manifest.fps) for chapter, _ in told]
    warm()
    with ProcessPoolExecutor(capacity(), multiprocessing.get_context("forkserver")) as pool:
        lists = [range(task.scheduled.frames) if every else _last(task) for task in tasks]
        found = pool.map(_differing, [edition.media] * len(tasks), tasks, firsts, lists)
        for (chapter, _), differing in zip(told, found, strict=True):
            yield from _named(chapter, manifest.fps, differing)


def _named(chapter: EditionChapter, fps: int, differing: Sequence[tuple[int, float]]) -> Iterator[str]:
    """The first frame of each beat that differs, with its time."""
    for beat in chapter.beats:
        start, end = (round((time - chapter.start) * fps) for time in (beat.start, beat.end))
        if own := [(frame, by) for frame, by in differing if start <= frame < end]:
            frame, by = own[0]
            where = named(chapter.name, beat.name, chapter.start + frame / fps)
            how = f"by {by:.0f} of 255 levels" if math.isfinite(by) else "or none at all"
            yield f"{where}, frame {frame - start}: is not the picture that the trace gives, {how}"


def _last(task: RenderTask) -> list[int]:
    """The last frame of each beat, and of the chapter's close-up before it is put back."""
    ends = list(accumulate(task.beats.values()))
    return sorted({end - 1 for end in ends} | {ends[-1] - task.scheduled.departure - 1})


def _differing(video: Path, task: RenderTask, first: int, frames: Sequence[int]) -> list[tuple[int, float]]:
    """Of these frames of a chapter that begins on frame `first`, those that differ, and by how much."""
    from renders.draw.stills import stills  # in a process of its own: manim is loaded there alone

    shown = enumerate(decoded(video, first, first + task.scheduled.frames))
    drawn = YuvConverter(task.quality.width, task.quality.height)
    found = []

    def take(frame: int, picture: np.ndarray) -> None:
        drawn.take(picture)
        there = next((planes for number, planes in shown if number == frame), None)
        by = math.inf if there is None else difference(drawn.planes, there)
        if by > ALLOWED:
            found.append((frame, by))

    stills(task, frames, take)
    return found


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The largest mean difference of two pictures in a square, in levels; infinite when the sizes differ."""
    if one.shape != other.shape:
        return math.inf
    by = np.abs(one.astype(np.int16) - other)  # (height · 3/2, width)
    rows, columns = (np.arange(0, length, SIDE) for length in by.shape)
    sums = np.add.reduceat(np.add.reduceat(by, rows, axis=0, dtype=np.int64), columns, axis=1)
    return float(sums.max()) / SIDE**2
