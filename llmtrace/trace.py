"""`Trace`: the named tensors of one forward pass, in one open safetensors file.

Imports neither torch nor transformers, so that everything downstream may read a trace without them.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from llmtrace.errors import TraceFileError
from llmtrace.meta import KEY, Meta, ModelCard
from llmtrace.names import block, described
from llmtrace.store import DTYPES, Array, TraceWriter

__all__ = ["Array", "Info", "Meta", "ModelCard", "Trace", "block"]


@dataclass(frozen=True)
class Info:
    """One tensor of a trace, known without reading it."""

    name: str
    axes: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    about: str


class MissingTensorError(KeyError):
    """A tensor that is not in a trace: its name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: no such tensor in this trace")
        self.name = name


class Trace:
    """Named tensors with their axes; from memory, or from a file, lazily and memory-mapped.

    `trace["block.03.attn.pattern"]` is a numpy array; asking for a name that is not there raises `KeyError`.
    An array that comes from a file is read-only and costs no memory of its own.
    """

    def __init__(self, tensors: Mapping[str, Array], meta: Meta) -> None:
        self._tensors = dict(tensors)
        self._names = tuple(sorted(self._tensors))
        self.meta = meta
        self._file: _Mapped | None = None

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Trace:
        """Opens a trace; tensors are read when first asked for.

        Raises `TraceFileError` when the file is missing, damaged, no trace, or of a later format.
        """
        path = Path(path)
        try:
            if not path.is_file():
                raise TraceFileError(
                    f"{path}: no such trace; make one with 'llm-lesson trace PROMPT --out {path}'"
                )
            with safe_open(path, framework="np") as file:  # refuses a file that is not whole
                header = (file.metadata() or {}).get(KEY)
            mapped = _Mapped(path)
        except (SafetensorError, OSError, ValueError) as error:
            raise TraceFileError(f"{path}: cannot be read as a trace ({error}); make it again") from None
        if header is None:
            raise TraceFileError(f"{path}: a safetensors file, but no trace; 'llm-lesson trace' writes one")
        trace = cls({}, Meta.from_json(header, path))
        trace._file, trace._names = mapped, tuple(sorted(mapped.table))
        try:
            for info in trace.info():
                if len(info.shape) != len(info.axes):
                    raise TraceFileError(
                        f"{path}: {info.name} has the shape {info.shape}, and its axes are "
                        f"{' '.join(info.axes)}; make the trace again"
                    )
        except KeyError as error:
            raise TraceFileError(f"{path}: {error.args[0]}; make the trace again") from None
        return trace

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes the trace aside, then renames it: a reader never sees half a file."""
        path = Path(path)
        with TraceWriter(path, self.meta, len(self._names)) as store:
            # Bytes last, so that what follows them is not at an odd place.
            for name in sorted(self._names, key=lambda name: self[name].itemsize == 1):
                store.put(name, self[name])
        return path

    def __getitem__(self, name: str) -> Array:
        if name not in self._tensors:
            if self._file is None or name not in self._file.table:
                raise MissingTensorError(name)
            self._tensors[name] = self._file.read(name)
        return self._tensors[name]

    def __contains__(self, name: object) -> bool:
        return name in self._tensors or (self._file is not None and name in self._file.table)

    def names(self, pattern: str = "*") -> tuple[str, ...]:
        """The tensors' names that match a shell pattern, in order."""
        return tuple(n for n in self._names if fnmatchcase(n, pattern))

    def axes(self, name: str) -> tuple[str, ...]:
        """The letters of a tensor's axes, such as `("H", "T", "T")`."""
        return described(name)[0]

    def info(self, pattern: str = "*") -> Iterator[Info]:
        """The tensors whose names match, in order, without reading them."""
        for name in self.names(pattern):
            axes, about = described(name)
            if self._file is not None and name in self._file.table:
                kind, shape, start, end = self._file.table[name]
                yield Info(name, axes, shape, kind.name, end - start, about)
            else:
                array = self[name]
                yield Info(name, axes, array.shape, array.dtype.name, array.nbytes, about)

    @property
    def length(self) -> int:
        """The number of prompt tokens, T."""
        return int(self["tokens"].shape[0])

    @property
    def best_head(self) -> tuple[int, int]:
        """(block, head) of the head with the highest `heads.attribution`: the one that a lesson shows."""
        return highest(self["heads.attribution"])

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


def highest(scores: Array) -> tuple[int, int]:
    """Where the largest of (block, head) scores stands."""
    index, head = np.unravel_index(int(np.argmax(scores)), scores.shape)
    return int(index), int(head)


class _Mapped:
    """A safetensors file in memory's address space: its table, and arrays that look into it."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        size = int.from_bytes(self._map[:8], "little")
        entries: dict[str, Any] = json.loads(self._map[8 : 8 + size])
        entries.pop("__metadata__", None)
        self._data = 8 + size
        self.table: dict[str, tuple[np.dtype[Any], tuple[int, ...], int, int]] = {}
        for name, entry in entries.items():
            if entry["dtype"] not in DTYPES:
                raise ValueError(f"{name} is of type {entry['dtype']}, which no trace has")
            start, end = entry["data_offsets"]
            self.table[name] = (DTYPES[entry["dtype"]], tuple(entry["shape"]), start, end)

    def read(self, name: str) -> Array:
        kind, shape, start, _ = self.table[name]
        return np.ndarray(shape, kind, self._map, self._data + start)
