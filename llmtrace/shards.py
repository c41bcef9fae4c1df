"""The files of a model's weights: which they are, their tensors' shapes, and what is wrong with them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from llmtrace.damage import diagnosis, stand_in
from llmtrace.errors import WeightsError

_SINGLE, _INDEX = "model.safetensors", "model.safetensors.index.json"
_FLOATS = ("F64", "F32", "F16", "BF16")
# What old checkpoints keep beside the weights: attention's masks, and the rotary frequencies.
BUFFER = re.compile(r"\.(attn|attention)\.(masked_)?bias$|rotary_emb\.inv_freq$")


@dataclass(frozen=True)
class Shards:
    """The files that hold a model, and the shape of each tensor in them, by its name."""

    files: tuple[Path, ...]
    shapes: dict[str, tuple[int, ...]]

    def digest(self) -> str:
        """sha256 of the files, one after the other."""
        total = hashlib.sha256()
        for path in self.files:
            with path.open("rb") as file:
                while piece := file.read(1 << 20):
                    total.update(piece)
        return total.hexdigest()


def read_shards(folder: Path, name: str) -> Shards:
    """What a folder's weights are, without reading them; raises `WeightsError`, which begins with `name`."""
    files = _files(folder, name)
    shapes: dict[str, tuple[int, ...]] = {}
    for path in files:
        try:
            with safe_open(path, framework="np") as file:
                for tensor in file.keys():  # noqa: SIM118
                    part = file.get_slice(tensor)
                    shapes[tensor] = tuple(part.get_shape())
                    if part.get_dtype() not in _FLOATS and not BUFFER.search(tensor):
                        raise WeightsError(
                            f"{name}: {tensor} in {path} is kept as {part.get_dtype()}, so it is quantised; "
                            "give the model that it was made from"
                        )
        except (SafetensorError, OSError) as error:
            what = stand_in(path) or f"cannot be read: {diagnosis(path) or error}; download it again"
            raise WeightsError(f"{name}: {path} {what}") from None
    return Shards(files, shapes)


def _files(folder: Path, name: str) -> tuple[Path, ...]:
    """The files that transformers loads: one, or those of an index."""
    if (folder / _SINGLE).is_file():
        return (folder / _SINGLE,)
    if (folder / _INDEX).is_file():
        return _indexed(folder, name)
    if others := sorted(folder.glob("*.safetensors")):
        raise WeightsError(
            f"{name}: no {_SINGLE} in {folder}, but {others[0].name}; if that is the model, call it {_SINGLE}"
        )
    raise WeightsError(
        f"{name}: no *.safetensors in {folder}; pickled weights are not read, so convert them "
        "with transformers' save_pretrained first"
    )


def _indexed(folder: Path, name: str) -> tuple[Path, ...]:
    path = folder / _INDEX
    try:
        parts = sorted(set(json.loads(path.read_text(encoding="utf-8"))["weight_map"].values()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        what = stand_in(path) or "is no index of weights; download it again"
        raise WeightsError(f"{name}: {path} {what}") from None
    for part in parts:
        if not (folder / str(part)).is_file():
            raise WeightsError(f"{name}: {path.name} names {part}, which is not in {folder}; download it too")
    return tuple(folder / str(part) for part in parts)
