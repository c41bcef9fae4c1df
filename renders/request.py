"""What every kind of lesson is asked for, and the trace that it begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from renders.store import keys
from renders.store.cache import ArtifactCache


@dataclass(frozen=True)
class LessonRequest:
    """The fields that lessons to watch and to listen to share; the defaults are those of the commands."""

    prompt: str
    model: str = "gpt2-pocket"
    level: str = "full"
    chapters: tuple[str, ...] | None = None  # None: all
    language: str = "en"
    voice: str | None = None  # None: the best there is for the language
    speed: float = 1.0  # of the voice
    music: Path | None = None  # plays under the words
    new_tokens: int = 4
    sampling: Sampling = field(default_factory=Sampling)
    out: Path | None = None  # None: a folder named after the prompt


def traced(request: LessonRequest, path: Path, meanwhile: Callable[[], None] = lambda: None) -> Trace:
    """The trace at `path`: one that was kept, or a new one, before which `meanwhile` is called."""
    kept, key = (
        ArtifactCache("traces"),
        keys.trace(request.prompt, request.model, request.new_tokens, request.sampling),
    )
    if key is not None and kept.get(key, path) is not None:
        return Trace.load(path)
    meanwhile()
    from llmtrace.capture import capture  # here, so that looking at a lesson never loads torch

    sampling = request.sampling
    trace = capture(request.prompt, request.model, new_tokens=request.new_tokens, sampling=sampling, to=path)
    if key is not None:
        kept.put(key, path, {})
    return trace
