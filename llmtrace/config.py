"""A model's config.json: whether it can be a model's at all, told before anything is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from llmtrace.damage import stand_in, unreadable
from llmtrace.errors import FamilyError, WeightsError
from llmtrace.families import FAMILIES
from llmtrace.meta import BUNDLED

# Numbers of things, by the names of GPT-2's configuration and of the other families'.
_HEADS, _WIDTH = ("n_head", "num_attention_heads"), ("n_embd", "hidden_size")
_COUNTS = (
    *("n_layer", "num_hidden_layers", *_HEADS, *_WIDTH),
    *("n_positions", "n_ctx", "max_position_embeddings", "vocab_size", "n_inner", "intermediate_size"),
    *("num_key_value_heads", "head_dim"),
)


_MEND = "correct it or download it again"


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """A model's configuration; raises `WeightsError` and `FamilyError`, whose messages begin with `name`."""
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WeightsError(f"{name}: no config.json in {folder}, so it is no model folder") from None
    except (OSError, ValueError) as error:
        what = stand_in(path) if path.is_file() and not isinstance(error, OSError) else None
        raise WeightsError(f"{name}: {path} {what or unreadable(error)}") from None
    if not isinstance(config, dict):
        raise WeightsError(f"{name}: {path} does not hold a model's configuration; download it again")
    if config.get("model_type") not in FAMILIES:
        raise FamilyError(
            f"{name}: its architecture is {config.get('model_type', 'unknown')!r}, and those that are traced "
            f"are {', '.join(FAMILIES)}; try --model {BUNDLED}"
        )
    for fault in _faults(folder, config):
        raise WeightsError(f"{name}: {fault}")
    return config


def _faults(folder: Path, config: dict[str, Any]) -> Iterator[str]:
    """What no model can have, in words."""
    path = folder / "config.json"
    if config.get("quantization_config"):
        how = dict(config["quantization_config"]).get("quant_method", "some way")
        yield (
            f"its weights are quantised ({how}, says {path}), and a trace is of the whole numbers; "
            "give the model that it was made from"
        )
    if (folder / "adapter_config.json").is_file():
        yield (
            f"{folder} has an adapter (adapter_config.json), which is not applied here; merge it into the "
            "model with peft's merge_and_unload and save that"
        )
    for key in _COUNTS:
        value = config.get(key)
        if isinstance(value, int) and value < 1:
            yield f"{path} says {key} = {value}, which takes a whole number from 1; {_MEND}"
    (heads, count), (width, size) = (_first(config, keys) for keys in (_HEADS, _WIDTH))
    if isinstance(count, int) and isinstance(size, int) and not config.get("head_dim") and size % count:
        yield (
            f"{path} says {width} = {size} and {heads} = {count}, and {count} heads cannot share {size} "
            f"columns evenly; {_MEND}"
        )
    shared = config.get("num_key_value_heads")
    if isinstance(count, int) and isinstance(shared, int) and count % shared:
        yield (
            f"{path} says {heads} = {count} and num_key_value_heads = {shared}, and the first must be a "
            f"multiple of the second; {_MEND}"
        )


def _first(config: dict[str, Any], keys: tuple[str, ...]) -> tuple[str, Any]:
    """The key that a configuration has of several, with its value."""
    key = next((key for key in keys if key in config), keys[0])
    return key, config.get(key)
