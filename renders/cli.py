"""The command line: `llm-lesson make "What will be"`, and what goes with it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from llmtrace.errors import TraceError
from llmtrace.sampling import Sampling
from renders import tables
from renders.errors import LessonError, RequestError
from renders.requests import chosen_chapters, chosen_level, parsed_ids
from voiceover.errors import VoiceError

if TYPE_CHECKING:
    from renders.build import Job

# What loads manim or torch is imported inside the commands, so that --help answers at once.


class _Group(click.Group):
    """Shows our errors as one line and exits with 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (LessonError, TraceError, VoiceError) as error:
            click.echo(f"llm-lesson: {' '.join(str(error).split())}", err=True)
            ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="llm-lesson")
def main() -> None:
    """A prompt in; out comes a narrated video of what a real GPT-2 does with it.

    \b
    Example:  llm-lesson make "What will be"
    """


_CHOICE = ("temperature", "top_k", "top_p", "seed")  # the options that are fields of Sampling


def _sampling(function: Any) -> Any:
    """The options that say how tokens are chosen."""
    for option in (
        click.option(
            "--seed", default=0, show_default=True, help="Of the draws; the same seed, the same words."
        ),
        click.option(
            "--top-p", type=float, help="Draw from the likeliest tokens that reach this probability."
        ),
        click.option("--top-k", type=int, help="Draw from so many of the likeliest tokens."),
        click.option(
            "--temperature",
            default=0.0,
            show_default=True,
            help="0 takes the likeliest token, 1 draws as it is.",
        ),
        click.option("--new-tokens", default=4, show_default=True, help="How many tokens the model adds."),
        click.option(
            "--model", default="gpt2-pocket", show_default=True, help="A name, a folder or a hub id."
        ),
    ):
        function = option(function)
    return function


def _making(function: Any) -> Any:
    """The options of a video."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Progress and result as JSON lines."),
        click.option("--workers", type=click.IntRange(1), help="Processes that draw. [default: the cores]"),
        click.option(
            "--fps", type=click.IntRange(1, 120), default=30, show_default=True, help="Frames a second."
        ),
        click.option(
            "--quality",
            type=click.Choice(["draft", "720p", "1080p", "4k"]),
            default="1080p",
            show_default=True,
            help="The size of the picture.",
        ),
        click.option(
            "--voice", default="piper", show_default=True, help="piper, silent, or a Piper .onnx file."
        ),
    ):
        function = option(function)
    return function


@main.command()
@click.argument("prompt")
@_sampling
@click.option("--level", default="full", show_default=True, help="story, math or full.")
@click.option("--chapters", help="Only these, as in tokens,attention; 'llm-lesson chapters' lists them.")
@_making
@click.option("--out", type=click.Path(path_type=Path), help="The lesson's folder. [default: renders/out/…]")
def make(prompt: str, as_json: bool, **options: Any) -> None:
    """Makes the narrated video of PROMPT.

    \b
    Examples:  llm-lesson make "What will be"
               llm-lesson make "She opened the" --quality draft --chapters attention
               llm-lesson make --temperature 0.8 --seed 7 -- "--a prompt that begins with a dash"
    """
    from renders.build import build
    from renders.progress import teller

    tell = teller(as_json)
    try:
        built = build(_job(prompt, **options), tell)
    finally:
        tell.close()
    if as_json:
        click.echo(json.dumps({"video": str(built.video), "seconds": built.seconds, "stages": built.stages}))
    else:
        pace = f"made at {built.real_time_factor:.2f} × real time"
        click.echo(f"{built.video}  ({tables.clock(built.seconds)}, {pace})")


def _job(prompt: str, *, out: Path | None = None, **options: Any) -> Job:
    from renders.build import Job

    choice = {name: options.pop(name) for name in _CHOICE}
    level = chosen_level(options.pop("level", "full"))
    chapters = chosen_chapters(options.pop("chapters", None))
    given = {name: value for name, value in options.items() if value is not None}
    return Job(prompt, level=level, chapters=chapters, sampling=Sampling(**choice), out=out, **given)


@main.command()
@click.argument("prompt", required=False)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option("--ids", help="Token ids instead of a prompt, as in 2061,481,307.")
@_sampling
def trace(prompt: str | None, out: Path, ids: str | None, model: str, new_tokens: int, **choice: Any) -> None:
    """Writes every tensor of the model's run on PROMPT to one safetensors file.

    \b
    Example:  llm-lesson trace "What will be" --out trace.safetensors
    """
    if (prompt is None) == (ids is None):
        raise RequestError("trace: give a prompt or --ids, one of the two")
    from llmtrace.capture import capture

    given: str | Sequence[int] = prompt if prompt is not None else parsed_ids(ids or "")
    made = capture(given, model, new_tokens=new_tokens, sampling=Sampling(**choice))
    made.save(out)
    click.echo(f"{out}: {made.length} tokens, {len(made.names())} tensors, {out.stat().st_size / 1e6:.1f} MB")


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--rerun", is_flag=True, help="Also run the model again and compare every tensor.")
@click.option("--json", "as_json", is_flag=True, help="The verdict as JSON.")
@click.pass_context
def check(ctx: click.Context, path: Path, rerun: bool, as_json: bool) -> None:
    """Proves a lesson's folder or a trace: every identity, every number shown or spoken.

    \b
    Example:  llm-lesson check renders/out/what-will-be
    """
    from renders.verify import verify

    verdict = verify(path, rerun)
    if as_json:
        figures = {"readings": verdict.readings, "slices": verdict.slices, "wrong": verdict.wrong}
        click.echo(json.dumps({"ok": not verdict.wrong, "identities": len(verdict.identities), **figures}))
    else:
        tables.identities(verdict.identities)
        what = f"{len(verdict.identities)} identities, {verdict.readings} readings, {verdict.slices} slices"
        for line in verdict.wrong:
            click.echo(f"WRONG  {line}", err=True)
        end = f"{len(verdict.wrong)} wrong" if verdict.wrong else "all is as the trace says"
        click.echo(f"{path}: {what}: {end}")
    ctx.exit(1 if verdict.wrong else 0)


@main.command()
@click.argument("prompt")
@_sampling
@click.option("--level", default="full", show_default=True, help="story, math or full.")
@click.option("--chapters", help="Only these, as in tokens,attention.")
def script(prompt: str, model: str, new_tokens: int, level: str, chapters: str | None, **choice: Any) -> None:
    """Prints the narration of PROMPT, with times at the pace of reading aloud.

    \b
    Example:  llm-lesson script "What will be"
    """
    from llmtrace.capture import capture
    from renders.timeline import schedule
    from scenes.lesson import write_lesson
    from voiceover.engines.silent import SilentEngine
    from voiceover.spoken import spoken

    chosen, level = chosen_chapters(chapters), chosen_level(level)
    lesson = write_lesson(
        capture(prompt, model, new_tokens=new_tokens, sampling=Sampling(**choice)), chosen, level
    )
    engine = SilentEngine()
    texts = [beat.text for chapter in lesson.chapters for beat in chapter.beats]
    tables.script(schedule(lesson, {text: engine.speak(spoken(text)) for text in texts}, fps=30))


@main.command()
def chapters() -> None:
    """Lists the chapters of a lesson."""
    tables.chapters()


@main.command()
def models() -> None:
    """Lists the models that have a name, with their sizes and where they come from."""
    tables.models()


@main.command()
def voices() -> None:
    """Lists the voices, with their licences."""
    tables.voices()


@main.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Says what is installed, what is missing, and what to do about it."""
    from renders.doctor import examine

    findings = examine()
    tables.findings(findings)
    ctx.exit(0 if all(finding.well for finding in findings) else 2)


@main.command()
@click.argument("prompt", default="What will be")
@_making
def bench(prompt: str, as_json: bool, **options: Any) -> None:
    """Makes the default lesson in a temporary folder and prints the seconds of each stage.

    \b
    Example:  llm-lesson bench --json
    """
    from renders.bench import measure

    measured = measure(_job(prompt, temperature=0.0, top_k=None, top_p=None, seed=0, **options))
    if as_json:
        click.echo(json.dumps(measured))
    else:
        tables.bench(measured)


if __name__ == "__main__":
    sys.exit(main())
