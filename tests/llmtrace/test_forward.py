"""A trace's tensors are the model's own: each equals what transformers computes without us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from tiny_gpt2 import PROMPT, TINY_IDS, tiny_model

import llmtrace.hooks as module
from llmtrace import capture
from llmtrace.checks import check
from llmtrace.errors import EmptyPromptError, PromptError, SettingError, TokenIdError, TooLongError
from llmtrace.loading import LoadedModel
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace, block


@contextmanager
def own_attention(loaded: LoadedModel, implementation: str) -> Iterator[Any]:
    """The model with one of transformers' own attention functions."""
    before = loaded.model.config._attn_implementation
    loaded.model.set_attn_implementation(implementation)
    try:
        with torch.no_grad():
            yield loaded.model
    finally:
        loaded.model.set_attn_implementation(before)


@pytest.fixture(params=["bundled", "tiny"])
def pair(request: pytest.FixtureRequest) -> tuple[LoadedModel, Trace]:
    traces = {"bundled": "trace", "tiny": "tiny_trace"}
    return request.getfixturevalue(request.param), request.getfixturevalue(traces[request.param])


def prompt_ids(trace: Trace) -> torch.Tensor:
    return torch.tensor(trace["tokens"][None].astype(np.int64))


def test_logits_are_bit_equal_to_the_eager_forward(pair: tuple[LoadedModel, Trace]) -> None:
    loaded, trace = pair
    with own_attention(loaded, "eager") as model:
        logits = model(prompt_ids(trace), use_cache=False).logits[0, -1].numpy()
    np.testing.assert_array_equal(trace["logits"], logits)


def test_logits_are_those_of_sdpa_within_rounding(pair: tuple[LoadedModel, Trace]) -> None:
    loaded, trace = pair
    with own_attention(loaded, "sdpa") as model:
        logits = model(prompt_ids(trace), use_cache=False).logits[0, -1].numpy()
    np.testing.assert_allclose(trace["logits"], logits, atol=1e-4, rtol=0)


def test_residual_stream_is_transformers_hidden_states(pair: tuple[LoadedModel, Trace]) -> None:
    loaded, trace = pair
    with own_attention(loaded, "eager") as model:
        states = [s[0].numpy() for s in model(prompt_ids(trace), output_hidden_states=True).hidden_states]
    blocks = loaded.card.blocks
    assert len(states) == blocks + 1
    np.testing.assert_array_equal(trace["embed.sum"], states[0])
    for index in range(blocks):
        np.testing.assert_array_equal(trace[block(index, "resid_pre")], states[index])
    np.testing.assert_array_equal(trace["ln_f.out"], states[-1])  # transformers norms its last one


def test_patterns_are_transformers_attentions(pair: tuple[LoadedModel, Trace]) -> None:
    loaded, trace = pair
    with own_attention(loaded, "eager") as model:
        attentions = model(prompt_ids(trace), output_attentions=True).attentions
    for index, attention in enumerate(attentions):
        np.testing.assert_array_equal(trace[block(index, "attn.pattern")], attention[0].numpy())


def test_queries_keys_and_values_come_from_the_normed_stream(pair: tuple[LoadedModel, Trace]) -> None:
    loaded, trace = pair
    heads, width = loaded.card.heads, loaded.card.head_width
    for index, layer in enumerate(loaded.model.transformer.h):
        weight = layer.attn.c_attn.weight.detach().double().numpy()  # (D, 3D)
        bias = layer.attn.c_attn.bias.detach().double().numpy()
        mixed = trace[block(index, "ln1.out")] @ weight + bias  # (T, 3D)
        for name, part in zip("qkv", np.split(mixed, 3, axis=1), strict=True):
            expected = part.reshape(-1, heads, width).swapaxes(0, 1)  # (head, T, head width)
            np.testing.assert_allclose(trace[block(index, f"attn.{name}")], expected, atol=1e-4)


def test_projections_that_no_identity_guards(pair: tuple[LoadedModel, Trace]) -> None:
    """What needs the model's weights: norm gains, the attention and feed-forward projections, logits."""
    loaded, trace = pair
    gpt2: Any = loaded.model.transformer

    def affine(name: str, weights: Any) -> np.ndarray:
        return trace[name] @ weights.weight.detach().double().numpy() + weights.bias.detach().numpy()

    def gained(name: str, norm: Any) -> np.ndarray:
        return trace[f"{name}.normalized"] * norm.weight.detach().numpy() + norm.bias.detach().numpy()

    for index, layer in enumerate(gpt2.h):
        ln1, concat, out = (block(index, name) for name in ("ln1", "attn.concat", "attn.out"))
        ln2, pre, act, mlp = (block(index, name) for name in ("ln2", "mlp.pre", "mlp.act", "mlp.out"))
        np.testing.assert_allclose(trace[f"{ln1}.out"], gained(ln1, layer.ln_1), atol=1e-4)
        np.testing.assert_allclose(trace[f"{ln2}.out"], gained(ln2, layer.ln_2), atol=1e-4)
        np.testing.assert_allclose(trace[out], affine(concat, layer.attn.c_proj), atol=1e-4)
        np.testing.assert_allclose(trace[pre], affine(f"{ln2}.out", layer.mlp.c_fc), atol=1e-4)
        np.testing.assert_allclose(trace[mlp], affine(act, layer.mlp.c_proj), atol=2e-4)
    np.testing.assert_allclose(trace["ln_f.out"], gained("ln_f", gpt2.ln_f), atol=1e-4)
    unembedding = loaded.model.lm_head.weight.detach().double().numpy()  # (V, D)
    np.testing.assert_allclose(trace["logits"], unembedding @ trace["ln_f.out"][-1], atol=2e-4)


def test_embeddings_are_rows_of_the_learned_tables(pair: tuple[LoadedModel, Trace]) -> None:
    loaded, trace = pair
    gpt2: Any = loaded.model.transformer
    np.testing.assert_array_equal(trace["embed.token"], gpt2.wte.weight.detach().numpy()[trace["tokens"]])
    np.testing.assert_array_equal(trace["embed.position"], gpt2.wpe.weight.detach().numpy()[: trace.length])


def test_every_tensor_has_the_shape_that_its_axes_say(pair: tuple[LoadedModel, Trace]) -> None:
    loaded, trace = pair
    card = loaded.card
    sizes = {
        "T": trace.length,
        "D": card.width,
        "H": card.heads,
        "G": card.heads,
        "K": card.head_width,
        "F": card.mlp_width,
        "V": card.vocabulary,
        "L": card.blocks,
        "S": len(trace["generated.token"]),
    }
    for name in trace.names():
        for axis, size in zip(trace.axes(name), trace[name].shape, strict=True):
            assert axis in "BCEMNP" or size == sizes[axis], name
    for index in range(card.blocks):
        assert len(trace.names(block(index, "*"))) == 28


@pytest.mark.parametrize(
    "changes",
    [
        {"scale_attn_by_inverse_layer_idx": True},
        {"scale_attn_weights": False},
        {"activation_function": "relu", "n_inner": 20},
        {"activation_function": "gelu"},
        {"layer_norm_epsilon": 0.1},
        {"n_head": 1},
        {"n_layer": 1, "n_head": 16},
        {"tie_word_embeddings": False},
    ],
    ids=str,
)
def test_other_gpt2_configurations(changes: dict[str, Any]) -> None:
    loaded = tiny_model(**changes)
    trace = capture(TINY_IDS, loaded)
    with own_attention(loaded, "eager") as model:
        logits = model(prompt_ids(trace), use_cache=False).logits[0, -1].numpy()
    np.testing.assert_array_equal(trace["logits"], logits)
    assert [i for i in check(trace) if not i.holds] == []


def test_greedy_tokens_are_those_of_generate(pair: tuple[LoadedModel, Trace]) -> None:
    loaded, trace = pair
    steps = len(trace["generated.token"])
    with own_attention(loaded, "eager") as model:
        ids = prompt_ids(trace)
        longer = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=steps,
            min_new_tokens=steps,
            pad_token_id=0,
            eos_token_id=None,
        )
    assert longer[0, trace.length :].tolist() == trace["generated.token"].tolist()


def test_each_step_reads_the_sentence_so_far(tiny: LoadedModel, tiny_trace: Trace) -> None:
    """The second step's logits are those of a prompt that ends with the first new token."""
    longer = capture([*TINY_IDS, int(tiny_trace["generated.token"][0])], tiny, new_tokens=1)
    np.testing.assert_array_equal(longer["logits"], tiny_trace["generated.logits"][1])


def test_earlier_positions_do_not_depend_on_later_tokens(tiny: LoadedModel) -> None:
    one, other = (capture([*TINY_IDS, last], tiny, new_tokens=1) for last in (2, 3))
    for name in one.names("block.*.resid_post"):
        np.testing.assert_array_equal(one[name][:-1], other[name][:-1])
        assert (one[name][-1] != other[name][-1]).any()


@pytest.mark.parametrize("implementation", ["eager", "sdpa"])
def test_the_model_is_given_back_as_it_was(implementation: str) -> None:
    tiny = tiny_model()
    with own_attention(tiny, implementation) as model:
        capture(TINY_IDS, tiny)
        assert model.config._attn_implementation == implementation
        assert hooks_of(model) == 0
        assert module._recorder is None


def test_a_failed_pass_leaves_no_hook_either(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = tiny_model()
    before = tiny.model.config._attn_implementation

    def fail(_hidden: torch.Tensor) -> torch.Tensor:
        raise MemoryError

    monkeypatch.setattr(tiny.model.lm_head, "forward", fail)
    with pytest.raises(MemoryError):
        capture(TINY_IDS, tiny)
    assert tiny.model.config._attn_implementation == before
    assert hooks_of(tiny.model) == 0
    assert module._recorder is None


def hooks_of(model: torch.nn.Module) -> int:
    return sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules())


def test_ids_and_their_text_give_the_same_tensors(bundled: LoadedModel, trace: Trace) -> None:
    from_ids = capture(trace["tokens"].tolist(), bundled, surroundings=True)
    assert from_ids.names() == trace.names()
    for name in trace.names():
        np.testing.assert_array_equal(from_ids[name], trace[name])
    assert from_ids.meta.prompt is None
    assert trace.meta.prompt == PROMPT


def test_a_full_context_has_one_step_left(tiny: LoadedModel) -> None:
    full = list(range(12))
    assert len(capture(full, tiny, new_tokens=5)["generated.token"]) == 1
    assert len(capture(full[:-2], tiny, new_tokens=5)["generated.token"]) == 3
    with pytest.raises(TooLongError, match=r"13 tokens long.*at most 12"):
        capture([*full, 0], tiny)


@pytest.mark.parametrize("wrong", [64, -1, 10**9])
def test_ids_that_the_model_does_not_have(tiny: LoadedModel, wrong: int) -> None:
    with pytest.raises(TokenIdError, match=rf"id {wrong} \(number 2 of 2\): tiny has ids 0 to 63"):
        capture([1, wrong], tiny)


def test_no_ids_and_no_steps(tiny: LoadedModel) -> None:
    with pytest.raises(EmptyPromptError, match="no ids"):
        capture([], tiny)
    with pytest.raises(SettingError, match="new tokens 0"):
        capture(TINY_IDS, tiny, new_tokens=0)


def test_a_model_without_a_tokenizer_takes_ids_alone(tiny: LoadedModel, tiny_trace: Trace) -> None:
    with pytest.raises(PromptError, match=r"no tokenizer.*--ids"):
        capture("What", tiny)
    assert tiny_trace.meta.spans == ()
    assert tiny_trace.token_bytes(3) is None


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(temperature=1.5, top_k=40, seed=7)])
def test_the_same_seed_gives_the_same_bytes(tiny: LoadedModel, sampling: Sampling, tmp_path: Any) -> None:
    files = [capture(TINY_IDS, tiny, sampling=sampling).save(tmp_path / name) for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_another_seed_draws_other_tokens(tiny: LoadedModel) -> None:
    drawn = {
        tuple(capture(TINY_IDS, tiny, new_tokens=7, sampling=Sampling(3.0, seed=seed))["generated.token"])
        for seed in range(4)
    }
    assert len(drawn) == 4


def test_the_trace_says_what_it_was_made_with(bundled: LoadedModel, trace: Trace) -> None:
    assert trace.meta.model == bundled.card
    assert trace.meta.libraries["torch"] == torch.__version__
    assert trace.meta.sampling == Sampling()
    parameters = sum(p.numel() for p in bundled.model.parameters())
    assert trace.meta.model.parameters == parameters


def test_the_lens_is_exact_over_a_large_vocabulary() -> None:
    """A softmax in float32 over 50,000 entries would be off by 2e-5."""
    trace = capture(TINY_IDS, tiny_model(vocab_size=50257, n_embd=32), new_tokens=1)
    errors = {identity.formula: identity.error for identity in check(trace)}
    assert (errors["after the last block it is the output"] or 0.0) < 1e-7
    assert errors["the likeliest come first"] == 0.0
