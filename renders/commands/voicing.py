"""`script` and `voices`: what is said, and who can say it."""

from __future__ import annotations

from typing import Any

import click

from llmtrace.sampling import Sampling
from renders import tables
from renders.commands.options import LANGUAGE, sampling
from renders.requests import chosen_chapters, chosen_level


@click.command()
@click.argument("prompt")
@sampling
@click.option("--level", default="full", show_default=True, help="story, math or full.")
@click.option("--chapters", help="Only these, as in tokens,attention.")
@LANGUAGE
def script(
    prompt: str,
    model: str,
    new_tokens: int,
    level: str,
    chapters: str | None,
    language: str,
    **choice: Any,
) -> None:
    """Prints the narration of PROMPT, with times at the pace of reading aloud.

    \b
    Example:  llm-lesson script "What will be"
    """
    from llmtrace.capture import capture
    from renders.timeline import schedule
    from scenes.catalogue import told_in
    from scenes.lesson import write_lesson
    from voiceover.engines.silent import SilentEngine
    from voiceover.spoken import spoken

    chosen, level = chosen_chapters(chapters), chosen_level(level)
    trace = capture(prompt, model, new_tokens=new_tokens, sampling=Sampling(**choice))
    with told_in(language):
        lesson = write_lesson(trace, chosen, level)
    engine = SilentEngine(language)
    texts = [beat.text for chapter in lesson.chapters for beat in chapter.beats]
    tables.script(schedule(lesson, {text: engine.speak(spoken(text, language)) for text in texts}, fps=30))


@click.command()
def voices() -> None:
    """Lists the voices, with their licences."""
    tables.voices()
