"""Options that several commands share, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from llmtrace.meta import BUNDLED
from renders.errors import RequestError
from renders.limits import NEW_TOKENS, RATES, SIZES, SPEEDS
from scenes.locale import LANGUAGES

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
_LOOKING = (
    click.option("--key", metavar="TOKEN", help="Which answers it. [default: the one that it weighs most]"),
    click.option(
        "--query",
        metavar="TOKEN",
        help="The token that asks, by its place or its word. [default: the last, which guesses]",
    ),
    click.option(
        "--head",
        metavar="BLOCK.HEAD",
        help="The head that is shown, counted from 1, as in 3.2. [default: the one that carries most]",
    ),
)
LEVEL = click.option("--level", default="full", show_default=True, help="story, math or full.")
CHAPTERS = click.option(
    "--chapters",
    help="Only these, as in tokens,attention; 'llm-lesson chapters' lists them. A folder, as in "
    "tokens,./my-chapter, is one of your own, whose code is run.",
)
OPEN = click.option("--open", "open_it", is_flag=True, help="Open it when it is made.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


def _in_reason(_context: click.Context, _option: click.Parameter, value: int) -> int:
    least, most = NEW_TOKENS
    if not least <= value <= most:
        raise RequestError(f"new tokens {value}: takes a whole number from {least} to {most}")
    return value


_SAMPLING = (
    click.option("--seed", default=0, show_default=True, help="Of the draws; the same seed, the same words."),
    click.option("--top-p", type=float, help="Draw from the likeliest tokens that reach this probability."),
    click.option("--top-k", type=int, help="Draw from so many of the likeliest tokens."),
    click.option(
        "--temperature",
        default=0.0,
        show_default=True,
        help="0 takes the likeliest token, 1 draws as it is.",
    ),
    click.option(
        "--new-tokens",
        default=4,
        show_default=True,
        callback=_in_reason,
        help=f"How many tokens the model adds, {NEW_TOKENS[1]} at most.",
    ),
    click.option("--model", default=BUNDLED, show_default=True, help="A name, a folder or a hub id."),
)
THEME = click.option("--theme", help="dark, or light, which is on paper. [default: dark]")
_MAKING = (
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
    THEME,
    click.option(
        "--voice",
        help="A voice of 'llm-lesson voices', or a Piper .onnx file. [default: by language]",
    ),
    SPEED,
    LANGUAGE,
)


def sampling(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how tokens are chosen; those that do nothing as they are given are remarked on."""

    @wraps(function)
    def remarking(*args: Any, **given: Any) -> Any:
        if idle := _idle(given["temperature"]):
            click.echo(
                f"{', '.join(idle)}: no effect at temperature 0, which takes the likeliest token; "
                "add --temperature 0.8",
                err=True,
            )
        return function(*args, **given)

    return _with(remarking, _SAMPLING)


def looking(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is looked at more closely."""
    return _with(function, _LOOKING)


def making(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a video."""
    return _with(function, _MAKING)


def _with(function: Callable[..., Any], options: tuple[Any, ...]) -> Callable[..., Any]:
    for option in options:
        function = option(function)
    return function


def _idle(temperature: float) -> list[str]:
    """The options that were given and change no draw, since none is made."""
    source = click.get_current_context().get_parameter_source
    names = ("top_k", "top_p", "seed") if temperature == 0 else ()
    return ["--" + n.replace("_", "-") for n in names if source(n) == ParameterSource.COMMANDLINE]
