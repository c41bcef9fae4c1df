"""`bench`: how long things take, each figure a ratio measured side by side in one run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from renders.cli.options import making


@click.group(invoke_without_command=True)
@click.option("--prompt", default="What will be", show_default=True, help="Of the lesson that is made.")
@making
@click.pass_context
def bench(ctx: click.Context, /, prompt: str, as_json: bool, **options: Any) -> None:
    """Makes the lesson several times in a temporary folder and compares, side by side: about ten minutes.

    What came out is kept in a history beside the cache, so that a slowdown shows.

    \b
    Example:  llm-lesson bench --json
    """
    if ctx.invoked_subcommand is not None:
        return
    from renders.bench.lesson import measure, remember
    from renders.cli.reporters import reporter_for
    from renders.cli.tables import bench as table
    from renders.request import job

    reporter = reporter_for(as_json=False)
    try:
        measured = measure(job(prompt, temperature=0.0, top_k=None, top_p=None, seed=0, **options), reporter)
    finally:
        reporter.close()
    before = remember(measured)
    _tell(measured, as_json, lambda found: table(found, before or {}))


@bench.command("trace")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
@click.option(
    "--rounds", type=click.IntRange(1), default=7, show_default=True, help="Of each time, the median is told."
)
def bench_trace(as_json: bool, rounds: int) -> None:
    """Measures what tracing costs, on a model of GPT-2 small's shape with seeded weights.

    \b
    Example:  llm-lesson bench trace --json
    """
    from renders.bench.trace import measure
    from renders.cli.tables import bench_trace as table

    _tell(measure(rounds), as_json, table)


@bench.command("overview")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def bench_overview(as_json: bool) -> None:
    """Measures what the network in space costs a picture, and its chapter all in all: about five minutes.

    Of the bundled model, of GPT-2 small's shape, and of GPT-2 XL's blocks and heads.

    \b
    Example:  llm-lesson bench overview --json
    """
    from renders.bench.overview import measure
    from renders.cli.tables import bench_overview as table

    _tell(measure(), as_json, table)


@bench.command("voice")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
@click.pass_context
def bench_voice(ctx: click.Context, as_json: bool) -> None:
    """Measures what the voice costs on a script of five minutes; exit status 1 when a limit is passed.

    \b
    Example:  llm-lesson bench voice --json
    """
    from renders.bench.voice import measure
    from renders.cli.tables import bench_voice as table

    measured = measure()
    _tell(measured, as_json, table)
    ctx.exit(0 if measured["ok"] else 1)


@bench.command("publish")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON.")
def bench_publish(folder: Path | None, as_json: bool) -> None:
    """Measures what clips, stills, page and article of the lesson in DIR cost, or of a small one.

    Each is made by its command, from its start on, in a folder that is taken away.

    \b
    Example:  llm-lesson bench publish renders/out/what-will-be
    """
    from renders.bench.publish import measure
    from renders.cli.reporters import briefly
    from renders.cli.tables import bench_publish as table

    with briefly(as_json=False) as reporter:
        measured = measure(folder, reporter)
    _tell(measured, as_json, table)


def _tell(measured: dict[str, Any], as_json: bool, table: Callable[[dict[str, Any]], None]) -> None:
    """What was measured, as JSON or as a table."""
    if as_json:
        click.echo(json.dumps(measured))
    else:
        table(measured)
