"""The slices of the weights are the model's own, and they make the tensors of the pass."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_gpt2 import TINY_IDS, tiny_model

from llmtrace import weights
from llmtrace.capture import capture
from llmtrace.models import LoadedModel
from llmtrace.trace import Trace, block


def test_a_heads_maps_are_columns_and_rows_of_the_models(tiny: LoadedModel, tiny_trace: Trace) -> None:
    index, _ = tiny_trace.best_head
    attention = tiny.model.transformer.h[index].attn
    fused = attention.c_attn.weight.detach().numpy()  # (D, 3 D): Q, K, V side by side, heads within each
    for part, letter in enumerate("QKV"):
        heads = [tiny_trace[block(index, f"head.{head:02d}.W_{letter}")] for head in range(2)]
        assert heads[0].shape == (16, 8)
        np.testing.assert_array_equal(np.hstack(heads), fused[:, 16 * part : 16 * (part + 1)])
        biases = [tiny_trace[block(index, f"head.{head:02d}.b_{letter}")] for head in range(2)]
        np.testing.assert_array_equal(
            np.hstack(biases), attention.c_attn.bias.detach().numpy()[16 * part : 16 * (part + 1)]
        )
    outputs = [tiny_trace[block(index, f"head.{head:02d}.W_O")] for head in range(2)]
    np.testing.assert_array_equal(np.vstack(outputs), attention.c_proj.weight.detach().numpy())
    np.testing.assert_array_equal(
        tiny_trace[block(index, "attn.b_O")], attention.c_proj.bias.detach().numpy()
    )


def test_only_the_shown_block_is_kept_and_of_a_large_one_only_the_shown_head(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = capture(TINY_IDS, tiny, new_tokens=1)
    index, head = whole.best_head
    assert len(whole.names("block.*.head.*.W_Q")) == len(whole.names(block(index, "head.*.W_Q"))) == 2
    monkeypatch.setattr(weights, "BLOCK_BYTES", 4 * 16 * 16 * 4 - 1)
    one = capture(TINY_IDS, tiny, new_tokens=1)
    assert one.names("block.*.head.*.W_Q") == (block(index, f"head.{head:02d}.W_Q"),)


def test_top_tokens_have_their_rows(tiny: LoadedModel, tiny_trace: Trace) -> None:
    ids = tiny_trace["unembedding.ids"]
    logits = tiny_trace["logits"]
    assert ids.tolist() == sorted(range(64), key=lambda i: -logits[i])[: weights.TOP]
    np.testing.assert_array_equal(
        tiny_trace["unembedding.rows"], tiny.model.lm_head.weight.detach().numpy()[ids]
    )


def test_every_norm_has_its_gain_and_bias(tiny: LoadedModel, tiny_trace: Trace) -> None:
    modules = dict(tiny.model.transformer.named_modules())
    names = {"ln_f": "ln_f"} | {block(i, f"ln{n}"): f"h.{i}.ln_{n}" for i in range(3) for n in (1, 2)}
    assert set(tiny_trace.names("*.weight")) == {f"{name}.weight" for name in names}
    for name, theirs in names.items():
        np.testing.assert_array_equal(tiny_trace[f"{name}.weight"], modules[theirs].weight.detach())
        np.testing.assert_array_equal(tiny_trace[f"{name}.bias"], modules[theirs].bias.detach())


def test_the_prompts_rows_of_both_tables(tiny: LoadedModel, tiny_trace: Trace) -> None:
    gpt2 = tiny.model.transformer
    np.testing.assert_array_equal(tiny_trace["embed.token"], gpt2.wte.weight.detach().numpy()[TINY_IDS])
    np.testing.assert_array_equal(tiny_trace["embed.position"], gpt2.wpe.weight.detach().numpy()[:6])


def test_the_trace_keeps_copies(tiny_trace: Trace) -> None:
    """A trace in memory does not change when the model does."""
    loaded = tiny_model()
    trace = capture(TINY_IDS, loaded, new_tokens=1)
    with torch.no_grad():
        for parameter in loaded.model.parameters():
            parameter.zero_()
    for name in trace.names("*.head.*") + trace.names("*.weight") + trace.names("*embedding.rows"):
        np.testing.assert_array_equal(trace[name], tiny_trace[name], err_msg=name)
