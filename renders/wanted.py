"""What every kind of lesson is asked for, and the trace that it begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from llmtrace.meta import BUNDLED
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from renders import keys
from renders.cache import Kept


@dataclass(frozen=True)
class Wanted:
    """The fields that lessons to watch and to listen to share; the defaults are those of the commands."""

    prompt: str
    model: str = BUNDLED
    level: str = "full"
    chapters: tuple[str, ...] | None = None  # None: all
    language: str = "en"
    voice: str | None = None  # None: the best there is for the language
    speed: float = 1.0  # of the voice
    music: Path | None = None  # plays under the words
    new_tokens: int = 4
    sampling: Sampling = field(default_factory=Sampling)
    out: Path | None = None  # None: a folder named after the prompt


def traced(wanted: Wanted, path: Path, meanwhile: Callable[[], None] = lambda: None) -> Trace:
    """The trace at `path`: one that was kept, or a new one, before which `meanwhile` is called."""
    kept, key = Kept("traces"), keys.trace(wanted.prompt, wanted.model, wanted.new_tokens, wanted.sampling)
    if key is not None and kept.take(key, path) is not None:
        return Trace.load(path)
    meanwhile()
    from llmtrace import capture  # here, so that looking at a lesson never loads torch

    sampling = wanted.sampling
    trace = capture(wanted.prompt, wanted.model, new_tokens=wanted.new_tokens, sampling=sampling, to=path)
    if key is not None:
        kept.put(key, path, {})
    return trace
