"""`listen`: the lesson for the ears."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from renders.cli.options import CHAPTERS, LANGUAGE, LEVEL, MUSIC, OPEN, SPEED, looking, sampling
from renders.cli.prompts import Prompt, prompted_or_traced
from renders.terminal import clock


@click.command()
@prompted_or_traced
@sampling
@looking
@LEVEL
@CHAPTERS
@click.option("--voice", help="A voice of 'llm-lesson voices'. [default: by language]")
@SPEED
@LANGUAGE
@MUSIC
@click.option("--json", "as_json", is_flag=True, help="Progress and result as JSON lines.")
@OPEN
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The folder, or an .m4a or .mp3 file. [default: renders/out/…-listen]",
)
def listen(prompt: Prompt, as_json: bool, open_it: bool, out: Path | None, **options: Any) -> None:
    """Makes a lesson of PROMPT to listen to: M4A and MP3 with chapters and a cover, captions, and a
    transcript as Markdown, page and plain text.

    \b
    Example:  llm-lesson listen "What will be"
    """
    from renders.cli.reporters import reporter_for
    from renders.cli.results import file_of, placed, show
    from renders.request import LessonRequest, asked
    from renders.store import layout

    file = file_of(out, [".m4a", ".mp3"])
    request = LessonRequest(**asked(prompt, **options, out=None if file else out))
    request.require_files()
    from renders.listen import listen as make
    from renders.publish.cover import cover
    from renders.publish.products import publish

    reporter = reporter_for(as_json)
    try:
        with placed(file) as put:
            edition = publish(make(request, reporter, cover))
            mp3 = file is not None and file.suffix.lower() == ".mp3"
            put(edition.folder / layout.SOUND_MP3 if mp3 else edition.media)
    finally:
        reporter.close()
    sound = file or edition.media
    if as_json:
        click.echo(json.dumps({"sound": str(sound), "seconds": edition.manifest.seconds}))
    else:
        click.echo(f"{sound}  ({clock(edition.manifest.seconds)})")
        if file:
            click.echo(f"{edition.folder}  (all of it, for llm-lesson check)")
    if open_it:
        show(sound)
