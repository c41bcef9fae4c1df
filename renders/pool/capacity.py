"""How many workers there is room for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

_MEMORY = 1e9  # bytes for a worker: at 1080p it has half of that at its peak
_CONTAINER = Path("/sys/fs/cgroup/memory.max")  # bytes that a container may have in all


def capacity() -> int:
    """How many workers there are cores and memory for here, at least one."""
    process = psutil.Process()
    cores = len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else psutil.cpu_count() or 1
    return max(1, min([cores, *(int(free // _MEMORY) for free in _free_memory())]))


def _free_memory() -> Iterator[float]:
    """Bytes that are free on this machine, and those of the container that this may be, where known."""
    yield psutil.virtual_memory().available
    with suppress(OSError, ValueError):  # "max" is no number
        yield int(_CONTAINER.read_text())
