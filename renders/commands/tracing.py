"""`trace` and `check`: the tensors, and the proof."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from renders import tables
from renders.commands.options import sampling
from renders.errors import RequestError
from renders.requests import parsed_ids


@click.command()
@click.argument("prompt", required=False)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option("--ids", help="Token ids instead of a prompt, as in 2061,481,307.")
@click.option(
    "--only", multiple=True, metavar="PATTERN", help="Keep the tensors of this name alone; may be repeated."
)
@click.option(
    "--dtype",
    type=click.Choice(["float32", "float16"]),
    default="float32",
    show_default=True,
    help="float16 takes half the space; ids and what the choice hangs on stay exact.",
)
@click.option(
    "--trace-steps",
    type=click.Choice(["first", "last", "all"]),
    default="first",
    show_default=True,
    help="Which steps keep every tensor; the first one reads PROMPT.",
)
@sampling
def trace(
    prompt: str | None,
    out: Path,
    ids: str | None,
    only: tuple[str, ...],
    dtype: str,
    trace_steps: str,
    model: str,
    new_tokens: int,
    **choice: Any,
) -> None:
    """Writes every tensor of the model's run on PROMPT to one safetensors file, as they come.

    \b
    Examples:  llm-lesson trace "What will be" --out trace.safetensors
               llm-lesson trace "Once upon a time" --out t.safetensors --model gpt2 --temperature 0.8
               llm-lesson trace "What will be" --out patterns.safetensors --only 'block.*.attn.pattern'
               llm-lesson trace --ids 2061,481,307 --out t.safetensors --trace-steps all --dtype float16
    """
    if (prompt is None) == (ids is None):
        raise RequestError("trace: give a prompt or --ids, one of the two")
    from llmtrace import capture

    given: str | Sequence[int] = prompt if prompt is not None else parsed_ids(ids or "")
    made = capture(
        given,
        model,
        new_tokens=new_tokens,
        sampling=Sampling(**choice),
        only=only,
        dtype=dtype,
        trace_steps=trace_steps,
        to=out,
    )
    from renders.summary import summary

    click.echo("\n".join(summary(made, out)))


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--rerun", is_flag=True, help="Also run the model again and compare every tensor.")
@click.option("--model", help="The model that runs again, a folder say. [default: by the name in the trace]")
@click.option("--json", "as_json", is_flag=True, help="The verdict as JSON.")
@click.pass_context
def check(ctx: click.Context, path: Path, rerun: bool, model: str | None, as_json: bool) -> None:
    """Proves a lesson's folder or a trace: every identity, every number shown or spoken.

    \b
    Example:  llm-lesson check renders/out/what-will-be
    """
    from renders.verify import verify

    verdict = verify(path, rerun, model)
    if as_json:
        figures = {"readings": verdict.readings, "slices": verdict.slices, "wrong": verdict.wrong}
        click.echo(json.dumps({"ok": not verdict.wrong, "identities": verdict.told, **figures}))
    else:
        tables.identities(verdict.identities)
        what = f"{verdict.told} identities, {verdict.readings} readings, {verdict.slices} slices"
        for line in verdict.wrong:
            click.echo(f"WRONG  {line}", err=True)
        end = f"{len(verdict.wrong)} wrong" if verdict.wrong else "all is as the trace says"
        click.echo(f"{path}: {what}: {end}")
    ctx.exit(1 if verdict.wrong else 0)


@click.command()
@click.argument("path", metavar="TRACE", type=click.Path(path_type=Path))
@click.argument("pattern", required=False)
@click.option("--name", help="One tensor, whose numbers are printed.")
@click.option("--index", help="A part of it: numbers and ranges, as in 0,3 or 0:3,-1.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw it to a PNG instead of printing it.")
@click.option("--json", "as_json", is_flag=True, help="The table, or the numbers, as JSON.")
def inspect(
    path: Path, pattern: str | None, name: str | None, index: str | None, plot: Path | None, as_json: bool
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
    from renders import listing, record
    from renders.selection import Selection

    trace = Trace.load(path / record.TRACE if path.is_dir() else path)
    if name is None:
        if as_json:
            click.echo(json.dumps({"trace": str(path), "tensors": listing.tensors_json(trace, pattern)}))
        else:
            listing.tensors(trace, pattern)
            click.echo(listing.headline(trace))
        return
    selection = Selection(trace, name, index)
    if plot is not None:
        from renders.plot import plot as draw

        click.echo(f"{draw(selection, plot)}: {selection.title}")
    elif as_json:
        click.echo(json.dumps(listing.numbers_json(selection)))
    else:
        listing.numbers(selection)
