"""Which heads get a name, what is odd about weights, and what is said of a head that was chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from llmtrace.trace import Trace, block
from scenes.attention.facts import LEAD, LEAST, NAMED, named_heads, remark, without_root
from scenes.focus import focus
from scenes.forms import format_value
from scenes.lesson import write_lesson
from scenes.locale import Locale
from scenes.measures import KINDS
from scenes.reading import Reader

Traced = Callable[..., Trace]
EN = Locale("en")


def changed(trace: Trace, **tensors: np.ndarray) -> Trace:
    f = focus(trace)
    named = {f.tensor(name): array for name, array in tensors.items()}
    return Trace({name: trace[name] for name in trace} | named, trace.meta)


def with_row(trace: Trace, weights: list[float]) -> Trace:
    """The trace with other weights in the row that is looked at."""
    f = focus(trace)
    pattern = trace[f.tensor("pattern")].copy()
    pattern[f.head, f.query] = weights
    return changed(trace, pattern=pattern)


def test_a_named_head_passes_the_threshold_and_no_better_one_has_its_name(traced: Traced) -> None:
    trace = traced("seven tokens")
    found, tokens = named_heads(trace), trace["tokens"]
    assert 0 < len(found) <= NAMED
    for one in found:
        measures = {
            kind: float(of(trace[block(one.block, "attn.pattern")], tokens)[one.head])
            for kind, of in KINDS.items()
        }
        own = measures.pop(one.kind)
        assert own >= LEAST
        assert own >= max(measures.values()) + LEAD
        assert (one.block, one.head) != trace.shown_head


def test_no_head_is_named_where_none_keeps_to_one_kind_of_place(traced: Traced) -> None:
    trace = traced("seven tokens")
    even = np.tril(np.ones((trace.length, trace.length))) / np.arange(1, trace.length + 1)[:, None]
    patterns = {
        name: np.broadcast_to(even, trace[name].shape).astype(np.float32) for name in trace.names("*.pattern")
    }
    flat = Trace({name: trace[name] for name in trace} | patterns, trace.meta)
    assert named_heads(flat) == []
    wall = next(
        b for b in write_lesson(flat, EN, ["attention"]).chapter("attention").beats if b.part == "wall"
    )
    assert "none keeps to one kind of place" in wall.text


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([0.8, 0.1, 0.05, 0.03, 0.01, 0.01, 0.0], "parked"),
        ([0.1, 0.8, 0.05, 0.03, 0.01, 0.01, 0.0], None),
        ([0.14, 0.15, 0.15, 0.14, 0.14, 0.14, 0.14], "flat"),
        ([0.05, 0.4, 0.39, 0.1, 0.03, 0.02, 0.01], "tie"),
    ],
)
def test_what_is_odd_is_said(traced: Traced, weights: list[float], said: str | None) -> None:
    assert remark(with_row(traced("seven tokens"), weights)) == said


def test_without_the_root_is_told_of_the_last_token_alone(traced: Traced) -> None:
    """The scores of an earlier one are not yet free of what comes later."""
    trace = traced("seven tokens")
    figures = without_root(Reader(trace, EN))
    assert figures is not None
    f = focus(trace)
    row = trace[f.tensor("scores")][f.head, f.query].astype(np.float64)
    wanted = np.exp(row - row.max())[f.key] / np.exp(row - row.max()).sum()
    assert figures[0].text == format_value(trace, EN, wanted, figures[0].form)
    earlier = Trace({name: trace[name] for name in trace}, replace(trace.meta, query=3))
    assert without_root(Reader(earlier, EN)) is None


def test_a_chosen_head_is_not_said_to_carry_most(traced: Traced) -> None:
    trace = traced("seven tokens")
    scores = trace["heads.attribution"].copy()
    scores[np.unravel_index(scores.argmin(), scores.shape)] = scores.max() + 1
    other = Trace({name: trace[name] for name in trace} | {"heads.attribution": scores}, trace.meta)
    heads = [write_lesson(t, EN, ["attention"]).chapter("attention").beats[0].text for t in (trace, other)]
    assert "carries most" in heads[0]
    assert "carries most" not in heads[1]
