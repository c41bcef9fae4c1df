"""What lies on a curve are values of the trace: a neuron's input and output are a point of its activation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from llmtrace.identities import ACTIVATIONS
from llmtrace.trace import Trace
from scenes import style
from scenes.parts.curve import Curve
from scenes.reading import slice_of

pytestmark = pytest.mark.usefixtures("dry")


@pytest.fixture
def trace(traced: Callable[..., Trace]) -> Trace:
    return traced("seven tokens")


@pytest.fixture
def curve(trace: Trace) -> Curve:
    return Curve(ACTIVATIONS[trace.meta.model.activation], (-12.0, 9.0), (-1.0, 9.0), 11.0, 5.0)


def test_marks_are_at_their_values_and_on_the_curve(trace: Trace, curve: Curve) -> None:
    curve.scale(0.8).shift((1, 0.5, 0))
    pre, act = (slice_of(trace, f"block.04.mlp.{name}", 6) for name in ("pre", "act"))
    dots = curve.marks(pre, act, style.FEED_FORWARD, 0.05)
    assert dots.drawn is act
    assert len(dots.points) == 16 * 1024
    middles = dots.points.reshape(-1, 16, 3)[:, [0, 8]].mean(axis=1)  # two opposite points of each circle
    line = curve.line.get_all_points()
    line = line[np.argsort(line[:, 0])]
    for neuron in range(0, 1024, 31):
        wanted = curve.at(float(pre.values[neuron]), float(act.values[neuron]))
        assert np.allclose(middles[neuron], wanted)
        assert np.interp(wanted[0], line[:, 0], line[:, 1]) == pytest.approx(wanted[1], abs=0.01)


def test_some_of_the_marks(trace: Trace, curve: Curve) -> None:
    pre, act = (slice_of(trace, f"block.04.mlp.{name}", 6) for name in ("pre", "act"))
    above = pre.values > 0
    dots = curve.marks(pre, act, style.FEED_FORWARD, where=above)
    assert len(dots.points) == 16 * above.sum()
    assert dots.get_bottom()[1] > curve.at(0, 0)[1] - 0.1


def test_a_histogram_counts_every_value(trace: Trace) -> None:
    pre = slice_of(trace, "block.04.mlp.pre", 6)
    curve = Curve(np.exp, (-15.0, 15.0), (0.0, 9.0), 11.0, 5.0)
    bars = curve.histogram(pre, 42, 2.0, style.LINE, below=0.3).points.reshape(42, 16, 3)
    counts, _ = np.histogram(pre.values, 42, (-15, 15))
    tops, lows = bars[..., 1].max(axis=1), bars[..., 1].min(axis=1)
    assert np.allclose(tops, curve.at(0, 0)[1] - 0.3)
    assert np.allclose(tops - lows, 2.0 * counts / counts.max())
    assert counts.sum() == 1024
    narrow = Curve(np.exp, (-1.0, 9.0), (0.0, 1.0), 1.0, 1.0)
    with pytest.raises(ValueError, match=r"mlp\.pre: \d+ of 1024 values lie outside of -1\.0 to 9\.0"):
        narrow.histogram(pre, 10, 1.0, style.LINE)


def test_a_curve_ends_where_it_leaves_its_frame() -> None:
    made = Curve(np.exp, (-4.0, 4.0), (0.0, 3.0), 8.0, 3.0)
    assert made.line.get_right()[0] == pytest.approx(made.at(np.log(3), 3)[0], abs=8 / 160)
    assert np.allclose(made.at(0, 1), (0, -0.5, 0))


def test_a_place_where_a_function_is_not_defined_is_left_out() -> None:
    with np.errstate(all="ignore"):
        made = Curve(np.log, (-1.0, 3.0), (-2.0, 2.0), 4.0, 4.0)
    assert made.line.get_left()[0] > made.at(0, 0)[0]
