"""A tiny GPT-2 with seeded random weights, for unit tests alone, and the prompts that they share."""

from __future__ import annotations

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from llmtrace.loading import LoadedModel
from llmtrace.parts import card

PROMPT = "What will be"
TINY_IDS = [5, 1, 40, 63, 0, 17]


def tiny_config(**changes: object) -> GPT2Config:
    small = {"n_layer": 3, "n_head": 2, "n_embd": 16, "vocab_size": 64, "n_positions": 12}
    ends = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
    # wide weights, so that attention is far from even and no identity holds by chance
    return GPT2Config(**{**small, **ends, "initializer_range": 0.4, **changes})


def tiny_model(seed: int = 0, **changes: object) -> LoadedModel:
    """A GPT-2 with random weights: for unit tests alone."""
    torch.manual_seed(seed)
    model = GPT2LMHeadModel(tiny_config(**changes)).eval()
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:  # biases are 0 and gains 1 at first, which would hide a mistake
            torch.nn.init.normal_(parameter, mean=float("ln" in name and "weight" in name), std=0.3)
    return LoadedModel(model, None, card(model, "tiny", ""))
