"""Drawn beats that are kept: a beat whose picture nothing has changed is not drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from llmtrace.trace import Trace
from renders.shot import RenderResult, RenderTask
from renders.store import keys
from renders.store.cache import ArtifactCache
from scenes.reading import Reading, Shown, cells


@dataclass(frozen=True)
class SegmentCache:
    """The kept beats of lessons on one trace, known by the digest of its file; goes to workers as it is."""

    trace: str
    kept: ArtifactCache = field(default_factory=lambda: ArtifactCache("segments"))

    def take(self, task: RenderTask, trace: Trace) -> dict[str, RenderResult]:
        """The beats of a task that are kept, put where the task wants them."""
        found = {}
        for beat, path in task.segments.items():
            about = self.kept.get(keys.segment(task, beat, self.trace), path)
            if about is not None:
                found[beat] = RenderResult(path, [_shown(row, trace) for row in about["shown"]])
        return found

    def keep(self, task: RenderTask, beat: str, drawn: RenderResult) -> None:
        rows = [_row(shown) for shown in drawn.shown]
        self.kept.put(keys.segment(task, beat, self.trace), drawn.segment, {"shown": rows})


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
