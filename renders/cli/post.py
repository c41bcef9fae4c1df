"""`post`: the lesson as an article."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from renders.cli.edition import edition_for
from renders.cli.options import CHAPTERS, LEVEL, MUSIC, looking, making, sampling
from renders.cli.prompts import Prompt, prompted_or_traced


@click.command()
@prompted_or_traced
@click.option(
    "--format",
    "made",
    type=click.Choice(["html", "md"]),
    default="html",
    show_default=True,
    help="Of the article.",
)
@sampling
@looking
@LEVEL
@CHAPTERS
@making
@MUSIC
@click.option("--out", type=click.Path(path_type=Path), help="Its folder. [default: post in the lesson's]")
def post(prompt: Prompt, made: Any, as_json: bool, out: Path | None, **options: Any) -> None:
    """Writes an article of a lesson's folder, or of a PROMPT: its words, formulas, clips, and the voice.

    With a prompt, the lesson is made first. Its numbers are readings: 'llm-lesson check' reads them again.

    \b
    Examples:  llm-lesson post renders/out/what-will-be
               llm-lesson post renders/out/what-will-be --format md --out article
               llm-lesson post "What will be" --chapters tokens,embedding --level math
    """
    import json

    from renders.publish.post import post as write

    with edition_for(prompt, None, options, as_json=as_json) as (edition, reporter):
        path = write(edition, out, made, reporter)
    click.echo(json.dumps({"post": str(path)}) if as_json else path)
