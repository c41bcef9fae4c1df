"""Hands orders to an executor, tries again what may pass, and sums up."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import asdict, fields, replace
from typing import Any

from renders.batch.orders import Order
from renders.batch.store import REPORT, ResultStore
from renders.batch.work import DONE, FAILED, FORMAT, SKIPPED, Report, said
from renders.errors import ClusterError

Hear = Callable[[str, Order, Report | None], None]  # BEGUN, AGAIN or how an order ended
BEGUN, AGAIN = "begun", "again"


def fulfil(
    orders: Iterable[Order],
    make: Callable[[Order], Report],
    executor: Executor,
    store: ResultStore,
    *,
    run: str,
    retries: int,
    abreast: int,
    hear: Hear,
) -> list[Report]:
    """Makes every order, `abreast` at a time, and returns the reports as they ended.

    An order that failed for a cause that may pass goes to the end of the queue, `retries` times at most.
    Raises `ClusterError` when the executor is gone.
    """
    queue, tries = deque(orders), Counter[str]()
    under_way: dict[Future[Report], Order] = {}
    ended: list[Report] = []
    while queue or under_way:
        while queue and len(under_way) < abreast:
            order = queue.popleft()
            hear(BEGUN, order, None)
            under_way[executor.submit(make, order)] = order
        for future in wait(under_way, return_when=FIRST_COMPLETED).done:
            order = under_way.pop(future)
            report = _outcome(future, order, store, run)
            tries[order.name] += 1
            if report.transient and tries[order.name] <= retries:
                queue.append(order)
                hear(AGAIN, order, report)
            else:
                ended.append(report)
                hear(report.status, order, report)
    return ended


def kept(orders: Sequence[Order], store: ResultStore) -> dict[str, Report]:
    """By name, the lessons that are there whole, of the same prompt and options."""
    reports = ((order, _report(order, store)) for order in orders)
    return {
        order.name: replace(report, status=SKIPPED)
        for order, report in reports
        if report is not None
        and report.status == DONE
        and (report.prompt, report.options) == (order.prompt, order.options)
        and store.holds(order.name, report.files)
    }


def summary(orders: Sequence[Order], reports: Iterable[Report], run: str, seconds: float) -> dict[str, Any]:
    """What `batch.json` holds: how many ended in which way, and a line for every order, in its order."""
    ended = {report.name: report for report in reports}
    lines = [ended[order.name] for order in orders if order.name in ended]
    counts = Counter(report.status for report in lines)
    brief = ("name", "prompt", "status", "error", "seconds", "plays", "real_time_factor", "attempts")
    return {
        "format": FORMAT,
        "run": run,
        **{status: counts[status] for status in (DONE, SKIPPED, FAILED)},
        "seconds": round(seconds, 2),
        "prompts": [{name: getattr(report, name) for name in brief} for report in lines],
    }


def _outcome(future: Future[Report], order: Order, store: ResultStore, run: str) -> Report:
    try:
        report = future.result()
    except CancelledError:
        raise ClusterError(
            "the cluster went away; run the same command again, what is done is kept"
        ) from None
    except Exception as error:  # not of the lesson, which reports its own: of what ran it
        begun, line = _report(order, store), said(error)
        tried = begun.attempts if begun is not None and begun.run == run else []
        tried = [{**attempt, "error": attempt["error"] or line} for attempt in tried]
        lost = Report(order.name, order.prompt, order.options, run, FAILED, line, True, tried)
        store.write(asdict(lost), order.name, REPORT)
        return lost
    if report.status == DONE and not store.holds(order.name, report.files):
        line = f"made, but not to be seen in {store.url}: --out must be storage that all machines share"
        return replace(report, status=FAILED, error=line)
    return report


def _report(order: Order, store: ResultStore) -> Report | None:
    found = store.report(order.name)
    known = {field.name for field in fields(Report)}
    if found is None or found.get("format") != FORMAT or found.keys() != known:
        return None
    return Report(**found)
