"""The weights that pictures need, as named slices beside the tensors of the pass.

A model's weights are 10 to 1,000 times as large as a trace, so a trace keeps what a lesson shows: the maps
of the shown head (of its whole block where that is small), the rows of the unembedding of the likeliest
tokens, and every layer norm's gain and bias. The prompt's rows of the embedding and position tables are
`embed.token` and `embed.position` themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from llmtrace.embedding import largest
from llmtrace.trace import Array, best_head, block

BLOCK_BYTES = 1 << 20  # all heads of the shown block are kept where their four maps take no more than this
TOP = 10  # the likeliest next tokens whose rows of the unembedding are kept


def weight_tensors(model: Any, tensors: Mapping[str, Array]) -> dict[str, Array]:
    """The slices of a GPT-2's weights, by name; `tensors` are those of its pass."""
    index, shown = best_head(tensors["heads.attribution"])
    attention = model.transformer.h[index].attn
    small = 4 * attention.c_proj.weight.nbytes <= BLOCK_BYTES
    kept: dict[str, Array] = {}
    for head in range(attention.num_heads) if small else [shown]:
        for name, values in head_weights(attention, head).items():
            kept[block(index, f"head.{head:02d}.{name}")] = values
    kept[block(index, "attn.b_O")] = _array(attention.c_proj.bias)

    top = largest(tensors["logits"], TOP)
    kept["unembedding.ids"] = top.astype(np.int32)
    kept["unembedding.rows"] = _array(model.lm_head.weight)[top]

    for number, layer in enumerate(model.transformer.h):
        kept |= _norm(block(number, "ln1"), layer.ln_1) | _norm(block(number, "ln2"), layer.ln_2)
    return kept | _norm("ln_f", model.transformer.ln_f)


def head_weights(attention: Any, head: int) -> dict[str, Array]:
    """One head's W_Q, W_K, W_V (D K) with their biases (K), and W_O (K D), from GPT-2's fused matrices."""
    width, size = attention.embed_dim, attention.head_dim
    fused, bias = _array(attention.c_attn.weight), _array(attention.c_attn.bias)  # (D, 3 D), (3 D)
    kept: dict[str, Array] = {}
    for part, letter in enumerate("QKV"):
        columns = slice(part * width + head * size, part * width + (head + 1) * size)
        kept[f"W_{letter}"] = np.ascontiguousarray(fused[:, columns])
        kept[f"b_{letter}"] = bias[columns].copy()
    kept["W_O"] = _array(attention.c_proj.weight)[head * size : (head + 1) * size].copy()
    return kept


def _norm(name: str, module: Any) -> dict[str, Array]:
    return {f"{name}.weight": _array(module.weight).copy(), f"{name}.bias": _array(module.bias).copy()}


def _array(parameter: Any) -> Array:
    values: Array = parameter.detach().float().numpy()
    return values
