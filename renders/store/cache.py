"""What was made once and is kept: drawn beats, traces, mastered sound; each found by all it depends on.

An entry is the file and, beside it, a `.json` with its checksum and what is to be known of it, written last.
Both are written aside and renamed, so that several builds may share a cache and one that is killed leaves no
half entry. A damaged entry is as good as none. A cache that cannot be written is only read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renders.errors import OutputError
from renders.store import places
from renders.store.atomic import atomic_file

KINDS = ("segments", "traces", "sound", "audio")
LIMIT = 4_000_000_000  # bytes that all kinds together may have after a build
_PIECE = 1 << 24  # bytes that are copied at a time
_STALE = 3600.0  # seconds after which a file that is still written aside is one that a killed process left


class ArtifactCache:
    """A kind's entries, by key; `root` is another place than the user's for all kinds."""

    def __init__(self, kind: str, root: Path | None = None) -> None:
        self.folder = places.cache(kind, root)

    def get(self, key: str, to: Path) -> dict[str, Any] | None:
        """Puts a key's file at `to` and returns what is known of it; None when there is no such entry."""
        file, note = self._paths(key)
        try:
            content: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
            _copy(file, to)
            if digest(to) != content["sha256"]:
                raise ValueError
        except (OSError, ValueError, KeyError, TypeError):
            with contextlib.suppress(OSError):
                to.unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError):  # a cache that is only read
            os.utime(note)
        about = content.get("about")
        return about if isinstance(about, dict) else {}

    def put(self, key: str, file: Path, about: dict[str, Any]) -> bool:
        """Keeps a copy of a file; False when it cannot be kept, as in a full or read-only place."""
        kept, note = self._paths(key)
        content = {"sha256": digest(file), "about": about}
        try:
            with atomic_file(note) as noted:
                noted.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
                with atomic_file(kept) as copy:
                    _copy(file, copy)
                    note.unlink(
                        missing_ok=True
                    )  # while file and note are not of one another, there is no entry
        except (OSError, OutputError):
            return False
        return True

    def _paths(self, key: str) -> tuple[Path, Path]:
        home = self.folder / key[:2]
        return home / key, home / f"{key}.json"


def writable(root: Path | None = None) -> bool:
    """Whether anything can be kept at all."""
    place = places.cache("segments", root)
    probe = place / f".{secrets.token_hex(4)}.part"
    try:
        place.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def key(*parts: Any) -> str:
    """A key made of everything that an entry depends on: numbers, texts, lists and dicts of them."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def digest(path: Path) -> str:
    """sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Usage:
    """How much of a kind is kept."""

    kind: str
    entries: int
    bytes: int
    folder: Path


def usage() -> list[Usage]:
    found = []
    for kind in KINDS:
        entries = list(_entries(kind))
        found.append(Usage(kind, len(entries), sum(e.bytes for e in entries), places.cache(kind)))
    return found


def trim(limit: int, root: Path | None = None) -> int:
    """Removes what was used longest ago until at most `limit` bytes are kept; returns how many bytes went.

    What is being written aside stays, unless whoever wrote it must be dead by now.
    """
    entries = sorted((e for kind in KINDS for e in _entries(kind, root)), key=lambda entry: entry.used)
    before = size = sum(entry.bytes for entry in entries)
    for entry in entries:
        aside = entry.paths[0].name.startswith(".")
        if time.time() - entry.used > _STALE if aside else size > limit:
            for path in sorted(entry.paths, reverse=True):  # the note first: then there is no entry
                with contextlib.suppress(OSError):
                    path.unlink()
            size -= entry.bytes
    return before - size


@dataclass
class _Entry:
    """An entry's files, how large they are together, and when it was last used."""

    paths: list[Path]
    bytes: int
    used: float


def _entries(kind: str, root: Path | None = None) -> Iterator[_Entry]:
    found: dict[Path, _Entry] = {}
    for folder, _, names in os.walk(places.cache(kind, root)):
        for name in sorted(names):
            path = Path(folder) / name
            with contextlib.suppress(OSError):  # another build has trimmed it
                stat = path.stat()
                entry = found.setdefault(path.with_name(name.removesuffix(".json")), _Entry([], 0, 0.0))
                entry.paths.append(path)
                entry.bytes += stat.st_size
                entry.used = stat.st_mtime  # the note's, where there is one: a file may have another name too
    yield from found.values()


def _copy(file: Path, to: Path) -> None:
    """The same bytes in a file of their own, so that one that is changed in place leaves the other as it was.

    Where the file system can, both share their room on the disk until then.
    """
    to.unlink(missing_ok=True)
    with file.open("rb") as source, to.open("xb") as target:
        if hasattr(os, "copy_file_range"):
            with contextlib.suppress(OSError):  # of two file systems, or of one that cannot
                while os.copy_file_range(source.fileno(), target.fileno(), _PIECE):
                    pass
        source.seek(os.lseek(target.fileno(), 0, os.SEEK_CUR))
        shutil.copyfileobj(source, target, _PIECE)
