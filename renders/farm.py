"""Chapters drawn side by side by worker processes."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.queues import Queue
from queue import Empty

from renders.errors import WorkerError
from renders.frames import Drawn, Shot, draw

Tell = Callable[[str, int], None]  # a chapter and how many of its frames are done

_EVERY = 5  # frames between two reports of a worker


def draw_all(shots: Sequence[Shot], workers: int, tell: Tell) -> list[Drawn]:
    """Draws every chapter, the longest first, and returns them in the order of `shots`.

    Raises `WorkerError` when a worker dies, and whatever a chapter itself raises.
    """
    context = multiprocessing.get_context("spawn")
    reports: Queue[tuple[str, int]] = context.Queue()
    with (
        _listening(reports, tell),
        ProcessPoolExecutor(min(workers, len(shots)), context, _start, (reports,)) as pool,
    ):
        tasks = {shot.chapter: pool.submit(_work, shot) for shot in sorted(shots, key=lambda s: -s.frames)}
        try:
            return [tasks[shot.chapter].result() for shot in shots]
        except BrokenProcessPool:
            raise WorkerError(
                "a worker that drew a chapter was ended from outside, perhaps for want of memory; "
                "try again with --workers 1"
            ) from None
        except BaseException:  # Ctrl-C too: what is being drawn is of no use any more
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise


@contextmanager
def _listening(reports: Queue[tuple[str, int]], tell: Tell) -> Iterator[None]:
    """Passes the workers' reports on, in a thread of this process, while the block runs.

    It only ever reads: a worker that was ended in the middle may have left the queue's write lock taken.
    """
    over = threading.Event()

    def listen() -> None:
        while True:
            try:
                tell(*reports.get(timeout=0.1))
            except Empty:
                if over.is_set():
                    return

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=5)


_reports: Queue[tuple[str, int]] | None = None


def _start(reports: Queue[tuple[str, int]]) -> None:
    global _reports
    _reports = reports
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle


def _work(shot: Shot) -> Drawn:
    told = 0

    def tell(frames: int) -> None:
        nonlocal told
        if _reports is not None and (frames - told >= _EVERY or frames == shot.frames):
            told = frames
            _reports.put((shot.chapter, frames))

    return draw(shot, tell)
