"""The staircase of what the likeliest tokens hold has room for its names, however sure the model is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from test_scenes import examine, scene_of

from llmtrace.sampling import softmax
from llmtrace.trace import Trace

pytestmark = pytest.mark.usefixtures("dry", "undrawn")


@pytest.mark.parametrize("sureness", [0.05, 0.3, 1.5, 3.0])
def test_names_fit_beside_any_staircase(traced: Callable[..., Trace], sureness: float) -> None:
    """`sureness`: what the scores are multiplied by."""
    trace = traced("three tokens")
    logits = trace["generated.logits"] * np.float32(sureness)
    shares = np.stack([softmax(row) for row in logits]).astype(np.float32)
    tensors = {name: trace[name] for name in trace}
    tensors |= {"generated.logits": logits, "generated.probability": shares}
    examine(scene_of("output", Trace(tensors, trace.meta)))
