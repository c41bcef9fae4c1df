"""What drawing costs beside manim's own camera, and beside the usual way of drawing a matrix in manim."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from manim import RIGHT, CairoRenderer, FadeIn, ReplacementTransform, Scene, Square, Text, VGroup

from llmtrace.trace import Trace
from renders.draw.camera import Picture
from renders.draw.quick import quick_objects
from renders.draw.render import configured, render
from renders.draw.renderer import Renderer, Write
from renders.edition.manifest import Manifest
from renders.shot import Quality
from renders.store import layout
from scenes import style
from scenes.focus import focus
from scenes.lesson import paced, write_lesson
from scenes.locale import Locale
from scenes.parts.cells import Grid
from scenes.reading import Reader, slice_of

CHAPTER = "attention"
PLAY = 1.0  # seconds
SIDE = 0.6


class ManimsRenderer(CairoRenderer):
    """Manim's renderer and camera; only where the pictures go is ours."""

    def __init__(self, write: Write) -> None:
        super().__init__()
        self._write = write

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        self.time += num_frames / self.camera.frame_rate
        self._write(frame, num_frames)


def to_manim(folder: Path, quality: Quality, fps: int) -> float:
    """CPU of manim's camera over ours, on a chapter of a lesson's folder, as long as it is there."""
    trace = Trace.load(folder / layout.TRACE)
    manifest = Manifest.load(folder)
    beats = {beat.name: manifest.frames(beat) for chapter, beat in manifest.beats if chapter.name == CHAPTER}
    locale = Locale(manifest.language, manifest.level)
    chapter = write_lesson(trace, locale, [CHAPTER]).chapter(CHAPTER)
    scheduled = paced(chapter, lambda beat: beats[beat.name])
    render(trace, scheduled, Quality(320, 180), fps, _nowhere)  # its letters are set by now

    def cpu(renderer: Callable[[Write], CairoRenderer]) -> float:
        began = time.process_time()
        render(trace, scheduled, quality, fps, _nowhere, renderer=renderer)
        return time.process_time() - began

    return cpu(ManimsRenderer) / cpu(Renderer)


def to_usual(folder: Path, quality: Quality, fps: int) -> float:
    """CPU of a `Square` and a `Text` a cell under manim's camera over ours, on the shown head's matrices."""
    trace = Trace.load(folder / layout.TRACE)
    with configured(quality, fps):

        def cpu(scene: type[Scene], renderer: Callable[[Write], CairoRenderer]) -> float:
            began = time.process_time()
            played = scene(renderer=renderer(_nowhere))
            played.trace = trace  # type: ignore[attr-defined]
            played.render()
            return time.process_time() - began

        usual = cpu(_Usual, ManimsRenderer)
        with quick_objects():
            return usual / cpu(_Ours, Renderer)


class _Matrices(Scene):
    """Scores come, become weights, and go aside: on as many cells as a lesson shows."""

    trace: Trace

    def grid(self, stage: str) -> VGroup:
        raise NotImplementedError

    def construct(self) -> None:
        one, other = (self.grid(stage).move_to((-2.0, 0.0, 0.0)) for stage in ("scaled", "pattern"))
        self.play(FadeIn(one), run_time=PLAY)
        self.play(ReplacementTransform(one, other), run_time=PLAY)
        self.play(other.animate.shift(4 * RIGHT), run_time=PLAY)
        self.wait(PLAY)


class _Usual(_Matrices):
    def grid(self, stage: str) -> VGroup:
        f = focus(self.trace)
        values = self.trace[f.tensor(stage)][f.head]  # (query, key)
        made = VGroup()
        for i, row in enumerate(values):
            for j, value in enumerate(row):
                colour = style.weight(float(value)) if stage == "pattern" else style.signed(float(value), 4)
                square = Square(SIDE, fill_color=colour, fill_opacity=1, stroke_width=1)
                made.add(VGroup(square, Text(f"{value:.2f}", font_size=14)).move_to((j * SIDE, -i * SIDE, 0)))
        return made


class _Ours(_Matrices):
    def grid(self, stage: str) -> VGroup:
        f = focus(self.trace)
        drawn = slice_of(self.trace, f.tensor(stage), f.head)
        rows = list(range(self.trace.length))
        read = Reader(self.trace, Locale("en"))
        texts = {(q, k): read(f.tensor(stage), f.head, q, k).decimal() for q in rows for k in rows}
        paint = style.weight if stage == "pattern" else lambda value: style.signed(value, 4)
        return Grid(drawn, rows, texts, paint, SIDE)


def _nowhere(picture: Picture, repeat: int, changed: object = None, /) -> None:
    pass
