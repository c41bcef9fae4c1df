"""The likeliest next token, and what comes to its logit."""

from __future__ import annotations

import numpy as np

from scenes.focus import likeliest
from scenes.how import TIMES
from scenes.reading import Reader, Value


def score(read: Reader) -> Value:
    """Its logit."""
    return read("generated.logits", 0, likeliest(read).value)


def row(read: Reader) -> int:
    """Which of the unembedding rows that a trace has is its own."""
    return int(np.flatnonzero(read.trace["weight.unembedding_token"] == likeliest(read).value)[0])


def products(read: Reader) -> list[float]:
    """What comes to its logit: each value of the last vector times that of its row."""
    names, last, own = f"ln_f.out{TIMES}weight.unembedding", read.trace.length - 1, row(read)
    width = read.trace.meta.model.width
    return [read(names, last, place, own, place, how="product").value for place in range(width)]
