"""`record-sheet`: what a person reads who lends a lesson their own voice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from renders.cli.options import CHAPTERS, LANGUAGE, LEVEL, looking, sampling
from renders.cli.prompts import Prompt, prompted_or_traced


@click.command("record-sheet")
@prompted_or_traced
@sampling
@looking
@LEVEL
@CHAPTERS
@LANGUAGE
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["make", "listen"]),
    default="make",
    show_default=True,
    help="The command that the recordings are for: its words differ.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder for the recordings.")
def record_sheet(prompt: Prompt, purpose: str, out: Path, **options: Any) -> None:
    """Writes a page to read the narration of PROMPT from, with a file name for each recording.

    Record each part as a WAV file beside the page, and make the lesson with the same options and
    --voice recordings:FOLDER. A lesson to listen to has other words: --for listen.

    \b
    Example:  llm-lesson record-sheet "What will be" --out my-voice
              llm-lesson make "What will be" --voice recordings:my-voice
    """
    from renders.request import LessonRequest, asked
    from renders.tracing import kept_trace

    request = LessonRequest(**asked(prompt, **options))
    request.require_files()
    from renders.publish.recording_sheet import write_sheet
    from scenes.lesson import write_lesson

    locale = replace(request.locale, heard=purpose == "listen")
    with kept_trace(request, partial(click.echo, err=True)) as trace:
        lesson = write_lesson(trace, locale, request.chapters)
    click.echo(write_sheet(lesson, out))
