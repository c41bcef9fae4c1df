"""What a lesson looks at more closely, chosen from the trace by stated rules. Imports no manim."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from llmtrace.trace import Trace, block
from scenes.reading import Reader, Reading, Value

CELLS = 12  # of a vector that is drawn in part


@dataclass(frozen=True)
class Focus:
    """A head, and two of its tokens: the one that asks and one that answers.

    Unless others were chosen: the head with the highest attribution, the last token as query, and the key
    that it weighs most.
    """

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
    """What a lesson of a trace looks at; a choice travels with the trace, so that whoever has it knows."""
    index, head = trace.shown_head
    query, key = trace.meta.query, trace.meta.key
    query = trace.length - 1 if query is None else query
    return Focus(index, head, query, strongest_key(trace) if key is None else key)


def focus_of_row(trace: Trace) -> Focus:
    """The same for what is told of all that the query asks: with the key that it weighs most."""
    return replace(focus(trace), key=strongest_key(trace))


def strongest_key(trace: Trace) -> int:
    """The key that the shown head's query weighs most."""
    index, head = trace.shown_head
    query = trace.length - 1 if trace.meta.query is None else trace.meta.query
    return int(np.argmax(trace[block(index, "attn.pattern")][head, query]))  # of (key)


def numbered(read: Reader) -> dict[str, Reading]:
    """The shown block and head as people count them, from one; and of how many."""
    f = focus(read.trace)
    return {
        "block": read("heads.attribution", f.block, how="place").ordinal(),
        "blocks": read("heads.attribution", 0, how="size").integer(),
        "head": read("heads.attribution", f.head, how="column").ordinal(),
        "heads": read("heads.attribution", 1, how="size").integer(),
    }


def stands_twice(read: Reader, position: int) -> bool:
    """Whether the word at a position stands at another one, too."""
    word = token(read, position).word().text
    return any(token(read, p).word().text == word for p in range(read.trace.length) if p != position)


def whole(read: Reader, position: int) -> Reading | None:
    """The word that the token at a position is only a piece of; None where it is one, or none."""
    found = read("tokens", position, how="place").whole()
    return found if found.text else None


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


def likeliest(read: Reader) -> Value:
    """The id of the likeliest next token."""
    return read("generated.logits", 0, 0, how="ranked")


def which(read: Reader, position: int) -> Reading:
    """The word at a position of the prompt, for a sentence.

    Where it stands twice it has its place, and where it is a piece of a word that word.
    """
    return read("tokens", position, how="place").which()


def shown_positions(
    read: Reader, limit: int, first: int = 0, upto: int | None = None
) -> tuple[list[int], Reading | None]:
    """The positions that fit in `limit` places, and how many were left out (None when all fit).

    The last ones are shown, or those up to a position, such as the query's, and before them the first or the
    one at `first`; a mark for the others takes the place after it.
    """
    length = read.trace.length
    if length <= limit:
        return list(range(length)), None
    start = max(1, (length - 1 if upto is None else upto) - (limit - 3))
    positions = [first if first < start else 0, *range(start, start + limit - 2)]
    return positions, read("tokens", 0, length - len(positions), how="span").integer()


def twice(trace: Trace) -> tuple[int, int] | None:
    """The first two places of the first token that stands more than once; of letters, if one does."""
    ids = trace["tokens"].tolist()
    found = [
        (place, ids.index(token, place + 1))
        for place, token in enumerate(ids)
        if ids.count(token) > 1 and ids.index(token) == place
    ]
    spelled = [pair for pair in found if (trace.token_bytes(ids[pair[0]]) or b"").strip().isalpha()]
    return min(spelled or found, default=None)
