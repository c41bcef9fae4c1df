"""The range of a tensor: finite ends, and what is not finite counted."""

from __future__ import annotations

import numpy as np
import pytest

from llmtrace.ranges import Range, range_of
from llmtrace.trace import Trace


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1.5, -2.0, 0.0], Range(-2.0, 1.5, 0, 0, 0)),
        ([1.0, -np.inf, np.nan, -np.inf, np.inf, 3.0], Range(1.0, 3.0, 2, 1, 1)),
        ([np.nan, -np.inf], Range(None, None, 1, 0, 1)),
        ([], Range(None, None, 0, 0, 0)),
    ],
)
def test_ranges(values: list[float], found: Range) -> None:
    assert range_of(np.array(values)) == found


def test_whole_numbers_stay_whole() -> None:
    found = range_of(np.array([3, 1, 2], dtype=np.int32))
    assert (found.least, found.most) == (1, 3)
    assert isinstance(found.least, int)


def test_the_range_of_both() -> None:
    assert Range(-1, 2, 1, 0, 0) | Range(0, 5, 2, 0, 1) == Range(-1, 5, 3, 0, 1)
    assert Range(None, None, 1, 0, 0) | Range(0, 5, 0, 0, 0) == Range(0, 5, 1, 0, 0)


def test_the_range_of_a_traces_tensor(tiny_trace: Trace) -> None:
    masked, scaled = tiny_trace["block.00.attn.masked"], tiny_trace["block.00.attn.scaled"]
    past = scaled[:, *np.tril_indices(6)]
    found = tiny_trace.range("block.00.attn.masked")
    assert (found.least, found.most) == (past.min(), past.max())
    assert found.below == np.isneginf(masked).sum() == 2 * 15
