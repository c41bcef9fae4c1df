"""Where tensors go as they come: into memory, or into a safetensors file that is written as they come."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from llmtrace.describe import size_of
from llmtrace.errors import TraceWriteError
from llmtrace.meta import KEY, SUMS, Meta

Array = npt.NDArray[Any]

# safetensors' names of the types that a trace holds.
DTYPES: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "F64": np.dtype("<f8"),
    "I32": np.dtype("<i4"),
    "I64": np.dtype("<i8"),
    "U8": np.dtype("u1"),
}
NAMES = {kind: kind.name for kind in DTYPES.values()}  # numpy works a name out anew each time
_PIECE = 1 << 24  # bytes of the disk that are taken at a time
_TYPES = {kind: name for name, kind in DTYPES.items()}


def judge_room(path: Path, size: int) -> None:
    """Raises `TraceWriteError` where a file of about so many bytes has no room, before anything is made."""
    place = next((parent for parent in path.absolute().parents if parent.is_dir()), path.parent)
    with suppress(OSError):  # what cannot be told is found while writing
        free = shutil.disk_usage(place).free
        if size > 1.1 * free:
            raise TraceWriteError(
                f"{path}: about {size_of(size)} are needed, and {size_of(free)} are free there; keep less "
                "with --only, or name another place with --out"
            )


class Store(Protocol):
    """Takes each tensor once; what it has taken may be changed or dropped by the giver."""

    def put(self, name: str, array: Array) -> None: ...


class Memory(dict[str, Array]):
    """Keeps every tensor."""

    def put(self, name: str, array: Array) -> None:
        self[name] = array.copy()


class TraceWriter:
    """Writes a trace's file while its tensors are made; keeps none of them.

        with TraceWriter(path, meta, tensors=500) as store:
            store.put("logits", logits)

    safetensors begins with a table of all tensors, which is complete only at the end. So room for `tensors`
    entries is left at the front, filled last, and padded with spaces, as the format allows. The file appears
    under its name when the block ends well; otherwise nothing is left. Raises `TraceWriteError`.
    """

    def __init__(self, path: Path, meta: Meta, tensors: int) -> None:
        self.path = path
        self._header = {"__metadata__": {KEY: meta.to_json()}}
        self._table: dict[str, dict[str, Any]] = {}
        self._sums = {"": f"{zlib.crc32(meta.to_json().encode()):08x}"}  # by name; the metadata has none
        self._room = (len(json.dumps(self._header)) + 160 * tensors + 103) // 8 * 8
        self._end = 0  # of the tensors so far, counted from the end of the room
        self._taken = 0  # bytes of the disk, or those that were asked for

    def __enter__(self) -> Self:
        self._aside = self.path.parent / f".{self.path.name[:80]}.{secrets.token_hex(4)}.part"
        try:
            if self.path.exists() and not self.path.is_file():
                raise OSError(errno.EEXIST, "it is there, and is no file")  # a folder, or a device
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._aside.open("wb")
            self._file.seek(8 + self._room)
        except OSError as error:
            self._give_up()
            raise self._unwritable(error) from None
        return self

    def put(self, name: str, array: Array) -> None:
        array = np.ascontiguousarray(array)
        if name in self._table:
            raise ValueError(f"{name}: is in the trace already")
        content = array.reshape(-1).view(np.uint8).data if array.size else b""
        self._take(8 + self._room + self._end + array.nbytes)
        try:
            self._file.write(content)
        except OSError as error:
            raise self._unwritable(error) from None
        start, self._end = self._end, self._end + array.nbytes
        kind = _TYPES[array.dtype]
        self._sums[name] = f"{zlib.crc32(content):08x}"
        self._table[name] = {"dtype": kind, "shape": array.shape, "data_offsets": [start, self._end]}

    def _take(self, size: int) -> None:
        """Takes room on the disk for so many bytes, and more, where the system can.

        It then has neither to find room for each page that is written, nor to write all of them to disk at
        once when the file takes another's name, as ext4 does with pages that have no place there yet.
        """
        if size > self._taken and hasattr(os, "posix_fallocate"):
            more = -(-(size - self._taken) // _PIECE) * _PIECE
            with suppress(
                OSError
            ):  # no such room, or none to be had ahead: each write finds its own, or fails
                os.posix_fallocate(self._file.fileno(), self._taken, more)
            self._taken += more

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        except OSError as failed:
            raise self._unwritable(failed) from None
        finally:
            self._give_up()

    def _finish(self) -> None:
        self._header["__metadata__"][SUMS] = "".join(self._sums[name] for name in sorted(self._sums))
        header = json.dumps({**self._header, **dict(sorted(self._table.items()))}).encode()
        assert len(header) <= self._room, "more tensors than were told of"
        self._file.seek(0)
        self._file.write(struct.pack("<Q", self._room) + header.ljust(self._room))
        self._file.truncate(8 + self._room + self._end)  # of what was taken ahead, the rest is given back
        self._file.close()
        self._aside.replace(self.path)

    def _give_up(self) -> None:
        """Closes and removes what was written aside; after a good end there is nothing left to remove."""
        with suppress(OSError, AttributeError):
            self._file.close()
        with suppress(OSError):
            os.unlink(self._aside)  # noqa: PTH108  (also for a path that pathlib will not have)

    def _unwritable(self, error: OSError) -> TraceWriteError:
        return TraceWriteError(
            f"{self.path}: the trace cannot be written ({error.strerror or error}); "
            "free some space or name another place with --out"
        )
