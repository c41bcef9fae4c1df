"""A chapter of one's own: a folder like ours, anywhere. Whoever names it has its code run.

    my-chapter/words.toml   at least `en`; a language that a lesson is made in has to be there
    my-chapter/script.py    as ours; what lies beside it is imported as `from .facts import …`
    my-chapter/scene.py     with `chapter = "my-chapter"`, the folder's name

Imports no manim itself.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import scenes
from scenes.errors import ChapterError

FILES = ("words.toml", "script.py", "scene.py")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
_LONGEST = 300  # characters of an error's own words


def is_folder(chapter: str) -> bool:
    """Whether a chapter is named by its folder, with a path in it, and not by one of our names."""
    return "/" in chapter or os.sep in chapter


def resolved(folder: Path) -> Path:
    """A chapter's folder as an absolute path; raises `ChapterError` where it is none."""
    try:
        place = folder.expanduser().resolve()
        missing = None if place.is_dir() else "no such folder"
        missing = missing or next((f"has no {n}" for n in FILES if not (place / n).is_file()), None)
    except (OSError, RuntimeError, ValueError) as error:
        raise ChapterError(f"{folder}: cannot be looked at ({error}); name another folder") from None
    if missing:
        raise ChapterError(f"{folder}: {missing}; a chapter is a folder with {', '.join(FILES)}")
    if place.name in scenes.CHAPTERS:
        raise ChapterError(f"{folder}: {place.name} is a chapter of ours; give the folder another name")
    if not _NAME.fullmatch(place.name):
        raise ChapterError(
            f"{folder}: a chapter's name begins with a letter and has letters, digits, - and _, 60 at most"
        )
    return place


def files(folder: Path) -> list[Path]:
    """All files of a chapter's folder but hidden and compiled ones."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    inner = ((path, path.relative_to(folder).parts) for path in found)
    return [path for path, parts in inner if not any(p.startswith(".") or p == "__pycache__" for p in parts)]


def digest(folder: Path) -> str:
    """Of a folder's place and of all its files."""
    made = hashlib.sha256(str(folder).encode())
    for path in files(folder):
        made.update(f"\0{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return made.hexdigest()


def module(folder: Path, name: str) -> ModuleType:
    """A module of a folder, run if it has not been since a file of it was changed."""
    package = f"own_chapter_{digest(folder)[:16]}"
    if package not in sys.modules:
        made = sys.modules[package] = ModuleType(package)
        made.__path__ = [str(folder)]
        importlib.invalidate_caches()
    with named(folder):
        return importlib.import_module(f"{package}.{name}")


@contextmanager
def named(folder: Path) -> Iterator[None]:
    """Makes an error of a chapter's code one `ChapterError`: its file and line, and what went wrong."""
    try:
        yield
    except (Exception, SystemExit) as error:
        if isinstance(error, ChapterError) or type(error).__module__.startswith("renders."):
            raise  # it says enough, or is no fault of the chapter's
        words = " ".join(str(error).split())[:_LONGEST]
        raise ChapterError(f"{_place(folder, error)}: {type(error).__name__}: {words}") from error


def _place(folder: Path, error: BaseException) -> str:
    """The last line of the folder's files that ran."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    ran = [
        frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(folder))
    ]
    return f"{ran[-1].filename}, line {ran[-1].lineno}" if ran else str(folder)
