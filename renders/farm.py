"""Beats drawn side by side by worker processes: what is not kept from before, in runs that end together."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import forkserver
from multiprocessing.queues import Queue
from queue import Empty

from llmtrace.trace import Trace
from renders.errors import WorkerError
from renders.segments import Segments
from renders.shots import Drawn, Shot
from scenes.lesson import CHAPTERS

Tell = Callable[[str, int], None]  # a chapter and how many of its frames are done

_EVERY = 5  # frames between two reports of a worker
# A run's frames are at most this share of what a worker has to do in all. A later beat of a chapter is
# reached by going through those before it: a cut costs a second or two, a worker that ends alone more.
_SHARE = 0.5


def warm() -> None:
    """Starts a process that loads what workers need, for them to be forked from. Returns at once."""
    multiprocessing.set_forkserver_preload(["renders.frames", *(f"scenes.{name}" for name in CHAPTERS)])
    forkserver.ensure_running()


def draw_all(
    shots: Sequence[Shot], workers: int, tell: Tell, kept: Segments, trace: Trace
) -> list[list[Drawn]]:
    """Draws the beats of every chapter that are not kept; returns each chapter's, in the order of `shots`.

    Raises `WorkerError` when a worker dies, and whatever a chapter itself raises.
    """
    drawn = [kept.take(shot, trace) for shot in shots]
    done = {}
    for shot, found in zip(shots, drawn, strict=True):
        done[shot.chapter] = sum(shot.beats[beat] for beat in found)
        if found:
            tell(shot.chapter, done[shot.chapter])
    runs = list(_runs(shots, drawn, workers))
    for (place, run), beats in zip(runs, _drawn(runs, workers, tell, kept, done), strict=True):
        drawn[place].update(zip(run.segments, beats, strict=True))
    return [[found[beat] for beat in shot.segments] for shot, found in zip(shots, drawn, strict=True)]


def _runs(
    shots: Sequence[Shot], drawn: Sequence[dict[str, Drawn]], workers: int
) -> Iterator[tuple[int, Shot]]:
    """The missing beats as runs of one chapter each, with the chapter's place; the longest first."""
    missing = sum(
        shot.beats[b] for shot, d in zip(shots, drawn, strict=True) for b in shot.segments if b not in d
    )
    most = max(missing / workers * _SHARE, 1)
    runs = []
    for place, (shot, found) in enumerate(zip(shots, drawn, strict=True)):
        run: list[str] = []
        for beat in [*shot.segments, None]:
            full = run and beat is not None and sum(shot.beats[b] for b in run) + shot.beats[beat] > most
            if run and (beat is None or beat in found or full):
                runs.append((place, replace(shot, segments={b: shot.segments[b] for b in run})))
                run = []
            if beat is not None and beat not in found:
                run.append(beat)
    return iter(sorted(runs, key=lambda run: -run[1].frames))


def _drawn(
    runs: Sequence[tuple[int, Shot]], workers: int, tell: Tell, kept: Segments, done: dict[str, int]
) -> list[list[Drawn]]:
    if not runs:
        return []
    warm()
    context = multiprocessing.get_context("forkserver")
    reports: Queue[tuple[str, int]] = context.Queue()

    def told(chapter: str, frames: int) -> None:
        done[chapter] += frames
        tell(chapter, done[chapter])

    with (
        _listening(reports, told),
        ProcessPoolExecutor(min(workers, len(runs)), context, _start, (reports,)) as pool,
    ):
        tasks: list[Future[list[Drawn]]] = [pool.submit(_work, run, kept) for _, run in runs]
        try:
            over, _ = wait(tasks, return_when=FIRST_EXCEPTION)
            for task in over:
                task.result()  # raises what went wrong first
            return [task.result() for task in tasks]
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
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Waits for the end of the process that the work is for, however it ends, and ends this one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(shot: Shot, kept: Segments) -> list[Drawn]:
    from renders.frames import draw

    told = 0

    def tell(frames: int) -> None:
        nonlocal told
        if _reports is not None and (frames - told >= _EVERY or frames == shot.frames):
            _reports.put((shot.chapter, frames - told))
            told = frames

    return draw(shot, tell, lambda beat, drawn: kept.keep(shot, beat, drawn))
