"""The orders of a table of prompts, each judged as `make` would judge it, before anything starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import click

from llmtrace.errors import TraceError
from llmtrace.suggest import did_you_mean
from renders.batch.files import anywhere
from renders.batch.rows import PROMPT, WHAT, Cells, rows
from renders.errors import RequestError
from renders.request import job
from renders.store import places
from renders.values import parsed_ids

NAME = "name"
_WHOLE = ("ids", "query", "key")  # options that take a text, which may be of whole numbers


@dataclass(frozen=True)
class Order:
    """One lesson to be made: `options` are those of `llm-lesson make`, by their names in Python."""

    name: str  # of its folder
    prompt: str  # empty when the options have its ids, or its trace
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
        what = _what(cells, where)
        options = _options(make, defaults, cells, where)
        chosen = cells.get(NAME, "").strip()
        name = places.slug(chosen or what)
        if name in lines and not chosen and prompts[name] != what:
            name = f"{name}-{places.digest(what)}"
        if name in lines:
            raise RequestError(
                f"{where}: its folder {name!r} is already that of line {lines[name]}; "
                f"tell them apart by a column {NAME!r}"
            )
        lines[name], prompts[name] = line, what
        orders.append(Order(name, cells.get(PROMPT, "") if cells.get(PROMPT, "").strip() else "", options))
    if not orders:
        raise RequestError(f"{url}: holds no prompt; write one a line below a first line {PROMPT!r}")
    return orders


def _unknown(column: str, known: list[str]) -> str:
    hint = did_you_mean(column, known, f"there are {', '.join(known)}")
    return f"no such column as {column!r}; {hint}"


def _what(cells: Cells, where: str) -> str:
    """What the lesson is of, in words for its folder's name: the prompt, or its ids, or its trace's name."""
    given = [name for name in WHAT if cells.get(name, "").strip()]
    if not given:
        raise RequestError(f"{where}: has no prompt")
    if len(given) > 1:
        raise RequestError(f"{where}: has {' and '.join(given)}; give one of them")
    value = cells[given[0]]
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RequestError(f"{where}: the prompt is not valid Unicode") from None
    return {"prompt": value, "ids": f"ids {_whole(value)}", "trace": PurePath(value).stem}[given[0]]


def _options(make: click.Command, defaults: Mapping[str, Any], cells: Cells, where: str) -> dict[str, Any]:
    """The options of a row over the defaults, judged as the command line of `make` judges them."""
    options = dict(defaults)
    context = click.Context(make)
    try:
        for option in make.params:
            if option.name in options and (cell := cells.get(option.name, "").strip()):
                options[option.name] = option.type_cast_value(context, _typed(option, cell))
        if options.get("ids"):
            parsed_ids(options["ids"])
        job("any", **{name: value for name, value in options.items() if name not in WHAT})
        return anywhere(options)
    except click.ClickException as error:
        raise RequestError(f"{where}: {error.format_message()}") from None
    except (RequestError, TraceError) as error:
        raise RequestError(f"{where}: {error}") from None


def _typed(option: click.Parameter, cell: str) -> str:
    """A cell as it would be typed: pandas writes 2.0 for 2, and a German spreadsheet 0,8 and WAHR."""
    kind = option.type
    if isinstance(kind, (click.types.FloatParamType, click.types.IntParamType, click.types.BoolParamType)):
        cell = re.sub(r"(?<=\d),(?=\d+$)", ".", cell)
    if isinstance(kind, (click.types.IntParamType, click.types.BoolParamType)) or option.name in _WHOLE:
        cell = _whole(cell)
    if isinstance(kind, click.types.BoolParamType):
        cell = {"wahr": "true", "falsch": "false"}.get(cell.lower(), cell)
    return cell


def _whole(cell: str) -> str:
    """A cell, or each number of a list in it, without the ".0" that says nothing."""
    return re.sub(r"(?<=\d)\.0+(?=[\s,]|$)", "", cell)
