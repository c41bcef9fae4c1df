"""`record-sheet`: what a person reads who lends a lesson their own voice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from llmtrace.sampling import Sampling
from renders.cli.options import CHAPTERS, LANGUAGE, LEVEL, sampling
from renders.request import chosen_chapters, chosen_level


@click.command("record-sheet")
@click.argument("prompt")
@sampling
@LEVEL
@CHAPTERS
@LANGUAGE
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder for the recordings.")
def record_sheet(
    prompt: str,
    model: str,
    new_tokens: int,
    level: str,
    chapters: str | None,
    language: str,
    out: Path,
    **choice: Any,
) -> None:
    """Writes a page to read the narration of PROMPT from, with a file name for each recording.

    Record each part as a WAV file beside the page, and make the lesson with the same options and
    --voice recordings:FOLDER.

    \b
    Example:  llm-lesson record-sheet "What will be" --out my-voice
              llm-lesson make "What will be" --voice recordings:my-voice
    """
    chosen, level = chosen_chapters(chapters), chosen_level(level)
    from llmtrace import capture
    from renders.publish.recording_sheet import write_sheet
    from scenes.lesson import write_lesson
    from scenes.locale import Locale

    trace = capture(prompt, model, new_tokens=new_tokens, sampling=Sampling(**choice))
    click.echo(write_sheet(write_lesson(trace, Locale(language, level), chosen), out))
