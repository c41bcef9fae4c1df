"""Rules for the feed-forward of the shown block: its matrices, its loudest neurons, what they promote."""

from __future__ import annotations

import numpy as np

from llmtrace.identities import Rule, TracePart
from llmtrace.trace import Array, block


def _place(v: TracePart) -> tuple[int, int]:
    """The block, and the place of the token that is looked at."""
    query = v.trace.meta.query
    return int(v["weight.head"][0]), v.trace.length - 1 if query is None else query


def _fired(v: TracePart) -> Array:
    """What the block's neurons put out for the token that is looked at, (F)."""
    index, query = _place(v)
    return np.asarray(v[block(index, "mlp.gated" if v.card.gated else "mlp.act")][query])


def _activation(v: TracePart) -> tuple[Array, Array]:
    return v["neurons.activation"], _fired(v)[v["neurons.index"]]


def _loudest(v: TracePart) -> tuple[Array, Array]:
    return v["neurons.activation"], -np.sort(-_fired(v))[: len(v["neurons.index"])]


def _taken_in(v: TracePart) -> tuple[Array, Array]:
    index, query = _place(v)
    taken = v[block(index, "mlp.gate" if v.card.gated else "mlp.pre")][query]
    made = v.wide("neurons.input") @ v.wide(block(index, "ln2.out"))[query]
    if "neurons.input_bias" in v.trace:
        made += v.wide("neurons.input_bias")
    return taken[v["neurons.index"]], made


def _scores(v: TracePart) -> tuple[Array, Array]:
    rows, unembedding = v.wide("neurons.output"), v.wide("neurons.promotes.unembedding")
    return v["neurons.promotes.score"], np.einsum("ed,end->en", rows, unembedding)


def _falling(v: TracePart) -> tuple[Array, Array]:
    score = v["neurons.promotes.score"]
    return score, -np.sort(-score, axis=-1)


def _up(v: TracePart) -> tuple[Array, Array]:
    index, _ = _place(v)
    made = v.wide(block(index, "ln2.out")) @ v.wide("weight.block.up") + v.wide("weight.block.up_bias")
    return v[block(index, "mlp.pre")], made


def _down(v: TracePart) -> tuple[Array, Array]:
    index, _ = _place(v)
    made = v.wide(block(index, "mlp.act")) @ v.wide("weight.block.down") + v.wide("weight.block.down_bias")
    return v[block(index, "mlp.out")], made


def _of_the_block(v: TracePart) -> tuple[Array, Array]:
    own = np.stack([v["neurons.input"], v["neurons.output"]])
    index = v["neurons.index"]
    return own, np.stack([v["weight.block.up"].T[index], v["weight.block.down"][index]])


NEURONS = (
    Rule("neurons", "activation = that of the block, of the token looked at", _activation, exact=True),
    Rule("neurons", "none of the block puts out more", _loudest, exact=True),
    Rule("neurons", "what they take in = ln2.out · their columns", _taken_in),
    Rule("neurons", "score = output row · unembedding row", _scores),
    Rule("neurons", "what each promotes most comes first", _falling, exact=True),
)


FEED_FORWARD = (
    Rule("weights", "mlp.pre = ln2.out · W_up", _up),
    Rule("weights", "mlp.out = mlp.act · W_down", _down),
    Rule("neurons", "their weights are those of the block", _of_the_block, exact=True),
)
