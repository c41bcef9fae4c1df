"""What a reading makes of whole rows, heads or vectors: where a head looks, how long a vector is.

Each takes a trace, a tensor's name and an index, as all of `scenes.how.HOW` do. Imports no manim.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from llmtrace.trace import Array, Trace

FROM = 2  # averages over a head's queries begin here: for the first two, the token before is the first


def depth(trace: Trace, source: str, index: tuple[int, ...]) -> float:
    """Where the colours of a head's scores end: the 95th percentile of how far they lie below their row's."""
    gaps = below_largest(trace[source][index])
    finite = -gaps[np.isfinite(gaps)]
    return float(np.percentile(finite, 95)) or 1.0


def below_largest(scores: Array) -> Array:
    """(query, key) → how far each lies below the largest of its row; −∞ stays."""
    exact = scores.astype(np.float64)
    return np.asarray(exact - exact.max(axis=-1, keepdims=True))


def ahead(trace: Trace, source: str, index: tuple[int, ...]) -> float:
    """What softmax would give of a query's attention to later tokens, if none were struck out."""
    *_, query = index
    row = trace[source][index].astype(np.float64)
    heights = np.exp(row - row.max())
    return float(heights[query + 1 :].sum() / heights.sum())


def previous(pattern: Array, _tokens: Array) -> Array:
    """(heads, T, T) → of each head the mean weight on the token before, over all queries from `FROM`."""
    return np.asarray(np.diagonal(pattern, -1, 1, 2)[:, FROM - 1 :].mean(axis=-1))


def first(pattern: Array, _tokens: Array) -> Array:
    """(heads, T, T) → the same of the weight on the first token."""
    return np.asarray(pattern[:, FROM:, 0].mean(axis=-1))


def itself(pattern: Array, _tokens: Array) -> Array:
    """(heads, T, T) → the same of the weight that a token keeps for itself."""
    return np.asarray(np.diagonal(pattern, 0, 1, 2)[:, FROM:].mean(axis=-1))


def copy(pattern: Array, tokens: Array) -> Array:
    """(heads, T, T) → the mean weight on earlier copies of the asking token, where it has any; else 0."""
    same = np.tril(tokens[:, None] == tokens[None, :], -1)  # (query, key)
    asking = same.any(axis=1)
    asking[:FROM] = False
    if not asking.any():
        return np.zeros(len(pattern))
    return np.asarray((pattern * same)[:, asking].sum(axis=-1).mean(axis=-1))


KINDS: dict[str, Callable[[Array, Array], Array]] = {
    "previous": previous,
    "copy": copy,
    "first": first,
    "itself": itself,
}


def kind(name: str) -> Callable[[Trace, str, tuple[int, ...]], float]:
    """A head's measure as a reading has it: of one head of a pattern."""

    def measured(trace: Trace, source: str, index: tuple[int, ...]) -> float:
        (head,) = index
        pattern = trace[source][head : head + 1].astype(np.float64)
        return float(KINDS[name](pattern, trace["tokens"])[0])

    return measured


def norm(trace: Trace, source: str, index: tuple[int, ...]) -> float:
    """The length of a vector."""
    return float(np.linalg.norm(trace[source][index].astype(np.float64)))


def cosine(one: Array, other: Array) -> float:
    """Of the angle between two vectors: 1 where they point the same way."""
    a, b = one.astype(np.float64), other.astype(np.float64)
    return float(a @ b / ((np.linalg.norm(a) * np.linalg.norm(b)) or 1.0))
