"""`make`: the video. And what may be asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from renders.cli.options import CHAPTERS, LEVEL, MUSIC, OPEN, looking, making, sampling
from renders.cli.prompts import Prompt, prompted_or_traced
from renders.terminal import clock


@click.command()
@prompted_or_traced
@sampling
@looking
@LEVEL
@CHAPTERS
@making
@MUSIC
@click.option("--burn-captions", is_flag=True, help="Draw the captions into the picture, word by word.")
@OPEN
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The lesson's folder, or an .mp4 file. [default: renders/out/…]",
)
def make(prompt: Prompt, as_json: bool, open_it: bool, out: Path | None, **options: Any) -> None:
    """Makes the narrated video of PROMPT; "-" reads it from standard input.

    \b
    Examples:  llm-lesson make "What will be"
               llm-lesson make "She opened the" --quality draft --chapters attention
               llm-lesson make "What will be" --out video.mp4 --open
               llm-lesson make --temperature 0.8 --seed 7 -- "--a prompt that begins with a dash"
    """
    from renders.cli.reporters import reporter_for
    from renders.cli.results import file_of, placed, show
    from renders.request import job

    file = file_of(out, [".mp4"])
    request = job(prompt, **options, out=None if file else out)
    request.require_files()
    from renders.build import build
    from renders.check.look import remarks
    from renders.publish.products import publish

    reporter = reporter_for(as_json)
    try:
        with placed(file) as put:
            built = build(request, reporter)
            edition = publish(built.edition)
            put(edition.media)
            wrong = remarks(edition, built.faults)
    finally:
        reporter.close()
    video = file or edition.media
    if as_json:
        took = {"stages": built.stages, "wall": built.wall, "look": wrong}
        click.echo(json.dumps({"video": str(video), "seconds": built.seconds, **took}))
    else:
        pace = f"made at {built.real_time_factor:.2f} × real time"
        click.echo(f"{video}  ({clock(built.seconds)}, {pace})")
        if file:
            click.echo(f"{edition.folder}  (all of it, for llm-lesson check)")
        if wrong:
            count = f"{len(wrong)} thing{'s' * (len(wrong) > 1)} that a viewer could not read well"
            click.echo(f"{count}: llm-lesson check {edition.folder} --look", err=True)
    if open_it:
        show(video)
