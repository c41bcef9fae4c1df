"""A process that stays out of real time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def out_of_real_time() -> Iterator[None]:
    """Threads that come to run in real time while the block lasts run as the caller did before.

    SVT-AV1 gives the caller's thread, and all its own, the highest priority that there is wherever the system
    lets it, as it lets root. They keep it, as does every process that is started from there; with as many of
    those at work as there are cores, nothing else runs, and two that wait for a third wait for ever.
    """
    if not hasattr(os, "sched_setscheduler"):  # only Linux has it
        yield
        return
    before, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    there = set(_in_real_time())
    try:
        yield
    finally:
        for thread in set(_in_real_time()) - there:
            with suppress(OSError):  # it has ended
                os.sched_setscheduler(thread, before, parameters)


def _in_real_time() -> Iterator[int]:
    """This process's threads that run in real time."""
    with suppress(OSError):
        for entry in Path("/proc/self/task").iterdir():
            with suppress(OSError):
                if os.sched_getscheduler(int(entry.name)) in (os.SCHED_FIFO, os.SCHED_RR):
                    yield int(entry.name)
