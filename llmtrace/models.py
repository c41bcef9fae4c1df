"""A model's name → a loaded model. What is wrong with a name or a folder is said before torch is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmtrace import folder as folders
from llmtrace.config import read_config
from llmtrace.meta import BUNDLED
from llmtrace.shards import read_shards

if TYPE_CHECKING:
    from llmtrace.loading import LoadedModel


def load_model(name: str = BUNDLED) -> LoadedModel:
    """Loads a decoder by its short name, its folder or its hub id; raises `ModelError`.

    No code from a model's folder or repository is ever run, and only safetensors weights are read.
    """
    folder = folders.find(name)
    config, shards = read_config(folder, name), read_shards(folder, name)
    from llmtrace.loading import load

    return load(folder, name, config, shards)
