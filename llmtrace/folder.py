"""A model's name → its folder, and what stands in it; neither torch nor transformers are needed for that."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from llmtrace.errors import HubError, UnknownModelError, WeightsError
from llmtrace.known import KNOWN
from llmtrace.meta import BUNDLED, BUNDLED_FOLDER

# What is fetched from a hub: data alone, never code, and no pickled weights.
_WANTED = [
    "config.json",
    "*.safetensors",
    "*.safetensors.index.json",
    "tokenizer.json",
    "vocab.json",
    "merges.txt",
]


def find(name: str) -> Path:
    """A model's folder, by its short name, its path or its hub id, from where it may be fetched first."""
    if name == BUNDLED:
        return BUNDLED_FOLDER
    if Path(name).is_dir():
        return Path(name)
    if name.startswith((".", "/", "~")) or name.count("/") > 1 or not name.strip():
        raise UnknownModelError(
            f"{name}: no such folder; 'llm-lesson models' lists the models that have a name"
        )
    known = [model.name for model in KNOWN]
    if "/" not in name and name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "'llm-lesson models' lists the models that have a name"
        raise UnknownModelError(f"{name}: no such model or folder; {hint}")
    from huggingface_hub import snapshot_download
    from huggingface_hub.utils import disable_progress_bars

    if not os.environ.get("LLM_LESSON_PROGRESS"):
        disable_progress_bars()
    try:
        return Path(snapshot_download(name, allow_patterns=_WANTED))
    except Exception as error:  # the hub client's errors have no common base
        raise HubError(
            f"{name}: cannot be fetched from the model hub ({one_line(error)}); "
            f"check the name and the network, or use --model {BUNDLED}, which needs neither"
        ) from error


def shown(name: str) -> str:
    """What a model is called: a folder by its own name, all others by theirs."""
    if name in {known.name for known in KNOWN} or not Path(name).is_dir():
        return name
    return Path(name).absolute().resolve().name or "the model"


def read_config(folder: Path, name: str) -> dict[str, object]:
    """A model's configuration; raises `WeightsError`."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WeightsError(f"{name}: no config.json in {folder}, so it is no model folder") from None
    except (OSError, ValueError) as error:
        raise WeightsError(f"{name}: {folder / 'config.json'} cannot be read ({one_line(error)})") from None
    if not isinstance(config, dict):
        raise WeightsError(f"{name}: {folder / 'config.json'} does not hold a model's configuration")
    return config


def digest(weights: Sequence[Path]) -> str:
    """sha256 of the weights' files, one after the other."""
    total = hashlib.sha256()
    for path in weights:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                total.update(piece)
    return total.hexdigest()


def one_line(error: Exception) -> str:
    """The first line of an error of another library."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
