"""Other families of decoders, tiny ones with seeded weights: traced as they run, with their own names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_gpt2 import TINY_IDS
from transformers import AutoConfig, AutoModelForCausalLM

from llmtrace import capture
from llmtrace.checks import check
from llmtrace.families import FAMILIES
from llmtrace.loading import LoadedModel
from llmtrace.models import load_model
from llmtrace.parts import Parts, card
from llmtrace.size import of_a_pass
from llmtrace.trace import Trace, block

SMALL = {
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "max_position_embeddings": 24,
    "initializer_range": 0.4,
    "bos_token_id": 0,
    "eos_token_id": 0,
}


@dataclass(frozen=True)
class Case:
    family: str
    changes: dict[str, Any]
    has: tuple[str, ...]
    lacks: tuple[str, ...]


ROTARY = ("rotary.cos", "block.00.attn.q_unrotated", "block.01.attn.k_unrotated")
GATED = ("block.00.mlp.gate", "block.00.mlp.up", "block.00.mlp.gated", "block.00.ln1.rms", "ln_f.rms")
GPT2_ONLY = ("embed.position", "embed.sum")
UNGATED = ("block.00.mlp.pre", "block.00.ln1.mean", "ln_f.std")
CASES = {
    "llama": Case("llama", {"num_key_value_heads": 2}, ROTARY + GATED, GPT2_ONLY + UNGATED),
    "llama, as many keys": Case("llama", {"num_key_value_heads": 4}, ROTARY + GATED, GPT2_ONLY + UNGATED),
    "qwen2": Case("qwen2", {"num_key_value_heads": 1}, ROTARY + GATED, GPT2_ONLY + UNGATED),
    "qwen2, the last block through a window": Case(
        "qwen2",
        {"num_key_value_heads": 2, "use_sliding_window": True, "sliding_window": 3, "max_window_layers": 2},
        ROTARY + GATED,
        GPT2_ONLY + UNGATED,
    ),
    "qwen3": Case("qwen3", {"num_key_value_heads": 2, "head_dim": 16}, ROTARY + GATED, GPT2_ONLY + UNGATED),
    "mistral": Case(
        "mistral", {"num_key_value_heads": 2, "sliding_window": 3}, ROTARY + GATED, GPT2_ONLY + UNGATED
    ),
    "gpt_neox": Case("gpt_neox", {}, (*ROTARY, *UNGATED), (*GPT2_ONLY, *GATED, "block.00.resid_mid")),
    "gpt_neox, one after the other": Case(
        "gpt_neox", {"use_parallel_residual": False}, (*ROTARY, "block.00.resid_mid"), (*GPT2_ONLY, *GATED)
    ),
}


def tiny(case: Case) -> LoadedModel:
    torch.manual_seed(1)
    config = AutoConfig.for_model(case.family, **{**SMALL, **case.changes})
    model = AutoModelForCausalLM.from_config(config).eval()
    for parameter in model.parameters():
        if parameter.dim() == 1:  # biases are 0 and gains 1 at first, which would hide a mistake
            torch.nn.init.normal_(parameter, mean=0.5, std=0.3)
    return LoadedModel(model, None, card(model, "tiny", ""))


@pytest.fixture(params=CASES, scope="module")
def case(request: pytest.FixtureRequest) -> tuple[Case, LoadedModel, Trace]:
    loaded = tiny(CASES[request.param])
    return CASES[request.param], loaded, capture(TINY_IDS, loaded, new_tokens=3, trace_steps="all")


Family = tuple[Case, LoadedModel, Trace]


def test_every_identity_holds(case: Family) -> None:
    identities = check(case[2])
    assert [i for i in identities if not i.holds] == []
    assert len(identities) > 25


def test_it_has_the_names_that_apply_and_no_others(case: Family) -> None:
    kind, _, trace = case
    assert [name for name in kind.has if name not in trace] == []
    assert [name for name in kind.lacks if name in trace] == []
    assert "block.00.resid_mid" in trace or trace.meta.model.parallel


def flowing(trace: Trace) -> set[str]:
    """The names of what flows through a model in the first pass."""
    found = {n for n in trace if n.startswith(("embed.", "rotary.", "block.", "ln_f.")) or n == "logits"}
    return {n for n in found if not n.endswith((".weight", ".bias"))}


def test_the_names_of_a_pass_are_told_before_it(case: Family) -> None:
    assert set(of_a_pass(case[2].meta.model)) == flowing(case[2])


def test_logits_are_those_of_the_untraced_model(case: Family) -> None:
    _, loaded, trace = case
    ids = torch.tensor([TINY_IDS])
    for implementation in ("eager", "sdpa"):
        loaded.model.set_attn_implementation(implementation)
        with torch.no_grad():
            logits = loaded.model(ids, use_cache=False).logits[0, -1].numpy()
        if implementation == "eager":
            np.testing.assert_array_equal(trace["logits"], logits)
        np.testing.assert_allclose(trace["logits"], logits, atol=1e-4)


def test_streams_and_patterns_are_transformers_own(case: Family) -> None:
    _, loaded, trace = case
    loaded.model.set_attn_implementation("eager")
    with torch.no_grad():
        out = loaded.model(torch.tensor([TINY_IDS]), output_hidden_states=True, output_attentions=True)
    for index in range(loaded.card.blocks):
        np.testing.assert_array_equal(trace[block(index, "resid_pre")], out.hidden_states[index][0].numpy())
        np.testing.assert_array_equal(trace[block(index, "attn.pattern")], out.attentions[index][0].numpy())


def test_keys_have_the_heads_that_the_model_gives_them(case: Family) -> None:
    kind, loaded, trace = case
    heads = kind.changes.get("num_key_value_heads", 4)
    assert loaded.card.key_heads == heads
    assert trace["block.01.attn.k"].shape[0] == trace["block.01.attn.v"].shape[0] == heads
    assert trace["block.01.attn.q"].shape[0] == 4


@pytest.mark.parametrize("name", ["block.01.attn.q_unrotated", "rotary.sin", "block.02.attn.k"])
def test_a_changed_rotation_is_noticed(case: Family, name: str) -> None:
    trace = case[2]
    tensors = {n: trace[n].copy() for n in trace.names()}
    tensors[name][..., -1, 0] += 0.05
    changed = [i.formula for i in check(Trace(tensors, trace.meta)) if not i.holds]
    assert any("turned by its position" in formula for formula in changed)


def test_a_folder_of_another_family_is_loaded(tmp_path: Path) -> None:
    loaded = tiny(CASES["llama"])
    loaded.model.save_pretrained(tmp_path)
    again = load_model(str(tmp_path))
    assert again.card.family == "llama"
    np.testing.assert_array_equal(capture(TINY_IDS, again)["logits"], capture(TINY_IDS, loaded)["logits"])


def test_every_family_is_tried() -> None:
    assert {case.family for case in CASES.values()} | {"gpt2"} == set(FAMILIES)


def test_the_lens_is_the_end_of_the_model_on_each_blocks_stream(case: Family) -> None:
    _, loaded, trace = case
    parts = Parts(loaded.model)
    with torch.no_grad():
        for index in range(loaded.card.blocks):
            stream = torch.from_numpy(trace[block(index, "resid_post")][-1:].copy())
            read = loaded.model.get_output_embeddings()(parts.final_norm(stream))[0]
            expected = read.double().softmax(-1).sort(descending=True)
            name = f"lens.{index:02d}"
            np.testing.assert_allclose(trace[f"{name}.probability"], expected.values[:10], atol=1e-5)
            assert trace[f"{name}.token"].tolist() == expected.indices[:10].tolist()
