"""Files by name as people and recorders write them: in any case, and composed in any way."""

import unicodedata
from pathlib import Path

__all__ = ["found_by_name"]


def found_by_name(path: Path) -> Path:
    """The file at `path`, or else the one beside it whose name differs in upper and lower case only.

    `path` itself when there is none, and when there are several: none of them is surely meant.
    """
    if path.is_file() or not path.parent.is_dir():
        return path
    alike = [other for other in path.parent.iterdir() if _key(other) == _key(path) and other.is_file()]
    return alike[0] if len(alike) == 1 else path


def _key(path: Path) -> str:
    return unicodedata.normalize("NFC", path.name).casefold()
