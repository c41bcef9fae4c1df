"""What `llm-lesson inspect` prints: the tensors of a trace, and their numbers."""

from __future__ import annotations

import itertools
import operator
import re
from functools import reduce
from typing import Any

import numpy as np

from llmtrace.describe import size_of
from llmtrace.names import along_the_path, described, holds_ids
from llmtrace.trace import Array, Info, Trace
from renders.errors import RequestError
from renders.inspect.selection import Selection, written
from renders.terminal import console, table
from scenes.letters import shorten

ROWS = 40  # lines of numbers that are printed at most; JSON has all
_COLUMN = 9  # letters that a number takes


def tensors(trace: Trace, pattern: str | None) -> None:
    """A table of the tensors whose names match; without a pattern, of all, alike ones in one row."""
    groups: dict[str, list[Info]] = {}
    for tensor in matching(trace, pattern or "*"):
        name = tensor.name if pattern else re.sub(r"\.\d+(?=\.)", ".*", tensor.name)
        groups.setdefault(name, []).append(tensor)
    head = ["tensor", "", "axes", "shape", "type", "size", "least", "largest", "not finite"]
    rows = [[name, f"{len(of)} ×" if len(of) > 1 else "", *_row(trace, of)] for name, of in groups.items()]
    rest = console().width - sum(max(map(len, column)) + 2 for column in zip(head, *rows, strict=True))
    if rest >= 16:  # there is room to say what each is
        head.append("what it is")
        for row, alike in zip(rows, groups.values(), strict=True):
            row.append(shorten(alike[0].about, rest))
    table(head, rows, whole=True)


def _row(trace: Trace, alike: list[Info]) -> tuple[str, ...]:
    found = reduce(operator.or_, (trace.range(tensor.name) for tensor in alike))
    sizes = [sorted(set(along)) for along in zip(*(tensor.shape for tensor in alike), strict=True)]
    shape = " × ".join(str(size[0]) if len(size) == 1 else f"{size[0]}–{size[-1]}" for size in sizes)
    others = ((found.below, "−∞"), (found.above, "∞"), (found.undefined, "NaN"))
    rest = ", ".join(f"{count:,} × {what}" for count, what in others if count)
    least, most = ("" if end is None else written(end) for end in (found.least, found.most))
    size = size_of(sum(tensor.bytes for tensor in alike))
    return " ".join(alike[0].axes), shape, alike[0].dtype, size, least, most, rest


def tensors_json(trace: Trace, pattern: str | None) -> list[dict[str, Any]]:
    return [
        {
            "name": tensor.name,
            "axes": list(tensor.axes),
            "shape": list(tensor.shape),
            "dtype": tensor.dtype,
            "bytes": tensor.bytes,
            "about": tensor.about,
            **vars(trace.range(tensor.name)),
        }
        for tensor in matching(trace, pattern or "*")
    ]


def matching(trace: Trace, pattern: str) -> list[Info]:
    """Along the path; a pattern that no whole name matches is taken as a part of one."""
    found = list(trace.info(pattern)) or list(trace.info(f"*{pattern}*"))
    if not found:
        raise RequestError(
            f"{pattern}: no tensor has such a name; quote a pattern, like 'block.*.attn.pattern'"
        )
    return sorted(found, key=lambda tensor: along_the_path(tensor.name))


def numbers(selection: Selection) -> None:
    """The numbers of a selection, with what stands along its axes; long ones are cut, and it is said."""
    values = selection.values
    about = described(selection.name)[1] + (f"; {selection.counted}" if selection.counted else "")
    shape = " × ".join(f"{axis.letter} {axis.size}" for axis in selection.axes)
    if values.ndim == 0:
        word = f"  {selection.word(int(values[()]))}" if holds_ids(selection.name) else ""
        print(f"{selection.title} = {values[()]}{word}")
        return
    print(f"{selection.title}: {about}\n{shape}, {values.dtype}")
    if values.ndim == 1:
        _vector(selection, values)
        return
    lead = selection.axes[:-2]
    places = list(itertools.product(*(range(axis.size) for axis in lead)))
    shown = max(1, ROWS // max(values.shape[-2], 1))
    for place in places[:shown]:
        if lead:
            print("\n" + ", ".join(selection.label(axis, at) for axis, at in enumerate(place)))
        _matrix(selection, values[place])
    if len(places) > shown:
        print(f"\n… {shown:,} of {len(places):,} matrices are shown; --index chooses others, --json has all")


def _vector(selection: Selection, values: Array) -> None:
    (axis,) = selection.axes
    ids, named = holds_ids(selection.name), selection.is_named(0)
    ranked = axis.letter == "V" and axis.size > ROWS  # nobody reads a vocabulary in its order
    places = np.argsort(-values, kind="stable") if ranked else np.arange(axis.size)
    rows = []
    for place in places[:ROWS].tolist():
        word = selection.word(int(values[place])) if ids else selection.label(0, place) if named else None
        rows.append((str(axis.start + place), *([] if word is None else [word]), str(values[place])))
    table(
        ("index", *(["token" if ids or axis.letter in "TPV" else "which"] if ids or named else []), "value"),
        rows,
    )
    if ranked:
        print(f"… the {ROWS} largest of {axis.size:,} are shown; --index chooses others, --json has all")
    else:
        _left_out(axis.size, ROWS, axis.what)


def _matrix(selection: Selection, values: Array) -> None:
    last = len(selection.axes) - 1
    labels = [shorten(selection.label(last - 1, place), 20) for place in range(min(len(values), ROWS))]
    columns = max(1, (console().width - max(map(len, labels))) // (_COLUMN + 2))
    head = [shorten(selection.label(last, place), _COLUMN) for place in range(values.shape[1])][:columns]
    ids = holds_ids(selection.name)

    def cell(value: float | np.generic) -> str:
        return f"{shorten(selection.word(int(value)), _COLUMN) if ids else written(value):>{_COLUMN}}"

    rows = [(label, *map(cell, row[:columns])) for label, row in zip(labels, values, strict=False)]
    table(("", *(f"{text:>{_COLUMN}}" for text in head)), rows)
    if ids:
        print("words stand for ids; --json has the ids")
    _left_out(values.shape[0], ROWS, selection.axes[-2].what)
    _left_out(values.shape[1], columns, selection.axes[-1].what)


def _left_out(size: int, shown: int, what: str) -> None:
    if size > shown:
        print(f"… {shown:,} of {size:,} along {what} are shown; --index chooses others, --json has all")


def numbers_json(selection: Selection) -> dict[str, Any]:
    return {
        "name": selection.name,
        "index": selection.where,
        "axes": [axis.letter for axis in selection.axes],
        "shape": list(selection.values.shape),
        "dtype": selection.values.dtype.name,
        "values": _plain(selection.values),
    }


def _plain(values: Array) -> Any:
    """Numbers as JSON has them; what it has no number for as a text: "-inf", "inf", "nan"."""
    if values.ndim:
        return [_plain(part) for part in values] if not np.isfinite(values).all() else values.tolist()
    number = values.item()
    return number if np.isfinite(number) else str(number)
