"""The weights that pictures need, as named slices beside the tensors of the pass.

A model's weights are 10 to 1,000 times as large as a trace, so a trace keeps what a lesson shows: the maps
of the shown head (of its whole block where that is small), the unembedding rows of the likeliest tokens, and
every norm's gain. The prompt's rows of the embedding and position tables are `embed.token` and
`embed.position` themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from llmtrace.names import block
from llmtrace.parts import Parts, as_columns
from llmtrace.store import Array

LIKELIEST = 10  # tokens whose unembedding rows are kept

Named = Iterator[tuple[str, Array]]


def norms(parts: Parts) -> Named:
    """The gain of every norm, and its shift where it has one."""
    named = {"ln_f": parts.final_norm}
    for index in range(len(parts.blocks)):
        for name, module in zip(("ln1", "ln2"), parts.norms(index), strict=True):
            named[block(index, name)] = module
    for name, module in named.items():
        yield f"{name}.weight", array_of(module.weight)
        if getattr(module, "bias", None) is not None:
            yield f"{name}.bias", array_of(module.bias)


def head(parts: Parts, shown: tuple[int, int], whole: bool) -> Named:
    """W_Q, W_K, W_V as (D, K) and W_O as (K, D) of one head, and if `whole` those of all in its block.

    Where several heads of queries share one of keys and values, W_K and W_V are those of its group.
    """
    index, at = shown
    yield "weight.head", np.array(shown, dtype=np.int32)
    projections = parts.projections_in(index)
    heads = projections["q"][0].shape[1]
    out = parts.projection(index, heads)  # (H, K, D)
    for letter, (weight, bias) in projections.items():  # (D, heads, K), (heads, K)
        group = at * weight.shape[1] // heads
        yield f"weight.{letter}", array_of(weight[:, group])
        if whole:
            yield f"weight.block.{letter}", array_of(weight.swapaxes(0, 1))
        if bias is not None:
            yield f"weight.{letter}_bias", array_of(bias[group])
            if whole:
                yield f"weight.block.{letter}_bias", array_of(bias)
    yield "weight.o", array_of(out[at])
    if whole:
        yield "weight.block.o", array_of(out)
    bias = getattr(parts.attention(index), parts.family.projection).bias
    if bias is not None:
        yield "weight.o_bias", array_of(bias)


def feed_forward(parts: Parts, index: int) -> Named:
    """A plain feed-forward's matrices, as (D, F) and (F, D), and their biases."""
    for name, module in zip(("up", "down"), parts.feed_forward(index), strict=True):
        yield f"weight.block.{name}", array_of(as_columns(module))
        if module.bias is not None:
            yield f"weight.block.{name}_bias", array_of(module.bias)


def unembedding(parts: Parts, likeliest: Array) -> Named:
    """The rows of the likeliest tokens, (N, D), and their ids."""
    yield "weight.unembedding", array_of(parts.unembedding[torch.from_numpy(likeliest).long()])
    yield "weight.unembedding_token", likeliest


def array_of(parameter: Any) -> Array:
    """A parameter's values, in float32."""
    values: Array = parameter.detach().float().numpy()
    return values
