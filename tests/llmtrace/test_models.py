"""A name leads to its model, or to one line that says what, where and the next step."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
import torch
from refused import change_config
from safetensors.torch import load_file, save_file
from tiny_gpt2 import TINY_IDS, tiny_config, tiny_model
from transformers import GPT2Model

from llmtrace import capture
from llmtrace.errors import (
    FamilyError,
    HubError,
    ModelError,
    PromptError,
    TokenIdError,
    UnknownModelError,
    WeightsError,
)
from llmtrace.known import KNOWN
from llmtrace.loading import LoadedModel
from llmtrace.meta import BUNDLED, BUNDLED_FOLDER
from llmtrace.models import load_model


def refusal(name: str | Path, kind: type[ModelError] = WeightsError) -> str:
    with pytest.raises(kind) as caught:
        load_model(str(name))
    message = str(caught.value)
    assert message.startswith(str(name))
    assert "\n" not in message
    return message


def test_the_bundled_model(bundled: LoadedModel) -> None:
    assert bundled.card.name == BUNDLED
    assert bundled.tokenizer is not None
    assert bundled.model.dtype == torch.float32
    assert not bundled.model.training
    assert f"{bundled.card.parameters / 1e6:.1f} M" == KNOWN[0].parameters


def test_a_folder(folder: Path, tiny: LoadedModel) -> None:
    loaded = load_model(str(folder))
    assert (loaded.card.name, loaded.tokenizer) == ("mine", None)
    assert len(loaded.card.sha256) == 64
    np.testing.assert_array_equal(capture(TINY_IDS, loaded)["logits"], capture(TINY_IDS, tiny)["logits"])
    with pytest.raises(PromptError, match=r"no tokenizer.*--ids"):
        capture("What", loaded)


def test_other_weights_have_another_digest(folder: Path, tmp_path: Path) -> None:
    tiny_model(seed=1).model.save_pretrained(tmp_path / "other")
    folders = (folder, tmp_path / "other", folder)
    digests = {load_model(str(path)).card.sha256 for path in folders}
    assert len(digests) == 2


def test_an_untied_head_that_is_missing(folder: Path) -> None:
    change_config(folder, tie_word_embeddings=False)
    assert "lack lm_head.weight, which" in refusal(folder)


def test_half_precision_weights_run_in_float32(folder: Path) -> None:
    halves = {name: tensor.half() for name, tensor in load_file(folder / "model.safetensors").items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    loaded = load_model(str(folder))
    assert {p.dtype for p in loaded.model.parameters()} == {torch.float32}
    assert capture(TINY_IDS, loaded)["logits"].dtype == np.float32


def test_weights_saved_without_the_language_head(tmp_path: Path) -> None:
    """As OpenAI's own are: the names lack "transformer.", and the head is the embedding."""
    loaded = tiny_model()
    bare: GPT2Model = loaded.model.transformer
    bare.save_pretrained(tmp_path)
    assert "wte.weight" in load_file(tmp_path / "model.safetensors")
    again = load_model(str(tmp_path))
    np.testing.assert_array_equal(capture(TINY_IDS, again)["logits"], capture(TINY_IDS, loaded)["logits"])


def test_vocab_and_merges_serve_as_tokenizer(bundled: LoadedModel, tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors"):
        shutil.copy(BUNDLED_FOLDER / name, tmp_path)
    written = json.loads((BUNDLED_FOLDER / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    (tmp_path / "vocab.json").write_text(json.dumps(written["vocab"]), encoding="utf-8")
    merges = (" ".join(pair) if isinstance(pair, list) else pair for pair in written["merges"])
    (tmp_path / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    again = load_model(str(tmp_path))
    for prompt in ("What will be", " 12 monkeys’ é\n\n  x", "<|endoftext|>"):
        one, other = (capture(prompt, model, new_tokens=1)["tokens"] for model in (bundled, again))
        assert one.tolist() == other.tolist()


@pytest.mark.parametrize(
    ("name", "near"), [("gtp2", "gpt2"), ("gpt2-pockt", BUNDLED), ("gpt2medium", "gpt2-medium")]
)
def test_a_name_with_a_slip(name: str, near: str) -> None:
    assert refusal(name, UnknownModelError) == f"{name}: no such model or folder; did you mean {near}?"


@pytest.mark.parametrize("name", ["zebra", "/no/where", "./nowhere", "~/x", "a/b/c", " "])
def test_names_of_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda *_a, **_k: pytest.fail("asked the hub"))
    assert "'llm-lesson models'" in refusal(name, UnknownModelError)


@pytest.mark.parametrize("name", ["gpt2", "someone/something"])
def test_the_hub_cannot_be_reached(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> str:
        raise OSError("no route to host\nand more")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", unreachable)
    message = refusal(name, HubError)
    assert "no route to host" in message
    assert f"--model {BUNDLED}" in message


def test_from_the_hub_come_no_code_and_no_pickles(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def download(_name: str, allow_patterns: list[str]) -> str:
        asked.append(allow_patterns)
        return str(folder)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    assert load_model("someone/something").card.name == "someone/something"
    from huggingface_hub.utils import filter_repo_objects

    offered = [
        "config.json",
        "model.safetensors",
        "pytorch_model.bin",
        "modeling.py",
        "tokenizer.json",
        "x.pkl",
    ]
    assert list(filter_repo_objects(offered, allow_patterns=asked[0])) == [offered[0], offered[1], offered[4]]


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    assert "no config.json" in refusal(tmp_path)
    (tmp_path / "config.json").write_text("{")
    assert "config.json is damaged at line 1, character 2; download it again" in refusal(tmp_path)
    (tmp_path / "config.json").write_text("[]")
    assert "does not hold a model's configuration" in refusal(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    assert "'unknown', and those that are traced are gpt2, llama" in refusal(tmp_path, FamilyError)


def test_another_architecture(folder: Path) -> None:
    change_config(folder, model_type="bert")
    said = refusal(folder, FamilyError)
    assert "'bert', and those that are traced are gpt2, llama" in said
    assert f"try --model {BUNDLED}" in said


def test_a_config_of_a_far_larger_model_takes_no_memory(folder: Path) -> None:
    change_config(folder, model_type="llama", hidden_size=1 << 15, intermediate_size=1 << 17)
    assert "they do not belong together" in refusal(folder)


def test_pickled_weights_are_refused(folder: Path) -> None:
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    assert "pickled weights are not read" in refusal(folder)


def test_no_code_of_a_folder_runs(folder: Path, tmp_path: Path) -> None:
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass GPT2LMHeadModel: pass\n")
    change_config(folder, auto_map={"AutoModelForCausalLM": "evil.GPT2LMHeadModel", "AutoConfig": "evil.C"})
    load_model(str(folder))
    assert not (tmp_path / "ran").exists()


def test_damaged_weights(folder: Path) -> None:
    raw = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(raw[: len(raw) // 2])
    said = refusal(folder)
    assert f"model.safetensors cannot be read: it is cut off: {len(raw) // 2:,} bytes of {len(raw):,}" in said
    assert said.endswith("download it again")


def test_weights_that_lack_a_tensor_are_not_filled_with_random_ones(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["transformer.h.1.attn.c_attn.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert "h.1.attn.c_attn.weight" in refusal(folder)


def test_weights_of_fewer_blocks_than_the_config_says(folder: Path) -> None:
    change_config(folder, n_layer=4)
    assert "h.3." in refusal(folder)


def test_a_tokenizer_with_more_ids_than_the_model(tmp_path: Path) -> None:
    tiny_model(vocab_size=300).model.save_pretrained(tmp_path)
    shutil.copy(BUNDLED_FOLDER / "tokenizer.json", tmp_path)
    loaded = load_model(str(tmp_path))
    assert loaded.card.vocabulary == tiny_config(vocab_size=300).vocab_size
    with pytest.raises(
        TokenIdError, match=r"^“What” is token 2061 of its tokenizer, .* has ids 0 to 299: .* other words$"
    ):
        capture("What will be", loaded)
