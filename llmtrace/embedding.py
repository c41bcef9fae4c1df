"""The embedding around the prompt: nearest neighbours, and a projection to two and three dimensions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from llmtrace.trace import Array

NEIGHBOURS = 8
ROWS = 64  # rows of the embedding that a trace keeps at most; GPT-2 small's take 3 KB each
DIMENSIONS = 3  # of the projection; the first two are the one to the plane
_AT_ONCE = 64  # tokens that are compared with the whole vocabulary at a time


def embedding_tensors(table: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
    """The tensors `neighbours.*` and `embedding.*`; `table` is the embedding, (V, D)."""
    tokens, top = tensors["tokens"], tensors["unembedding.ids"]
    near, cosines = nearest(table, tokens)
    ids = shown(tokens, top, near)
    rows = table[ids]
    return {
        "neighbours.ids": near,
        "neighbours.cosine": cosines,
        "embedding.ids": ids,
        "embedding.rows": rows,
        **{f"embedding.{name}": values for name, values in project(rows).items()},
    }


def nearest(table: Array, tokens: Array, count: int = NEIGHBOURS) -> tuple[Array, Array]:
    """The tokens whose rows of the table point most nearly the same way: ids and cosines, both (T, N).

    The nearest first, those that tie in the order of their ids; a token is not its own neighbour. A row of
    zeros has the cosine 0 with every other.
    """
    count = min(count, len(table) - 1)
    each, place = np.unique(tokens, return_inverse=True)
    lengths = np.sqrt(np.einsum("vd,vd->v", table, table))
    unit = 1.0 / np.where(lengths, lengths, 1.0)  # (V)
    ids = np.empty((len(each), count), dtype=np.int32)
    cosines = np.empty((len(each), count), dtype=np.float32)
    for start in range(0, len(each), _AT_ONCE):
        some = each[start : start + _AT_ONCE]
        cosine = (table[some] @ table.T) * unit[some, None] * unit  # (some, V)
        cosine[np.arange(len(some)), some] = -np.inf
        for row, values in enumerate(cosine, start):
            ids[row] = largest(values, count)
            cosines[row] = values[ids[row]]
    return ids[place], cosines[place]


def largest(values: Array, count: int) -> Array:
    """The places of the `count` largest values, the largest first and those that tie in order of place."""
    least = np.partition(values, -count)[-count] if count else np.inf
    places = np.flatnonzero(values >= least)
    return places[np.argsort(-values[places], kind="stable")][:count]


def shown(tokens: Array, top: Array, near: Array, most: int = ROWS) -> Array:
    """The ids whose rows are kept, (R), each once: the prompt's, the likeliest, then neighbours by rank."""
    wanted = np.concatenate([tokens, top, near.T.ravel()])
    first = np.sort(np.unique(wanted, return_index=True)[1])
    return wanted[first][:most].astype(np.int32)


def project(rows: Array) -> dict[str, Array]:
    """Principal components of the rows (Pearson 1901).

    Gives `mean` (D), `components` (C D), `points` (R C) and `explained` (C), each component's share of the
    rows' whole variance. There are as many components as the rows have directions, at most `DIMENSIONS`. The
    sign of a component, which is free, is chosen so that its largest entry is positive.
    """
    x = rows.astype(np.float64)
    mean = x.mean(0)
    x -= mean
    # The components of the rows are x's right singular vectors; those of few long rows come quickest from
    # the left ones, the eigenvectors of x xᵀ, (R, R).
    variance, left = np.linalg.eigh(x @ x.T)
    variance, left = variance[::-1][:DIMENSIONS], left[:, ::-1][:, :DIMENSIONS]
    whole = float((x**2).sum())
    there = variance > 1e-9 * whole
    components = (left[:, there] / np.sqrt(variance[there])).T @ x  # (C, D)
    peak = np.take_along_axis(components, np.abs(components).argmax(1)[:, None], axis=1)
    components *= np.where(peak < 0, -1.0, 1.0)
    result = {
        "mean": mean,
        "components": components,
        "points": x @ components.T,
        "explained": variance[there] / (whole or 1.0),
    }
    return {name: values.astype(np.float32) for name, values in result.items()}
