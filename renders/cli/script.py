"""`script` and `voices`: what is said, and who can say it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from llmtrace.sampling import Sampling
from renders.cli import tables
from renders.cli.options import CHAPTERS, LANGUAGE, LEVEL, SPEED, sampling
from renders.request import chosen_chapters, chosen_level


@click.command()
@click.argument("prompt")
@sampling
@LEVEL
@CHAPTERS
@click.option("--voice", help="Whose times are printed. [default: a reader's; with --speak, by language]")
@click.option("--speak", type=click.Path(path_type=Path), help="Also write the sound: a .wav, .m4a or .mp3.")
@SPEED
@LANGUAGE
def script(
    prompt: str,
    model: str,
    new_tokens: int,
    level: str,
    chapters: str | None,
    voice: str | None,
    speak: Path | None,
    speed: float,
    language: str,
    **choice: Any,
) -> None:
    """Prints the narration of PROMPT with its times, before any picture is drawn.

    \b
    Examples:  llm-lesson script "What will be"
               llm-lesson script "What will be" --speak lesson.m4a
    """
    chosen, level = chosen_chapters(chapters), chosen_level(level)
    from llmtrace import capture
    from renders import narration
    from renders.media import audio
    from renders.timeline import schedule
    from scenes.lesson import write_lesson
    from scenes.locale import Locale
    from voiceover.voices import load_voice

    if speak is not None:
        audio.kind_of(speak)  # an ending that cannot be written is refused before any work
    engine = load_voice(voice or (None if speak else "silent"), language, speed)
    for remark in engine.remarks:
        click.echo(remark, err=True)
    trace = capture(prompt, model, new_tokens=new_tokens, sampling=Sampling(**choice))
    lesson = write_lesson(trace, Locale(language, level), chosen)
    timeline = schedule(lesson, narration.speak(lesson, engine), fps=30)
    tables.script(timeline, "at the pace of reading aloud" if engine.name == "silent" else engine.voice)
    if speak is not None:
        audio.write_audio(speak, narration.sound(timeline), tags={"title": lesson.prompt})
        click.echo(speak)
