"""A model that is in memory, and its tokenizer, made ready to be traced."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from llmtrace.errors import FamilyError, ModelError, WeightsError
from llmtrace.families import FAMILIES
from llmtrace.fitting import not_finite
from llmtrace.folder import shown
from llmtrace.loading import LoadedModel
from llmtrace.parts import card
from llmtrace.tokenizing import backend


def in_memory(model: Any, tokenizer: Any = None) -> LoadedModel:
    """A transformers model, or one that is ready already, with a tokenizer; raises `ModelError`.

    What is given stays as it is: a model that is not on the CPU in float32 is copied, and so is a tokenizer.
    """
    if isinstance(model, LoadedModel):
        loaded = model
    else:
        model = getattr(model, "_orig_mod", model)  # what torch.compile wraps
        name = _name(model)
        _judge(model, name)
        for fault in not_finite(model):
            raise WeightsError(f"{name}: {fault}")
        if any(p.dtype != torch.float32 or p.device.type != "cpu" for p in model.parameters()):
            model = copy.deepcopy(model).to("cpu", torch.float32)
        loaded = LoadedModel(model, None, card(model, name, ""))
    if tokenizer is None:
        return loaded
    found = backend(tokenizer, loaded.card.name)
    own = Tokenizer.from_str(found.to_str())
    own.encode_special_tokens = found.encode_special_tokens
    return replace(loaded, tokenizer=own)


def _judge(model: Any, name: str) -> None:
    """Raises `ModelError` for what is no decoder that can be traced."""
    if not isinstance(model, PreTrainedModel):
        merge = (
            "; merge its adapter first, as model.merge_and_unload() does"
            if hasattr(model, "peft_config")
            else ""
        )
        raise ModelError(
            f"{name}: is no model of transformers; give a GPT2LMHeadModel say, a name or a folder{merge}"
        )
    if model.config.model_type not in FAMILIES:
        raise FamilyError(
            f"{name}: its architecture is {model.config.model_type!r}, and those that are traced are "
            f"{', '.join(FAMILIES)}"
        )
    if not hasattr(model, FAMILIES[model.config.model_type].body) or model.get_output_embeddings() is None:
        raise ModelError(
            f"{name}: a {type(model).__name__} guesses no next token; give the model with its language head"
        )
    if getattr(model, "is_quantized", False):
        raise WeightsError(f"{name}: its weights are quantised; give the model that it was made from")
    if any(parameter.is_meta for parameter in model.parameters()):
        raise WeightsError(f"{name}: its weights are on the meta device, so there are none; load them first")


def _name(model: Any) -> str:
    """What a model calls itself: the folder or the hub id that it came from, else its class."""
    given = str(getattr(getattr(model, "config", None), "name_or_path", "") or type(model).__name__)
    return shown(given) if Path(given).is_dir() else given
