"""The byte-pair merges that built each token, in the order in which they were made.

A byte-pair encoder starts from single bytes and again and again joins the adjacent pair of pieces that
stands first in its list of merges, the leftmost one where a pair stands twice, until no pair is in the list
(Sennrich et al. 2016, algorithm 1; Radford et al. 2019 for bytes). No merge ever crosses the border of a
token that came out, so what happened inside it is what happens to its bytes alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from llmtrace.trace import Array, Trace

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_EMPTY = -1  # the id of a piece that the vocabulary does not have


@dataclass(frozen=True)
class Step:
    """One merge: pieces `at` and `at + 1` become one; `rank` is its line in the list of merges, from 0."""

    at: int
    rank: int
    left: int  # ids
    right: int
    joined: int


class Merges:
    """A tokenizer's list of merges, read from its own JSON form."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        model: dict[str, Any] = json.loads(tokenizer.to_str())["model"]
        self._ids: dict[str, int] = model["vocab"] if model["type"] == "BPE" else {}
        self._letters = {index: text for text, index in self._ids.items()}
        pairs = model["merges"] if model["type"] == "BPE" else []
        # A merge is written as a pair, and in files of older versions as one text with a space.
        self._rank = {
            tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair): rank
            for rank, pair in enumerate(pairs)
        }

    def steps(self, token: int) -> list[Step]:
        """The merges that built a token, in order.

        Empty for a single byte, for a special token, for one that no merges make, and where the tokenizer is
        no byte-pair encoder.
        """
        pieces = list(self._letters.get(token, ""))
        steps: list[Step] = []
        while len(pieces) > 1:
            ranked = [
                (self._rank[pair], at) for at, pair in enumerate(pairwise(pieces)) if pair in self._rank
            ]
            if not ranked:
                return []  # its letters do not come together: it was not built by merging
            rank, at = min(ranked)
            left, right = pieces[at : at + 2]
            pieces[at : at + 2] = [left + right]
            steps.append(
                Step(at, rank, *(self._ids.get(piece, _EMPTY) for piece in (left, right, left + right)))
            )
        return steps


def merge_tensors(tokenizer: Tokenizer, ids: Sequence[int]) -> dict[str, Array]:
    """The merges of all tokens of a prompt, one after the other, as the tensors `merges.*` of a trace."""
    merges = Merges(tokenizer)
    stories = [merges.steps(token) for token in ids]
    steps = [step for story in stories for step in story]
    return {
        "merges.ends": np.cumsum([len(story) for story in stories], dtype=np.int32),
        "merges.at": np.array([step.at for step in steps], dtype=np.int32),
        "merges.rank": np.array([step.rank for step in steps], dtype=np.int32),
        "merges.left": np.array([step.left for step in steps], dtype=np.int32),
        "merges.right": np.array([step.right for step in steps], dtype=np.int32),
        "merges.joined": np.array([step.joined for step in steps], dtype=np.int32),
    }


def steps_at(trace: Trace, position: int) -> list[Step]:
    """The merges that built the prompt's token at a position, in order, from the trace alone.

    `trace.token_bytes(step.left)` is what a piece stands for. Raises `KeyError` for a trace without merges.
    """
    ends = trace["merges.ends"]
    span = slice(int(ends[position - 1]) if position else 0, int(ends[position]))
    columns = [trace[f"merges.{name}"][span].tolist() for name in ("at", "rank", "left", "right", "joined")]
    return [Step(*row) for row in zip(*columns, strict=True)]
