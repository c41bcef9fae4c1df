"""Drawn beats that are kept: a beat whose picture nothing has changed is not drawn again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import renders
import scenes
from renders.shot import Fault, RenderResult, RenderTask
from renders.store.cache import ArtifactCache, digest, key
from renders.store.fingerprint import source_files, versions
from scenes import own
from scenes.chapter import WORDS
from scenes.lesson import ScheduledChapter
from scenes.letters import families

_ROOT = Path(renders.__file__).parent.parent
_DRAWN_BY = ("manim", "av", "pycairo", "numpy", "typst", "pillow", "svgelements")
_ENCODER = ("container.py", "h264.py", "segment.py", "x264.py", "yuv.py")
# What these write is in the key itself: a beat's frames and cues, its chapter's title and labels.
_WRITING = ("chapter.py", "errors.py", "lesson.py", "own.py", "script.py", "texts.py")
_READING = (
    "mapped.py",
    "meta.py",
    "names.py",
    "ranges.py",
    "shapes.py",
    "store.py",
    "trace.py",
    "visible.py",
)


@dataclass(frozen=True)
class SegmentCache:
    """The kept beats of lessons on one trace, known by the digest of its file; goes to workers as it is."""

    trace: str
    kept: ArtifactCache = field(default_factory=lambda: ArtifactCache("segments"))

    def key(self, task: RenderTask, beat: str) -> str:
        """What a beat of a task is found by: all that its picture depends on."""
        return _key(task, beat, self.trace)

    def get(self, task: RenderTask) -> dict[str, RenderResult]:
        """The beats of a task that are kept, put where the task wants them."""
        found = {}
        for beat, path in task.segments.items():
            about = self.kept.get(self.key(task, beat), path)
            if about is not None:
                found[beat] = RenderResult(path, about["rows"], [Fault(*one) for one in about["faults"]])
        return found

    def put(self, task: RenderTask, beat: str, drawn: RenderResult) -> None:
        self.kept.put(self.key(task, beat), drawn.segment, {"rows": drawn.rows, "faults": drawn.faults})


def _key(task: RenderTask, beat: str, trace: str) -> str:
    """Of one drawn beat; `trace` is the digest of the trace's file."""
    chapter, start = task.scheduled.chapter, task.start(beat)
    scheduled = next(one for one in task.scheduled.beats if one.beat.name == beat)
    frames = scheduled.frames
    burned = None
    if task.captions is not None:
        burned = [
            (c.start - start, c.end - start, c.lines, [begin - start for begin in c.begins])
            for c in task.captions
            if c.start < start + frames and c.end > start
        ]
    return key(
        "segment",
        _code(task.chapter) if not chapter.place else _own_code(Path(chapter.place)),
        trace,
        [chapter.name, chapter.title, dict(chapter.labels), asdict(chapter.locale)],
        [beat, frames, dict(scheduled.cues), burned],
        _journey(task.scheduled, beat),
        [asdict(task.quality), task.fps],
    )


def _journey(chapter: ScheduledChapter, beat: str) -> list[Any]:
    """What a beat has of the way between chapters: the first one the arrival, the last one the departure."""
    first, last = beat == chapter.beats[0].beat.name, beat == chapter.beats[-1].beat.name
    before = asdict(chapter.before) if chapter.before else None
    return [(chapter.arrival, before) if first else None, chapter.departure if last else None]


def drawing_files(chapter: str) -> list[Path]:
    """Every file of ours that the picture of a chapter depends on: what all are drawn by, and its own folder.

    Its script too, from which its scene may take what it draws. Of the words only those that are no
    chapter's own; the others are in the key as they are told.
    """
    others = tuple(f"{name}/*" for name in scenes.CHAPTERS if name != chapter)
    return [
        *source_files(_ROOT / "renders" / "draw"),
        *source_files(_ROOT / "renders" / "media", only=_ENCODER),
        _ROOT / "renders" / "compiled.py",
        _ROOT / "renders" / "shot.py",
        *source_files(_ROOT / "scenes", without=(*_WRITING, *others)),
        _ROOT / "scenes" / "words.toml",
        *source_files(_ROOT / "llmtrace", only=_READING),
    ]


@cache
def _code(chapter: str) -> str:
    files = [(path.relative_to(_ROOT).as_posix(), digest(path)) for path in drawing_files(chapter)]
    return key(files, versions(_DRAWN_BY), families())


def _own_code(folder: Path) -> str:
    """The same of a chapter that is not ours, by its folder, which may have changed since the last time."""
    files = [
        (path.relative_to(folder).as_posix(), digest(path))
        for path in own.files(folder)
        if path.name != WORDS
    ]
    return key(files, _code(""))
