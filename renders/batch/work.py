"""One lesson of a batch, made wherever this is run: in this process or on a worker of a cluster."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import platform
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renders.batch.orders import Order
from renders.batch.store import REPORT, ResultStore
from renders.errors import WorkerError
from renders.progress import Reporter

if TYPE_CHECKING:
    from renders.build import Built

RUNNING, DONE, FAILED, SKIPPED = "running", "done", "failed", "skipped"
FORMAT = 1

Attempt = dict[str, str | None]  # "worker", and "error" or None

_one_at_a_time = (
    threading.Lock()
)  # a build uses every core that it may, and Dask may give a process two tasks


@dataclass(frozen=True)
class Report:
    """What became of an order; `report.json` holds the same fields."""

    name: str
    prompt: str
    options: dict[str, Any]
    run: str  # of which batch run
    status: str
    error: str | None = None
    transient: bool = False  # whether another try may end well
    attempts: list[Attempt] = field(default_factory=list)
    seconds: float | None = None  # of work, with copying
    plays: float | None = None  # seconds of video
    real_time_factor: float | None = None  # of the build
    stages: dict[str, float] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)  # path: bytes
    versions: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def make_one(
    order: Order, results: str, run: str, workers: int | None, reporting: Callable[[], Reporter]
) -> Report:
    """Makes a lesson in a temporary folder and copies it to `results`. What goes wrong is in the report.

    The report says "running" from the start: an attempt that finds it so knows that a worker was lost.
    """
    began = time.monotonic()
    attempt: Attempt = {"worker": f"{platform.node()}, process {os.getpid()}", "error": None}
    report = Report(
        order.name, order.prompt, order.options, run, RUNNING, attempts=[attempt], versions=_versions()
    )
    store = ResultStore(results)
    try:
        report.attempts[:0] = _earlier(store, order, run)
        store.write(asdict(report), order.name, REPORT)
        with tempfile.TemporaryDirectory(prefix="llm-lesson-batch-") as place:
            built = _build(order, Path(place) / "lesson", workers, reporting)
            files = store.put(built.edition.folder, order.name)
        report = replace(
            report,
            status=DONE,
            seconds=round(time.monotonic() - began, 2),
            plays=round(built.seconds, 2),
            real_time_factor=round(built.real_time_factor, 3),
            stages={stage: round(seconds, 2) for stage, seconds in built.stages.items()},
            files=files,
        )
        store.write(asdict(report), order.name, REPORT)
    except Exception as error:
        attempt["error"] = line = said(error)
        seconds = round(time.monotonic() - began, 2)
        report = replace(report, status=FAILED, error=line, transient=_may_pass(error), seconds=seconds)
        with contextlib.suppress(
            Exception
        ):  # the storage itself may be what failed: the run hears of it anyway
            store.write(asdict(report), order.name, REPORT)
    return report


def said(error: BaseException) -> str:
    """An error in one line; one that is not ours with its kind."""
    line = " ".join(str(error).split())
    ours = type(error).__module__.partition(".")[0] in ("renders", "llmtrace", "voiceover", "scenes")
    return line if ours and line else f"{type(error).__name__}: {line}"


def _build(order: Order, folder: Path, workers: int | None, reporting: Callable[[], Reporter]) -> Built:
    from renders.build import build
    from renders.publish.products import publish
    from renders.request import job

    # Dask's nanny marks its workers as daemons, which may start no processes; ours are waited for.
    multiprocessing.current_process().daemon = False
    reporter = reporting()
    try:
        with _one_at_a_time:
            built = build(job(order.prompt or None, **order.options, workers=workers, out=folder), reporter)
            publish(built.edition)
            return built
    finally:
        reporter.close()


def _earlier(store: ResultStore, order: Order, run: str) -> list[Attempt]:
    """The attempts of this run before this one, as the report tells them."""
    found = store.report(order.name)
    if found is None or found.get("run") != run:
        return []
    return [{**tried, "error": tried["error"] or "the worker was lost"} for tried in found["attempts"]]


def _may_pass(error: Exception) -> bool:
    """Whether the cause is the machine, not what was asked: a process was ended, a disk, a network."""
    return isinstance(error, (OSError, WorkerError)) or isinstance(error.__cause__, OSError)


def _versions() -> dict[str, str]:
    names = ("llm-lesson", "manim", "torch", "transformers", "av")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
