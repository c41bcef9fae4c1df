"""`listen`: the lesson for the ears."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from renders.cli.options import CHAPTERS, LANGUAGE, LEVEL, MUSIC, SPEED, sampling
from renders.request import asked
from renders.terminal import clock


@click.command()
@click.argument("prompt")
@sampling
@LEVEL
@CHAPTERS
@click.option("--voice", help="A voice of 'llm-lesson voices'. [default: by language]")
@SPEED
@LANGUAGE
@MUSIC
@click.option("--json", "as_json", is_flag=True, help="Progress and result as JSON lines.")
@click.option("--out", type=click.Path(path_type=Path), help="The folder. [default: renders/out/…-listen]")
def listen(prompt: str, as_json: bool, **options: Any) -> None:
    """Makes a lesson of PROMPT to listen to: M4A and MP3 with chapters and a cover, and a transcript.

    \b
    Example:  llm-lesson listen "What will be"
    """
    from renders.cli.reporters import reporter_for
    from renders.listen import listen as make
    from renders.publish.cover import cover
    from renders.publish.products import publish
    from renders.request import LessonRequest

    reporter = reporter_for(as_json)
    try:
        made = publish(make(LessonRequest(**asked(prompt, **options)), reporter, cover))
    finally:
        reporter.close()
    if as_json:
        click.echo(json.dumps({"sound": str(made.media), "seconds": made.manifest.seconds}))
    else:
        click.echo(f"{made.media}  ({clock(made.manifest.seconds)})")
