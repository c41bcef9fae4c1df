"""Where things are kept: a lesson's folder, which appears whole or not at all, and the caches."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import hashlib
import json
import os
import secrets
import shutil
import signal
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Any

import platformdirs

import renders
from renders.errors import OutputError
from renders.store import layout

CACHE = "LLM_LESSON_CACHE"  # the environment variable that names another place for the caches
LOCK = ".lock"  # in a folder that is being made
LONGEST = 60  # characters of a folder's name


def results() -> Path:
    """`renders/out` in a checkout; for an installed package the same folder below where it is run."""
    home = Path(renders.__file__).parent.parent
    return (home if (home / "pyproject.toml").is_file() else Path.cwd()) / "renders" / "out"


def slug(prompt: str) -> str:
    """A folder's name from a prompt: lower-case ASCII words joined by hyphens, never a path."""
    return _words(prompt)[:LONGEST].strip("-") or f"prompt-{digest(prompt)}"


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def _told_apart(text: str) -> str:
    """The same, with a few digits where letters are lost that tell it from others."""
    lost = any(letter.isalnum() and not letter.isascii() for letter in unicodedata.normalize("NFKD", text))
    return "-".join(filter(None, (_words(text), digest(text) if lost or not _words(text) else "")))


def named_after(words: str, prompt: str | None, what: Sequence[str] = ()) -> Path:
    """A lesson's folder, named after `words` and `what` tells it from others of the same prompt.

    Where that name is a lesson's of another `prompt` (None: of ids), or too long, it ends in a few digits.
    """
    tail = "-".join(map(_told_apart, what))
    if len(tail) > LONGEST:
        tail = f"{tail[: LONGEST - 9].rstrip('-')}-{digest(tail)}"
    folder = results() / "-".join(filter(None, (slug(words), tail)))
    if folder.exists() and said_of(folder).get("prompt", "") != prompt:
        return folder.with_name(f"{folder.name}-{digest(words)}")
    return folder


def said_of(folder: Path) -> dict[str, Any]:
    """What the lesson in a folder says of itself; nothing where there is none that can be read."""
    try:
        said = json.loads((folder / layout.LESSON).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


@contextlib.contextmanager
def atomic_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder beside `folder`, whose files move there when the block ends well, and vanish if not.

    What else is in `folder` stays; a folder takes the place of one of its name. Raises `OutputError` when
    the place cannot be written.
    """
    folder = folder.absolute()
    try:
        if folder.exists() and not folder.is_dir():
            raise FileExistsError(errno.EEXIST, "it is a file, and a lesson is a folder")
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear_dead(folder)
        aside, lock = _locked(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    with lock, _ended_as_an_error():
        try:
            yield aside
            folder.mkdir(exist_ok=True)
            for made in sorted(aside.iterdir()):
                if made.name != LOCK:
                    if made.is_dir():
                        remove(folder / made.name)
                    made.replace(folder / made.name)
        except OSError as error:
            named = Path(str(error.filename or aside))  # no file is named when the disk is full
            if not any(named.is_relative_to(ours) for ours in (aside, folder)):
                raise
            raise _unwritable(folder, error) from error
        finally:
            remove(aside)


def _locked(folder: Path) -> tuple[Path, IO[bytes]]:
    """A new hidden folder beside `folder`, and the lock that says that its build is alive."""
    while True:
        aside = folder.with_name(f".{folder.name[:80]}.{secrets.token_hex(4)}.part")
        aside.mkdir()
        try:
            lock = (aside / LOCK).open("wb")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, FileNotFoundError):  # another build is clearing it away as one of the dead
            continue
        return aside, lock


def _clear_dead(folder: Path) -> None:
    """Removes what builds of this folder left that were killed: their locks are free."""
    for part in folder.parent.glob(f".{glob.escape(folder.name[:80])}.*.part"):
        with contextlib.suppress(OSError), (part / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(part)


def cache(kind: str, root: Path | None = None) -> Path:
    """A folder that outlives a build: below `root`, `LLM_LESSON_CACHE`, or in the user's cache folder."""
    if chosen := root or os.environ.get(CACHE):
        return Path(chosen) / kind
    return platformdirs.user_cache_path("llm-lesson", appauthor=False) / kind


def remove(folder: Path) -> None:
    """Removes a folder of ours and all in it."""
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _ended_as_an_error() -> Iterator[None]:
    """Makes a polite end (SIGTERM) raise, so that what was made aside is cleared away."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(143)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # not the main thread: then whoever called handles signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _unwritable(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{folder}: the lesson cannot be written ({error.strerror or error}); name another folder with --out"
    )


def digest(prompt: str) -> str:
    """Eight digits that tell a prompt from another one of the same slug."""
    return hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()[:8]
