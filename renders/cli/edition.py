"""The lesson that a product is made of: that of a folder, or one of a prompt that is made first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from renders.cli.prompts import Prompt
from renders.errors import RequestError

if TYPE_CHECKING:
    from renders.edition.edition import Edition
    from renders.progress import Reporter


@contextmanager
def edition_for(
    prompt: Prompt, chapter: str | None, options: Mapping[str, Any], *, as_json: bool, burned: bool = False
) -> Iterator[tuple[Edition, Reporter]]:
    """The lesson, and whom to tell of what else is done; `options` are those of `make`.

    A prompt's lesson has that `chapter`; with None those of `options`. With `burned` its captions are in
    the picture.
    Raises `RequestError` where an option of `make` is given with a folder.
    """
    from renders.cli.reporters import briefly, reporter_for

    folder = folder_of(prompt, options)
    if folder is not None:
        edition = _found(folder)
    else:
        making = reporter_for(as_json)
        try:
            edition = _made(prompt, chapter, options, burned, making)
        finally:
            making.close()
    with briefly(as_json) as reporter:
        yield edition, reporter


def folder_of(prompt: Prompt, options: Mapping[str, Any]) -> Path | None:
    """The folder that is named where a prompt may stand; None for a prompt.

    Raises `RequestError` where one of the `options` of a lesson is given with a folder that is made.
    """
    if not isinstance(prompt, str) or not prompt.strip() or len(prompt) > 1000 or "\0" in prompt:
        return None
    if Path(prompt).is_dir():
        _refuse_making(Path(prompt), options)
        return Path(prompt)
    if os.sep in prompt and not any(letter.isspace() for letter in prompt):
        raise RequestError(f"{prompt}: no such folder; if it is a prompt, give it with --prompt-file")
    return None


def _found(folder: Path) -> Edition:
    from renders.edition.edition import Edition

    return Edition.load(folder)


def _made(
    prompt: Prompt, chapter: str | None, options: Mapping[str, Any], burned: bool, reporter: Reporter
) -> Edition:
    from renders.request import job

    chapters = {"chapters": [chapter]} if chapter else {}
    request = job(prompt, **options, **chapters, burn_captions=burned)
    request.require_files()
    from renders.build import build
    from renders.publish.products import publish

    return publish(build(request, reporter).edition)


def _refuse_making(folder: Path, options: Mapping[str, Any]) -> None:
    source = click.get_current_context().get_parameter_source
    for name in options:
        if source(name) == ParameterSource.COMMANDLINE:
            option = "--" + name.replace("_", "-")
            raise RequestError(f"{option}: {folder} is made already; leave it out, or give the prompt")
