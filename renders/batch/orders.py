"""The table of prompts, read and refused before anything starts: CSV, one prompt a line, or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

import click

from llmtrace.errors import PromptError
from llmtrace.sampling import Sampling
from renders.batch.store import read_text
from renders.errors import RequestError
from renders.request import CHOICE, chosen_chapters, chosen_level
from renders.store import places

PROMPT, NAME = "prompt", "name"
Cells = dict[str, str]


@dataclass(frozen=True)
class Order:
    """One lesson to be made: `options` are those of `llm-lesson make`, by their names in Python."""

    name: str  # of its folder
    prompt: str
    options: dict[str, Any]


def read_orders(url: str, make: click.Command, defaults: Mapping[str, Any]) -> list[Order]:
    """The orders of a table; what a row leaves open is taken from `defaults`.

    Raises `RequestError`, with the line, for all that can be known to be wrong beforehand.
    """
    columns = [PROMPT, NAME, *defaults]
    orders: list[Order] = []
    lines: dict[str, int] = {}  # where each name was given
    prompts: dict[str, str] = {}
    for line, cells in _rows(url):
        where = f"{url}, line {line}"
        for column in cells:
            if column not in columns:
                raise RequestError(f"{where}: {_unknown(column, columns)}")
        prompt = _prompt(cells, where)
        options = _options(make, defaults, cells, where)
        chosen = cells.get(NAME, "").strip()
        name = places.slug(chosen or prompt)
        if name in lines and not chosen and prompts[name] != prompt:
            name = f"{name}-{places.digest(prompt)}"
        if name in lines:
            raise RequestError(
                f"{where}: its folder {name!r} is already that of line {lines[name]}; "
                f"tell them apart by a column {NAME!r}"
            )
        lines[name], prompts[name] = line, prompt
        orders.append(Order(name, prompt, options))
    if not orders:
        raise RequestError(f"{url}: holds no prompt; write one a line below a first line {PROMPT!r}")
    return orders


def _rows(url: str) -> Iterator[tuple[int, Cells]]:
    """Line numbers and cells; blank lines are left out."""
    read = {".csv": _csv, ".txt": _txt, ".jsonl": _jsonl}.get(PurePosixPath(url).suffix.lower())
    if read is None:
        raise RequestError(f"{url}: prompts are read from a .csv, a .jsonl, or a .txt with one prompt a line")
    return read(url, read_text(url))


def _csv(url: str, text: str) -> Iterator[tuple[int, Cells]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = _header(url, row)
            elif len(row) > len(header):
                raise RequestError(
                    f"{url}, line {reader.line_num}: has {len(row)} cells for {len(header)} columns; "
                    'put a prompt with a comma into "quotation marks"'
                )
            else:
                yield reader.line_num, dict(zip(header, row, strict=False))
    except csv.Error as error:
        raise RequestError(f"{url}, line {reader.line_num}: not CSV ({error})") from None


def _header(url: str, row: list[str]) -> list[str]:
    header = [_column(cell) for cell in row]
    if PROMPT not in header:
        raise RequestError(f"{url}: has no column {PROMPT!r}; its first line names {', '.join(header)}")
    for column in header:
        if header.count(column) > 1:
            raise RequestError(f"{url}: has the column {column!r} twice")
    return header


def _txt(_url: str, text: str) -> Iterator[tuple[int, Cells]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, {PROMPT: line.removesuffix("\r")}


def _jsonl(url: str, text: str) -> Iterator[tuple[int, Cells]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError as error:
            raise RequestError(f"{url}, line {number}: not JSON ({error})") from None
        if not isinstance(fields, dict):
            raise RequestError(f'{url}, line {number}: not an object like {{"prompt": "What will be"}}')
        for name, value in fields.items():
            if isinstance(value, (dict, list)) or (name == PROMPT and not isinstance(value, str)):
                raise RequestError(f"{url}, line {number}: {name!r} takes a text or a number")
        yield number, {_column(n): "" if v is None else str(v) for n, v in fields.items()}


def _column(name: str) -> str:
    return name.strip().lower().replace("-", "_")


def _unknown(column: str, known: list[str]) -> str:
    near = get_close_matches(column, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    return f"no such column as {column!r}; {hint}"


def _prompt(cells: Cells, where: str) -> str:
    prompt = cells.get(PROMPT)
    if prompt is None or not prompt.strip():
        raise RequestError(f"{where}: has no prompt")
    try:
        prompt.encode()
    except UnicodeEncodeError:
        raise RequestError(f"{where}: the prompt is not valid Unicode") from None
    return prompt


def _options(make: click.Command, defaults: Mapping[str, Any], cells: Cells, where: str) -> dict[str, Any]:
    """The options of a row over the defaults, judged as the command line of `make` judges them."""
    options = dict(defaults)
    context = click.Context(make)
    try:
        for option in make.params:
            if option.name in options and (cell := cells.get(option.name, "").strip()):
                options[option.name] = option.type_cast_value(context, cell)
        chosen_level(options["level"])
        chosen_chapters(options["chapters"])
        Sampling(**{name: options[name] for name in CHOICE})
    except click.ClickException as error:
        raise RequestError(f"{where}: {error.format_message()}") from None
    except (RequestError, PromptError) as error:
        raise RequestError(f"{where}: {error}") from None
    return options
