"""The identities that must hold between a trace's tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from llmtrace.sampling import softmax
from llmtrace.trace import Array, Trace, block


@dataclass(frozen=True)
class Identity:
    """One identity with the largest error found, relative to the size of what is compared."""

    name: str
    formula: str
    error: float
    tolerance: float

    @property
    def holds(self) -> bool:
        return bool(self.error <= self.tolerance)  # an error that is not a number does not hold


def check(trace: Trace) -> list[Identity]:
    """Every identity, with its largest error over all blocks; NaN in a tensor shows as an infinite one."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for name, formula, error, tolerance in _errors(trace):
        worst, _ = found.get((name, formula), (0.0, 0.0))
        found[name, formula] = (max(worst, error) if error == error else float("inf"), tolerance)
    return [Identity(name, formula, *figures) for (name, formula), figures in found.items()]


_Row = tuple[str, str, float, float]


def _errors(trace: Trace) -> Iterator[_Row]:
    t, card = trace, trace.meta.model
    yield _row("embedding", "token + position = sum", t["embed.sum"], t["embed.token"] + t["embed.position"])
    before = t["embed.sum"]
    for index in range(card.blocks):

        def get(name: str, index: int = index) -> Array:
            return t[block(index, name)]

        yield _row("residual stream", "a block starts where the last one ended", get("resid_pre"), before)
        yield from _norm(t, block(index, "ln1"), get("resid_pre"), card.layer_norm_eps)
        yield from _attention(get, card.score_scale[index])
        yield _row(
            "residual stream",
            "resid_mid = resid_pre + attn.out",
            get("resid_mid"),
            get("resid_pre") + get("attn.out"),
        )
        yield from _norm(t, block(index, "ln2"), get("resid_mid"), card.layer_norm_eps)
        if card.activation in _ACTIVATIONS:
            yield _row(
                "feed-forward",
                f"act = {card.activation}(pre)",
                get("mlp.act"),
                _ACTIVATIONS[card.activation](get("mlp.pre")),
            )
        yield _row(
            "residual stream",
            "resid_post = resid_mid + mlp.out",
            get("resid_post"),
            get("resid_mid") + get("mlp.out"),
        )
        before = get("resid_post")
    yield from _norm(t, "ln_f", before, card.layer_norm_eps)
    yield from _choice(t)


def _row(name: str, formula: str, left: Array, right: Array, tolerance: float = 1e-5) -> _Row:
    return name, formula, relative_error(left, right), tolerance


def relative_error(left: Array, right: Array) -> float:
    """The largest difference of two arrays, over the largest magnitude in `right` or 1 if that is more.

    Infinite for arrays of two shapes; −∞ equals −∞; NaN where one of them has it.
    """
    if left.shape != right.shape:
        return float("inf")
    size = max(float(np.abs(right[np.isfinite(right)]).max(initial=0.0)), 1.0)
    with np.errstate(invalid="ignore"):
        gap = np.where(left == right, 0.0, np.abs(left - right))
    return float(gap.max(initial=0.0)) / size


def _norm(trace: Trace, name: str, stream: Array, eps: float) -> Iterator[_Row]:
    x = stream.astype(np.float64)
    mean, std = x.mean(-1), np.sqrt(x.var(-1) + eps)
    yield _row("layer norm", "mean", trace[f"{name}.mean"], mean)
    yield _row("layer norm", "std = √(variance + ε)", trace[f"{name}.std"], std)
    yield _row(
        "layer norm",
        "normalized = (x − mean) / std",
        trace[f"{name}.normalized"],
        (x - mean[:, None]) / std[:, None],
    )


def _attention(get: Callable[[str], Array], scale: float) -> Iterator[_Row]:
    q, k, v = (get(f"attn.{n}").astype(np.float64) for n in "qkv")  # (head, T, head width)
    scores, masked, pattern = get("attn.scores"), get("attn.masked"), get("attn.pattern")
    future = np.triu(np.ones(scores.shape[-2:], dtype=bool), 1)
    yield _row("attention", "scores = q · k", scores, q @ k.swapaxes(-1, -2))
    yield _row("attention", "scaled = scores ÷ √K", get("attn.scaled"), scores * scale)
    yield _row(
        "attention", "masked: −∞ on the future", masked, np.where(future, -np.inf, get("attn.scaled")), 0.0
    )
    yield _row("attention", "pattern = softmax(masked)", pattern, softmax(masked))
    yield _row(
        "attention",
        "each row of the pattern sums to 1",
        pattern.astype(np.float64).sum(-1),
        np.ones(pattern.shape[:-1]),
    )
    yield _row(
        "attention", "the future has weight 0", pattern[:, future], np.zeros_like(pattern[:, future]), 0.0
    )
    yield _row("attention", "context = pattern · v", get("attn.context"), pattern @ v)
    heads = get("attn.context").swapaxes(0, 1).reshape(pattern.shape[1], -1)
    yield _row("attention", "concat = the heads side by side", get("attn.concat"), heads, 0.0)


def _choice(t: Trace) -> Iterator[_Row]:
    sampling, probability = t.meta.sampling, t["generated.probability"]
    steps = range(len(probability))
    yield _row(
        "choice", "the first step reads the prompt's logits", t["generated.logits"][0], t["logits"], 0.0
    )
    expected = np.stack([sampling.distribution(t["generated.logits"][s]) for s in steps])
    yield _row("choice", "probability = softmax(logits) as sampled", probability, expected)
    yield _row(
        "choice",
        "each distribution sums to 1",
        probability.astype(np.float64).sum(-1),
        np.ones(len(probability)),
    )
    yield _row(
        "choice", "the draw comes from the seed", t["generated.draw"], sampling.draws(len(probability)), 0.0
    )
    chosen = np.array([sampling.choose(probability[s], float(t["generated.draw"][s])) for s in steps])
    yield _row(
        "choice",
        "the token is what the rule takes",
        t["generated.token"].astype(np.float64),
        chosen.astype(np.float64),
        0.0,
    )


def _gelu_new(x: Array) -> Array:
    """GPT-2's tanh form of GELU (Hendrycks & Gimpel 2016, section 2)."""
    x = x.astype(np.float64)
    result: Array = 0.5 * x * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x**3)))
    return result


def _relu(x: Array) -> Array:
    return np.maximum(x, 0.0)


_ACTIVATIONS: dict[str, Callable[[Array], Array]] = {"gelu_new": _gelu_new, "relu": _relu}
