"""The embedding around the prompt: nearest neighbours, and a map of points in two and three dimensions."""

from __future__ import annotations

import numpy as np
import torch

from llmtrace.store import Array

NEAREST = 8  # neighbours of each prompt token
POINTS = 80  # rows of the embedding that are kept and mapped at most; GPT-2 small's take 3 KB each
_RUN = 64  # values that are looked at together
DIMENSIONS = 3  # of the map; the first two are the one of the plane


def lengths(table: Array) -> Array:
    """The length of each row, (V)."""
    return np.asarray(np.sqrt(np.einsum("vd,vd->v", table, table)))


def nearest(token: int, dots: Array, lengths: Array, count: int = NEAREST) -> tuple[Array, Array]:
    """The tokens whose rows of a table point most nearly the same way: ids and cosines, both (N).

    The nearest first, those that tie in the order of their ids; a token is not its own neighbour. A row of
    zeros has the cosine 0 with every other. `dots` are the products of the token's row with all rows, (V),
    and `lengths` those of the rows, (V).
    """
    unit = 1.0 / np.where(lengths, lengths, 1.0)  # (V)
    cosine = dots * unit[token] * unit
    cosine[token] = -np.inf
    ids = largest(cosine, min(count, len(lengths) - 1))
    return ids, cosine[ids]


def largest(values: Array, count: int) -> Array:
    """The places of the `count` largest values, the largest first and those that tie in order of place.

    NaN, which damaged weights give, comes with the least.
    """
    count = min(count, len(values))
    if np.isnan(values).any():
        values = np.where(np.isnan(values), -np.inf, values)
    # As many runs as are wanted have a value that is no less than `least`: of a whole vocabulary few are left
    # to be sorted. np.partition takes 0.3 ms for GPT-2 small's, this 0.06, and a trace has 34 of them.
    tops = values[: len(values) // _RUN * _RUN].reshape(-1, _RUN).max(axis=1)
    least = np.partition(tops, -count)[-count] if 0 < count <= len(tops) else -np.inf
    places = np.flatnonzero(values >= least)
    return places[np.argsort(-values[places], kind="stable")][:count].astype(np.int32)


def mapped(tokens: Array, likeliest: Array, near: Array) -> Array:
    """The ids on the map, (P), each once: the prompt's, the likeliest next ones, then neighbours by rank.

    Of a long prompt the first half of them, so that all kinds are there.
    """
    prompt = tokens[np.sort(np.unique(tokens, return_index=True)[1])][: POINTS // 2]
    there = np.isin(tokens, prompt)
    wanted = np.concatenate([prompt, likeliest, near[there].T.ravel()])
    return wanted[np.sort(np.unique(wanted, return_index=True)[1])][:POINTS].astype(np.int32)


def project(rows: Array) -> dict[str, Array]:
    """Principal component analysis of the rows, (P, D) (Pearson 1901).

    Gives `mean` (D), `axis` (C D), `point` (P C) and `explained` (C), each axis's share of the rows' whole
    variance. There are as many axes as the rows have directions, at most `DIMENSIONS`. An axis may point
    either way; it is turned so that its largest entry is positive.
    """
    # In torch, whose threads are awake from the pass: numpy's own would fight with them for the processor.
    x = torch.from_numpy(rows).double()
    mean = x.mean(0)
    x -= mean
    # The axes are x's right singular vectors. They come here from the left ones, the eigenvectors of x xᵀ,
    # (P, P): 2 ms for 80 rows of GPT-2 small, where torch.linalg.svd takes 20, a sixth of the pass itself.
    variance, left = torch.linalg.eigh(x @ x.T)
    variance, left = variance.flip(0)[:DIMENSIONS], left.flip(1)[:, :DIMENSIONS]
    whole = x.square().sum()
    there = variance > 1e-9 * whole
    axis = (left[:, there] / variance[there].sqrt()).T @ x  # (C, D)
    peak = axis.gather(1, axis.abs().argmax(1, keepdim=True))
    axis *= torch.where(peak < 0, -1.0, 1.0)
    result = {
        "mean": mean,
        "axis": axis,
        "point": x @ axis.T,
        "explained": variance[there] / whole,
    }
    return {name: values.float().numpy() for name, values in result.items()}
