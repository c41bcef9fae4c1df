"""A chapter → one silent segment: manim draws, our writer encodes. Only here is manim's config touched."""

from __future__ import annotations

import importlib
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import CairoRenderer, tempconfig

from llmtrace.trace import Trace
from renders.burn import Burner, Caption, inner
from renders.encode import PRESET, SegmentWriter
from scenes.catalogue import told_in
from scenes.stage import LessonScene, Shown

Picture = npt.NDArray[np.uint8]  # (height, width, 4) RGBA
Write = Callable[[Picture, int], None]


@dataclass(frozen=True)
class Quality:
    """The size of the picture, and how hard the encoder tries."""

    width: int
    height: int
    preset: str = PRESET


QUALITIES = {
    "draft": Quality(640, 360, "superfast"),
    "720p": Quality(1280, 720),
    "1080p": Quality(1920, 1080),
    "4k": Quality(3840, 2160),
}


@dataclass(frozen=True)
class Shot:
    """What it takes to draw one chapter; goes to a worker as it is."""

    trace: Path
    chapter: str
    beats: Mapping[str, int]  # each beat's name and frames
    cues: Mapping[str, Mapping[str, int]]  # and on which of them its marked words begin
    captions: tuple[Caption, ...] | None  # to be drawn below the picture
    language: str
    quality: Quality
    fps: int
    segment: Path

    @property
    def frames(self) -> int:
        return sum(self.beats.values())


@dataclass(frozen=True)
class Drawn:
    """A chapter's segment as drawn, and what was on screen in it."""

    segment: Path
    shown: list[Shown]


def scene_of(chapter: str) -> type[LessonScene]:
    """The scene class of a chapter, found by its name: `scenes.attention.Attention`."""
    module = importlib.import_module(f"scenes.{chapter}")
    scene: type[LessonScene] = getattr(module, chapter.capitalize())
    return scene


def draw(shot: Shot, tell: Callable[[int], None] = lambda _frames: None) -> Drawn:
    """Draws and encodes one chapter. `tell` is called with the number of frames done so far."""
    quality = shot.quality
    with SegmentWriter(
        shot.segment, quality.width, quality.height, shot.fps, preset=quality.preset
    ) as writer:

        def write(picture: Picture, repeat: int) -> None:
            writer.write(picture, repeat)
            tell(writer.frames)

        hand: Write = write
        if shot.captions is not None:
            hand = Burner(shot.captions, quality.width, quality.height, write)
            width, height = inner(quality.width, quality.height)
            quality = replace(quality, width=width, height=height)
        with told_in(shot.language):
            trace = Trace.load(shot.trace)
            shown = render(trace, shot.chapter, shot.beats, quality, shot.fps, hand, shot.cues)
        if writer.frames != shot.frames:
            raise RuntimeError(f"{shot.chapter}: {writer.frames} frames were drawn, not {shot.frames}")
    return Drawn(shot.segment, shown)


def render(
    trace: Trace,
    chapter: str,
    beats: Mapping[str, int],
    quality: Quality,
    fps: int,
    write: Write,
    cues: Mapping[str, Mapping[str, int]] | None = None,
) -> list[Shown]:
    """Draws one chapter: `write` gets each picture, (height, width, 4) RGBA, and how often it is shown.

    It is in the language that is set. Returns what was on screen, and when.
    """
    with _configured(quality, fps):
        scene = scene_of(chapter)(trace=trace, frames=beats, cues=cues, renderer=_Renderer(write))
        scene.render()
    return scene.shown()


@contextmanager
def _configured(quality: Quality, fps: int) -> Iterator[None]:
    """Manim's config for one drawing; what it writes for itself goes to a folder that is removed."""
    logging.getLogger("manim").setLevel(logging.ERROR)
    with (
        tempfile.TemporaryDirectory(prefix="llm-lesson-") as media,
        tempconfig(
            {
                "dry_run": True,
                "pixel_width": quality.width,
                "pixel_height": quality.height,
                "frame_rate": fps,
                "disable_caching": True,
                "progress_bar": "none",
                "verbosity": "ERROR",
                "media_dir": media,
            }
        ),
    ):
        yield


class _Renderer(CairoRenderer):
    """Manim's Cairo renderer with every picture handed on instead of written by manim."""

    def __init__(self, write: Write) -> None:
        super().__init__()
        self._write = write

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        self.time += num_frames / self.camera.frame_rate
        self._write(frame, num_frames)
