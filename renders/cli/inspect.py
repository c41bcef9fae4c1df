"""`inspect`: the tensors of a trace, their numbers, a picture of one."""

from __future__ import annotations

import json
from pathlib import Path

import click

from renders.cli.options import THEME
from renders.errors import RequestError
from renders.store import layout


@click.command()
@click.argument("path", metavar="TRACE", type=click.Path(path_type=Path))
@click.argument("pattern", required=False)
@click.option("--name", help="One tensor, whose numbers are printed.")
@click.option("--index", help="A part of it: numbers and ranges, as in 0,3 or 0:3,-1.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw it to a PNG instead of printing it.")
@THEME
@click.option("--json", "as_json", is_flag=True, help="The table, or the numbers, as JSON.")
def inspect(
    path: Path,
    pattern: str | None,
    name: str | None,
    index: str | None,
    plot: Path | None,
    theme: str | None,
    as_json: bool,
) -> None:
    """Looks at a trace: its tensors with axes, shapes and ranges, the numbers of one, or a picture of it.

    TRACE is a trace's file or a lesson's folder.

    \b
    Examples:  llm-lesson inspect trace.safetensors
               llm-lesson inspect trace.safetensors 'block.*.attn.pattern'
               llm-lesson inspect trace.safetensors --name block.02.attn.pattern --index 0,-1
               llm-lesson inspect trace.safetensors --name block.02.attn.pattern --plot pattern.png
    """
    if name is None and (index is not None or plot is not None):
        raise RequestError("inspect: --index and --plot need --name, the tensor that is meant")
    if theme is not None and plot is None:
        raise RequestError("inspect: --theme is of a picture; give --plot FILE.png too")
    from llmtrace import Trace
    from renders import values
    from renders.inspect import listing
    from renders.inspect.selection import Selection

    trace = Trace.load(path / layout.TRACE if path.is_dir() else path)
    if name is None:
        if as_json:
            click.echo(json.dumps({"trace": str(path), "tensors": listing.tensors_json(trace, pattern)}))
        else:
            listing.tensors(trace, pattern)
            click.echo(trace.headline)
        return
    selection = Selection(trace, name, index)
    if plot is not None:
        from renders.inspect.plot import plot as draw
        from scenes import style
        from scenes.palette import THEMES

        values.one_of("theme", theme or "dark", THEMES)
        with style.themed(theme or "dark"):
            click.echo(f"{draw(selection, plot)}: {selection.title}")
    elif as_json:
        click.echo(json.dumps(listing.numbers_json(selection)))
    else:
        listing.numbers(selection)
