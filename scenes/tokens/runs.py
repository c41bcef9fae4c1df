"""What falls apart into several tokens: characters of several bytes, and words. Imports no manim."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from llmtrace.trace import Trace
from scenes.focus import shown_positions
from scenes.reading import Reader

MOST = 40  # tokens that are drawn; of a longer prompt the first and the last ones


class Run(NamedTuple):
    """Tokens that follow each other, from one place up to another."""

    start: int
    stop: int


def spaced(trace: Trace) -> list[int]:
    """The places of the tokens that begin with a space."""
    return [place for place, piece in enumerate(_pieces(trace)) if piece.startswith(b" ")]


def split_characters(trace: Trace) -> list[Run]:
    """The tokens that only together spell characters; a combining mark goes with what it stands on."""
    whole = b"".join(pieces := _pieces(trace))
    ends, at, found = [0], 0, list[Run]()
    for place, piece in enumerate(pieces):
        at += len(piece)
        ends.append(at)
        start = found[-1].stop if found else 0
        if at < len(whole) and whole[at] & 0xC0 == 0x80:
            continue  # the next byte goes on with a character
        found.append(Run(start, place + 1))
    runs = [run for run in found if run.stop - run.start > 1]
    texts = [whole[ends[run.start] : ends[run.stop]].decode(errors="replace") for run in runs]
    joined = list[Run]()
    for run, text in zip(runs, texts, strict=True):
        mark = bool(text) and unicodedata.category(text[0])[0] == "M"
        if mark and joined and joined[-1].stop == run.start:
            run = Run(joined.pop().start, run.stop)
        joined.append(run)
    return joined


_LONGEST = 24  # letters of a word that is told: a longer one takes a sentence all its breath


def word_in_pieces(trace: Trace) -> Run | None:
    """The word of the most tokens, the first of those; None where no word of letters is in pieces.

    Only a word that the vocabulary lacks, alone and with its space, and that is not too long to be told.
    """
    pieces = [piece.decode(errors="replace") for piece in _pieces(trace)]
    goes_on = [
        bool(one) and one[-1].isalpha() and other.isalpha() and "\N{REPLACEMENT CHARACTER}" not in one + other
        for one, other in pairwise(pieces)
    ]
    runs, start = list[Run](), 0
    for place, on in enumerate([*goes_on, False]):
        if not on:
            runs.append(Run(start, place + 1))
            start = place + 1
    runs = [run for run in runs if run.stop - run.start > 1 and pieces[run.start].strip().isalpha()]
    if not runs:
        return None
    longest = max(runs, key=lambda run: run.stop - run.start)
    word = "".join(pieces[longest.start : longest.stop]).strip().encode()
    vocabulary = {trace.token_bytes(token) for token in range(trace.meta.model.vocabulary)}
    if vocabulary & {word, b" " + word} or len(word.decode()) > _LONGEST:
        return None
    return longest


def grown(read: Reader) -> int | None:
    """The shown token that the most merges made, the first of those; None where none was made by any."""
    if "tokens.merges" not in read.trace:
        return None
    shown, _ = shown_positions(read, MOST)
    counts = np.bincount(read.trace["tokens.merges"][:, 0], minlength=read.trace.length)[shown]
    return shown[int(counts.argmax())] if counts.any() else None


def _pieces(trace: Trace) -> list[bytes]:
    return [trace.token_bytes(int(token)) or b"" for token in trace["tokens"]]
