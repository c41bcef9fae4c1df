"""A trace's file in memory's address space: its table, arrays that look into it, and what is wrong with it.

A safetensors file is the length of its header (8 bytes), the header as JSON, then the tensors' bytes.
"""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from llmtrace.damage import diagnosis
from llmtrace.errors import TraceFileError
from llmtrace.meta import KEY, SUMS
from llmtrace.store import DTYPES, Array


class Mapped:
    """A file that is whole; raises `TraceFileError` for any other, and says what is wrong."""

    def __init__(self, path: Path) -> None:
        try:
            with safe_open(path, framework="np"):  # checks all that the format asks for
                pass
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (SafetensorError, OSError, ValueError) as error:
            raise TraceFileError(
                f"{path}: cannot be read as a trace: {diagnosis(path, DTYPES) or error}; make it again"
            ) from None
        size = int.from_bytes(self._map[:8], "little")
        entries: dict[str, Any] = json.loads(self._map[8 : 8 + size])
        about: dict[str, str] = entries.pop("__metadata__", None) or {}
        self.header, self._sums = about.get(KEY), about.get(SUMS)
        self._data = 8 + size
        self.table: dict[str, tuple[np.dtype[Any], tuple[int, ...], int, int]] = {}
        for name, entry in entries.items():
            if entry["dtype"] not in DTYPES:
                raise TraceFileError(f"{path}: {name} is of type {entry['dtype']}, which is not read here")
            start, end = entry["data_offsets"]
            self.table[name] = (DTYPES[entry["dtype"]], tuple(entry["shape"]), start, end)

    def read(self, name: str) -> Array:
        kind, shape, start, _ = self.table[name]
        return np.ndarray(shape, kind, self._map, self._data + start)

    def changed(self) -> Iterator[str]:
        """What is not as it was written: names of tensors, or "metadata"; reads the whole file.

        The checksums, CRC-32, find damage; they are no seal against a forger. Of a file that has none, as
        those of format 1, nothing is known.
        """
        if self._sums is None:
            return
        if self._sums[:8] != f"{zlib.crc32((self.header or '').encode()):08x}":
            yield "metadata"
        for at, name in enumerate(sorted(self.table), start=1):
            _, _, start, end = self.table[name]
            piece = np.frombuffer(self._map, np.uint8, end - start, self._data + start)
            if self._sums[8 * at : 8 * at + 8] != f"{zlib.crc32(piece.data):08x}":
                yield name
