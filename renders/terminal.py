"""What is printed for people: times, sizes, tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds: 1:57."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f}"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], whole: bool = False) -> None:
    """Prints rows; `whole` cuts nothing, however narrow the terminal."""
    table = Table(*columns, box=None, header_style="dim", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # as plain text: nothing in a cell is markup
    Console(width=10_000 if whole else None).print(table)
