"""What is installed, what is missing, and what to do about it."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import click

from renders.cli.options import AS_JSON
from renders.store import places
from renders.terminal import console, table

_LIBRARIES = (
    ("manim", "manim"),
    ("typst", "typst"),
    ("cairo", "pycairo"),
    ("torch", "torch"),
    ("transformers", "transformers"),
    ("av", "av"),
    ("pyloudnorm", "pyloudnorm"),
)
_EXTRAS = (  # that a lesson does not need, and what they are for
    ("distributed", "distributed", "batch --cluster"),
    ("kokoro_onnx", "kokoro-onnx", "--voice kokoro:…"),
)
_LEAST_DISK = 1.0  # GB that a lesson and its caches may need


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `remedy` says what to do when it is not well."""

    what: str
    found: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        return not self.remedy


@click.command()
@AS_JSON
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Says what is installed, what is missing, and what to do about it."""
    looking = console(stderr=True)
    with looking.status("") as status:  # moves in a terminal, and is not there elsewhere
        findings = list(examine(lambda what: status.update(f"looking at {what}")))
    if as_json:
        click.echo(json.dumps([{**asdict(f), "well": f.well} for f in findings]))
    else:
        table(("what", "found", "to do"), [(f.what, f.found, f.remedy or "nothing") for f in findings])
    ctx.exit(0 if all(finding.well for finding in findings) else 2)


def examine(tell: Callable[[str], None] = lambda _: None) -> Iterator[Finding]:
    """Looks at everything that a lesson needs, and tells what it looks at."""
    yield from _python()
    for module, distribution in _LIBRARIES:
        tell(distribution)
        yield _library(module, distribution)
    yield from _extras()
    tell("the model")
    yield from _model()
    tell("the voices")
    yield from _voices()
    yield from _places()


def _python() -> Iterator[Finding]:
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    yield Finding("Python", platform.python_version(), "" if fits else "use Python 3.11, 3.12 or 3.13")


def _library(module: str, distribution: str) -> Finding:
    try:
        importlib.import_module(module)
    except ImportError as error:
        return Finding(distribution, f"does not load: {error}", "run bin/setup")
    return Finding(distribution, importlib.metadata.version(distribution))


def _extras() -> Iterator[Finding]:
    for module, distribution, use in _EXTRAS:
        if importlib.util.find_spec(module) is not None:
            yield Finding(distribution, f"{importlib.metadata.version(distribution)}, for {use}")
        else:
            yield Finding(distribution, f"not installed; only for {use}: pip install {distribution}")


def _model() -> Iterator[Finding]:
    from llmtrace import load_model
    from llmtrace.errors import TraceError
    from llmtrace.meta import BUNDLED

    try:
        card = load_model(BUNDLED).card
    except TraceError as error:
        yield Finding(BUNDLED, str(error), "fetch the repository again")
    else:
        yield Finding(BUNDLED, f"{card.parameters:,} parameters, sha256 {card.sha256[:12]}…; reads English")


def _voices() -> Iterator[Finding]:
    from voiceover.voices import voices

    for voice in (voice for voice in voices() if not voice.from_files):
        found = "installed" if voice.installed else "not installed"
        yield Finding(f"voice {voice.name}", found, "" if voice.installed else voice.remedy)


def _places() -> Iterator[Finding]:
    for what, folder in (("results", places.results()), ("cache", places.cache("audio"))):
        there = next(f for f in (folder, *folder.parents) if f.exists())
        free = shutil.disk_usage(there).free / 1e9
        remedy = "" if free >= _LEAST_DISK else f"make room: {_LEAST_DISK:.0f} GB may be needed"
        if not os.access(there, os.W_OK):
            remedy = f"make {there} writable"
        yield Finding(what, f"{folder}, {free:.0f} GB free", remedy)
