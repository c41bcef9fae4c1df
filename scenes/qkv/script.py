"""`qkv`: one vector becomes a query, a key and a value, each by a matrix of learned weights."""

from __future__ import annotations

import numpy as np

from scenes.focus import focus, numbered, token
from scenes.how import TIMES
from scenes.reading import Reader, Value
from scenes.script import Handover, Said, Script, say


def badges(read: Reader) -> Said:
    return say(word=token(read, focus(read.trace).query).word())


def one(read: Reader) -> Said | tuple[()]:
    if read.locale.level == "story":
        return ()
    width = read("weight.q", 0, how="size").integer()
    return say(width=width, total=total(read).decimal(2))


def query(read: Reader) -> Said | tuple[()]:
    if read.locale.level == "story":
        return ()
    return say(count=read("weight.q", 1, how="size").integer())


def others(_read: Reader) -> Said:
    return say()


def all_tokens(read: Reader) -> Said:
    return say("one" if read.trace.length == 1 else "several", head=numbered(read)["head"])


def normed(read: Reader) -> str:
    """The name of what the shown head reads: the normed stream."""
    return focus(read.trace).beside("ln1.out")


def column(read: Reader) -> int:
    """The number of the query that is worked out: its strongest."""
    f = focus(read.trace)
    return int(np.argmax(np.abs(read.trace[f.tensor("q")][f.head, f.query])))


def total(read: Reader) -> Value:
    f = focus(read.trace)
    return read(f.tensor("q"), f.head, f.query, column(read))


def products(read: Reader) -> list[float]:
    """The bias of that number, then each value of the vector times its weight: they come to it."""
    f, place, names = focus(read.trace), column(read), f"{normed(read)}{TIMES}weight.q"
    bias = [read("weight.q_bias", place).value] if "weight.q_bias" in read.trace else []
    width = read.trace["weight.q"].shape[0]
    return bias + [read(names, f.query, row, row, place, how="product").value for row in range(width)]


script = Script(
    (badges, one, query, others, all_tokens),
    enters=Handover("badges", "vectors"),
    leaves=Handover("badges", "vectors"),
)
