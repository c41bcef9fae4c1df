"""All numbers of a lesson as a table for spreadsheets, `numbers.csv`: each with when it is shown or said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from renders.edition.edition import Edition
from renders.edition.rows import Row

NUMBERS = "numbers.csv"
_COLUMNS = ("from", "to", "chapter", "beat", "where", "text", "tensor", "index", "how", "form")
# How a formula begins for one spreadsheet or another; the last four as they are typed in East Asia.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BLANK = ("\t", "\r", "\n")  # what some skip before they look


def numbers(edition: Edition, folder: Path) -> Path:
    """Writes the table; returns its path."""
    path = folder / NUMBERS
    path.write_text(table(edition), encoding="utf-8", newline="")
    return path


def table(edition: Edition) -> str:
    """The table as RFC 4180 has it, behind the mark by which Excel knows UTF-8; times are in seconds of the
    lesson. No text in it is a formula.
    """
    out = io.StringIO()
    written = csv.writer(out)
    written.writerow(_COLUMNS)
    written.writerows(map(_inert, row) for row in sorted(_rows(edition), key=lambda row: row[:2]))
    return "\ufeff" + out.getvalue()


def _rows(edition: Edition) -> Iterator[tuple[float | str, ...]]:
    starts = {(chapter.name, beat.name): beat.start for chapter, beat in edition.manifest.beats}
    for row in edition.rows:
        start = starts.get((row.chapter, row.beat or ""))
        if row.text is None or start is None:
            continue
        times = (round(start + row.start, 3), round(start + row.end, 3))
        yield (*times, row.chapter, row.beat or "", row.where, row.text, *_source(row))


def _source(row: Row) -> tuple[str, ...]:
    return row.tensor, " ".join(map(str, row.index)), row.how, row.form


def _inert(cell: float | str) -> float | str:
    """A text that a spreadsheet would work out is kept from it by an apostrophe, as OWASP advises."""
    if isinstance(cell, str) and (cell.lstrip()[:1] in _FORMULA or cell[:1] in _BLANK):
        return f"'{cell}"
    return cell
