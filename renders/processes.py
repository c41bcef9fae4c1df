"""Processes that we start: each runs nothing of the caller's script, and ends with the caller."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, TypeVar

from renders.errors import WorkerError

T = TypeVar("T")


@contextmanager
def main_left_alone() -> Iterator[None]:
    """A process that is started meanwhile does not run the caller's script, which it needs nothing of.

    So a script that makes a lesson needs no `if __name__ == "__main__"`, and the process begins sooner.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def bound_to_parent() -> None:
    """Called first in a process: Ctrl-C is its parent's to handle, and it ends when that does, in any way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def apart(
    work: Callable[..., T], *args: object, told: Callable[[Any], object], meanwhile: Callable[[], None]
) -> T:
    """What `work(*args, tell)` returns in a process of its own, which gives all the memory back that it took.

    What it raises is raised here; what it calls `tell` with, `told` is called with here; `meanwhile` is
    called while the process starts. Raises WorkerError when the process was ended from outside. An error
    here, Ctrl-C too, ends it.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, work, args), daemon=True)
    with main_left_alone():
        process.start()
    there.close()  # so that its end is seen here
    try:
        meanwhile()
        while True:
            kind, content = here.recv()
            if kind == "told":
                told(content)
            elif kind == "raised":
                raise content
            else:
                return content  # type: ignore[no-any-return]
    except EOFError:
        raise WorkerError(
            "the process that ran the model was ended from outside, perhaps for want of memory; "
            "try again when other programs have ended, or with a smaller --model"
        ) from None
    finally:
        process.terminate()
        process.join()
        here.close()


def _run(there: Connection, work: Callable[..., object], args: tuple[object, ...]) -> None:
    bound_to_parent()
    try:
        there.send(("returned", work(*args, lambda content: there.send(("told", content)))))
    except Exception as error:  # every one: it is the caller's to handle
        there.send(("raised", _portable(error)))


def _portable(error: Exception) -> Exception:
    """The error with its traceback as a note, which it would lose; another where it cannot be sent."""
    try:
        sent: Exception = pickle.loads(pickle.dumps(error))
    except Exception:  # as its class likes
        sent = RuntimeError(f"{type(error).__name__}: {error}")
    sent.add_note(traceback.format_exc())
    return sent
