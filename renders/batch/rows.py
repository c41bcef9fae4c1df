"""A table's rows, as people, spreadsheets and pandas write them: CSV, one prompt a line, or JSON lines."""

from __future__ import annotations

import codecs
import csv
import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from renders.batch.store import read_bytes
from renders.errors import RequestError

PROMPT = "prompt"
WHAT = (PROMPT, "ids", "trace")  # the columns that say what a lesson is of, one of them in a row
Cells = dict[str, str]

_DELIMITERS = ",;\t|"  # the first one wins where a header has none of them
_DELIMITER_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line
_UNNAMED = re.compile(r"(unnamed: ?\d+)?")  # no name, or the one that pandas gives a column without
_MARKS = (  # of byte orders; the longer first, since UTF-32's begins as UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENDINGS = {  # of files that are no table for us, and how to make one of them
    ".xlsx": "save the sheet as 'CSV UTF-8'",
    ".xls": "save the sheet as 'CSV UTF-8'",
    ".ods": "save the sheet as 'Text CSV' in UTF-8",
    ".json": "write one JSON object a line (in pandas: orient='records', lines=True)",
}


def rows(url: str) -> Iterator[tuple[int, Cells]]:
    """Line numbers, and cells by their columns' names (`new_tokens` for "New-Tokens"), without blank lines.

    Raises `RequestError`, with the line, for what is no table.
    """
    ending = PurePosixPath(url).suffix.lower()
    read = {".csv": _csv, ".tsv": _csv, ".txt": _txt, ".jsonl": _jsonl}.get(ending)
    if read is None:
        remedy = f"; {_ENDINGS[ending]}" if ending in _ENDINGS else ""
        raise RequestError(
            f"{url}: prompts are read from a .csv, a .tsv, a .jsonl, or a .txt with one prompt a line{remedy}"
        )
    return read(url, _text(url))


def _text(url: str) -> str:
    """UTF-8 with or without a mark, or UTF-16 and UTF-32 as spreadsheets write "Unicode text"."""
    content = read_bytes(url)
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8-sig")
    if encoding == "utf-8-sig" and b"\0" in content[:100]:  # UTF-16 without its mark: each second byte is 0
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RequestError(
            f"{url}: is not {encoding.removesuffix('-sig').upper()} (byte {error.start}); "
            "save it as UTF-8, which spreadsheets call 'CSV UTF-8'"
        ) from None


def _csv(url: str, text: str) -> Iterator[tuple[int, Cells]]:
    told = _DELIMITER_LINE.match(text)
    text = text[told.end() :] if told else text
    delimiter = told[1] if told else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    before = 1 if told else 0  # lines
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = _header(url, row)
            else:
                line = before + reader.line_num
                yield line, _cells(f"{url}, line {line}", header, row, delimiter)
    except csv.Error as error:
        raise RequestError(f"{url}, line {before + reader.line_num}: not CSV ({error})") from None


def _delimiter(text: str) -> str:
    """What the first line that is not blank has between its cells; of several, the one that names most."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    split = {d: next(csv.reader([first], delimiter=d), []) for d in _DELIMITERS}
    named = [d for d, cells in split.items() if {*WHAT} & {*map(_column, cells)}]
    return max(named or _DELIMITERS, key=lambda d: len(split[d]))


def _header(url: str, row: Sequence[str]) -> list[str]:
    header = [_column(cell) for cell in row]
    if not {*WHAT} & {*header}:
        raise RequestError(f"{url}: has no column {PROMPT!r}; its first line names {', '.join(header)}")
    for column in header:
        if header.count(column) > 1 and not _UNNAMED.fullmatch(column):
            raise RequestError(f"{url}: has the column {column!r} twice")
    return header


def _cells(where: str, header: Sequence[str], row: Sequence[str], delimiter: str) -> Cells:
    """A row's cells by their columns; an index, and empty cells under no name, are left out."""
    cells = {}
    for number, cell in enumerate(row):
        column = header[number] if number < len(header) else ""
        if not _UNNAMED.fullmatch(column):
            cells[column] = cell
        elif cell.strip() and not (number == 0 and _index(column, cell)):
            mark = {",": "a comma", ";": "a semicolon", "\t": "a tab"}.get(delimiter, repr(delimiter))
            raise RequestError(
                f"{where}: cell {number + 1}, {cell.strip()[:40]!r}, stands in no named column; name the "
                f'column, or put a prompt with {mark} in it into "quotation marks"'
            )
    return cells


def _txt(_url: str, text: str) -> Iterator[tuple[int, Cells]]:
    for number, line in enumerate(_lines(text), 1):
        if line.strip():
            yield number, {PROMPT: line}


def _jsonl(url: str, text: str) -> Iterator[tuple[int, Cells]]:
    for number, line in enumerate(_lines(text), 1):
        if not line.strip():
            continue
        where = f"{url}, line {number}"
        try:
            fields = json.loads(line, parse_float=_Number)
        except ValueError as error:
            raise RequestError(f"{where}: not JSON ({error})") from None
        if not isinstance(fields, dict):
            raise RequestError(f'{where}: not an object like {{"prompt": "What will be"}}')
        cells = {_column(name): _cell(where, name, value) for name, value in fields.items()}
        yield number, {column: cell for column, cell in cells.items() if not _index(column, cell)}


class _Number(str):
    """A JSON number with a point in it, as it is written: head 3.10 is not head 3.1."""


def _cell(where: str, name: str, value: object) -> str:
    """A JSON value as it would be typed; null and NaN, which pandas writes for none, leave it open."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if _column(name) == PROMPT and (not isinstance(value, str) or isinstance(value, _Number)):
        written = value if isinstance(value, _Number) else json.dumps(value)
        raise RequestError(f"{where}: {name!r} takes a text, so put {written} into quotation marks")
    if isinstance(value, (dict, list)):
        raise RequestError(f"{where}: {name!r} takes one text, number, true or false")
    return str(value)


def _index(column: str, cell: str) -> bool:
    """Whether a cell is of an index as pandas writes it, or an empty one under no name."""
    return bool(_UNNAMED.fullmatch(column)) and (not cell.strip() or cell.strip().isdecimal())


def _lines(text: str) -> list[str]:
    """Split at line ends alone: a prompt may hold what Unicode calls a line separator."""
    return re.split(r"\r\n|\r|\n", text)


def _column(name: str) -> str:
    return name.strip().lower().replace("-", "_")
