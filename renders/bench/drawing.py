"""What drawing costs beside manim's own camera, and beside the usual way of drawing a matrix in manim."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from manim import (
    DOWN,
    RIGHT,
    CairoRenderer,
    FadeIn,
    Group,
    Mobject,
    Rectangle,
    ReplacementTransform,
    Scene,
    Text,
    VGroup,
)

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
from scenes.parts.matrix import Matrix
from scenes.parts.texture import Paint
from scenes.reading import Reader, slice_of

CHAPTER = "attention"
PLAY = 1.0  # seconds
SIDE = 3.6  # manim's units
_PLAYS = 3  # that are measured
NUMBERED = 5  # tokens at most, for the numbers to be read in their cells


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
    """CPU of manim's camera on a `Rectangle` a cell and a `Text` a number over ours on the same cells.

    Each scene is played once before it is measured, since what is loaded and set by then is not drawing; of
    the plays that follow, the quickest counts: what disturbs one is not drawing either.
    """
    trace = Trace.load(folder / layout.TRACE)
    with configured(quality, fps):

        def cpu(scene: type[_Matrices], renderer: Callable[[Write], CairoRenderer]) -> float:
            taken = []
            for _ in range(1 + _PLAYS):
                began = time.process_time()
                played = scene(renderer=renderer(_nowhere))
                played.trace = trace
                played.render()
                taken.append(time.process_time() - began)
            return min(taken[1:])

        usual = cpu(_Usual, ManimsRenderer)
        with quick_objects():
            return usual / cpu(_Ours, Renderer)


class _Matrices(Scene):
    """Scores come, become weights, and go aside, with the whole queries and keys that they are made of."""

    trace: Trace

    def table(self, tensor: str, cell: tuple[float, float], *, numbers: bool) -> Mobject:
        """A tensor's values of the shown head, in cells of a width and a height."""
        raise NotImplementedError

    def tables(self, stage: str) -> Group:
        f, length = focus(self.trace), self.trace.length
        side = min(1.2, SIDE / length)
        scores = self.table(f.tensor(stage), (side, side), numbers=length <= NUMBERED)
        width, low = self.trace.meta.model.head_width, SIDE / 4 / length
        vectors = [self.table(f.tensor(of), (SIDE / width, low), numbers=False) for of in "qk"]
        return Group(scores, Group(*vectors).arrange(DOWN)).arrange(DOWN).move_to((-3.0, 0.0, 0.0))

    def construct(self) -> None:
        one, other = map(self.tables, ("scaled", "pattern"))
        self.play(FadeIn(one), run_time=PLAY)
        self.play(ReplacementTransform(one, other), run_time=PLAY)
        self.play(other.animate.shift(4 * RIGHT), run_time=PLAY)
        self.wait(PLAY)


class _Usual(_Matrices):
    def table(self, tensor: str, cell: tuple[float, float], *, numbers: bool) -> Mobject:
        made = VGroup()
        for i, row in enumerate(self.trace[tensor][focus(self.trace).head]):
            for j, value in enumerate(row):
                colour = style.weight(float(value)) if "pattern" in tensor else style.signed(float(value), 4)
                square = Rectangle(width=cell[0], height=cell[1], fill_color=colour, fill_opacity=1)
                square.set_stroke(width=1)
                shown = VGroup(square, Text(f"{value:.2f}", font_size=14)) if numbers else square
                made.add(shown.move_to((j * cell[0], -i * cell[1], 0)))
        return made


class _Ours(_Matrices):
    def table(self, tensor: str, cell: tuple[float, float], *, numbers: bool) -> Mobject:
        head, read = focus(self.trace).head, Reader(self.trace, Locale("en"))
        paint = Paint(style.SHARES, 1.0) if "pattern" in tensor else Paint(bound=4.0)
        made = Matrix(slice_of(self.trace, tensor, head), paint, cell)
        places = [(q, k) for q in range(made.shape[0]) for k in range(made.shape[1])]
        if numbers:
            made.write({place: read(tensor, head, *place).decimal() for place in places})
        return made


def _nowhere(picture: Picture, repeat: int, changed: object = None, /) -> None:
    pass
