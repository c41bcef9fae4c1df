"""What is printed for people: times, sizes, tables, in any terminal."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

_LEAST = 40  # columns that a table is laid out in: a narrower terminal breaks its lines
_TYPED = {  # for signs of ours, in a terminal that has them not: what people type for them
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("–—−", "-"),
    **{
        "…": "...",
        "×": "x",
        "·": "-",
        "→": "->",
        "≤": "<=",
        "≥": ">=",
        "√": "sqrt",
        "␣": "_",
        "∞": "inf",
        "°": "*",
    },
}


def legible() -> None:
    """From now on standard output and error write in ASCII what their encoding lacks, and never fail."""
    codecs.register_error("llm-lesson", _in_ascii)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="llm-lesson")


def _in_ascii(error: UnicodeError) -> tuple[str | bytes, int]:
    """What people type for a typographic sign; for a letter its code, as in \\xfc."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_TYPED.get(sign, ascii(sign)[1:-1]) for sign in lacking), error.end


def console(*, stderr: bool = False) -> Console:
    """Where tables and progress are printed; never so narrow that nothing could be laid out."""
    made = Console(stderr=stderr)
    made.width = max(made.width, _LEAST)
    return made


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds: 1:57."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f}"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], whole: bool = False) -> None:
    """Prints rows; `whole` cuts nothing, however narrow the terminal."""
    laid = [Column(column, overflow="fold") for column in columns]  # wraps, and never leaves out
    table = Table(*laid, box=None, header_style="dim", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # as plain text: nothing in a cell is markup
    out = console()
    if whole:
        out.width = 10_000
    out.print(table)
