"""`batch`: many prompts, many lessons, here or on a cluster."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from renders.cli.make import make

if TYPE_CHECKING:
    from renders.batch.orders import Order
    from renders.batch.store import ResultStore
    from renders.batch.work import Report

_OF_A_ROW = ("prompt", "ids", "trace")  # what a lesson is of
_OF_ONE = ("prompt_file", "open_it", "out")
_SHARED = [o for o in make.params if o.name in ("as_json", "workers")]
_PER_PROMPT = [o for o in make.params if o not in _SHARED and o.name not in (*_OF_A_ROW, *_OF_ONE)]


@click.command(params=[*_PER_PROMPT, *_SHARED])
@click.argument("prompts")
@click.option("--out", help="Folder or URL of the results. [default: renders/out/NAME of PROMPTS]")
@click.option(
    "--cluster", metavar="ADDRESS", help="A Dask scheduler, as in tcp://10.0.0.1:8786. [default: here]"
)
@click.option(
    "--retries",
    type=click.IntRange(0),
    default=2,
    show_default=True,
    help="After what may pass: a worker that was lost, a disk, a network.",
)
@click.option("--again", is_flag=True, help="Also make the lessons that are there already.")
@click.pass_context
def batch(
    ctx: click.Context,
    /,
    prompts: str,
    out: str | None,
    cluster: str | None,
    retries: int,
    again: bool,
    as_json: bool,
    workers: int | None,
    **defaults: Any,
) -> None:
    """Makes a lesson of every prompt in PROMPTS: a .csv, .tsv or .jsonl, or a .txt with one prompt a line.

    A column "prompt" (or "ids", or "trace") says what of; other columns are options of 'make' (voice,
    new_tokens, …), or "name", the lesson's folder. PROMPTS and --out may be URLs that fsspec knows. What is
    there already is kept, so a batch that was stopped goes on when it is called again. Exit status 1: some
    lessons failed.

    \b
    Examples:  llm-lesson batch prompts.csv --quality 720p
               llm-lesson batch s3://talks/prompts.csv --out s3://talks/lessons --cluster tcp://10.0.0.1:8786
    """
    from renders.batch.address import checked
    from renders.batch.orders import read_orders
    from renders.batch.run import kept, summary
    from renders.batch.store import SUMMARY, ResultStore
    from renders.batch.work import FAILED
    from renders.cli import tables
    from renders.errors import RequestError
    from renders.store import places

    began, run = time.monotonic(), secrets.token_hex(4)
    cluster = checked(cluster) if cluster is not None else None
    orders = read_orders(prompts, make, {**defaults, **dict.fromkeys(_OF_A_ROW[1:])})
    store = ResultStore(out or str(places.results() / places.slug(Path(prompts).stem)))
    if cluster and not store.shared:
        raise RequestError(
            f"--out {out}: the machines of a cluster do not share it; name a folder that they do"
        )
    store.begin()
    there = {} if again else kept(orders, store)
    todo = [order for order in orders if order.name not in there]
    hear = _teller(len(orders), as_json)
    for order in orders:
        if order.name in there:
            hear("skipped", order, there[order.name])
    reports = list(there.values())
    if todo:
        reports += _made(todo, store, cluster, as_json, workers, run=run, retries=retries, hear=hear)
    summed = summary(orders, reports, run, time.monotonic() - began)
    store.write(summed, SUMMARY)
    if as_json:
        click.echo(json.dumps(summed))
    else:
        tables.batch(summed)
    if failed := [report.name for report in reports if report.status == FAILED]:
        click.echo(f"llm-lesson: {len(failed)} of {len(orders)} failed: {', '.join(failed)}", err=True)
        ctx.exit(1)


def _made(
    todo: Sequence[Order],
    store: ResultStore,
    cluster: str | None,
    as_json: bool,
    workers: int | None,
    *,
    run: str,
    retries: int,
    hear: Callable[[str, Order, Report | None], None],
) -> list[Report]:
    """The lessons made, all abreast on a cluster, one after the other here."""
    from renders.batch import executors
    from renders.batch.run import fulfil
    from renders.batch.work import make_one
    from renders.cli import reporters
    from renders.progress import NullReporter

    work = partial(
        make_one,
        results=store.url,
        run=run,
        workers=workers,
        reporting=NullReporter if cluster else partial(reporters.reporter_for, as_json),
    )
    with executors.cluster(cluster) if cluster else nullcontext(executors.InThisProcess()) as executor:
        abreast = len(todo) if cluster else 1
        return fulfil(todo, work, executor, store, run=run, retries=retries, hear=hear, abreast=abreast)


def _teller(total: int, as_json: bool) -> Callable[[str, Order, Report | None], None]:
    """Says on standard error how each order ends, counted."""
    ended = 0

    def hear(status: str, order: Order, report: Report | None) -> None:
        nonlocal ended
        ended += status in ("done", "failed", "skipped")
        event = {"name": order.name, "status": status, "ended": ended, "of": total}
        if report is not None and report.error:
            event["error"] = report.error
        if as_json:
            click.echo(json.dumps(event), err=True)
        else:
            error = f": {event['error']}" if "error" in event else ""
            click.echo(f"[{ended}/{total}] {order.name}: {status}{error}", err=True)

    return hear
