"""`make`: the video. And what may be asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from renders.cli.options import CHAPTERS, LEVEL, MUSIC, making, sampling
from renders.request import job
from renders.terminal import clock


@click.command()
@click.argument("prompt")
@sampling
@LEVEL
@CHAPTERS
@making
@MUSIC
@click.option("--burn-captions", is_flag=True, help="Draw the captions into the picture, word by word.")
@click.option("--out", type=click.Path(path_type=Path), help="The lesson's folder. [default: renders/out/…]")
def make(prompt: str, as_json: bool, **options: Any) -> None:
    """Makes the narrated video of PROMPT.

    \b
    Examples:  llm-lesson make "What will be"
               llm-lesson make "She opened the" --quality draft --chapters attention
               llm-lesson make --temperature 0.8 --seed 7 -- "--a prompt that begins with a dash"
    """
    from renders.build import build
    from renders.cli.reporters import reporter_for
    from renders.publish.products import publish

    reporter = reporter_for(as_json)
    try:
        built = build(job(prompt, **options), reporter)
        edition = publish(built.edition)
    finally:
        reporter.close()
    if as_json:
        took = {"stages": built.stages, "wall": built.wall}
        click.echo(json.dumps({"video": str(edition.media), "seconds": built.seconds, **took}))
    else:
        pace = f"made at {built.real_time_factor:.2f} × real time"
        click.echo(f"{edition.media}  ({clock(built.seconds)}, {pace})")
