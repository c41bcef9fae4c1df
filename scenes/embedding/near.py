"""Which words of a prompt have which neighbours, by stated rules. Imports no manim."""

from __future__ import annotations

from llmtrace.trace import Trace


def nearest_pair(trace: Trace) -> tuple[int, int] | None:
    """A token's place and its neighbour's rank: those two words on the map with the highest cosine.

    Both are words of letters, and not one word written in two ways, such as "What" and " what".
    """
    pairs = [
        (float(trace["neighbours.cosine"][place, rank]), -place, -rank)
        for place, rank in links(trace)
        if _words(trace, int(trace["tokens"][place]), int(trace["neighbours.token"][place, rank]))
    ]
    if not pairs:
        return None
    _, place, rank = max(pairs)
    return -place, -rank


def links(trace: Trace, most: int | None = None) -> list[tuple[int, int]]:
    """Places of different tokens and ranks of their neighbours, where both are on the map.

    `most`: so many of each token's nearest.
    """
    if "projection.token" not in trace or "neighbours.token" not in trace:
        return []
    shown = set(trace["projection.token"].tolist())
    ids = trace["tokens"].tolist()
    found = list[tuple[int, int]]()
    for place, token in enumerate(ids):
        if token in shown and ids.index(token) == place:
            ranks = [n for n, near in enumerate(trace["neighbours.token"][place].tolist()) if near in shown]
            found += [(place, rank) for rank in ranks[:most]]
    return found


def _words(trace: Trace, one: int, other: int) -> bool:
    first, second = (_plain(trace, token) for token in (one, other))
    return first.isalpha() and second.isalpha() and first.casefold() != second.casefold()


def _plain(trace: Trace, token: int) -> str:
    return (trace.token_bytes(token) or b"").decode(errors="replace").strip()
