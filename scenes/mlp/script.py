"""`mlp`: the feed-forward of one block: a vector widens, most neurons stay silent, and the rest is added."""

from __future__ import annotations

from scenes.focus import focus, token
from scenes.reading import Reader, Reading, Value
from scenes.script import Handover, Said, Script, say

PROMOTED = "neurons.promotes.token"  # of each of the loudest neurons, the tokens that it pushes towards


def widen(read: Reader) -> Said:
    width = read("meta.model.width", how="meta").integer()
    return say(word=_word(read).word(), width=width, neurons=neurons(read))


def bend(read: Reader) -> Said:
    return say("gelu" if by_formula(read) else "plain")


def by_formula(read: Reader) -> bool:
    """Whether the curve's formula is on screen: at its level, and where the model has that curve."""
    return read.locale.level == "math" and read.trace.meta.model.activation.startswith("gelu")


def firing(read: Reader) -> Said:
    above = read(feed_forward(read, "act"), focus(read.trace).query, how="above").integer()
    return say(word=_word(read).word(), above=above, neurons=neurons(read))


def strongest(read: Reader) -> Said | tuple[()]:
    """The loudest by itself; where there is less time, together with what it pushes towards."""
    if PROMOTED in read.trace and read.locale.level != "full":
        return ()
    name, query = feed_forward(read, "act"), focus(read.trace).query
    first = read(name, query, 0, how="ranked")
    return say(neuron=first.ordinal(), out=read(name, query, first.value).decimal(2))


def promotes(read: Reader) -> Said | tuple[()]:
    """Where the loudest pushes; left out where the trace has its neurons of another token, or none."""
    if PROMOTED not in read.trace:
        return ()
    neuron = read("neurons.index", 0).ordinal()
    first, second = (read(PROMOTED, 0, rank).word() for rank in range(2))
    return say(neuron=neuron, first=first, second=second)


def added(read: Reader) -> Said:
    return say(width=read("meta.model.width", how="meta").integer())


def feed_forward(read: Reader, part: str) -> str:
    """The name of a tensor of the feed-forward in the shown head's block."""
    return focus(read.trace).beside(f"mlp.{part}")


def _word(read: Reader) -> Value:
    return token(read, focus(read.trace).query)


def neurons(read: Reader) -> Reading:
    return read(feed_forward(read, "act"), 1, how="size").integer()


script = Script(
    (widen, bend, firing, strongest, promotes, added),
    enters=Handover("feed-forward", "context"),
    leaves=Handover("feed-forward", "vectors"),
)
