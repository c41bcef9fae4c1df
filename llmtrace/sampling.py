"""Logits → temperature → top-k → top-p → distribution → choice, over the whole vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from llmtrace.errors import SettingError

Array = npt.NDArray[Any]
TOP_K, TOP_P = 1, 2  # what cut a token out of the draw


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen. Temperature 0, the default, takes the likeliest one (greedy)."""

    temperature: float = 0.0
    top_k: int | None = None
    top_p: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0.0 <= self.temperature < float("inf"):
            raise SettingError(f"temperature {self.temperature}: takes a number from 0 (greedy) upwards")
        if self.top_k is not None and self.top_k < 1:
            raise SettingError(f"top-k {self.top_k}: takes a whole number from 1")
        if self.top_p is not None and not 0.0 < self.top_p <= 1.0:
            raise SettingError(f"top-p {self.top_p}: takes a number above 0, up to 1")
        if self.seed < 0:
            raise SettingError(f"seed {self.seed}: takes a whole number from 0")

    @property
    def greedy(self) -> bool:
        return self.temperature == 0.0

    def stages(self, logits: Array) -> tuple[Array, Array]:
        """The distribution, (V) float64, and what cut each token from it, (V) uint8: see `stages`.

        Greedy choice looks at the plain softmax.
        """
        if self.greedy:
            return stages(logits)
        return stages(logits, self.temperature, self.top_k, self.top_p)

    def draws(self, steps: int) -> Array:
        """The uniform numbers in [0, 1) that decide each step, (step); the same for the same seed."""
        return np.random.default_rng(self.seed).random(steps)

    def choose(self, probability: Array, draw: float) -> int:
        """The token that is taken: the likeliest, or the one where the running sum passes `draw`."""
        if self.greedy:
            return int(np.argmax(probability))
        running = np.cumsum(probability, dtype=np.float64)  # (vocabulary)
        return int(np.searchsorted(running, draw * running[-1], side="right"))


def softmax(scores: Array) -> Array:
    """Softmax along the last axis in float64; −∞ becomes exactly 0."""
    scores = np.asarray(scores, dtype=np.float64)
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Array = exp / exp.sum(axis=-1, keepdims=True)
    return result


def stages(
    logits: Array, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> tuple[Array, Array]:
    """Probabilities, (V) float64, and which stage cut each token, (V) uint8: 0 none, `TOP_K` or `TOP_P`.

    Temperature first, then top-k, then top-p (nucleus sampling, Holtzman et al. 2020), in the order and with
    the tie rules of transformers' own warpers: top-k keeps every token that ties with the k-th, top-p keeps
    the smallest set of the likeliest tokens that reaches `top_p`, and at least one.
    """
    scaled = np.asarray(logits, dtype=np.float64)
    cut = np.zeros(scaled.size, dtype=np.uint8)
    with np.errstate(over="ignore"):  # near temperature 0 all but the likeliest become −∞
        scaled = (scaled - scaled.max()) / temperature
    if top_k is not None and top_k < scaled.size:
        kth = np.partition(scaled, -top_k)[-top_k]
        cut[scaled < kth] = TOP_K
        scaled = np.where(scaled < kth, -np.inf, scaled)
    if top_p is not None and top_p < 1.0:
        order = np.argsort(scaled, kind="stable")  # rising, as the reference cuts from the unlikely end
        running = np.cumsum(softmax(scaled)[order])
        unlikely = order[:-1][running[:-1] <= 1.0 - top_p]
        cut[unlikely[cut[unlikely] == 0]] = TOP_P
        scaled[unlikely] = -np.inf
    return softmax(scaled), cut
