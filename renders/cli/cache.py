"""`cache`: what is kept between builds, how large it is, and how to make it smaller."""

from __future__ import annotations

import json
import re
from typing import Any

import click

from renders.cli import tables
from renders.terminal import megabytes

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


class _Size(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on only
    """Bytes, written like 2GB, 500 MB or 0."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", str(value).strip(), re.IGNORECASE)
        if found is None:
            self.fail(f"{value!r} is no size; write it like 2GB or 500MB", param, ctx)
        return int(float(found[1]) * _UNITS[found[2].upper()])


@click.command("cache")
@click.option("--max-size", type=_Size(), help="Removes what was used longest ago, as in --max-size 2GB.")
@click.option("--clear", is_flag=True, help="Removes everything.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def cache(max_size: int | None, clear: bool, as_json: bool) -> None:
    """Shows what is kept between builds, and where; trims it when asked to. Whatever goes is made again.

    A build keeps at most 4 GB of it.

    \b
    Examples:  llm-lesson cache
               llm-lesson cache --max-size 2GB
    """
    from renders.store import cache as kept

    limit = 0 if clear else max_size
    freed = kept.trim(limit) if limit is not None else None
    found = kept.usage()
    if as_json:
        rows = [
            {"kind": u.kind, "entries": u.entries, "bytes": u.bytes, "place": str(u.folder)} for u in found
        ]
        click.echo(json.dumps({"kinds": rows, "freed": freed or 0}))
        return
    tables.cache(found)
    if freed is not None:
        click.echo(f"{megabytes(freed)} MB were removed")
