"""A model's name → a loaded model. What is wrong with a name or a folder is said before torch is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmtrace import folder as folders
from llmtrace.config import read_config
from llmtrace.meta import BUNDLED
from llmtrace.shards import read_shards

if TYPE_CHECKING:
    from llmtrace.loading import LoadedModel


def load_model(model: str | LoadedModel | Any = BUNDLED, tokenizer: Any = None) -> LoadedModel:
    """A decoder that is ready to be traced, by its short name, its folder, its hub id, or as it is in memory.

    `model` may be a transformers model, such as a `GPT2LMHeadModel`, which is left as it is: one that is on
    another device, or not in float32, is copied. `tokenizer` goes with it, or takes the place of a folder's
    own: a tokenizer of transformers, or of the tokenizers library; without one, prompts are ids.

    No code from a model's folder or repository is ever run, and only safetensors weights are read. Raises
    `ModelError`.
    """
    if not isinstance(model, str):
        from llmtrace.memory import in_memory

        return in_memory(model, tokenizer)
    folder = folders.find(model)
    config, shards = read_config(folder, model), read_shards(folder, model)
    from llmtrace.loading import load

    loaded = load(folder, model, config, shards)
    return loaded if tokenizer is None else load_model(loaded, tokenizer)
