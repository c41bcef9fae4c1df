"""A model's modules by what they are, whatever its family calls them; and its card."""

from __future__ import annotations

from typing import Any

import torch

from llmtrace.families import FAMILIES
from llmtrace.meta import ModelCard


class Parts:
    """A model's modules by what they are."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.family = FAMILIES[model.config.model_type]
        self.body = getattr(model, self.family.body)
        self.embedding = getattr(self.body, self.family.embedding)
        self.blocks = list(getattr(self.body, self.family.blocks))
        self.final_norm = getattr(self.body, self.family.final_norm)

    def attention(self, index: int) -> Any:
        return getattr(self.blocks[index], self.family.attention)

    @property
    def unembedding(self) -> torch.Tensor:
        """(V, D)"""
        weight: torch.Tensor = self.model.get_output_embeddings().weight
        return weight

    def norms(self, index: int) -> tuple[Any, Any]:
        first, second = self.family.norms
        return getattr(self.blocks[index], first), getattr(self.blocks[index], second)

    def feed_forward(self, index: int) -> tuple[Any, Any]:
        """The maps into a feed-forward (into its gate, where it is gated) and back out of it."""
        mlp = self.blocks[index].mlp
        return getattr(mlp, self.family.expansion), getattr(mlp, self.family.contraction)

    def projection(self, index: int, heads: int) -> torch.Tensor:
        """W_O by head: (H, K, D)."""
        module = getattr(self.attention(index), self.family.projection)
        return as_columns(module).reshape(heads, -1, as_columns(module).shape[1])

    def projections_in(self, index: int) -> dict[str, tuple[torch.Tensor, torch.Tensor | None]]:
        """W_Q, W_K, W_V as (D, heads, K), and their biases (heads, K), by the letters q, k, v."""
        attention, width = self.attention(index), self.blocks_head_width(index)
        if hasattr(attention, "q_proj"):
            modules = {name: getattr(attention, f"{name}_proj") for name in "qkv"}
            return {
                name: (
                    as_columns(m).reshape(m.in_features, -1, width),
                    None if m.bias is None else m.bias.reshape(-1, width),
                )
                for name, m in modules.items()
            }
        merged = attention.c_attn if hasattr(attention, "c_attn") else attention.query_key_value
        weight, bias = as_columns(merged), merged.bias
        if hasattr(attention, "c_attn"):  # all queries, then all keys, then all values
            weights = weight.reshape(weight.shape[0], 3, -1, width).unbind(1)
            biases = bias.reshape(3, -1, width).unbind(0)
        else:  # head by head, its query, key and value
            weights = weight.reshape(weight.shape[0], -1, 3, width).unbind(2)
            biases = (None,) * 3 if bias is None else bias.reshape(-1, 3, width).unbind(1)
        return dict(zip("qkv", zip(weights, biases, strict=True), strict=True))

    def blocks_head_width(self, index: int) -> int:
        attention = self.attention(index)
        return int(getattr(attention, "head_dim", None) or attention.head_size)


def as_columns(module: Any) -> torch.Tensor:
    """A projection's weight as (in, out): GPT-2's `Conv1D` keeps it so, `Linear` the other way round."""
    weight: torch.Tensor = module.weight
    return weight.T if isinstance(module, torch.nn.Linear) else weight


def card(model: Any, name: str, sha256: str) -> ModelCard:
    """A model's card from its configuration."""
    config, parts = model.config, Parts(model)
    attention = [parts.attention(index) for index in range(len(parts.blocks))]
    inner = getattr(config, "n_inner", None) or getattr(config, "intermediate_size", None)
    return ModelCard(
        name=name,
        sha256=sha256,
        blocks=config.num_hidden_layers,
        heads=config.num_attention_heads,
        width=config.hidden_size,
        head_width=parts.blocks_head_width(0),
        mlp_width=inner or 4 * config.hidden_size,
        context=config.max_position_embeddings,
        vocabulary=config.vocab_size,
        parameters=sum(p.numel() for p in model.parameters()),  # tied weights count once
        activation=getattr(config, "activation_function", None) or config.hidden_act,
        layer_norm_eps=_first(config, "layer_norm_epsilon", "layer_norm_eps", "rms_norm_eps"),
        score_scale=tuple(float(a.scaling) for a in attention),
        family=config.model_type,
        key_heads=getattr(config, "num_key_value_heads", None) or config.num_attention_heads,
        windows=tuple(_window(config, a) for a in attention),
        parallel=bool(getattr(config, "use_parallel_residual", False)),
        ends=_ends(model),
    )


def _ends(model: Any) -> tuple[int, ...]:
    """The ids after which a text is over: its configuration's, and those of its generation's."""
    found: set[int] = set()
    for config in (model.config, getattr(model, "generation_config", None)):
        ends = getattr(config, "eos_token_id", None)
        found |= set(ends if isinstance(ends, list | tuple) else [] if ends is None else [ends])
    return tuple(sorted(found))


def _window(config: Any, attention: Any) -> int:
    """How many positions a block's queries see, 0 for all: Qwen says it by block, Mistral once."""
    if config.model_type == "mistral":
        return config.sliding_window or 0
    return getattr(attention, "sliding_window", None) or 0


def _first(config: Any, *names: str) -> float:
    return float(next(getattr(config, name) for name in names if hasattr(config, name)))
