"""The byte-pair merges that built each token, in the order in which they were made.

A byte-pair encoder starts from single bytes and again and again joins the adjacent pair of pieces that
stands first in its list of merges, the leftmost one where a pair stands twice, until no pair is in the list
(Sennrich et al. 2016, algorithm 1; Radford et al. 2019 for bytes). No merge ever crosses the border of a
token that came out, so what happened inside it is what happens to its bytes alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from llmtrace.trace import Array, Trace

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ranks = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Step:
    """One merge: pieces `at` and `at + 1` become one; `rank` is its line in the list of merges, from 0."""

    at: int
    rank: int
    left: int  # ids
    right: int
    joined: int


def merge_ranks(content: Mapping[str, Any]) -> Ranks:
    """A tokenizer's merges in its own letters: which two pieces join, and how early; may be empty.

    `content` is the tokenizer as its file has it.
    """
    listed = content.get("model", {}).get("merges") or []
    pairs = (tuple(merge.split(" ", 1)) if isinstance(merge, str) else tuple(merge) for merge in listed)
    return {(left, right): rank for rank, (left, right) in enumerate(pairs)}


def steps(tokenizer: Tokenizer, ranks: Ranks, token: int) -> list[Step]:
    """The merges that built a token, in order.

    Empty for a single byte, for a special token, for one that no merges make, and where the tokenizer is no
    byte-pair encoder.
    """
    pieces, made = list(tokenizer.id_to_token(token) or ""), []
    while len(pieces) > 1:
        ranked = [(ranks[pair], at) for at, pair in enumerate(pairwise(pieces)) if pair in ranks]
        if not ranked:
            return []  # its letters do not come together: it was not built by merging
        rank, at = min(ranked)
        names = pieces[at], pieces[at + 1], pieces[at] + pieces[at + 1]
        left, right, joined = (tokenizer.token_to_id(name) for name in names)
        if left is None or right is None or joined is None:
            return []
        made.append(Step(at, rank, left, right, joined))
        pieces[at : at + 2] = [names[2]]
    return made


def merges(tokenizer: Tokenizer, ranks: Ranks, ids: Sequence[int]) -> Array:
    """The merges of a prompt's tokens, one after the other: (M, 6) int32, the place and then a `Step`."""
    rows = [
        (place, *astuple(step)) for place, token in enumerate(ids) for step in steps(tokenizer, ranks, token)
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, 6)


def steps_at(trace: Trace, place: int) -> list[Step]:
    """The merges that built the prompt's token at a place, in order, from the trace alone.

    `trace.token_bytes(step.left)` is what a piece stands for. Raises `KeyError` for a trace without merges.
    """
    rows = trace["tokens.merges"]
    return [Step(*row) for row in rows[rows[:, 0] == place, 1:].tolist()]
