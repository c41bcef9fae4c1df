"""A folder's tokenizer: the one that `transformers.AutoTokenizer` makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from transformers import AutoTokenizer

from llmtrace.damage import stand_in, unreadable
from llmtrace.errors import ModelError, WeightsError

_VOCABULARIES = ("tokenizer.json", "vocab.json", "vocab.txt", "tokenizer.model")
_BESIDE = ("merges.txt", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")


def load_tokenizer(folder: Path, name: str) -> Tokenizer | None:
    """The tokenizer of a folder, None where it has none; raises `WeightsError`, which begins with `name`."""
    if not any((folder / file).is_file() for file in _VOCABULARIES):
        return None
    for path in (folder / file for file in (*_VOCABULARIES, *_BESIDE)):
        if path.is_file() and (wrong := stand_in(path) or _no_json(path)):
            raise WeightsError(f"{name}: {path} {wrong}")
    try:
        found = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # whatever a damaged folder makes it raise
        if not any((folder / file).is_file() for file in _VOCABULARIES[:-1]):
            raise WeightsError(
                f"{name}: {folder / _VOCABULARIES[-1]} alone is read by another package (sentencepiece, or "
                "tiktoken), which is not there; save the tokenizer as tokenizer.json, which needs none"
            ) from error
        lines = str(error).strip().splitlines()
        said = f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
        raise WeightsError(
            f"{name}: the tokenizer in {folder} cannot be read ({said}); download its files again"
        ) from error
    return backend(found, name)


def backend(tokenizer: Any, name: str) -> Tokenizer:
    """What does a tokenizer's work, of the tokenizers library; raises `ModelError`."""
    if isinstance(tokenizer, Tokenizer):
        return tokenizer
    found = getattr(tokenizer, "backend_tokenizer", None)
    if not isinstance(found, Tokenizer):
        raise ModelError(
            f"{name}: its tokenizer, a {type(tokenizer).__name__}, is none of the tokenizers library; save "
            "it as tokenizer.json, or give token ids with --ids 1,2,3"
        )
    found.encode_special_tokens = bool(getattr(tokenizer, "split_special_tokens", False))
    return found


def _no_json(path: Path) -> str | None:
    """What is wrong with a file that should be JSON."""
    if path.suffix != ".json":
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return unreadable(error)
    if path.name == "tokenizer.json" and not (
        isinstance(content, dict) and isinstance(content.get("model"), dict)
    ):
        return 'holds no tokenizer, as it has no "model"; download it again'
    return None
