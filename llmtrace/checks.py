"""The identities that must hold between a trace's tensors: where each applies, and how far it is off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from llmtrace import identities as known
from llmtrace import identities_extras as extras
from llmtrace.identities import Rule, TracePart
from llmtrace.identities_neurons import FEED_FORWARD, NEURONS
from llmtrace.names import SURROUNDINGS, wanted
from llmtrace.trace import Array, MissingTensorError, Trace

FLOAT32 = 1e-5  # relative
FLOAT16 = 2e-2  # of a trace kept in float16: softmax sees scores that are off by up to their 2048th part


@dataclass(frozen=True)
class Identity:
    """One identity with the largest error found, relative to the size of what is compared."""

    name: str
    formula: str
    error: float | None  # None where it cannot be told, as `only` left out a tensor that it needs
    tolerance: float
    place: str = ""  # where the error is largest, as in "block.01"; empty where there is one place alone

    @property
    def holds(self) -> bool:
        return self.error is None or bool(self.error <= self.tolerance)  # NaN does not hold


def check(trace: Trace) -> list[Identity]:
    """Every identity, with its largest error over all blocks; NaN in a tensor shows as an infinite one.

    Raises `MissingTensorError` for a tensor that the trace should have.
    """
    found: dict[tuple[str, str], Identity] = {}
    tolerance = FLOAT32 if trace.meta.dtype == "float32" else FLOAT16
    for view, rules in _places(trace):
        for rule in rules:
            before = found.setdefault((rule.name, rule.formula), Identity(rule.name, rule.formula, None, 0.0))
            try:
                error = relative_error(*rule.sides(view))
            except MissingTensorError as missing:
                if wanted(missing.name, trace.meta.only):
                    raise
                continue
            except (ValueError, IndexError):  # shapes or ids that no arithmetic fits
                error = float("inf")
            error = error if error == error else float("inf")
            if before.error is None or error > before.error:
                place, allowed = view.prefix.rstrip("."), 0.0 if rule.exact else tolerance
                found[rule.name, rule.formula] = Identity(rule.name, rule.formula, error, allowed, place)
    return list(found.values())


def relative_error(left: Array, right: Array) -> float:
    """The largest difference of two arrays, over the largest magnitude in `right` or 1 if that is more.

    Infinite for arrays of two shapes; −∞ equals −∞; NaN where one of them has it.
    """
    if left.shape != right.shape:
        return float("inf")
    left, right = left.astype(np.float64), right.astype(np.float64)
    size = max(float(np.abs(right[np.isfinite(right)]).max(initial=0.0)), 1.0)
    with np.errstate(invalid="ignore"):
        gap = np.where(left == right, 0.0, np.abs(left - right))
    return float(gap.max(initial=0.0)) / size


def _places(trace: Trace) -> Iterator[tuple[TracePart, Sequence[Rule]]]:
    """Where identities must hold, in the order of the path, and which they are there."""
    card, steps = trace.meta.model, len(trace["generated.token"])
    kept = {"first": [0], "last": [steps - 1], "all": list(range(steps))}[trace.meta.steps]
    norm = known.LAYER_NORM if card.layer_norm else known.RMS_NORM
    norm += extras.GAIN if trace.meta.format > 1 else ()
    rules = [
        *(known.ROTARY if card.rotary else ()),
        *known.ATTENTION,
        *(known.PARALLEL if card.parallel else known.SEQUENTIAL),
        *(known.GATED if card.gated else ()),
    ]
    if card.activation in known.ACTIVATIONS:
        rules += known.GATE_ACTIVATION if card.gated else known.PLAIN_ACTIVATION
    for step in kept:
        start = TracePart(trace, f"step.{step:02d}." if step else "", step=step)
        yield start, () if card.rotary else known.LEARNED_POSITIONS
        before = "embed.token" if card.rotary else "embed.sum"
        for index in range(card.blocks):
            block = start.below(f"block.{index:02d}.", index)
            yield block.reading(start.prefix + before), known.STREAM
            yield block.below("ln1.").reading(block.prefix + "resid_pre"), norm
            yield block, rules
            second = "resid_pre" if card.parallel else "resid_mid"
            yield block.below("ln2.").reading(block.prefix + second), norm
            before = f"block.{index:02d}.resid_post"
        yield start.below("ln_f.").reading(start.prefix + before), norm
        yield start, known.LOGITS
    whole = TracePart(trace)
    yield whole, known.CHOICE
    if trace.meta.format == 1:
        return  # it has nothing of what follows
    yield whole, known.CUT
    if trace.meta.format > 2:
        yield whole, known.ENDS
    if 0 in kept:
        yield whole, [*extras.weights(card), *extras.LENS]
        if any(name in trace for name in SURROUNDINGS):
            yield whole, extras.MAP
        if "neurons.index" in trace:  # not where another token is looked at than was traced
            yield whole, (*NEURONS, *(FEED_FORWARD if "weight.block.up" in trace else ()))
    if "vocabulary.bytes" in trace:
        yield whole, extras.TOKENS
