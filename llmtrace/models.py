"""A model's name → a loaded model. What is wrong with a name or a folder is said before torch is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmtrace import folder as folders
from llmtrace.errors import FamilyError, WeightsError
from llmtrace.families import FAMILIES
from llmtrace.meta import BUNDLED

if TYPE_CHECKING:
    from llmtrace.loading import LoadedModel


def load_model(name: str = BUNDLED) -> LoadedModel:
    """Loads a decoder by its short name, its folder or its hub id; raises `ModelError`.

    No code from a model's folder or repository is ever run, and only safetensors weights are read.
    """
    folder = folders.find(name)
    config = folders.read_config(folder, name)
    if config.get("model_type") not in FAMILIES:
        raise FamilyError(
            f"{name}: its architecture is {config.get('model_type', 'unknown')!r}, and those that are traced "
            f"are {', '.join(FAMILIES)}; try --model {BUNDLED}"
        )
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise WeightsError(
            f"{name}: no *.safetensors in {folder}; pickled weights are not read, so convert them "
            "with transformers' save_pretrained first"
        )
    from llmtrace.loading import load

    return load(folder, name, folders.shown(name))
