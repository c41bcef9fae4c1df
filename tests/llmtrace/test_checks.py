"""Each identity holds on a real trace, and fails when a tensor that it speaks of is changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tiny_gpt2 import PROMPT, TINY_IDS

from llmtrace import capture
from llmtrace.checks import check
from llmtrace.loading import LoadedModel
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace

# A tensor, the place that is changed, and the identity that must notice.
TAMPERED = [
    ("embed.token", (0, 3), "token + position = sum"),
    ("embed.position", (2, 0), "token + position = sum"),
    ("embed.sum", (1, 1), "a block starts where the last one ended"),
    ("block.01.resid_pre", (1, 1), "a block starts where the last one ended"),
    ("block.00.ln1.mean", (2,), "mean"),
    ("block.02.ln2.std", (0,), "std = √(variance + ε)"),
    ("ln_f.normalized", (5, 5), "normalized = (x − mean) / std"),
    ("block.00.attn.q", (0, 1, 2), "scores = q · k"),
    ("block.02.attn.k", (1, 0, 0), "scores = q · k"),
    ("block.01.attn.scores", (1, 4, 2), "scores = q · k"),
    ("block.01.attn.scaled", (1, 4, 2), "scaled = scores ÷ √K"),
    ("block.01.attn.masked", (1, 4, 2), "masked: −∞ on the future"),
    ("block.01.attn.masked", (1, 2, 4), "masked: −∞ on the future"),
    ("block.01.attn.pattern", (1, 4, 2), "pattern = softmax(masked)"),
    ("block.01.attn.pattern", (1, 4, 2), "each row of the pattern sums to 1"),
    ("block.01.attn.pattern", (1, 2, 4), "the future has weight 0"),
    ("block.00.attn.v", (0, 0, 0), "context = pattern · v"),
    ("block.00.attn.context", (0, 3, 3), "context = pattern · v"),
    ("block.00.attn.concat", (3, 3), "concat = the heads side by side"),
    ("block.01.attn.out", (3, 3), "resid_mid = resid_pre + attn.out"),
    ("block.01.resid_mid", (3, 3), "resid_mid = resid_pre + attn.out"),
    ("block.02.mlp.pre", (0, 60), "act = activation(pre)"),
    ("block.02.mlp.act", (0, 60), "act = activation(pre)"),
    ("block.02.mlp.out", (0, 6), "resid_post = resid_mid + mlp.out"),
    ("block.02.resid_post", (0, 6), "resid_post = resid_mid + mlp.out"),
    ("logits", (12,), "each step reads its pass's logits"),
    ("generated.logits", (2, 12), "probability = softmax(logits) as sampled"),
    ("generated.probability", (1, 12), "probability = softmax(logits) as sampled"),
    ("generated.probability", (1, 12), "each distribution sums to 1"),
    ("generated.draw", (1,), "the draw comes from the seed"),
    ("generated.token", (2,), "the token is what the rule takes"),
    ("generated.cut", (1, 12), "what top-k and top-p cut"),
    ("block.01.ln2.out", (1, 3), "out = normalized · weight + bias"),
    ("block.00.ln1.weight", (3,), "out = normalized · weight + bias"),
    ("ln_f.bias", (3,), "out = normalized · weight + bias"),
    ("weight.q", (3, 3), "q = ln1.out · W_Q"),
    ("weight.k_bias", (3,), "k = ln1.out · W_K"),
    ("weight.v", (3, 3), "v = ln1.out · W_V"),
    ("weight.unembedding", (0, 3), "logits = ln_f.out · unembedding rows"),
    ("lens.02.probability", (1,), "after the last block it is the output"),
    ("lens.01.probability", (9,), "the likeliest come first"),
    ("weight.block.q", (0, 3, 3), "q of every head = ln1.out · W_Q"),
    ("weight.block.k_bias", (1, 3), "k of every head = ln1.out · W_K"),
    ("weight.block.v", (1, 3, 3), "v of every head = ln1.out · W_V"),
    ("weight.block.o", (1, 3, 3), "attn.out = Σ context · W_O"),
    ("weight.o_bias", (3,), "attn.out = Σ context · W_O"),
    ("weight.o", (3, 3), "the shown head's W_O is that of its block"),
    ("weight.block.up", (3, 3), "mlp.pre = ln2.out · W_up"),
    ("weight.block.up_bias", (3,), "mlp.pre = ln2.out · W_up"),
    ("weight.block.down", (3, 3), "mlp.out = mlp.act · W_down"),
    ("weight.block.down_bias", (3,), "mlp.out = mlp.act · W_down"),
    ("neurons.activation", (1,), "activation = that of the block, of the token looked at"),
    ("neurons.activation", (1,), "none of the block puts out more"),
    ("neurons.index", (1,), "activation = that of the block, of the token looked at"),
    ("neurons.input", (1, 3), "what they take in = ln2.out · their columns"),
    ("neurons.input_bias", (1,), "what they take in = ln2.out · their columns"),
    ("neurons.output", (1, 3), "their weights are those of the block"),
    ("neurons.promotes.score", (1, 3), "score = output row · unembedding row"),
    ("neurons.promotes.unembedding", (1, 3, 3), "score = output row · unembedding row"),
    ("projection.row", (1, 3), "rows of the prompt's tokens are their embedding"),
    ("projection.mean", (4,), "mean of the rows"),
    ("projection.point", (0, 1), "point = (row − mean) · axis"),
    ("projection.axis", (1, 1), "axes of length 1, at right angles"),
    ("projection.explained", (1,), "explained = share of the rows' variance"),
    ("neighbours.cosine", (1, 4), "cosines fall, and none passes 1"),
    ("neighbours.cosine", (0, 0), "cosine = that of the two rows"),
]
# What no identity reads, as it would need the model's weights; running the model again compares these.
UNGUARDED = {"heads.attribution"}


def tampered(trace: Trace, name: str, change: Callable[[np.ndarray], None]) -> Trace:
    tensors = {n: trace[n].copy() for n in trace.names()}
    change(tensors[name])
    return Trace(tensors, trace.meta)


def broken(trace: Trace) -> set[str]:
    return {identity.formula for identity in check(trace) if not identity.holds}


@pytest.mark.parametrize(
    "sampling", [Sampling(), Sampling(0.7), Sampling(1.0, top_k=5), Sampling(2.0, top_p=0.8, seed=3)]
)
def test_all_hold_on_a_real_trace(bundled: LoadedModel, sampling: Sampling) -> None:
    identities = check(capture(PROMPT, bundled, sampling=sampling))
    assert [i for i in identities if not i.holds] == []
    assert len(identities) == len({(i.name, i.formula) for i in identities}) >= 20


@pytest.mark.parametrize("ids", [[7], [7, 7], TINY_IDS, list(range(12))], ids=len)
def test_all_hold_at_every_length(tiny: LoadedModel, ids: list[int]) -> None:
    assert broken(capture(ids, tiny)) == set()


@pytest.mark.parametrize(("name", "place", "formula"), TAMPERED)
def test_a_changed_value_breaks_its_identity(
    tiny_trace: Trace, name: str, place: tuple[int, ...], formula: str
) -> None:
    def change(tensor: np.ndarray) -> None:
        if tensor.dtype.kind in "iu":
            tensor[place] = (tensor[place] + 1) % 64
        else:
            tensor[place] = 0.01 if np.isneginf(tensor[place]) else tensor[place] + 0.01

    assert formula in broken(tampered(tiny_trace, name, change))


@pytest.mark.parametrize("column", [0, 1, 3, 4, 5])  # the place, the left piece's, ids: all but the rank
def test_a_changed_merge_breaks_its_identity(trace: Trace, column: int) -> None:
    def change(tensor: np.ndarray) -> None:
        tensor[2, column] += 1

    assert broken(tampered(trace, "tokens.merges", change)) == {"merges make them from their letters"}


def test_every_identity_is_tampered_with_above(tiny_trace: Trace) -> None:
    elsewhere = {
        "nothing follows the token that ends the text",  # in test_ending.py
        "what each promotes most comes first",  # in test_neurons.py
    }
    assert {formula for _, _, formula in TAMPERED} | elsewhere == {i.formula for i in check(tiny_trace)}


def test_a_nan_anywhere_breaks_an_identity_with_an_infinite_error(tiny_trace: Trace) -> None:
    unguarded = set()
    for name in tiny_trace.names():
        if tiny_trace[name].dtype.kind in "iu":
            continue
        changed = tampered(tiny_trace, name, lambda tensor: tensor.put(tensor.size // 2, np.nan))
        errors = [i.error for i in check(changed) if not i.holds]
        if not errors:
            unguarded.add(name)
        else:
            assert np.isinf(errors).any(), name
    assert unguarded == {name for pattern in UNGUARDED for name in tiny_trace.names(pattern)}


def test_an_infinite_value_breaks_an_identity(tiny_trace: Trace) -> None:
    def change(tensor: np.ndarray) -> None:
        tensor[0, 0] = np.inf

    assert "act = activation(pre)" in broken(tampered(tiny_trace, "block.00.mlp.act", change))


def test_a_tensor_of_another_shape_breaks_its_identity(tiny_trace: Trace) -> None:
    tensors = {n: tiny_trace[n] for n in tiny_trace.names()}
    tensors["embed.sum"] = tensors["embed.sum"][:, :-1]
    assert "token + position = sum" in broken(Trace(tensors, tiny_trace.meta))


def test_another_seed_in_the_metadata_is_noticed(tiny_trace: Trace) -> None:
    from dataclasses import replace

    meta = replace(tiny_trace.meta, sampling=Sampling(seed=1))
    changed = Trace({n: tiny_trace[n] for n in tiny_trace.names()}, meta)
    assert broken(changed) == {"the draw comes from the seed"}
