"""How much memory a process and all that it started have, while something is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


@contextmanager
def memory_of(process: psutil.Process, every: float = 0.5) -> Iterator[list[float]]:
    """Gigabytes of a process and all below it, shared pages counted once, every so many seconds."""
    found: list[float] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(every):
            with suppress(psutil.Error):  # it has ended
                found.append(sum(map(_bytes_of, [process, *process.children(recursive=True)])) / 1e9)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _bytes_of(process: psutil.Process) -> int:
    """Bytes of a process, each page divided by those who share it; where that is not known, its own pages."""
    try:
        used = process.memory_full_info()
    except psutil.Error:  # it has ended
        return 0
    return int(getattr(used, "pss", used.uss))
