"""What is to be drawn, and what comes of it. Loads no manim: with nothing to draw none is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from renders.limits import SIZES
from renders.media.x264 import PRESET
from scenes.lesson import ScheduledChapter
from voiceover.captions import Caption

_BLINK = 1.0  # seconds: a caption stays through a pause that is no longer, so that nothing flickers


@dataclass(frozen=True)
class Quality:
    """The size of the picture, how hard the encoder tries, and the theme that it is drawn in."""

    width: int
    height: int
    preset: str = PRESET
    theme: str = "dark"


QUALITIES = {
    name: Quality(*size, "ultrafast") if name == "draft" else Quality(*size) for name, size in SIZES.items()
}


@dataclass(frozen=True)
class BurnedCaption:
    """Words below the picture from frame `start` up to frame `end` of a chapter.

    `lines`: the words of each line. `begins`: the frame on which each word, counted through, is spoken.
    """

    start: int
    end: int
    lines: tuple[tuple[str, ...], ...]
    begins: tuple[int, ...]


@dataclass(frozen=True)
class RenderTask:
    """What it takes to draw a chapter, or some beats in a row of it; goes to a worker as it is."""

    trace: Path
    scheduled: ScheduledChapter
    captions: tuple[BurnedCaption, ...] | None  # to be drawn below the picture
    quality: Quality
    fps: int
    segments: Mapping[str, Path]  # where the segments of the beats go that are to be drawn

    @property
    def chapter(self) -> str:
        """The chapter's name."""
        return self.scheduled.chapter.name

    @property
    def beats(self) -> dict[str, int]:
        """Each beat's name and frames: all of the chapter's."""
        return {one.beat.name: one.frames for one in self.scheduled.beats}

    @property
    def frames(self) -> int:
        """How many frames are to be drawn."""
        return sum(self.beats[name] for name in self.segments)

    def start(self, beat: str) -> int:
        """The frame of the chapter on which a beat begins."""
        names = list(self.beats)
        return sum(self.beats[name] for name in names[: names.index(beat)])


class Fault(NamedTuple):
    """What is wrong with a picture, and on which frame of its chapter; of a drawn beat, of the beat."""

    frame: int
    what: str


@dataclass(frozen=True)
class RenderResult:
    """A beat's segment as drawn, the rows of what was on screen, as they are written down, and its faults.

    `key`: under which all are cached; empty as long as nobody has asked.
    """

    segment: Path
    rows: list[dict[str, Any]]
    faults: list[Fault] = field(default_factory=list)
    key: str = ""


def telling(drawn: Sequence[RenderResult], finished: Sequence[int], fps: int) -> list[tuple[Path, int]]:
    """Each beat's segment and the frame on which it is `finished`, first that with most readings on it."""

    def shown(place: int) -> tuple[int, int]:
        at = finished[place] / fps
        read = [row for row in drawn[place].rows if row.get("text") is not None]
        return -sum(row["from"] <= at < row["to"] for row in read), -len(read)

    return [(drawn[place].segment, finished[place]) for place in sorted(range(len(drawn)), key=shown)]


def burned_captions(captions: Sequence[Caption], start: int, end: int, fps: int) -> tuple[BurnedCaption, ...]:
    """Those of a chapter that plays from frame `start` up to `end`; what is given is in the lesson's time."""
    made = []
    for caption, following in zip(captions, [*captions[1:], None], strict=True):
        stays = (
            caption.end if following is None or following.start - caption.end > _BLINK else following.start
        )
        first, last = (min(max(round(t * fps), start), end) - start for t in (caption.start, stays))
        begins = tuple(max(round(word.start * fps) - start, first) for word in caption.words)
        if first < last:
            made.append(BurnedCaption(first, last, _lines(caption), begins))
    return tuple(made)


def _lines(caption: Caption) -> tuple[tuple[str, ...], ...]:
    lines: list[tuple[str, ...]] = []
    rest = [word.text for word in caption.words]
    for line in caption.text.split("\n"):
        taken = next((n for n in range(1, len(rest) + 1) if " ".join(rest[:n]) == line), len(rest))
        lines.append(tuple(rest[:taken]))
        rest = rest[taken:]
    return tuple(lines)
