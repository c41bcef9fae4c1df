"""Where each family of decoders keeps its parts: what the hooks are put on.

All of these go through transformers' `AttentionInterface`. Their differences decide a trace's names: learned
positions have `embed.position`, rotary ones `rotary.cos` and `attn.q_unrotated`; layer norm has a mean,
RMS norm has not; a gated feed-forward has `mlp.gate` and `mlp.up`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Attribute paths: of the body in the model, of parts in the body, in a block, in its parts."""

    body: str
    embedding: str
    blocks: str
    final_norm: str
    norms: tuple[str, str]  # before attention, before the feed-forward
    attention: str
    projection: str  # within attention: from heads to the model width
    expansion: str  # within the feed-forward; the gate, where it is gated
    activation: str
    contraction: str  # within the feed-forward, back to the model width
    up: str | None = None  # within a gated feed-forward
    positions: str | None = None  # a learned table; else they are rotary
    embedding_sum: str | None = None  # what takes the sum of token and position
    rotary: str | None = None


_LLAMA = Family(
    body="model",
    embedding="embed_tokens",
    blocks="layers",
    final_norm="norm",
    norms=("input_layernorm", "post_attention_layernorm"),
    attention="self_attn",
    projection="o_proj",
    expansion="gate_proj",
    activation="act_fn",
    contraction="down_proj",
    up="up_proj",
    rotary="rotary_emb",
)

FAMILIES: dict[str, Family] = {
    "gpt2": Family(
        body="transformer",
        embedding="wte",
        blocks="h",
        final_norm="ln_f",
        norms=("ln_1", "ln_2"),
        attention="attn",
        projection="c_proj",
        expansion="c_fc",
        activation="act",
        contraction="c_proj",
        positions="wpe",
        embedding_sum="drop",
    ),
    "llama": _LLAMA,  # SmolLM and many others are Llamas too
    "mistral": _LLAMA,
    "qwen2": _LLAMA,
    "qwen3": _LLAMA,
    "gpt_neox": Family(
        body="gpt_neox",
        embedding="embed_in",
        blocks="layers",
        final_norm="final_layer_norm",
        norms=("input_layernorm", "post_attention_layernorm"),
        attention="attention",
        projection="dense",
        expansion="dense_h_to_4h",
        activation="act",
        contraction="dense_4h_to_h",
        rotary="rotary_emb",
    ),
}
