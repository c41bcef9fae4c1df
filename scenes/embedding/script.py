"""`embedding`: each number picks its row of the learned table; rows that are alike lie close together."""

from __future__ import annotations

from scenes.embedding.near import nearest_pair
from scenes.focus import token, twice
from scenes.reading import Reader, Value
from scenes.script import Handover, Said, Script, say


def lookup(read: Reader) -> Said:
    vocabulary = read("meta.model.vocabulary", how="meta").integer()
    return say(width=_width(read).integer(), vocabulary=vocabulary)


def vector(read: Reader) -> Said | tuple[()]:
    """One row's first figures; where there is less time, those of the sum with its place are enough."""
    if read.locale.level != "full":
        return ()
    last = read.trace.length - 1
    first, second = (read("embed.token", last, place).decimal() for place in (0, 1))
    return say(word=token(read, last).word(), first=first, second=second, width=_width(read).integer())


def same(read: Reader) -> Said | tuple[()]:
    """A word that stands twice has the same row both times."""
    places = twice(read.trace)
    return () if places is None else say(word=token(read, places[0]).word())


def place(read: Reader) -> Said | tuple[()]:
    return say() if "projection.point" in read.trace else ()


def near(read: Reader) -> Said | tuple[()]:
    pair = nearest_pair(read.trace)
    if pair is None:
        return ()
    return say(
        word=token(read, pair[0]).word(),
        near=read("neighbours.token", *pair).word(),
        cosine=read("neighbours.cosine", *pair).decimal(),
    )


def shadow(read: Reader) -> Said | tuple[()]:
    if "projection.point" not in read.trace or read.locale.level == "story":
        return ()
    share = read("projection.explained", how="total").percent()
    return say(width=_width(read).integer(), share=share)


def _width(read: Reader) -> Value:
    return read("embed.token", 1, how="size")


script = Script(
    (lookup, vector, same, place, near, shadow),
    enters=Handover("table", "tokens"),
    leaves=Handover("table", "vectors"),
)
