"""A folder that is not the model that it seems is refused in one line of ours: what, where, the next step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from refused import LFS, change_config, refusal
from safetensors.torch import load_file, save_file
from tiny_gpt2 import TINY_IDS, tiny_model

from llmtrace import capture
from llmtrace.errors import ModelError, TraceError, WeightsError
from llmtrace.loading import LoadedModel
from llmtrace.meta import BUNDLED_FOLDER
from llmtrace.models import load_model

PAGE = b"<!DOCTYPE html>\n<html><body>Not found</body></html>"
TENSOR = "transformer.h.1.mlp.c_fc.weight"


def change_weights(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    weights = load_file(folder / "model.safetensors")
    change(weights)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize(("asked", "first"), [(2, 2), (1, 1)])
def test_more_blocks_than_the_config_asks_for(folder: Path, asked: int, first: int) -> None:
    change_config(folder, n_layer=asked)
    said = refusal(folder)
    assert f"its weights have 3 blocks, transformer.h.{first}.attn.c_attn.bias among them" in said
    assert f"its config.json asks for {asked}; set n_layer to 3 there" in said


def test_more_blocks_in_weights_without_the_language_head(tmp_path: Path) -> None:
    tiny_model().model.transformer.save_pretrained(tmp_path)
    change_config(tmp_path, n_layer=2)
    assert "3 blocks, h.2.attn.c_attn.bias among them" in refusal(tmp_path)


@pytest.mark.parametrize(
    "name", ["transformer.h.0.attn.adapter.weight", "wte.scale", "lm_head.bias", "transformer.ln_f.gate"]
)
def test_a_tensor_that_the_model_has_no_place_for(folder: Path, name: str) -> None:
    change_weights(folder, lambda weights: weights.update({name: torch.ones(2)}))
    assert f"its weights have {name}, which a GPT2LMHeadModel of its config.json has no place for" in refusal(
        folder
    )


@pytest.mark.parametrize(
    "name", ["transformer.h.0.attn.bias", "h.1.attn.masked_bias", "v_head.weight", "score.weight"]
)
def test_what_is_no_part_of_the_language_model_is_left_out(folder: Path, name: str) -> None:
    """Attention's masks, as old checkpoints keep them, and heads for other tasks."""
    change_weights(folder, lambda weights: weights.update({name: torch.ones(2)}))
    assert load_model(str(folder)).card.blocks == 3


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("name", [TENSOR, "transformer.ln_f.bias", "transformer.wte.weight"])
def test_weights_that_are_not_finite(folder: Path, name: str, value: float) -> None:
    change_weights(folder, lambda weights: weights[name].view(-1)[3:5].fill_(value))
    said = refusal(folder)
    assert f"{name} has {'NaN' if value != value else '∞'} among its weights (not finite: 2 of " in said


def test_weights_whose_pass_is_not_finite(folder: Path) -> None:
    change_weights(folder, lambda weights: weights[TENSOR].fill_(3e38))
    with pytest.raises(ModelError, match=r"its logits are not finite \(first in block\.01\.resid_post\)"):
        capture(TINY_IDS, str(folder))


def test_quantised_weights(folder: Path) -> None:
    change_weights(folder, lambda weights: weights.update({TENSOR: weights[TENSOR].to(torch.int8)}))
    assert f"{TENSOR} in {folder / 'model.safetensors'} is kept as I8, so it is quantised" in refusal(folder)
    change_config(folder, quantization_config={"quant_method": "gptq", "bits": 4})
    assert "its weights are quantised (gptq, says" in refusal(folder)


def test_an_adapter_is_not_left_out_in_silence(folder: Path) -> None:
    (folder / "adapter_config.json").write_text('{"peft_type": "LORA"}')
    assert "has an adapter (adapter_config.json), which is not applied here; merge it" in refusal(folder)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"vocab_size": 80},
            "transformer.wte.weight is 64 × 16 in its weights, and its config.json asks for 80 × 16",
        ),
        (
            {"n_positions": 8},
            "transformer.wpe.weight is 12 × 16 in its weights, and its config.json asks for 8 × 16",
        ),
        ({"n_inner": 70}, "mlp.c_fc.bias is 64 in its weights, and its config.json asks for 70"),
        ({"n_head": 3}, "says n_embd = 16 and n_head = 3, and 3 heads cannot share 16 columns evenly"),
        ({"n_head": 0}, "says n_head = 0, which takes a whole number from 1"),
        ({"n_head": -2}, "says n_head = -2, which takes a whole number from 1"),
        ({"n_layer": 0}, "says n_layer = 0, which takes a whole number from 1"),
        ({"n_inner": -1}, "says n_inner = -1, which takes a whole number from 1"),
        ({"n_layer": "four"}, "says n_layer = 'four', which is no value for it"),
        ({"layer_norm_epsilon": "x"}, "says layer_norm_epsilon = 'x', which is no value for it"),
        ({"eos_token_id": "x"}, "says eos_token_id = 'x', which is no value for it"),
        (
            {"activation_function": "geluu"},
            "says activation_function = 'geluu', which is no activation; did you mean gelu?",
        ),
        ({"activation_function": "xyzzy"}, "which is no activation; known are "),
        ({"dtype": "float17"}, "says dtype = 'float17', which is no value for it"),
        ({"attn_implementation": "zzz"}, "says attn_implementation = 'zzz', which is no value for it"),
        ({"activation_function": None}, "says activation_function = None, which is no value for it"),
    ],
)
def test_a_configuration_that_fits_no_model_or_no_weights(
    folder: Path, changes: dict[str, object], says: str
) -> None:
    change_config(folder, **changes)
    said = refusal(folder)
    assert says in said
    assert "config.json" in said
    assert "correct" in said or "did you mean" in said or "known are" in said


def test_a_tensor_of_another_shape(folder: Path) -> None:
    change_weights(folder, lambda weights: weights.update({TENSOR: torch.ones(16, 63)}))
    assert f"{TENSOR} is 16 × 63 in its weights, and its config.json asks for 16 × 64" in refusal(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json", "vocab.json"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (LFS, "is a Git LFS pointer of 86 bytes and not the file itself; run 'git lfs pull'"),
        (PAGE, "is a web page"),
        (b"", "is empty"),
    ],
)
def test_another_file_under_a_models_name(folder: Path, name: str, content: bytes, says: str) -> None:
    (folder / name).write_bytes(content)
    assert f"{folder / name} {says}" in refusal(folder)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04" + bytes(300), "is pickled, and pickles are not read"),
        (b"GGUF" + bytes(300), "is a GGUF file under another name"),
        (b"hello, this is not it", "cannot be read: it is no safetensors file"),
    ],
)
def test_weights_in_another_form(folder: Path, content: bytes, says: str) -> None:
    (folder / "model.safetensors").write_bytes(content)
    assert f"{folder / 'model.safetensors'} {says}" in refusal(folder)


def test_weights_that_are_cut_off(folder: Path) -> None:
    raw = (folder / "model.safetensors").read_bytes()
    for length, says in (
        (len(raw) - 1, "it is cut off: "),
        (100, "it is cut off in its header, after 100 bytes"),
    ):
        (folder / "model.safetensors").write_bytes(raw[:length])
        assert says in refusal(folder)
    (folder / "model.safetensors").write_bytes(raw[:1])
    assert "it is no safetensors file" in refusal(folder)


def test_weights_in_several_files(folder: Path, tiny: LoadedModel) -> None:
    tiny.model.save_pretrained(folder, max_shard_size="8KB")
    (folder / "model.safetensors").unlink()
    shards = sorted(folder.glob("model-*.safetensors"))
    assert len(shards) > 1
    assert load_model(str(folder)).card.parameters == tiny.card.parameters
    shards[1].unlink()
    assert f"model.safetensors.index.json names {shards[1].name}, which is not in {folder}" in refusal(folder)
    (folder / "model.safetensors.index.json").write_text("[]")
    assert "model.safetensors.index.json is no index of weights" in refusal(folder)


def test_weights_of_another_name(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "gpt2.safetensors")
    assert f"no model.safetensors in {folder}, but gpt2.safetensors" in refusal(folder)


@pytest.mark.parametrize(
    "content", ["{}", '{"version": "1.0"}', "{", "[1]", '{"model": {"type": "none such"}}']
)
def test_a_damaged_tokenizer(folder: Path, content: str) -> None:
    (folder / "tokenizer.json").write_text(content)
    said = refusal(folder)
    assert "tokenizer" in said
    assert said.endswith(("download it again", "download its files again"))


def test_a_tokenizer_that_needs_a_package_that_is_not_there(folder: Path) -> None:
    (folder / "tokenizer.model").write_bytes(b"\x0a\x0e\x0a\x05<unk>")
    said = refusal(folder)
    assert f"{folder / 'tokenizer.model'} alone is read by another package" in said
    assert said.endswith("save the tokenizer as tokenizer.json, which needs none")


def test_a_tokenizer_that_wants_to_run_code(folder: Path) -> None:
    (folder / "tokenizer.json").write_bytes((BUNDLED_FOLDER / "tokenizer.json").read_bytes())
    (folder / "mine.py").write_text("raise SystemExit(7)")
    auto = {"AutoTokenizer": ["mine.Slow", "mine.Fast"]}
    (folder / "tokenizer_config.json").write_text(json.dumps({"auto_map": auto, "tokenizer_class": "Fast"}))
    try:
        load_model(str(folder))
    except WeightsError as error:
        assert "tokenizer" in str(error)  # noqa: PT017  (either will do, as long as no code has run)


def test_a_word_that_the_model_has_no_id_for(folder: Path) -> None:
    shutil.copy(BUNDLED_FOLDER / "tokenizer.json", folder)
    loaded = load_model(str(folder))
    for prompt, word in (("What will", "What"), ("! dog", " dog"), ("<|endoftext|>", "<|endoftext|>")):
        with pytest.raises(TraceError, match=r"the tokenizer is not the model's own") as caught:
            capture(prompt, loaded)
        assert str(caught.value).startswith(f"“{word}” is token "), prompt
    templated = replace(loaded)
    from tokenizers import processors

    assert templated.tokenizer is not None
    templated.tokenizer.post_processor = processors.TemplateProcessing(
        single="<|endoftext|> $A",
        special_tokens=[("<|endoftext|>", templated.tokenizer.token_to_id("<|endoftext|>"))],
    )
    with pytest.raises(TraceError, match=r"^<\|endoftext\|>, which its tokenizer puts to every prompt,"):
        capture("!", templated)
