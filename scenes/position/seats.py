"""Which places and values the chapter looks at, by stated rules. Imports no manim."""

from __future__ import annotations

import numpy as np

from llmtrace.trace import Trace
from scenes.focus import shown_positions
from scenes.parts.digits import agreeing_digits
from scenes.reading import Reader

COLUMNS = 16  # values that are drawn one by one
SHOWN = 20  # tokens that have a row


def swapped(read: Reader) -> tuple[int, int] | None:
    """Two shown places with different tokens, as far apart as any; None where all are one token."""
    ids = read.trace["tokens"].tolist()
    shown, _ = shown_positions(read, SHOWN)
    pairs = [(place, len(ids) - 1) for place in shown if ids[place] != ids[-1]]
    return pairs[0] if pairs else None


def told(trace: Trace) -> tuple[int, int]:
    """A value of the last token's sum that is told, and with how many digits.

    Of the first ones that reckon out as they are written, with two digits if one does, it is the one where
    the smaller operand counts for most.
    """
    last = trace.length - 1
    rows = [trace[f"embed.{part}"][last, :COLUMNS].astype(float) for part in ("token", "position", "sum")]
    worth = np.minimum(abs(rows[0]), abs(rows[1]))
    found = dict[int, int]()
    for column in np.argsort(-worth, kind="stable").tolist():
        one, other, total = (float(row[column]) for row in rows)
        digits = agreeing_digits([one, other], total, sum)
        if digits == 2:
            return column, digits
        if digits is not None:
            found[column] = max(digits, 2)
    return next(iter(found.items()), (int(worth.argmax()), 3))
