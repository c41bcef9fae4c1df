"""`sheet`: all of a lesson at a glance."""

from __future__ import annotations

import json
from pathlib import Path

import click

from renders.cli.options import AS_JSON, OPEN


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--every", type=click.FloatRange(0.1), metavar="SECONDS", help="A frame so often. [default: one a beat]"
)
@click.option(
    "--columns", type=click.IntRange(1, 12), default=5, show_default=True, help="Frames side by side."
)
@OPEN
@AS_JSON
@click.option(
    "--out", type=click.Path(path_type=Path), help="A .png or .webp file. [default: sheet.png in DIR]"
)
def sheet(
    folder: Path, every: float | None, columns: int, open_it: bool, as_json: bool, out: Path | None
) -> None:
    """Writes a contact sheet of the lesson in DIR: the last frame of every beat, with its name and time.

    \b
    Examples:  llm-lesson sheet renders/out/what-will-be
               llm-lesson sheet renders/out/what-will-be --every 5 --columns 6 --out proof.webp
    """
    from renders.edition.edition import Edition
    from renders.publish.sheet import sheet as written

    file = written(Edition.load(folder), out or folder / "sheet.png", every, columns)
    if as_json:
        click.echo(json.dumps({"sheet": str(file)}))
    else:
        click.echo(file)
    if open_it:
        from renders.cli.results import show

        show(file)
