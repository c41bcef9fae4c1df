"""Files that appear under their names when they are whole, and not before."""

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

__all__ = ["atomic_file"]


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to, renamed to `path` when the block ends well, removed when it does not.

    Any number of processes may write one `path` at a time. Raises the `OSError` of what failed.
    """
    aside = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        yield aside
        aside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
