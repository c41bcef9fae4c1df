"""A few rows against every row of a vocabulary's table: what the logit lens and the neighbours begin with."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from llmtrace.store import Array

_AT_ONCE = 64  # rows that go through the table together: all of a long prompt at once would be T × V
_PART = 256  # rows of the table that are multiplied at a time


def products(table: torch.Tensor, rows: torch.Tensor) -> Iterator[Array]:
    """The dot products of each row, of (N, D), with all of a table, (V, D): one (V) after the other.

    The table is taken in parts that fit a processor's cache. In one product the library would first lay it
    all out anew: 125 ms for 23 rows and the table of GPT-2 small, where the parts take 72.
    """
    whole = len(table) // _PART * _PART
    parts = table[:whole].view(-1, _PART, table.shape[1]).mT  # (parts, D, a part's rows)
    for some in torch.split(rows, _AT_ONCE):
        dots = table.new_empty(len(some), len(table))
        most = torch.bmm(some.expand(len(parts), *some.shape), parts)  # (parts, some, a part's rows)
        dots[:, :whole].view(len(some), len(parts), _PART).copy_(most.transpose(0, 1))
        dots[:, whole:] = some @ table[whole:].T
        yield from dots.numpy()
