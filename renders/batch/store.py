"""Where a batch is read from and where its lessons go: a folder, or any URL that fsspec knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fsspec
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from renders.errors import OutputError, RequestError

REPORT, SUMMARY = "report.json", "batch.json"


def read_bytes(url: str) -> bytes:
    """A file's content; raises `RequestError`."""
    try:
        with fsspec.open(url, "rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise RequestError(f"{url}: no such file") from None
    except Exception as error:  # each storage's driver has errors of its own
        raise RequestError(f"{url}: cannot be read ({error})") from None
    return content


class ResultStore:
    """The folder of a batch's results: `NAME/…` a lesson with its report, and one summary.

    Every method may raise `OSError`, or what the storage's driver raises.
    """

    def __init__(self, url: str) -> None:
        """Raises `RequestError` for a storage that is unknown or whose driver is not installed."""
        try:
            found: tuple[AbstractFileSystem, str] = url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise RequestError(f"{url}: {error}") from None
        self._fs, self._root = found

    @property
    def url(self) -> str:
        """Complete, so that it means the same on another machine."""
        return str(self._fs.unstrip_protocol(self._root))

    @property
    def shared(self) -> bool:
        """Whether another process sees what is written here."""
        return "memory" not in self._fs.protocol

    def begin(self) -> None:
        """Makes the folder; raises `OutputError` when that is refused."""
        try:
            self._fs.makedirs(self._root, exist_ok=True)
        except Exception as error:  # each storage's driver has errors of its own
            raise OutputError(
                f"{self.url}: results cannot be written there ({error}); name another place with --out"
            ) from error

    def report(self, name: str) -> dict[str, Any] | None:
        """What the report of a lesson says; None when there is none that can be read."""
        try:
            content = json.loads(self._fs.cat_file(self._path(name, REPORT)))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        return content if isinstance(content, dict) else None

    def write(self, content: dict[str, Any], *place: str) -> None:
        """Writes a JSON file."""
        path = self._path(*place)
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._fs.pipe_file(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())

    def put(self, folder: Path, name: str) -> dict[str, int]:
        """Copies a lesson's files here; returns their sizes in bytes."""
        sizes = {}
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            path = file.relative_to(folder).as_posix()
            self._fs.makedirs(self._path(name, path).rpartition("/")[0], exist_ok=True)
            self._fs.put_file(str(file), self._path(name, path))
            sizes[path] = file.stat().st_size
        return sizes

    def holds(self, name: str, sizes: dict[str, int]) -> bool:
        """Whether these files of a lesson are here, with these sizes."""
        self._fs.invalidate_cache()
        folder = self._path(name)
        try:
            found = self._fs.find(folder, detail=True)
        except FileNotFoundError:
            return False
        here = {path[len(folder) + 1 :]: entry["size"] for path, entry in found.items()}
        return bool(sizes) and all(here.get(path) == size for path, size in sizes.items())

    def _path(self, *parts: str) -> str:
        return "/".join((self._root.rstrip("/"), *parts))
