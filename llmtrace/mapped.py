"""A trace's file in memory's address space: its table, arrays that look into it, and what is wrong with it.

A safetensors file is the length of its header (8 bytes), the header as JSON, then the tensors' bytes.
"""

from __future__ import annotations

import json
import math
import mmap
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from llmtrace.errors import TraceFileError
from llmtrace.meta import KEY, SUMS
from llmtrace.store import DTYPES, Array

_LONGEST = 100_000_000  # bytes of a header that safetensors reads


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
                f"{path}: cannot be read as a trace: {_diagnosis(path) or error}; make it again"
            ) from None
        size = int.from_bytes(self._map[:8], "little")
        entries: dict[str, Any] = json.loads(self._map[8 : 8 + size])
        about: dict[str, str] = entries.pop("__metadata__", None) or {}
        self.header, self._sums = about.get(KEY), about.get(SUMS)
        self._data = 8 + size
        self.table: dict[str, tuple[np.dtype[Any], tuple[int, ...], int, int]] = {}
        for name, entry in entries.items():
            if entry["dtype"] not in DTYPES:
                raise TraceFileError(f"{path}: {name} is of type {entry['dtype']}, which no trace has")
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


def _diagnosis(path: Path) -> str | None:
    """What is wrong with a file, as far as that can be said; None where it cannot."""
    try:
        with path.open("rb") as file:
            there = file.seek(0, 2)
            file.seek(0)
            size = int.from_bytes(file.read(8), "little")
            if there < 8 or size > _LONGEST:
                return "it is no safetensors file"
            if 8 + size > there:
                return f"it is cut off in its header, after {there:,} bytes"
            entries = json.loads(file.read(size))
        entries.pop("__metadata__", None)
        return _misfit(entries, there, 8 + size)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "its header is damaged"


def _misfit(entries: dict[str, Any], there: int, start: int) -> str | None:
    """What a table says that is not so: `there` bytes are in the file, its tensors begin at `start`."""
    ends = {name: start + int(entry["data_offsets"][1]) for name, entry in entries.items()}
    if cut := sorted((end, name) for name, end in ends.items() if end > there):
        rest = f" and {len(cut) - 1} more" if cut[1:] else ""
        return f"it is cut off: {there:,} bytes of {cut[-1][0]:,}, so that {cut[0][1]}{rest} cannot be read"
    for name, entry in entries.items():
        kind, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        if kind not in DTYPES:
            return f"{name} is of type {kind}, which no trace has"
        if end - begin != DTYPES[kind].itemsize * math.prod(shape):
            return (
                f"{name} has {end - begin:,} bytes, which is not the size of {shape} in {DTYPES[kind].name}"
            )
    if ends and max(ends.values()) < there:
        return f"it is {there:,} bytes long, and its tensors end at {max(ends.values()):,}"
    return None
