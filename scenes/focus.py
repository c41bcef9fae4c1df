"""What a lesson looks at more closely, chosen from the trace by stated rules. Imports no manim."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from llmtrace.trace import Trace, block
from scenes.forms import as_written
from scenes.reading import Reader, Reading, Value

CELLS = 12  # of a vector that is drawn in part


@dataclass(frozen=True)
class Focus:
    """The head with the highest attribution, the last token as query, and the key that it weighs most."""

    block: int
    head: int
    query: int
    key: int

    def tensor(self, stage: str) -> str:
        """The name of one of the head's tensors: `tensor("pattern")` is `block.02.attn.pattern`."""
        return self.beside(f"attn.{stage}")

    def beside(self, name: str) -> str:
        """The name of another tensor of the head's block: `beside("ln1.out")` is `block.02.ln1.out`."""
        return block(self.block, name)


def focus(trace: Trace) -> Focus:
    index, head = trace.best_head
    query = trace.length - 1
    pattern = trace[block(index, "attn.pattern")][head, query]  # (key)
    return Focus(index, head, query, int(np.argmax(pattern)))


def prompt(read: Reader) -> Reading:
    """The prompt as it was typed; of a model without a tokenizer, how many ids there are."""
    if read.trace.meta.prompt is None:
        return read("tokens", how="count").integer()
    return read("meta.prompt", how="meta").name()


def token(read: Reader, position: int) -> Value:
    """The id at a position: of the prompt, and past its end of what was generated."""
    length = read.trace.length
    if position < length:
        return read("tokens", position)
    return read("generated.token", position - length)


def which(read: Reader, position: int) -> Reading:
    """The word at a position of the prompt, for a sentence; where it stands twice, with its place."""
    return read("tokens", position, how="place").which()


def shown_positions(read: Reader, limit: int, first: int = 0) -> tuple[list[int], Reading | None]:
    """The positions that fit in `limit` places, and how many were left out (None when all fit).

    The last ones are shown and, before them, the first or the one at `first`; a mark for the others takes
    the place after it.
    """
    length = read.trace.length
    if length <= limit:
        return list(range(length)), None
    later = range(length - (limit - 2), length)
    positions = [first if first not in later else 0, *later]
    return positions, read("tokens", 0, length - len(positions), how="span").integer()


def agreeing_column(trace: Trace, row: int, digits: int, among: int) -> int:
    """The column, of `among`, whose sum is best told: token + position = sum holds as they are written too.

    Of those it is the one where the smaller of the two counts for most; 0 when none agrees.
    """
    parts = [trace[f"embed.{name}"][row, :among].tolist() for name in ("token", "position", "sum")]
    columns = [[as_written(value, digits) for value in column] for column in zip(*parts, strict=True)]
    worth = [min(abs(a), abs(b)) if a + b == total else Decimal(-1) for a, b, total in columns]
    return worth.index(max(worth))
