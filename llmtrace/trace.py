"""`Trace`: the named tensors of one forward pass, in one open safetensors file.

Imports neither torch nor transformers, so that everything downstream may read a trace without them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from llmtrace.errors import PromptError, TraceFileError
from llmtrace.sampling import Sampling

Array = npt.NDArray[Any]

FORMAT = 1
_META_KEY = "llmtrace"  # one key alone: safetensors writes several in no fixed order

# The axes of each tensor, by the pattern of its name (T positions, D width, H heads, K head width,
# F feed-forward width, V vocabulary, L blocks, S generated steps, B bytes).
AXES: dict[str, str] = {
    "tokens": "T",
    "embed.*": "T D",
    "block.*.resid_*": "T D",
    "*ln*.mean": "T",
    "*ln*.std": "T",
    "*ln*.normalized": "T D",
    "*ln*.out": "T D",
    "block.*.attn.q": "H T K",
    "block.*.attn.k": "H T K",
    "block.*.attn.v": "H T K",
    "block.*.attn.scores": "H T T",
    "block.*.attn.scaled": "H T T",
    "block.*.attn.masked": "H T T",
    "block.*.attn.pattern": "H T T",
    "block.*.attn.context": "H T K",
    "block.*.attn.concat": "T D",
    "block.*.attn.out": "T D",
    "block.*.mlp.pre": "T F",
    "block.*.mlp.act": "T F",
    "block.*.mlp.out": "T D",
    "logits": "V",
    "heads.attribution": "L H",
    "generated.logits": "S V",
    "generated.probability": "S V",
    "generated.draw": "S",
    "generated.token": "S",
    "vocabulary.bytes": "B",
    "vocabulary.ends": "V",
}


@dataclass(frozen=True)
class ModelCard:
    """What is to be known of the model that a trace was taken from."""

    name: str
    sha256: str  # of the weights' files
    blocks: int
    heads: int
    width: int
    head_width: int
    mlp_width: int
    context: int
    vocabulary: int
    parameters: int
    activation: str
    layer_norm_eps: float
    score_scale: tuple[float, ...]  # what each block multiplies its scores by, usually 1/√K


@dataclass(frozen=True)
class Meta:
    """A trace's metadata; kept as JSON in the file's header."""

    model: ModelCard
    prompt: str | None  # None when the trace was taken from ids
    spans: tuple[tuple[int, int], ...]  # each token's bytes in the prompt's UTF-8
    sampling: Sampling
    dtype: str
    libraries: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def block(index: int, name: str) -> str:
    """The full name of a tensor of one block: `block(3, "attn.pattern")` is `block.03.attn.pattern`."""
    return f"block.{index:02d}.{name}"


class Trace:
    """Named tensors with their axes; from memory, or read lazily from a file.

    `trace["block.03.attn.pattern"]` is a numpy array; asking for a name that is not there raises `KeyError`.
    """

    def __init__(self, tensors: Mapping[str, Array], meta: Meta) -> None:
        self._tensors = dict(tensors)
        self._names = tuple(sorted(self._tensors))
        self.meta = meta
        self._file: Any = None

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Trace:
        """Opens a trace; tensors are read when first asked for.

        Raises `TraceFileError` when the file is missing, damaged, no trace, or of another format.
        """
        path = Path(path)
        try:
            if not path.is_file():
                raise TraceFileError(
                    f"{path}: no such trace; make one with 'llm-lesson trace PROMPT --out {path}'"
                )
            file: Any = safe_open(path, framework="np")
            header = (file.metadata() or {}).get(_META_KEY)
            names = tuple(sorted(file.keys()))
        except (SafetensorError, OSError) as error:
            raise TraceFileError(f"{path}: cannot be read as a trace ({error}); make it again") from None
        if header is None:
            raise TraceFileError(f"{path}: a safetensors file, but no trace; 'llm-lesson trace' writes one")
        trace = cls({}, _meta_from_json(header, path))
        trace._file, trace._names = file, names
        return trace

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes the trace aside, then renames it: a reader never sees half a file."""
        path = Path(path)
        aside = path.parent / f".{path.name}.{os.getpid()}.tmp"
        header = json.dumps(asdict(self.meta), ensure_ascii=False, sort_keys=True)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            save_file(
                {n: np.ascontiguousarray(self[n]) for n in self._names}, aside, metadata={_META_KEY: header}
            )
            aside.chmod(0o644)  # safetensors makes files that their owner alone can read
            aside.replace(path)
        except (OSError, SafetensorError) as error:
            raise TraceFileError(
                f"{path}: the trace cannot be written ({error}); name another place with --out"
            ) from None
        finally:
            with suppress(OSError):  # gone already, or in a place where nothing can be
                aside.unlink()
        return path

    def __getitem__(self, name: str) -> Array:
        if name not in self._tensors:
            if self._file is None or name not in self._names:
                raise KeyError(f"{name}: no such tensor in this trace")
            self._tensors[name] = self._file.get_tensor(name)
        return self._tensors[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def names(self, pattern: str = "*") -> tuple[str, ...]:
        """The tensors' names that match a shell pattern, in order."""
        return tuple(n for n in self._names if fnmatchcase(n, pattern))

    def axes(self, name: str) -> tuple[str, ...]:
        """The letters of a tensor's axes, such as `("H", "T", "T")`."""
        for pattern, axes in AXES.items():
            if fnmatchcase(name, pattern):
                return tuple(axes.split())
        raise KeyError(f"{name}: no tensor of a trace has this name")

    @property
    def length(self) -> int:
        """The number of prompt tokens, T."""
        return int(self["tokens"].shape[0])

    @property
    def best_head(self) -> tuple[int, int]:
        """(block, head) of the head with the highest `heads.attribution`: the one that a lesson shows."""
        scores = self["heads.attribution"]  # (block, head)
        index, head = np.unravel_index(int(np.argmax(scores)), scores.shape)
        return int(index), int(head)

    def token_bytes(self, token: int) -> bytes | None:
        """The bytes that a token stands for; None when the trace was made without a tokenizer."""
        if "vocabulary.ends" not in self:
            return None
        start = int(self._vocabulary_ends[token - 1]) if token else 0
        return self._vocabulary_bytes[start : int(self._vocabulary_ends[token])]

    @cached_property
    def _vocabulary_ends(self) -> Array:
        return self["vocabulary.ends"]

    @cached_property
    def _vocabulary_bytes(self) -> bytes:
        return self["vocabulary.bytes"].tobytes()


def _meta_from_json(header: str, path: Path) -> Meta:
    try:
        raw = json.loads(header)
        if raw["format"] != FORMAT:
            raise TraceFileError(
                f"{path}: format {raw['format']}, this version reads {FORMAT}; run 'llm-lesson trace' again"
            )
        card = raw.pop("model")
        card["score_scale"] = tuple(card["score_scale"])
        raw["spans"] = tuple((start, end) for start, end in raw["spans"])
        raw["sampling"] = Sampling(**raw["sampling"])
        return Meta(model=ModelCard(**card), **raw)
    except (KeyError, TypeError, ValueError, PromptError) as error:
        raise TraceFileError(f"{path}: its header is damaged ({error!r}); make the trace again") from None
