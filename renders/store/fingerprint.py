"""What code a kept file was made by: the digest of its sources, and the versions of its libraries."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from renders.store.cache import digest, key


@cache
def versions(packages: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def source_files(package: Path, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> list[Path]:
    """A package's own source files, without or only those of these names or patterns."""

    def among(name: str, patterns: tuple[str, ...]) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in patterns)

    found = {path.relative_to(package).as_posix(): path for path in sorted(package.rglob("*.py"))}
    return [
        path for name, path in found.items() if not among(name, without) and (not only or among(name, only))
    ]


@cache
def sources(package: Path, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> str:
    """The digest of those files, by their names."""
    files = source_files(package, without, only)
    return key([(path.relative_to(package).as_posix(), digest(path)) for path in files])
