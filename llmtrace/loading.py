"""A folder → a model that is ready to run, with its tokenizer and its card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel
from transformers import logging as transformers_logging
from transformers.activations import ACT2FN

from llmtrace import tokens as text
from llmtrace.embedding import lengths
from llmtrace.errors import WeightsError
from llmtrace.fitting import misfits, not_finite
from llmtrace.folder import shown
from llmtrace.merges import Ranks, merge_ranks
from llmtrace.meta import ModelCard
from llmtrace.parts import card
from llmtrace.shards import Shards
from llmtrace.store import Array
from llmtrace.suggest import did_you_mean
from llmtrace.tokenizing import load_tokenizer


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to run on the CPU in float32, its tokenizer (None when it has none) and its card."""

    model: PreTrainedModel
    tokenizer: Tokenizer | None
    card: ModelCard

    @cached_property
    def content(self) -> dict[str, Any]:
        """The tokenizer as its file has it; empty without one."""
        return {} if self.tokenizer is None else text.written(self.tokenizer)

    @cached_property
    def entries(self) -> list[bytes] | None:
        """The bytes of every token; None without a tokenizer."""
        if self.tokenizer is None:
            return None
        return text.vocabulary(self.tokenizer, text.Scheme.of(self.content), self.card.vocabulary)

    @cached_property
    def unembedding_mean(self) -> torch.Tensor:
        """The mean row of the unembedding, (D), kept: to read the whole table takes a good part of a pass."""
        with torch.no_grad():
            mean: torch.Tensor = self.model.get_output_embeddings().weight.mean(0)
        return mean

    @cached_property
    def embedding_lengths(self) -> Array:
        """The length of each row of the embedding, (V), kept for the same reason."""
        return lengths(self.model.get_input_embeddings().weight.detach().float().numpy())

    @cached_property
    def merge_ranks(self) -> Ranks:
        """The tokenizer's merges; see `llmtrace.merges`."""
        return merge_ranks(self.content)


def load(folder: Path, name: str, config: dict[str, Any], shards: Shards) -> LoadedModel:
    """Loads what is in a folder, `name` being what it was asked for by; raises `WeightsError`."""
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    for fault in misfits(_skeleton(folder, name, config), shards):
        raise WeightsError(f"{name}: {fault}")
    try:
        model, loading = AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except Exception as error:  # whatever a damaged folder makes the loader raise
        raise WeightsError(f"{name}: {folder} is no model that loads ({_words(error)})") from error
    missing = sorted(loading["missing_keys"])
    if missing:  # the loader would fill them with random numbers
        raise WeightsError(
            f"{name}: its weights lack {missing[0]}{f' and {len(missing) - 1} more' if missing[1:] else ''}, "
            f"which its config.json asks for; download the model again"
        )
    for fault in not_finite(model):
        raise WeightsError(f"{name}: {fault}")
    model.eval()
    return LoadedModel(model, load_tokenizer(folder, name), card(model, shown(name), shards.digest()))


def _skeleton(folder: Path, name: str, config: dict[str, Any]) -> PreTrainedModel:
    """The model that a configuration asks for, of shapes alone; raises `WeightsError`."""
    path = folder / "config.json"
    try:
        asked = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        key = "activation_function" if asked.model_type == "gpt2" else "hidden_act"
        if (activation := getattr(asked, key)) not in ACT2FN:
            hint = did_you_mean(activation, ACT2FN, f"known are {', '.join(sorted(ACT2FN))}")
            raise WeightsError(f"{name}: {path} says {key} = {activation!r}, which is no activation; {hint}")
        with torch.device("meta"):
            model: PreTrainedModel = AutoModelForCausalLM.from_config(asked)
        return model
    except WeightsError:
        raise
    except Exception as error:  # a configuration is checked in many places, each with errors of its own
        if (blamed := _blamed(config, str(error))) is not None:
            said = f"says {blamed} = {config.get(blamed)!r}, which is no value for it"
        else:
            said = f"describes no model that can be built ({_words(error)})"
        raise WeightsError(f"{name}: {path} {said}; correct it or download it again") from error


def _blamed(config: dict[str, Any], said: str) -> str | None:
    """The entry of a configuration that an error is about: it names it, or repeats its text."""
    if found := re.search(r"field '(\w+)'", said):
        return found[1]
    texts = ((key, value) for key, value in config.items() if isinstance(value, str) and len(value) > 2)
    return next((key for key, value in texts if re.search(rf"['\"]{re.escape(value)}['\"]", said)), None)


def _words(error: Exception) -> str:
    """The kind and the first line of another library's error."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
