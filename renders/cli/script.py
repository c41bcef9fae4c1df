"""`script`: what is said, and when."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from renders.cli.options import CHAPTERS, LANGUAGE, LEVEL, SPEED, looking, sampling
from renders.cli.prompts import Prompt, prompted_or_traced


@click.command()
@prompted_or_traced
@sampling
@looking
@LEVEL
@CHAPTERS
@click.option("--voice", help="Whose times are printed. [default: a reader's; with --speak, by language]")
@click.option("--speak", type=click.Path(path_type=Path), help="Also write the sound: a .wav, .m4a or .mp3.")
@SPEED
@LANGUAGE
def script(prompt: Prompt, voice: str | None, speak: Path | None, **options: Any) -> None:
    """Prints the narration of PROMPT with its times, before any picture is drawn.

    \b
    Examples:  llm-lesson script "What will be"
               llm-lesson script "What will be" --speak lesson.m4a
    """
    from renders.request import LessonRequest, asked
    from renders.tracing import kept_trace

    request = LessonRequest(**asked(prompt, voice=voice or (None if speak else "silent"), **options))
    request.require_files()
    from voiceover.voices import load_voice

    if speak is not None:
        from renders.media import audio

        audio.kind_of(speak)  # an ending that cannot be written is refused before any work
    engine = load_voice(request.voice, request.language, request.speed)
    for remark in engine.remarks:
        click.echo(remark, err=True)
    from renders import narration
    from renders.cli import tables
    from renders.timeline import schedule
    from scenes.lesson import write_lesson

    with kept_trace(request, partial(click.echo, err=True)) as trace:
        lesson = write_lesson(trace, request.locale, request.chapters)
    timeline = schedule(lesson, narration.speak(lesson, engine), fps=30)
    tables.script(timeline, "at the pace of reading aloud" if engine.name == "silent" else engine.voice)
    if speak is not None:
        audio.write_audio(speak, narration.sound(timeline), tags={"title": lesson.prompt})
        click.echo(speak)
