"""What `attention` tells and shows of a trace, by stated rules; its script and its pictures share it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from llmtrace.trace import Trace, block
from scenes.focus import Focus, focus
from scenes.how import TIMES
from scenes.measures import KINDS, ahead
from scenes.reading import Reader, Reading, Value

LEAST, LEAD = 0.4, 0.1  # what names a head: so much of its weight, and so far ahead of the next measure
NAMED = 2  # heads at most, beside the one that is followed
PARKED, EVEN, CLOSE = 0.5, 1.5, 0.02  # on the first token; times an even share; of the runner-up


@dataclass(frozen=True)
class Named:
    """A head that looks at one kind of place, a key of `scenes.measures.KINDS`."""

    kind: str
    block: int
    head: int


def named_heads(trace: Trace) -> list[Named]:
    """For each kind in turn its best head, where that passes the fixed threshold; `NAMED` of them at most."""
    ours = trace.shown_head
    blocks = range(trace.meta.model.blocks)
    measured = {  # (block, head)
        name: np.stack([measure(trace[block(i, "attn.pattern")], trace["tokens"]) for i in blocks])
        for name, measure in KINDS.items()
    }
    found = list[Named]()
    for name, shares in measured.items():
        others = np.max([other for kind, other in measured.items() if kind != name], axis=0)
        fits = np.where((shares >= LEAST) & (shares >= others + LEAD), shares, -1.0)
        fits[ours] = -1.0
        at = np.unravel_index(int(np.argmax(fits)), fits.shape)
        if fits[at] > 0 and len(found) < NAMED:
            found.append(Named(name, int(at[0]), int(at[1])))
    return found


def share_of(read: Reader, one: Named) -> Reading:
    """How much of its weight a named head gives, on average, to its kind of place."""
    return read(block(one.block, "attn.pattern"), one.head, how=one.kind).percent()


def cell(read: Reader, stage: str) -> Value:
    """The focus's own cell of the head's grid, at a stage."""
    f = focus(read.trace)
    return read(f.tensor(stage), f.head, f.query, f.key)


def eager(trace: Trace) -> int:
    """The position that would look at later tokens most, were they not struck out."""
    f = focus(trace)
    shares = [ahead(trace, f.tensor("scaled"), (f.head, query)) for query in range(trace.length - 1)]
    return int(np.argmax(shares))


def peeking(read: Reader) -> Reading:
    f = focus(read.trace)
    return read(f.tensor("scaled"), f.head, eager(read.trace), how="ahead").percent()


def unrooted(read: Reader, key: int) -> Value:
    """What softmax would give the asking token's key, had the scores not been divided."""
    f = focus(read.trace)
    return read(f.tensor("scores"), f.head, f.query, key, 10, how="tempered")


def without_root(read: Reader) -> tuple[Reading, Reading] | None:
    """The focus's weight without √d_k, and as it is; None where no difference would be seen."""
    f = focus(read.trace)
    if f.query < read.trace.length - 1:  # its scores with later tokens are not struck out yet
        return None
    without, weight = unrooted(read, f.key), cell(read, "pattern")
    for digits in (0, 1):
        if without.percent(digits).text != weight.percent(digits).text:
            return without.percent(digits), weight.percent(digits)
    return None


def runner_up(trace: Trace) -> int:
    """The position with the second largest weight of the focus's row."""
    f = focus(trace)
    row = trace[f.tensor("pattern")][f.head, f.query]
    return int(np.argsort(-row, kind="stable")[1 if len(row) > 1 else 0])


def remark(trace: Trace) -> str | None:
    """What is odd about the focus's weights: a text of the beat `arcs`."""
    f: Focus = focus(trace)
    row = trace[f.tensor("pattern")][f.head, f.query, : f.query + 1]
    most = float(row[f.key])
    if most < row.max() or len(row) < 3:
        return None
    if f.key == 0 and most >= PARKED:
        return "parked"
    if len(row) > 3 and most <= EVEN / len(row):
        return "flat"
    if most - float(row[runner_up(trace)]) <= CLOSE:
        return "tie"
    return None


def turned(read: Reader) -> Reading:
    """The cosine between the asking token's stream before attention and after it."""
    f = focus(read.trace)
    names = f"{f.beside('resid_pre')}{TIMES}{f.beside('resid_mid')}"
    return read(names, f.query, how="cosine").decimal(2)


def elsewhere(trace: Trace) -> bool:
    """Whether the token that asks is another than the last, which guesses."""
    return focus(trace).query != trace.length - 1
