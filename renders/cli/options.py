"""Options that several commands share, and the job that they describe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from llmtrace.meta import BUNDLED
from renders.request import RATES, SIZES, SPEEDS
from scenes.locale import LANGUAGES

if TYPE_CHECKING:
    pass

LANGUAGE = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Of what is said and shown.",
)
SPEED = click.option(
    "--speed", type=click.FloatRange(*SPEEDS), default=1.0, show_default=True, help="Of the voice."
)
MUSIC = click.option(
    "--music", type=click.Path(path_type=Path), help="A file of music to play quietly under the words."
)
LEVEL = click.option("--level", default="full", show_default=True, help="story, math or full.")
CHAPTERS = click.option(
    "--chapters", help="Only these, as in tokens,attention; 'llm-lesson chapters' lists them."
)


def sampling(function: Any) -> Any:
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
        click.option("--model", default=BUNDLED, show_default=True, help="A name, a folder or a hub id."),
    ):
        function = option(function)
    return function


def making(function: Any) -> Any:
    """The options of a video."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Progress and result as JSON lines."),
        click.option(
            "--workers", type=click.IntRange(1), help="Processes that draw. [default: by cores and memory]"
        ),
        click.option(
            "--fps", type=click.IntRange(*RATES), default=30, show_default=True, help="Frames a second."
        ),
        click.option(
            "--quality",
            type=click.Choice(list(SIZES)),
            default="1080p",
            show_default=True,
            help="The size of the picture.",
        ),
        click.option(
            "--voice",
            help="A voice of 'llm-lesson voices', or a Piper .onnx file. [default: by language]",
        ),
        SPEED,
        LANGUAGE,
    ):
        function = option(function)
    return function
