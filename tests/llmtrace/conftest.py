"""The bundled model and a tiny one, each loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tiny_gpt2 import PROMPT, TINY_IDS, tiny_model

from llmtrace import capture
from llmtrace.loading import LoadedModel
from llmtrace.models import load_model
from llmtrace.trace import Trace

torch.set_num_threads(1)  # matrices this small are slower when two threads share them


@pytest.fixture(scope="session")
def bundled() -> LoadedModel:
    return load_model()


@pytest.fixture(scope="session")
def tiny() -> LoadedModel:
    return tiny_model()


@pytest.fixture(scope="session")
def trace(bundled: LoadedModel) -> Trace:
    """A greedy trace of the bundled model."""
    return capture(PROMPT, bundled, surroundings=True)


@pytest.fixture(scope="session")
def tiny_trace(tiny: LoadedModel) -> Trace:
    return capture(TINY_IDS, tiny, new_tokens=3, surroundings=True)


@pytest.fixture
def folder(tiny: LoadedModel, tmp_path: Path) -> Path:
    """A model folder without a tokenizer."""
    tiny.model.save_pretrained(tmp_path / "mine")
    return tmp_path / "mine"
