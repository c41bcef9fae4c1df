"""`Trace`: the named tensors of one forward pass, in one open safetensors file.

Imports neither torch nor transformers, so that everything downstream may read a trace without them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from llmtrace.describe import headline, table
from llmtrace.errors import TraceFileError
from llmtrace.mapped import Mapped
from llmtrace.meta import Info, Meta, ModelCard
from llmtrace.names import block, described
from llmtrace.ranges import Range, range_of
from llmtrace.shapes import misfit
from llmtrace.store import NAMES, Array, TraceWriter

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Array", "Info", "Meta", "ModelCard", "Range", "Trace", "block"]


class MissingTensorError(KeyError):
    """A tensor that is not in a trace: its name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: no such tensor in this trace")
        self.name = name


class Trace:
    """Named tensors with their axes; from memory, or from a file, lazily and memory-mapped.

    `trace["block.03.attn.pattern"]` is a numpy array; asking for a name that is not there raises `KeyError`.
    An array that comes from a file is read-only and costs no memory of its own. `len(trace)` is how many
    there are, and iterating gives their names; a notebook shows a table, and `trace.plot(name)` a picture.
    """

    def __init__(self, tensors: Mapping[str, Array], meta: Meta) -> None:
        self._tensors = dict(tensors)
        self._names = tuple(sorted(self._tensors))
        self.meta = meta
        self._file: Mapped | None = None

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Trace:
        """Opens a trace; tensors are read when first asked for.

        Raises `TraceFileError` when the file is missing, damaged, no trace, or of a later format.
        """
        path = Path(path)
        if not path.is_file():
            raise TraceFileError(
                f"{path}: no such trace; make one with 'llm-lesson trace PROMPT --out {path}'"
            )
        mapped = Mapped(path)
        if mapped.header is None:
            raise TraceFileError(f"{path}: a safetensors file, but no trace; 'llm-lesson trace' writes one")
        trace = cls({}, Meta.from_json(mapped.header, path))
        trace._file, trace._names = mapped, tuple(sorted(mapped.table))
        try:
            wrong = misfit(trace.info(), trace.meta.model)
        except KeyError as error:
            wrong = str(error.args[0])
        if wrong:
            raise TraceFileError(f"{path}: {wrong}; make the trace again")
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

    def __len__(self) -> int:
        """How many tensors there are."""
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        """The tensors' names, in order."""
        return iter(self._names)

    def __repr__(self) -> str:
        return f"<Trace {self.headline}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the line of `headline`, and a table of the tensors."""
        return table(self.headline, self.info())

    @property
    def headline(self) -> str:
        """Prompt, model, tokens, tensors, size: in one line."""
        return headline(self.meta, self.length, self.info())

    def plot(self, name: str, *index: int | slice) -> Image:
        """A small picture of a tensor, or of a part of it, which a notebook shows: a Pillow image.

        `trace.plot("block.03.attn.pattern")` has all heads, `trace.plot("block.03.attn.pattern", 0)` one;
        see `llmtrace.picture`. Raises `KeyError` for a name and `IndexError` for a place that are not there,
        and `ValueError` for what has no picture: a single number, or four axes.
        """
        from llmtrace.picture import picture

        where = ", ".join(
            str(at) if isinstance(at, int) else f"{at.start or 0}:{at.stop or ''}" for at in index
        )
        return picture(f"{name}[{where}]" if index else name, self[name][index])

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
                yield Info(name, axes, shape, NAMES[kind], end - start, about)
            else:
                array = self[name]
                yield Info(name, axes, array.shape, array.dtype.name, array.nbytes, about)

    def range(self, name: str) -> Range:
        """A tensor's least and largest finite value, and how many are not finite; reads it."""
        return range_of(self[name])

    def changed(self) -> list[str]:
        """The tensors, or "metadata", whose bytes in the file are not those that were written.

        Reads the whole file. Empty for a trace in memory, and for a file of an older version.
        """
        return list(self._file.changed()) if self._file is not None else []

    @property
    def length(self) -> int:
        """The number of prompt tokens, T."""
        return int(self["tokens"].shape[0])

    @property
    def best_head(self) -> tuple[int, int]:
        """(block, head) of the head with the highest `heads.attribution`."""
        return highest(self["heads.attribution"])

    @property
    def shown_head(self) -> tuple[int, int]:
        """(block, head) of the one that a lesson shows: the best, where no other was chosen for the trace."""
        if "weight.head" not in self:
            return self.best_head
        index, head = self["weight.head"].tolist()
        return index, head

    @property
    def ended(self) -> bool:
        """Whether the text is over: the last chosen token is one that ends it, as `<|endoftext|>` does."""
        return int(self["generated.token"][-1]) in self.meta.model.ends

    def token_bytes(self, token: int) -> bytes | None:
        """The bytes that a token stands for.

        None for one that the vocabulary has no entry for, as where a table has more rows than there are
        tokens, and for all when the trace was made without a tokenizer.
        """
        if "vocabulary.ends" not in self:
            return None
        start = int(self._vocabulary_ends[token - 1]) if token else 0
        return self._vocabulary_bytes[start : int(self._vocabulary_ends[token])] or None

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
