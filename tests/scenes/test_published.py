"""Parameters counted from a shape are those that a model of this shape has."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from llmtrace.loading import LoadedModel
from scenes.published import KINDS, MODELS, parameters

PARTS = {"wte": "table", "wpe": "positions", "ln_": "norms", ".attn.": "attention", ".mlp.": "feed_forward"}


def counted(model: torch.nn.Module) -> dict[str, int]:
    """A model's parameters by kind, from the names and the shapes of its own tensors, each once."""
    made: Counter[str] = Counter()
    for name, tensor in model.named_parameters():
        (kind,) = [kind for part, kind in PARTS.items() if part in name]
        made[kind] += tensor.numel()
    return dict(made)


@pytest.mark.parametrize("name", MODELS)
def test_a_published_shape(name: str) -> None:
    shape = MODELS[name]
    with torch.device("meta"):  # no memory: GPT-3 has 175 billion
        config = GPT2Config(
            n_embd=shape.width,
            n_layer=shape.blocks,
            n_head=shape.width // 64 if name != "GPT-3" else 96,
            n_positions=shape.context,
            vocab_size=shape.vocabulary,
        )
        assert parameters(shape) == counted(GPT2LMHeadModel(config))


def test_the_bundled_model(model: LoadedModel) -> None:
    found = parameters(model.card)
    assert found == counted(model.model)
    assert sum(found.values()) == model.card.parameters
    assert set(found) == set(KINDS)


def test_they_are_the_numbers_that_people_know() -> None:
    totals = {name: sum(parameters(shape).values()) for name, shape in MODELS.items()}
    assert totals == {
        "GPT-2 small": 124_439_808,
        "GPT-2 medium": 354_823_168,
        "GPT-2 large": 774_030_080,
        "GPT-2 XL": 1_557_611_200,
        "GPT-3": 174_604_259_328,
    }
