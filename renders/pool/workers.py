"""Beats drawn side by side by worker processes while later chapters are still being spoken.

What is kept from before is not drawn again. The longest run of beats goes first, and none that is longer than
a worker's fair share of what is left, so that all of them end together.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from types import TracebackType
from typing import Any, Self

from renders.errors import WorkerError
from renders.pool.capacity import capacity
from renders.pool.segments import SegmentCache
from renders.pool.server import warm
from renders.processes import bound_to_parent, main_left_alone
from renders.progress import Reporter
from renders.shot import RenderResult, RenderTask

_EVERY = 5  # frames between two reports of a worker
# A later beat of a chapter is reached by going through those before it, which takes about as long as drawing
# so many frames: a cut that wins less is not made.
_CUT = 100


class _Started(ForkServerContext):
    """Takes down which processes were started by it, so that these can be ended and no one else's."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[BaseProcess] = []

    def Process(self, *args: Any, **options: Any) -> BaseProcess:  # type: ignore[override]  # noqa: N802
        process = super().Process(*args, **options)
        self.started.append(process)
        return process


class RenderPool:
    """Workers that draw chapters as they come; none is started before there is something to draw.

        with RenderPool(2, SegmentCache(digest), reporter) as pool:
            pool.draw(task)  # of each chapter; returns at once
            drawn = pool.finish()

    `draw` and `finish` raise `WorkerError` when a worker has died, and whatever a chapter itself has raised.
    A block that ends with an error ends the workers too.
    """

    def __init__(self, workers: int | None, kept: SegmentCache, reporter: Reporter) -> None:
        self._workers, self._kept, self._reporter = workers or capacity(), kept, reporter
        self._chapters: list[tuple[RenderTask, dict[str, RenderResult]]] = []
        self._waiting: list[RenderTask] = []  # runs of missing beats that no worker has yet
        self._busy = 0  # workers
        self._left = 0  # frames that are not drawn yet, of the chapters that are here
        self._rest = 0  # and of those to come
        self._done: dict[str, int] = {}  # frames drawn of each chapter
        self._error: BaseException | None = None
        self._change = threading.Condition()  # guards all of this, and tells when a run has ended
        self._starter = ThreadPoolExecutor(1)  # who speaks meanwhile does not wait for workers
        self._stack = ExitStack()
        self._context = _Started()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._change:
            self._waiting.clear()
        self._starter.shutdown(cancel_futures=True)
        if error is not None and self._pool is not None:  # what is being drawn is of no use any more
            self._pool.shutdown(wait=False, cancel_futures=True)
            for worker in self._context.started:
                worker.terminate()
            for worker in self._context.started:  # so that none writes any more to what is cleared away now
                worker.join()
        self._stack.close()

    def draw(self, task: RenderTask, rest: int = 0) -> None:
        """Takes what is kept of a chapter's beats and has the others drawn.

        `rest`: about how many frames the chapters have that are still to come.
        """
        found = self._kept.get(task)
        missing = list(_missing(task, found))
        with self._change:
            if self._error is not None:
                raise self._error
            self._chapters.append((task, found))
            self._waiting += missing
            self._left += sum(run.frames for run in missing)
            self._rest = rest
            self._reporter.total(sum(self._done.values()) + self._left + rest, exact=rest == 0)
            self._hand_out()

    def finish(self) -> list[list[RenderResult]]:
        """Waits for the last frame; returns each chapter's beats, in the order in which they were given."""
        with self._change:
            self._change.wait_for(lambda: self._error is not None or not self._busy)
            if self._error is not None:
                raise self._error
        return [
            [replace(drawn[beat], key=self._kept.key(task, beat)) for beat in task.segments]
            for task, drawn in self._chapters
        ]

    def _hand_out(self) -> None:
        while self._waiting and self._busy < self._workers:
            self._waiting.sort(key=lambda run: run.frames)
            run, later = _cut(self._waiting.pop(), (self._left + self._rest) / self._workers)
            self._waiting += later
            self._busy += 1
            self._starter.submit(self._begin, run)

    def _begin(self, run: RenderTask) -> None:
        """Gives a run to a worker; the first waits here for the server that workers are forked from."""
        try:
            with main_left_alone():
                task = self._opened().submit(_work, run, self._kept)
        except Exception as error:  # whatever keeps a process from starting
            with self._change:
                self._failed(error)
                self._change.notify_all()
        else:
            task.add_done_callback(partial(self._ended, run))

    def _ended(self, run: RenderTask, task: Future[list[RenderResult]]) -> None:
        with self._change:
            self._busy -= 1
            if task.cancelled():
                return
            if error := task.exception():
                self._failed(error)
            else:
                beats = dict(zip(run.segments, task.result(), strict=True))
                next(drawn for task, drawn in self._chapters if task.chapter == run.chapter).update(beats)
                self._hand_out()
            self._change.notify_all()

    def _failed(self, error: BaseException) -> None:
        """Keeps what went wrong first, for the next call to raise."""
        if isinstance(error, BrokenProcessPool):
            error = WorkerError(
                "a worker that drew a chapter was ended from outside, perhaps for want of memory; "
                "try again with --workers 1"
            )
        self._error = self._error or error
        self._waiting.clear()

    def _opened(self) -> ProcessPoolExecutor:
        if self._pool is None:
            warm()
            context = self._context
            reports: Queue[tuple[str, int]] = context.Queue()
            self._stack.enter_context(_listening(reports, self._told))
            # of this process, which outlives them: a worker that is ended clears nothing away
            place = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="llm-lesson-"))
            self._pool = ProcessPoolExecutor(self._workers, context, _start, (reports, place))
            self._stack.enter_context(self._pool)
        return self._pool

    def _told(self, chapter: str, frames: int) -> None:
        with self._change:
            self._done[chapter] = self._done.get(chapter, 0) + frames
            self._left -= frames
        self._reporter.drawn(chapter, self._done[chapter])


def _missing(task: RenderTask, found: Mapping[str, RenderResult]) -> Iterator[RenderTask]:
    """The beats that are not kept, as runs of neighbours."""
    run: dict[str, Path] = {}
    for beat, path in task.segments.items():
        if beat not in found:
            run[beat] = path
        elif run:
            yield replace(task, segments=run)
            run = {}
    if run:
        yield replace(task, segments=run)


def _cut(run: RenderTask, share: float) -> tuple[RenderTask, list[RenderTask]]:
    """As many of a run's first beats as fit into `share` frames, at least one; and the others."""
    if run.frames <= share + _CUT:
        return run, []
    names = list(run.segments)
    first = 1
    while sum(run.beats[name] for name in names[: first + 1]) <= share:
        first += 1
    parts = [{name: run.segments[name] for name in part} for part in (names[:first], names[first:]) if part]
    now, *later = (replace(run, segments=part) for part in parts)
    return now, later


@contextmanager
def _listening(reports: Queue[tuple[str, int]], tell: Callable[[str, int], None]) -> Iterator[None]:
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


def _start(reports: Queue[tuple[str, int]], place: str) -> None:
    global _reports
    bound_to_parent()
    _reports, tempfile.tempdir = reports, place
    from tqdm import tqdm  # manim's progress bars

    # Its own lock is a semaphore between processes: Python warns of those that an ended process has left.
    tqdm.set_lock(threading.RLock())


def _work(task: RenderTask, kept: SegmentCache) -> list[RenderResult]:
    from renders.draw.render import draw

    told = 0

    def tell(frames: int) -> None:
        nonlocal told
        if _reports is not None and (frames - told >= _EVERY or frames == task.frames):
            _reports.put((task.chapter, frames - told))
            told = frames

    return draw(task, tell, lambda beat, drawn: kept.put(task, beat, drawn))
