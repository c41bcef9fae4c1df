"""What a lesson is of: a prompt, typed or in a file or from standard input, its token ids, or a trace."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from renders.errors import RequestError

Prompt = str | tuple[int, ...]
_OF_THE_RUN = ("model", "new_tokens", "temperature", "top_k", "top_p", "seed")  # what a trace has behind it

_PROMPT = click.argument("prompt", required=False)
_FILE = click.option("--prompt-file", metavar="FILE", help="A file that holds the prompt, in UTF-8.")
_IDS = click.option("--ids", help="Token ids instead of a prompt, as in 2061,481,307.")
_TRACE = click.option(
    "--trace",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A trace that 'llm-lesson trace' wrote, instead of a prompt.",
)


def prompted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Hands a command its `prompt`, a text or token ids, from wherever it is given; "-" is standard input."""

    @wraps(function)
    def given(prompt: str | None, prompt_file: str | None, ids: str | None, **options: Any) -> Any:
        return function(prompt=_one(prompt, prompt_file, ids, None), **options)

    return _PROMPT(_FILE(_IDS(given)))


def prompted_or_traced(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same, or a `trace` from a file, whose prompt it then is."""

    @wraps(function)
    def given(
        prompt: str | None, prompt_file: str | None, ids: str | None, trace: Path | None, **options: Any
    ) -> Any:
        found = _one(prompt, prompt_file, ids, trace)
        if trace is not None:
            _refuse_options_of_the_run(trace)
        return function(prompt=found, trace=trace, **options)

    return _PROMPT(_FILE(_IDS(_TRACE(given))))


def _one(prompt: str | None, file: str | None, ids: str | None, trace: Path | None) -> Prompt:
    context = click.get_current_context()
    ways = {"--prompt-file": file, "--ids": ids, "--trace": trace}
    there = [o for p in context.command.params for o in p.opts if o in ways]
    chosen = [name for name, value in {"a prompt": prompt, **ways}.items() if value is not None]
    if len(chosen) != 1:
        what = f"{' and '.join(chosen)} are" if chosen else "nothing is"
        example = f'llm-lesson {context.info_name} "What will be"'
        raise RequestError(
            f"{context.info_name}: {what} given; give one: a prompt, as in {example}, or {', '.join(there)}"
        )
    if ids is not None:
        from renders.values import parsed_ids

        return tuple(parsed_ids(ids))
    if trace is not None:
        from renders.request import prompt_of

        return prompt_of(trace)
    if file is not None or prompt == "-":
        return _read(file or "-")
    assert prompt is not None
    return prompt


def _read(file: str) -> str:
    """A text without the end of its last line."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = "standard input" if file == "-" else file
        raise RequestError(f"{where}: is not UTF-8 (byte {error.start}); save the prompt as UTF-8") from None
    except OSError as error:
        raise RequestError(
            f"--prompt-file {file}: cannot be read ({error.strerror or error}); name a file of text"
        ) from None
    return text.removesuffix("\n").removesuffix("\r")


def _refuse_options_of_the_run(trace: Path) -> None:
    context = click.get_current_context()
    for name in _OF_THE_RUN:
        if context.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            option = "--" + name.replace("_", "-")
            raise RequestError(f"--trace {trace}: the run is done already; leave {option} out")
