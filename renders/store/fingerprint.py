"""What code a kept file was made by: the digest of its sources, and the versions of its libraries."""

from __future__ import annotations

from collections.abc import Iterator
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


@cache
def sources(package: Path, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> str:
    """The digest of a package's own source files."""

    def files() -> Iterator[tuple[str, str]]:
        for path in sorted(package.rglob("*.py")):
            name = path.relative_to(package).as_posix()
            if name not in without and (not only or name in only):
                yield name, digest(path)

    return key(list(files()))
