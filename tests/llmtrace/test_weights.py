"""The slices of the weights are the model's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_gpt2 import TINY_IDS, tiny_model

from llmtrace import capture, weights
from llmtrace.loading import LoadedModel
from llmtrace.trace import ModelCard, Trace, block

FEED_FORWARD = ("up", "up_bias", "down", "down_bias")  # in test_neurons.py


def test_a_heads_maps_are_columns_and_rows_of_the_models(tiny: LoadedModel, tiny_trace: Trace) -> None:
    index, head = tiny_trace.best_head
    assert tiny_trace["weight.head"].tolist() == [index, head]
    attention = tiny.model.transformer.h[index].attn
    fused = attention.c_attn.weight.detach().numpy()  # (D, 3 D): Q, K, V side by side, heads within each
    for part, letter in enumerate("qkv"):
        columns = slice(16 * part + 8 * head, 16 * part + 8 * (head + 1))
        np.testing.assert_array_equal(tiny_trace[f"weight.{letter}"], fused[:, columns])
        np.testing.assert_array_equal(
            tiny_trace[f"weight.{letter}_bias"], attention.c_attn.bias.detach()[columns]
        )
        every = np.hstack(list(tiny_trace[f"weight.block.{letter}"]))
        np.testing.assert_array_equal(every, fused[:, 16 * part : 16 * (part + 1)])
    out = attention.c_proj.weight.detach().numpy()
    np.testing.assert_array_equal(tiny_trace["weight.o"], out[8 * head : 8 * (head + 1)])
    np.testing.assert_array_equal(np.vstack(list(tiny_trace["weight.block.o"])), out)
    np.testing.assert_array_equal(tiny_trace["weight.o_bias"], attention.c_proj.bias.detach())


def test_of_a_large_block_only_the_shown_head_is_kept(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpt2 = replace(tiny.card, width=768, heads=12, head_width=64, key_heads=0)
    largest = replace(gpt2, width=256, heads=8, head_width=32)
    assert [card.small_block for card in (tiny.card, largest, gpt2)] == [True, True, False]
    assert replace(largest, key_heads=9).small_block is False
    monkeypatch.setattr(ModelCard, "small_block", False)
    one = capture(TINY_IDS, tiny, new_tokens=1)
    assert {name for name in one.names("weight.block.*") if not name.endswith(FEED_FORWARD)} == set()
    assert one["weight.q"].shape == (16, 8)


def test_likeliest_tokens_have_their_rows(tiny: LoadedModel, tiny_trace: Trace) -> None:
    ids, logits = tiny_trace["weight.unembedding_token"], tiny_trace["logits"]
    assert ids.tolist() == sorted(range(64), key=lambda i: -logits[i])[: weights.LIKELIEST]
    rows = tiny.model.lm_head.weight.detach().numpy()[ids]
    np.testing.assert_array_equal(tiny_trace["weight.unembedding"], rows)


def test_every_norm_has_its_gain_and_shift(tiny: LoadedModel, tiny_trace: Trace) -> None:
    modules = dict(tiny.model.transformer.named_modules())
    names = {"ln_f": "ln_f"} | {block(i, f"ln{n}"): f"h.{i}.ln_{n}" for i in range(3) for n in (1, 2)}
    assert set(tiny_trace.names("*.weight")) == {f"{name}.weight" for name in names}
    for name, theirs in names.items():
        np.testing.assert_array_equal(tiny_trace[f"{name}.weight"], modules[theirs].weight.detach())
        np.testing.assert_array_equal(tiny_trace[f"{name}.bias"], modules[theirs].bias.detach())


def test_the_trace_keeps_copies(tiny_trace: Trace) -> None:
    """A trace in memory does not change when the model does."""
    loaded = tiny_model()
    trace = capture(TINY_IDS, loaded, new_tokens=1)
    with torch.no_grad():
        for parameter in loaded.model.parameters():
            parameter.zero_()
    for name in trace.names("weight.*") + trace.names("*.weight") + trace.names("projection.row"):
        np.testing.assert_array_equal(trace[name], tiny_trace[name], err_msg=name)
