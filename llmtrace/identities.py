"""What must hold, as tables of rules: each gives the two sides of an equation from a part of the trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from llmtrace.meta import ModelCard
from llmtrace.sampling import softmax
from llmtrace.trace import Array, Trace


@dataclass(frozen=True)
class TracePart:
    """A part of a trace: names are looked up below a prefix, such as that of a block or of a norm in it."""

    trace: Trace
    prefix: str = ""
    index: int = 0  # of the block
    step: int = 0
    source: str = ""  # the full name of the tensor that a norm, or a block, begins with

    def below(self, prefix: str, index: int | None = None) -> TracePart:
        return replace(self, prefix=self.prefix + prefix, index=self.index if index is None else index)

    def reading(self, source: str) -> TracePart:
        return replace(self, source=source)

    def __getitem__(self, name: str) -> Array:
        return self.trace[self.prefix + name]

    def wide(self, name: str) -> Array:
        """A tensor in float64."""
        return self[name].astype(np.float64)

    def step_wide(self, name: str) -> Array:
        """A tensor of the whole pass, in float64."""
        array: Array = self.trace[self._step + name]
        return array.astype(np.float64)

    def learned(self, name: str) -> Array:
        """A norm's gain or shift, the same in every step, in float64."""
        array: Array = self.trace[self.prefix.removeprefix(self._step) + name]
        return array.astype(np.float64)

    @property
    def _step(self) -> str:
        return f"step.{self.step:02d}." if self.step else ""

    @property
    def card(self) -> ModelCard:
        return self.trace.meta.model

    @property
    def x(self) -> Array:
        array: Array = self.trace[self.source]
        return array.astype(np.float64)

    @property
    def centred(self) -> Array:
        x = self.x
        return np.asarray(x - x.mean(-1, keepdims=True))

    def shared(self, name: str) -> Array:
        """Keys or values, one for each head of queries: (H, T, K)."""
        array = self.wide(name)
        return np.asarray(array.repeat(self["attn.q"].shape[0] // len(array), axis=0))

    @property
    def unseen(self) -> Array:
        """(query, key): the future, and what lies before a sliding window."""
        places = np.arange(len(self.step_wide("tokens")))
        away = places[:, None] - places
        window = self.card.windows[self.index] if self.card.windows else 0
        return np.asarray((away < 0) | (away >= (window or len(places))))


@dataclass(frozen=True)
class Rule:
    """One identity: both sides, which must agree within rounding, or to the bit where `exact`."""

    name: str
    formula: str
    sides: Callable[[TracePart], tuple[Array, Array]]
    exact: bool = False


Rules = tuple[Rule, ...]


def _size(v: TracePart, x: Array) -> Array:
    return np.asarray(np.sqrt((x**2).mean(-1, keepdims=True) + v.card.layer_norm_eps))


def rotated(x: Array, cos: Array, sin: Array) -> Array:
    """Rotary positions (Su et al. 2021, eq. 34): pairs of x, (heads, T, K), are turned by (T, R) angles.

    A pair is an entry of the first half of the R columns and its like in the second; the rest stay.
    """
    turning, still = x[..., : cos.shape[-1]], x[..., cos.shape[-1] :]
    low, high = np.split(turning, 2, axis=-1)
    turned = turning * cos + np.concatenate([-high, low], axis=-1) * sin
    return np.concatenate([turned, still], axis=-1)


def _turned(v: TracePart, letter: str) -> tuple[Array, Array]:
    cos, sin = v.step_wide("rotary.cos"), v.step_wide("rotary.sin")
    return v[f"attn.{letter}"], rotated(v.wide(f"attn.{letter}_unrotated"), cos, sin)


def _gelu_new(x: Array) -> Array:
    """GPT-2's tanh form of GELU (Hendrycks & Gimpel 2016, section 2)."""
    return np.asarray(0.5 * x * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (x + 0.044715 * x**3))))


def _gelu(x: Array) -> Array:
    """GELU with the error function (Hendrycks & Gimpel 2016, eq. 1)."""
    from scipy.special import erf

    return np.asarray(0.5 * x * (1.0 + erf(x / np.sqrt(2.0))))


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "gelu_new": _gelu_new,
    "gelu_pytorch_tanh": _gelu_new,
    "gelu": _gelu,
    "relu": lambda x: np.maximum(x, 0.0),
    "silu": lambda x: x / (1.0 + np.exp(-x)),
}


def _activated(v: TracePart, source: str) -> tuple[Array, Array]:
    return v["mlp.act"], ACTIVATIONS[v.card.activation](v.wide(source))


LEARNED_POSITIONS: Rules = (
    Rule(
        "embedding",
        "token + position = sum",
        lambda v: (v["embed.sum"], v.wide("embed.token") + v.wide("embed.position")),
    ),
)
STREAM: Rules = (
    Rule("residual stream", "a block starts where the last one ended", lambda v: (v["resid_pre"], v.x)),
)
LAYER_NORM: Rules = (
    Rule("layer norm", "mean", lambda v: (v["mean"], v.x.mean(-1))),
    Rule("layer norm", "std = √(variance + ε)", lambda v: (v["std"], _size(v, v.centred)[..., 0])),
    Rule(
        "layer norm",
        "normalized = (x − mean) / std",
        lambda v: (v["normalized"], v.centred / _size(v, v.centred)),
    ),
)
RMS_NORM: Rules = (
    Rule("RMS norm", "rms = √(mean square + ε)", lambda v: (v["rms"], _size(v, v.x)[..., 0])),
    Rule("RMS norm", "normalized = x / rms", lambda v: (v["normalized"], v.x / _size(v, v.x))),
)
ROTARY: Rules = (
    Rule("attention", "q = q_unrotated, turned by its position", lambda v: _turned(v, "q")),
    Rule("attention", "k = k_unrotated, turned by its position", lambda v: _turned(v, "k")),
)
ATTENTION: Rules = (
    Rule(
        "attention",
        "scores = q · k",
        lambda v: (v["attn.scores"], v.wide("attn.q") @ v.shared("attn.k").swapaxes(-1, -2)),
    ),
    Rule(
        "attention",
        "scaled = scores ÷ √K",
        lambda v: (v["attn.scaled"], v.wide("attn.scores") * v.card.score_scale[v.index]),
    ),
    Rule(
        "attention",
        "masked: −∞ on the future",
        lambda v: (v["attn.masked"], np.where(v.unseen, -np.inf, v["attn.scaled"])),
        exact=True,
    ),
    Rule(
        "attention",
        "pattern = softmax(masked)",
        lambda v: (v["attn.pattern"], softmax(v["attn.masked"])),
    ),
    Rule(
        "attention",
        "each row of the pattern sums to 1",
        lambda v: (v.wide("attn.pattern").sum(-1), np.ones(v["attn.pattern"].shape[:-1])),
    ),
    Rule(
        "attention",
        "the future has weight 0",
        lambda v: (v["attn.pattern"][:, v.unseen], np.zeros_like(v["attn.pattern"][:, v.unseen])),
        exact=True,
    ),
    Rule(
        "attention",
        "context = pattern · v",
        lambda v: (v["attn.context"], v.wide("attn.pattern") @ v.shared("attn.v")),
    ),
    Rule(
        "attention",
        "concat = the heads side by side",
        lambda v: (
            v["attn.concat"],
            v["attn.context"].swapaxes(0, 1).reshape(len(v["attn.concat"]), -1),
        ),
        exact=True,
    ),
)
SEQUENTIAL: Rules = (
    Rule(
        "residual stream",
        "resid_mid = resid_pre + attn.out",
        lambda v: (v["resid_mid"], v.wide("resid_pre") + v.wide("attn.out")),
    ),
    Rule(
        "residual stream",
        "resid_post = resid_mid + mlp.out",
        lambda v: (v["resid_post"], v.wide("resid_mid") + v.wide("mlp.out")),
    ),
)
PARALLEL: Rules = (
    Rule(
        "residual stream",
        "resid_post = resid_pre + attn.out + mlp.out",
        lambda v: (v["resid_post"], v.wide("resid_pre") + v.wide("attn.out") + v.wide("mlp.out")),
    ),
)
PLAIN_ACTIVATION: Rules = (Rule("feed-forward", "act = activation(pre)", lambda v: _activated(v, "mlp.pre")),)
GATE_ACTIVATION: Rules = (
    Rule("feed-forward", "act = activation(gate)", lambda v: _activated(v, "mlp.gate")),
)
GATED: Rules = (
    Rule(
        "feed-forward",
        "gated = act · up",
        lambda v: (v["mlp.gated"], v.wide("mlp.act") * v.wide("mlp.up")),
    ),
)
LOGITS: Rules = (
    Rule(
        "choice",
        "each step reads its pass's logits",
        lambda v: (v.trace["generated.logits"][v.step].astype(v["logits"].dtype), v["logits"]),
        exact=True,
    ),
)


def _as_sampled(v: TracePart, which: int) -> Array:
    return np.stack([v.trace.meta.sampling.stages(row)[which] for row in v["generated.logits"]])


def _chosen(v: TracePart) -> Array:
    pairs = zip(v["generated.probability"], v["generated.draw"], strict=True)
    return np.array([v.trace.meta.sampling.choose(row, float(draw)) for row, draw in pairs])


CHOICE: Rules = (
    Rule(
        "choice",
        "probability = softmax(logits) as sampled",
        lambda v: (v["generated.probability"], _as_sampled(v, 0)),
    ),
    Rule(
        "choice",
        "each distribution sums to 1",
        lambda v: (v.wide("generated.probability").sum(-1), np.ones(len(v["generated.probability"]))),
    ),
    Rule(
        "choice",
        "the draw comes from the seed",
        lambda v: (v["generated.draw"], v.trace.meta.sampling.draws(len(v["generated.draw"]))),
        exact=True,
    ),
    Rule(
        "choice", "the token is what the rule takes", lambda v: (v["generated.token"], _chosen(v)), exact=True
    ),
)
ENDS: Rules = (
    Rule(
        "choice",
        "nothing follows the token that ends the text",
        lambda v: (np.isin(v["generated.token"][:-1], v.card.ends), np.zeros(len(v["generated.token"]) - 1)),
        exact=True,
    ),
)
CUT: Rules = (
    Rule(
        "choice",
        "what top-k and top-p cut",
        lambda v: (v["generated.cut"], _as_sampled(v, 1)),
        exact=True,
    ),
)
