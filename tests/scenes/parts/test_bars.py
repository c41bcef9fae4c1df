"""Bars of probabilities: one scale for all steps, on which a flat distribution looks flat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from llmtrace.trace import Trace
from scenes.locale import Locale
from scenes.parts.bars import Bars
from scenes.reading import Reader

pytestmark = pytest.mark.usefixtures("dry")
WIDE = 4.0


def bars(trace: Trace, step: int) -> tuple[Bars, np.ndarray]:
    """Those of one step, with the shares that they stand for."""
    made = Bars(Reader(trace, Locale("en")), step, 5, WIDE, 0.5, 30)
    return made, trace["generated.probability"][step][made.ids]


def with_shares(trace: Trace, shares: np.ndarray) -> Trace:
    return Trace({name: trace[name] for name in trace} | {"generated.probability": shares}, trace.meta)


def test_steps_share_one_scale(traced: Callable[..., Trace]) -> None:
    trace = traced("three tokens", new_tokens=3)
    units = []
    for step in range(3):
        made, shares = bars(trace, step)
        units += [bar.width / share for bar, share in zip(made.bars, shares, strict=True) if bar.width > 0.03]
    assert np.allclose(units, units[0])


def test_a_flat_distribution_does_not_fill_the_room(traced: Callable[..., Trace]) -> None:
    trace = traced("three tokens")
    even = np.full_like(trace["generated.probability"], 1 / trace.meta.model.vocabulary)
    flat = with_shares(trace, even)
    for bar in bars(flat, 0)[0].bars:
        assert bar.width < 0.1 * WIDE


def test_a_sure_one_fills_it(traced: Callable[..., Trace]) -> None:
    trace = traced("three tokens")
    sure = np.zeros_like(trace["generated.probability"])
    sure[:, int(trace["generated.token"][0])] = 1
    certain = with_shares(trace, sure)
    assert bars(certain, 0)[0].bars[0].width == pytest.approx(WIDE)
