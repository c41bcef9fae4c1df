"""A file of JSON → a validated type, or one line that says what is wrong with it and where."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from renders.errors import CheckError
from renders.store.atomic import atomic_file

_Type = TypeVar("_Type")


def read(path: Path) -> bytes:
    """A file's content; raises `CheckError` when it is missing or cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CheckError(
            f"{path}: no such file, so {path.parent} holds no lesson; make one with 'make'"
        ) from None
    except OSError as error:
        raise CheckError(f"{path}: cannot be read ({error.strerror}); make the lesson again") from None


def parsed(content: bytes, kind: type[_Type], path: Path) -> _Type:
    """The content of `path` as a `kind`; raises `CheckError` when it is damaged or not of that form."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise CheckError(f"{path}: cannot be read ({error}); make the lesson again") from None


def write(path: Path, content: object) -> None:
    """Writes a type as JSON for people: indented, characters as they are."""
    with atomic_file(path) as aside:
        aside.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")
