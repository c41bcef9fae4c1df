"""Drawn beats that are kept: a beat whose picture nothing has changed is not drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import llmtrace
import renders
import scenes
from llmtrace.trace import Trace
from renders.shot import RenderResult, RenderTask
from renders.store.cache import ArtifactCache, key
from renders.store.fingerprint import sources, versions
from scenes.catalogue import LANGUAGES
from scenes.reading import Reading, Shown, cells

_DRAWN_BY = ("manim", "av", "pycairo", "numpy", "typst", "pillow")
# Sentences are not drawn: what they do to a beat is its length and its cues. What is on screen counts apart.
_SENTENCES = ("lesson.py", *(f"catalogue/{language}.py" for language in LANGUAGES))
_READING = ("trace.py", "mapped.py", "meta.py", "names.py", "store.py", "visible.py")
_RENDERER = (
    *(f"draw/{name}.py" for name in ("burn", "camera", "cairo_paths", "fastcopy", "render", "transforms")),
    *(f"media/{name}.py" for name in ("h264", "segment", "x264", "yuv")),
)


@dataclass(frozen=True)
class SegmentCache:
    """The kept beats of lessons on one trace, known by the digest of its file; goes to workers as it is."""

    trace: str
    kept: ArtifactCache = field(default_factory=lambda: ArtifactCache("segments"))

    def get(self, task: RenderTask, trace: Trace) -> dict[str, RenderResult]:
        """The beats of a task that are kept, put where the task wants them."""
        found = {}
        for beat, path in task.segments.items():
            about = self.kept.get(_key(task, beat, self.trace), path)
            if about is not None:
                found[beat] = RenderResult(path, [_shown(row, trace) for row in about["shown"]])
        return found

    def put(self, task: RenderTask, beat: str, drawn: RenderResult) -> None:
        rows = [_row(shown) for shown in drawn.shown]
        self.kept.put(_key(task, beat, self.trace), drawn.segment, {"shown": rows})


def _row(shown: Shown) -> dict[str, Any]:
    what = shown.what
    of = {"reading": asdict(what)} if isinstance(what, Reading) else {"slice": [what.source, what.index]}
    return {"start": shown.start, "end": shown.end, **of}


def _shown(row: Mapping[str, Any], trace: Trace) -> Shown:
    if "reading" in row:
        of = row["reading"]
        return Shown(Reading(**{**of, "index": tuple(of["index"])}), row["start"], row["end"])
    source, index = row["slice"]
    where = (i if isinstance(i, int) else (i[0], i[1]) for i in index)
    return Shown(cells(trace, source, *where), row["start"], row["end"])


def _key(task: RenderTask, beat: str, trace: str) -> str:
    """Of one drawn beat; `trace` is the digest of the trace's file."""
    start, frames = task.start(beat), task.beats[beat]
    burned = None
    if task.captions is not None:
        burned = [
            (c.start - start, c.end - start, c.lines, [begin - start for begin in c.begins])
            for c in task.captions
            if c.start < start + frames and c.end > start
        ]
    return key(
        "segment",
        _drawing_code(),
        _words_on_screen(task.language),
        trace,
        [task.chapter, beat, frames, dict(task.cues.get(beat, {})), burned],
        [task.language, asdict(task.quality), task.fps],
    )


@cache
def _drawing_code() -> str:
    room = Path(renders.__file__).parent
    drawing = sources(Path(scenes.__file__).parent, without=_SENTENCES)
    tracing = sources(Path(llmtrace.__file__).parent, only=_READING)
    return key(drawing, tracing, sources(room, only=_RENDERER), versions(_DRAWN_BY))


def _words_on_screen(language: str) -> dict[str, Any]:
    """A language's catalogue without its sentences."""
    return {
        name: repr(part) for name, part in vars(LANGUAGES[language]).items() if name not in ("beats", "heard")
    }
