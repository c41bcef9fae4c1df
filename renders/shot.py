"""What is to be drawn, and what comes of it. Loads no manim: with nothing to draw none is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from renders.media.x264 import PRESET
from scenes.reading import Reading, Shown, Slice

if TYPE_CHECKING:
    from renders.draw.burn import Caption


@dataclass(frozen=True)
class Quality:
    """The size of the picture, and how hard the encoder tries."""

    width: int
    height: int
    preset: str = PRESET


QUALITIES = {
    "draft": Quality(640, 360, "ultrafast"),
    "720p": Quality(1280, 720),
    "1080p": Quality(1920, 1080),
    "4k": Quality(3840, 2160),
}


@dataclass(frozen=True)
class RenderTask:
    """What it takes to draw a chapter, or some beats in a row of it; goes to a worker as it is."""

    trace: Path
    chapter: str
    beats: Mapping[str, int]  # each beat's name and frames: all of the chapter's
    cues: Mapping[str, Mapping[str, int]]  # and on which of them its marked words begin
    captions: tuple[Caption, ...] | None  # to be drawn below the picture
    language: str
    quality: Quality
    fps: int
    segments: Mapping[str, Path]  # where the segments of the beats go that are to be drawn

    @property
    def frames(self) -> int:
        """How many frames are to be drawn."""
        return sum(self.beats[name] for name in self.segments)

    def start(self, beat: str) -> int:
        """The frame of the chapter on which a beat begins."""
        names = list(self.beats)
        return sum(self.beats[name] for name in names[: names.index(beat)])


@dataclass(frozen=True)
class RenderResult:
    """A beat's segment as drawn, and what was on screen in it; frames count from the beat's first."""

    segment: Path
    shown: list[Shown]


def rejoined(beats: Sequence[int], parts: Sequence[RenderResult]) -> list[Shown]:
    """What was on screen in a chapter, from its beats' lengths and parts: spans that go on are one again."""
    whole: list[Shown] = []
    begin = 0
    for frames, part in zip(beats, parts, strict=True):
        running: dict[object, list[int]] = {}
        for place, shown in enumerate(whole):
            if shown.end == begin:
                running.setdefault(_identity(shown.what), []).append(place)
        for shown in part.shown:
            before = running.get(_identity(shown.what)) if shown.start == 0 else None
            if before:
                place = before.pop(0)
                whole[place] = replace(whole[place], end=begin + shown.end)
            else:
                whole.append(Shown(shown.what, begin + shown.start, begin + shown.end))
        begin += frames
    return sorted(whole, key=lambda s: s.start)


def _identity(what: Reading | Slice) -> object:
    return what if isinstance(what, Reading) else (what.source, what.index)
