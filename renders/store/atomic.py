"""Files that appear under their names when they are whole, and not before."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from renders.errors import OutputError, RequestError


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, renamed to `path` when the block ends well, removed when it does not.

    A process that is killed leaves a hidden `.NAME.*.part`, never a half-written `path`.
    Raises OutputError when the folder cannot be made or written.
    """
    path = path.absolute()
    aside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        if path.exists() and not path.is_file():
            raise OSError(errno.EEXIST, "it is there, and is no file")  # a folder, or a device
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.touch(exist_ok=False)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield aside
        try:
            os.replace(aside, path)  # noqa: PTH105  (Path.replace hides which of the two paths failed)
        except OSError as error:
            raise cannot_write(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def ends_with(path: Path, ending: str, option: str) -> None:
    """Raises RequestError when the name of a file to be written says that another kind of file is in it."""
    if path.suffix.lower() not in ("", ending):
        right = path.with_name(path.stem + ending)
        raise RequestError(f"{option} {path}: what is written is {ending}; name it {right.name}")


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The user's line for a failed write of `path`."""
    reason = error.strerror or str(error)
    return OutputError(
        f"{path} cannot be written ({reason}); free some space or choose another folder with --out"
    )
