"""Drawn beats that are kept: a beat whose picture nothing has changed is not drawn again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import llmtrace
import renders
import scenes
from renders.shot import RenderResult, RenderTask
from renders.store.cache import ArtifactCache, digest, key
from renders.store.fingerprint import sources, versions

_DRAWN_BY = ("manim", "av", "pycairo", "numpy", "typst", "pillow")
# Sentences are not drawn: what they do to a beat is its length and its cues.
_WRITING = ("chapter.py", "lesson.py", "script.py", "texts.py")
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

    def key(self, task: RenderTask, beat: str) -> str:
        """What a beat of a task is found by: all that its picture depends on."""
        return _key(task, beat, self.trace)

    def get(self, task: RenderTask) -> dict[str, RenderResult]:
        """The beats of a task that are kept, put where the task wants them."""
        found = {}
        for beat, path in task.segments.items():
            about = self.kept.get(self.key(task, beat), path)
            if about is not None:
                found[beat] = RenderResult(path, about["rows"])
        return found

    def put(self, task: RenderTask, beat: str, drawn: RenderResult) -> None:
        self.kept.put(self.key(task, beat), drawn.segment, {"rows": drawn.rows})


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
        _drawing_code(),
        _chapters_code(task.chapter),
        trace,
        [chapter.name, chapter.title, dict(chapter.labels), asdict(chapter.locale)],
        [beat, frames, dict(scheduled.cues), burned],
        asdict(task.scheduled.before) if start == 0 and task.scheduled.before else None,
        [asdict(task.quality), task.fps],
    )


@cache
def _drawing_code() -> str:
    room = Path(renders.__file__).parent
    place = Path(scenes.__file__).parent
    chapters = tuple(f"{name}/*" for name in scenes.CHAPTERS)
    drawing = sources(place, without=(*_WRITING, *chapters)), digest(place / "words.toml")
    tracing = sources(Path(llmtrace.__file__).parent, only=_READING)
    return key(drawing, tracing, sources(room, only=_RENDERER), versions(_DRAWN_BY))


@cache
def _chapters_code(chapter: str) -> str:
    """What draws one chapter alone; its words are in what its scene is handed."""
    return sources(Path(scenes.__file__).parent / chapter, without=("script.py",))
