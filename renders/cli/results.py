"""Where what was made goes, when that is a file, and how it is shown."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from renders.errors import RequestError
from renders.store.atomic import atomic_file

_MEDIA = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".gif", ".m4a", ".mp3", ".wav", ".ogg", ".flac")


def file_of(out: Path | None, endings: Sequence[str]) -> Path | None:
    """`out` when it names a file of one of these endings, None when it names a folder.

    Raises `RequestError` for a file of another kind.
    """
    if out is None or out.is_dir() or out.suffix.lower() not in _MEDIA:
        return None
    if out.suffix.lower() not in endings:
        raise RequestError(f"--out {out}: the file can be {' or '.join(endings)}; or name a folder")
    return out


@contextlib.contextmanager
def placed(file: Path | None) -> Iterator[Callable[[Path], object]]:
    """What copies a file that was made to `file`, which is there when the block ends well, and not before.

    Without a `file` it does nothing. Raises `OutputError`, before any work, where none can be written.
    """
    if file is None:
        yield lambda _: None
        return
    with atomic_file(file) as aside:
        yield partial(shutil.copyfile, dst=aside)


def show(path: Path) -> None:
    """Opens a file with whatever this machine opens it with."""
    if click.launch(str(path)):
        click.echo(f"{path}: nothing here opens it; look at it with a program of yours", err=True)
