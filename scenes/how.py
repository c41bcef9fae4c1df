"""How a value is read from a trace: `HOW` has every way, so that `llm-lesson check` can go it again.

Each takes a trace, a tensor's name and an index. Imports no manim.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np

from llmtrace.trace import Array, Trace
from scenes.measures import KINDS, ahead, cosine, depth, kind, norm
from scenes.published import MODELS, PUBLISHED, Published, parameters

BOUND_PERCENTILE = 98.0  # a colour scale ends here; what lies beyond is clipped, and the legend says so
STRONGEST = 95.0  # and here, where each table has a scale of its own, up to its strongest 5 %
TIMES = " × "  # between the names of two tensors whose elements are multiplied


def _meta(trace: Trace, source: str, _index: tuple[int, ...]) -> Any:
    value: Any = trace
    for name in source.split("."):
        value = getattr(value, name)
    return value


def _rest(trace: Trace, source: str, index: tuple[int, ...]) -> float:
    lead = trace[source].ndim - 1
    row = trace[source][index[:lead]].astype(np.float64)
    return float(row.sum() - row[list(index[lead:])].sum())


def _bound(trace: Trace, source: str, _index: tuple[int, ...]) -> float:
    values = trace[source]
    return float(np.percentile(np.abs(values[np.isfinite(values)]), BOUND_PERCENTILE))


def strongest(values: Array) -> float:
    """The `STRONGEST` percentile of the magnitudes of all finite values; 1 where there are none but zeros."""
    finite = np.abs(values[np.isfinite(values)])
    return (float(np.percentile(finite, STRONGEST)) if finite.size else 0.0) or 1.0


def _product(trace: Trace, source: str, index: tuple[int, ...]) -> float:
    one, other = (trace[name] for name in source.split(TIMES))
    return float(one[index[: one.ndim]].astype(np.float64) * other[index[one.ndim :]].astype(np.float64))


def _cosine(trace: Trace, source: str, index: tuple[int, ...]) -> float:
    one, other = (trace[name][index] for name in source.split(TIMES))
    return cosine(one, other)


def _gap(trace: Trace, source: str, index: tuple[int, ...]) -> float:
    row = trace[source][index[:-1]].astype(np.float64)
    return float(row[index[-1]] - row.max())


def _heights(row: Array, temperature: float = 1.0) -> Array:
    """e^(gap to the row's largest ÷ temperature), in float64: what softmax makes shares of."""
    exact = row.astype(np.float64)
    return np.asarray(np.exp((exact - exact.max()) / temperature))


def _running(row: Array) -> Array:
    """What the largest entries of a row are together, by how many they are; in float64."""
    return np.cumsum(np.sort(row.astype(np.float64))[::-1])


def _reaching(row: Array, share: float) -> int:
    """How many of the largest entries it takes to reach a share (Holtzman et al. 2020)."""
    running = _running(row)
    return int(np.searchsorted(running, share * running[-1] - 1e-12)) + 1


def _tempered(trace: Trace, source: str, index: tuple[int, ...]) -> float:
    *row, entry, tenths = index
    heights = _heights(trace[source][tuple(row)], tenths / 10)
    return float(heights[entry] / heights.sum())


def _written(trace: Trace, source: str, index: tuple[int, ...]) -> float:
    """What a part of the stream adds to the likeliest next token's logit, through the last norm.

    (part − its mean) / std · gain · the token's unembedding row: summed over all parts of the stream, with
    the norm's own shift, it is the logit (direct logit attribution; Elhage et al. 2021, "A Mathematical
    Framework for Transformer Circuits").
    """
    part = trace[source][index].astype(np.float64)
    normed = (part - part.mean()) / float(trace["ln_f.std"][index])
    return float(normed * trace["ln_f.weight"] @ _unembedded(trace))


def _unembedded(trace: Trace) -> Array:
    """The unembedding row of the likeliest next token, in float64."""
    likeliest = int(np.argsort(-trace["generated.logits"][0], kind="stable")[0])
    (row,) = np.flatnonzero(trace["weight.unembedding_token"] == likeliest)
    return np.asarray(trace["weight.unembedding"][row], np.float64)


def _spelled(trace: Trace, source: str, index: tuple[int, ...]) -> str:
    start, stop = index
    pieces = (trace.token_bytes(int(token)) or b"" for token in trace[source][start:stop])
    return b"".join(pieces).decode(errors="replace")


def _published(source: str) -> Published:
    return MODELS[source.removeprefix(PUBLISHED)]


HOW: dict[str, Callable[[Trace, str, tuple[int, ...]], Any]] = {
    "at": lambda t, source, index: t[source][index].item(),
    "size": lambda t, source, index: t[source].shape[index[0]],
    "count": lambda t, source, _: t[source].size,
    "argmax": lambda t, source, index: int(
        np.unravel_index(int(t[source].argmax()), t[source].shape)[index[0]]
    ),
    # the id of the rank-th likeliest entry of a row; entries that tie come in the order of their ids
    "ranked": lambda t, source, index: int(np.argsort(-t[source][index[0]], kind="stable")[index[1]]),
    # what a row sums to without the entries named: index is the row's, then theirs
    "rest": _rest,
    # where a colour scale ends: a high percentile of the tensor's magnitudes
    "bound": _bound,
    # the same for a table that has a scale of its own; index narrows it, as to one head
    "strongest": lambda t, source, index: strongest(t[source][index]),
    # an element of one tensor times one of another: their names with `TIMES` between, then both indices
    "product": _product,
    "largest": lambda t, source, _: float(np.abs(t[source]).max()),
    # how far an entry lies below its row's largest; what softmax makes of it, e^gap; the row's sum of those
    "gap": _gap,
    "height": lambda t, source, index: float(_heights(t[source][index[:-1]])[index[-1]]),
    "heights": lambda t, source, index: float(_heights(t[source][index]).sum()),
    # an entry's share of its row by softmax at a temperature, whose tenths are the last of the index
    "tempered": _tempered,
    "tenths": lambda _t, _source, index: index[0] / 10,
    "number": lambda _t, _source, index: index[0],
    # of a row of probabilities: what its n largest hold, and all others; how many it takes for so many tenths
    "mass": lambda t, source, index: float(_running(t[source][index[:-1]])[index[-1] - 1]),
    "beyond": lambda t, source, index: float(1 - _running(t[source][index[:-1]])[index[-1] - 1]),
    "nucleus": lambda t, source, index: _reaching(t[source][index[:-1]], index[-1] / 10),
    # what a part of the stream adds to the likeliest next token's logit, and what the last norm's shift does
    "written": _written,
    "shifted": lambda t, source, _: float(t[source].astype(np.float64) @ _unembedded(t)),
    # where the colours of a head's scores end, and what a query would give to later tokens without the mask
    "depth": depth,
    "ahead": ahead,
    # a head's mean weight on one kind of place, by `scenes.measures`; its index in the pattern
    **{name: kind(name) for name in KINDS},
    # how long a vector is, and the cosine of two of one index
    "norm": norm,
    "cosine": _cosine,
    # the cosine of two rows of one tensor; what all entries sum to, or those of a row
    "agreement": lambda t, source, index: cosine(*(t[source][row] for row in index)),
    "total": lambda t, source, index: float(t[source][index].astype(np.float64).sum()),
    # how many entries of a row are above zero
    "above": lambda t, source, index: int((t[source][index] > 0).sum()),
    # of a row's entries: their mean, and their standard deviation
    "mean": lambda t, source, index: float(t[source][index].astype(np.float64).mean()),
    "spread": lambda t, source, index: float(t[source][index].astype(np.float64).std()),
    # how many entries of the last axis lie in [start, stop), as in "12 of 256 shown"
    "span": lambda t, source, index: len(range(t[source].shape[-1])[index[0] : index[1]]),
    # an id and those beside it in the vocabulary: the last of the index is how far off
    "beside": lambda t, source, index: int(t[source][index[:-1]]) + index[-1],
    # what the tokens from one place up to another spell together
    "spelled": _spelled,
    # a place in the sentence
    "place": lambda t, source, index: range(t[source].shape[0])[index[0]],
    # the same along the second axis, as of a head in its block
    "column": lambda t, source, index: range(t[source].shape[1])[index[0]],
    "meta": _meta,
    # a published model's parameters, and how many times over it has those of the trace's own
    "parameters": lambda _t, source, _i: sum(parameters(_published(source)).values()),
    "fold": lambda t, source, _: sum(parameters(_published(source)).values()) // t.meta.model.parameters,
    # how many numbers a trace holds
    "values": lambda t, _source, _index: sum(t[name].size for name in t.names()),
    # how many pages, as wide as the stream, a count of the model's is folded into
    "pages": lambda t, source, _: ceil(_meta(t, source, ()) / t.meta.model.width),
    # the share of a table's values that a scale of its own clips
    "clipped": lambda _t, _source, _index: 1 - STRONGEST / 100,
    # how long a text is, in words and in characters, one for each of its spaces
    "words": lambda t, source, _: len(_meta(t, source, ()).split()),
    "characters": lambda t, source, _: len(" ".join(_meta(t, source, ()).split())),
}
