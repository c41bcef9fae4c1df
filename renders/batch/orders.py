"""The orders of a table of prompts, each judged as `make` would judge it, before anything starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import click

from llmtrace.errors import PromptError
from llmtrace.sampling import Sampling
from renders.batch.files import anywhere
from renders.batch.rows import PROMPT, Cells, rows
from renders.errors import RequestError
from renders.request import CHOICE, chosen_chapters, chosen_level
from renders.store import places

NAME = "name"


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
    for line, cells in rows(url):
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
                options[option.name] = option.type_cast_value(context, _typed(option.type, cell))
        chosen_level(options["level"])
        chosen_chapters(options["chapters"])
        Sampling(**{name: options[name] for name in CHOICE})
        return anywhere(options)
    except click.ClickException as error:
        raise RequestError(f"{where}: {error.format_message()}") from None
    except (RequestError, PromptError) as error:
        raise RequestError(f"{where}: {error}") from None


def _typed(kind: object, cell: str) -> str:
    """A cell as it would be typed: pandas writes 2.0 for 2, and a German spreadsheet 0,8 and WAHR."""
    if isinstance(kind, (click.types.FloatParamType, click.types.IntParamType, click.types.BoolParamType)):
        cell = re.sub(r"(?<=\d),(?=\d+$)", ".", cell)
    if isinstance(kind, (click.types.IntParamType, click.types.BoolParamType)):
        cell = re.sub(r"\.0+$", "", cell)
    if isinstance(kind, click.types.BoolParamType):
        cell = {"wahr": "true", "falsch": "false"}.get(cell.lower(), cell)
    return cell
