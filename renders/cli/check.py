"""`check`: the proof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--rerun", is_flag=True, help="Also run the model again and compare every tensor.")
@click.option("--model", help="The model that runs again, a folder say. [default: by the name in the trace]")
@click.option(
    "--redraw",
    type=click.Choice(["last", "all"]),
    is_flag=False,
    flag_value="last",
    help="Also draw frames again and compare them with the video: each beat's last, or all.",
)
@click.option(
    "--lesson",
    type=click.Path(path_type=Path),
    help="The lesson of a clip or a page, where none of the folders above has it.",
)
@click.option(
    "--look",
    is_flag=True,
    help="Also look whether all can be read: text too small, too faint, over other text or outside; an empty "
    "picture; captions too short; figures said and not shown.",
)
@click.option(
    "--chapters",
    metavar="FOLDERS",
    help="Those of a lesson that are your own, as in ./my-chapter: their code is run, to draw them again.",
)
@click.option("--json", "as_json", is_flag=True, help="The verdict as JSON.")
@click.pass_context
def check(
    ctx: click.Context,
    path: Path,
    rerun: bool,
    model: str | None,
    redraw: Any,
    lesson: Path | None,
    look: bool,
    chapters: str | None,
    as_json: bool,
) -> None:
    """Proves a lesson's folder, a trace, or what was made of a lesson (a page, an article, a clip, texts for
    YouTube): every identity, every number shown or spoken.

    \b
    Examples:  llm-lesson check renders/out/what-will-be
               llm-lesson check renders/out/what-will-be --redraw all
               llm-lesson check renders/out/what-will-be/page
               llm-lesson check renders/out/what-will-be/youtube
               llm-lesson check renders/out/what-will-be --look
    """
    from llmtrace import Trace
    from renders.publish.kinds import is_product
    from renders.store import layout

    if not is_product(path):  # what is no trace is said before more is loaded
        Trace.load(path / layout.TRACE if path.is_dir() else path)
    from renders.check import verify
    from renders.cli import tables

    verdict = verify(path, rerun, model, redraw, lesson, look, chapters.split(",") if chapters else ())
    if as_json:
        figures: dict[str, object] = {"readings": verdict.readings, "slices": verdict.slices}
        figures |= {"wrong": verdict.wrong, "unproved": verdict.unproved}
        click.echo(json.dumps({"ok": not verdict.wrong, "identities": verdict.told, **figures}))
    else:
        tables.identities(verdict.identities)
        what = f"{verdict.told} identities, {verdict.readings} readings, {verdict.slices} slices"
        for line in verdict.wrong:
            click.echo(f"WRONG  {line}", err=True)
        for line in verdict.unproved:
            click.echo(f"not proved: {line}", err=True)
        end = f"{len(verdict.wrong)} wrong" if verdict.wrong else "all is as the trace says"
        click.echo(f"{path}: {what}: {end}")
    ctx.exit(1 if verdict.wrong else 0)
