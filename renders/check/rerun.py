"""The model run again, and every tensor compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from llmtrace.checks import relative_error
from llmtrace.trace import Trace
from renders.errors import CheckError

# Relative; another machine's sums run in another order, which may round a float16 to the next one.
RERUN_TOLERANCE = {"float32": 1e-4, "float16": 1e-3}


def wrong_rerun(trace: Trace, model: str | None) -> Iterator[str]:
    """What comes out differently when the model runs again."""
    from llmtrace import Look, capture
    from llmtrace.errors import UnknownModelError
    from llmtrace.models import load_model
    from llmtrace.names import SURROUNDINGS

    meta = trace.meta
    try:
        loaded = load_model(model or meta.model.name)
    except UnknownModelError as error:
        if model is not None:
            raise
        raise CheckError(f"{error}; if it was a folder, say where with --model") from None
    if meta.model.sha256 and loaded.card.sha256 != meta.model.sha256:  # a model in memory has none
        yield f"{meta.model.name}: its weights are not those that the trace was taken from"
        return
    prompt: Any = meta.prompt if meta.prompt is not None else [int(i) for i in trace["tokens"]]
    steps = len(trace["generated.token"])
    again = capture(
        prompt,
        loaded,
        new_tokens=steps,
        sampling=meta.sampling,
        only=meta.only,
        dtype=meta.dtype,
        trace_steps=meta.steps,
        surroundings=any(name in trace for name in SURROUNDINGS),
        look=Look(trace.shown_head if "weight.head" in trace else None, meta.query, meta.key),
    )
    if meta.format == again.meta.format:
        yield from (f"{name}: the trace lacks it" for name in again.names() if name not in trace)
    for name in trace.names():
        if name not in again:
            yield f"{name}: the model has no such tensor"
            continue
        gap = relative_error(trace[name].astype(np.float64), again[name].astype(np.float64))
        if not gap <= RERUN_TOLERANCE[meta.dtype]:
            yield f"{name}: a new run differs by {gap:.2g}"
