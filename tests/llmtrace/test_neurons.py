"""The loudest neurons are the model's, and so is what they push towards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny_gpt2 import TINY_IDS, tiny_model

from llmtrace import Look, capture
from llmtrace.checks import check
from llmtrace.loading import LoadedModel
from llmtrace.neurons import LOUDEST, PROMOTED
from llmtrace.trace import ModelCard, Trace, block

SMALL = {"n_layer": 12, "n_head": 12, "n_embd": 768, "vocab_size": 50257, "n_positions": 1024}


def by_hand(loaded: LoadedModel, trace: Trace, query: int) -> dict[str, np.ndarray]:
    """The same from the model's own modules, in float64."""
    mlp = loaded.model.transformer.h[int(trace["weight.head"][0])].mlp
    up, down = (module.weight.detach().double().numpy() for module in (mlp.c_fc, mlp.c_proj))
    stream = trace[block(int(trace["weight.head"][0]), "ln2.out")][query].astype(np.float64)
    takes = stream @ up + mlp.c_fc.bias.detach().double().numpy()
    puts = 0.5 * takes * (1 + np.tanh(np.sqrt(2 / np.pi) * (takes + 0.044715 * takes**3)))  # GPT-2's GELU
    index = np.argsort(-puts, kind="stable")[:LOUDEST]
    scores = down[index] @ loaded.model.lm_head.weight.detach().double().numpy().T
    tokens = np.argsort(-scores, axis=1, kind="stable")[:, :PROMOTED]
    return {
        "index": index,
        "activation": puts[index],
        "output": down[index],
        "promotes.token": tokens,
        "promotes.score": np.take_along_axis(scores, tokens, axis=1),
    }


@pytest.mark.parametrize("query", [None, 0])
def test_they_are_those_that_the_model_has(tiny: LoadedModel, query: int | None) -> None:
    trace = capture(TINY_IDS, tiny, new_tokens=1, look=Look(query=query))
    wanted = by_hand(tiny, trace, len(TINY_IDS) - 1 if query is None else query)
    for name, values in wanted.items():
        np.testing.assert_allclose(trace[f"neurons.{name}"], values, rtol=1e-4, atol=1e-6, err_msg=name)


def test_they_are_so_in_gpt2_smalls_shape() -> None:
    small = tiny_model(5, **SMALL, initializer_range=0.02)
    trace = capture([464, 1468, 5822, 3114], small, new_tokens=1)
    assert trace["neurons.input"].shape == (LOUDEST, 768)
    for name, values in by_hand(small, trace, 3).items():
        np.testing.assert_allclose(trace[f"neurons.{name}"], values, rtol=1e-4, atol=1e-5, err_msg=name)


def test_another_neuron_is_named(tiny_trace: Trace) -> None:
    """One that puts out less, with its own true numbers."""
    index, query = int(tiny_trace["weight.head"][0]), tiny_trace.length - 1
    quiet = int(tiny_trace[block(index, "mlp.act")][query].argmin())
    changes = {
        "neurons.index": quiet,
        "neurons.activation": tiny_trace[block(index, "mlp.act")][query, quiet],
    }
    tensors = {name: tiny_trace[name].copy() for name in tiny_trace}
    for name, value in changes.items():
        tensors[name][0] = value
    wrong = [found.formula for found in check(Trace(tensors, tiny_trace.meta)) if not found.holds]
    assert "none of the block puts out more" in wrong


def test_tokens_in_another_order_are_named(tiny_trace: Trace) -> None:
    """With their own true scores and rows."""
    tensors = {name: tiny_trace[name].copy() for name in tiny_trace}
    for name in tiny_trace.names("neurons.promotes.*"):
        tensors[name][:, :2] = tensors[name][:, 1::-1]
    wrong = [found.formula for found in check(Trace(tensors, tiny_trace.meta)) if not found.holds]
    assert wrong == ["what each promotes most comes first"]


def test_of_a_large_feed_forward_only_the_loudest_are_kept(
    tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    pocket = replace(tiny.card, width=256, mlp_width=1024)
    cards = (tiny.card, pocket, replace(pocket, mlp_width=1025), replace(tiny.card, family="llama"))
    assert [card.small_feed_forward for card in cards] == [True, True, False, False]
    monkeypatch.setattr(ModelCard, "small_feed_forward", False)
    one = capture(TINY_IDS, tiny, new_tokens=1)
    assert one.names("weight.block.up*") == one.names("weight.block.down*") == ()
    assert one["neurons.output"].shape == (LOUDEST, tiny.card.width)
    assert all(found.holds for found in check(one))
