"""`output`: the last vector becomes logits, the logits probabilities, and one token fills the blank."""

from __future__ import annotations

from scenes.focus import likeliest
from scenes.output.facts import score
from scenes.reading import Reader, Reading
from scenes.script import Handover, Said, Script, say

FEW = 10  # the likeliest tokens that are listed, and whose share is told
NUCLEUS = 9  # tenths of the whole that top-p is shown with


def worked(read: Reader) -> Said | tuple[()]:
    """One logit by its products; left out of a story, which has no sums."""
    if read.locale.level == "story":
        return ()
    return say(
        blocks=read("meta.model.blocks", how="meta").integer(),
        word=likeliest(read).word(),
        value=score(read).decimal(),
    )


def logits(read: Reader) -> Said:
    return say(size=read("logits", how="count").integer())


def softmax(read: Reader) -> Said:
    first, other = (read("generated.probability", 0, rank, how="ranked") for rank in (0, 1))
    return say(
        likeliest=first.word(),
        p=read("generated.probability", 0, first.value).percent(1),
        other=other.word(),
        q=read("generated.probability", 0, other.value).percent(1),
    )


def mass(read: Reader) -> Said | tuple[()]:
    """What the likeliest hold together; left out of a story, and where there are hardly more than they."""
    size = read.trace["logits"].size
    if size <= 2 * FEW or read.locale.level == "story":
        return ()
    left = read("generated.probability", 0, how="above")
    if left.value <= FEW:
        return say("left", left=left.integer(), size=read("logits", how="count").integer())
    told = {"few": few(read), "share": held(read), "others": others(read)}
    if not read.trace.meta.sampling.greedy:
        return say("held", **told)
    return say("held", "cuts", **told, p=reach(read), n=nucleus(read))


def choice(read: Reader) -> Said:
    chosen = read("generated.token", 0)
    return say(
        "greedy" if read.trace.meta.sampling.greedy else "drawn",
        word=chosen.word(),
        draw=read("generated.draw", 0).decimal(3),
        chance=read("generated.probability", 0, chosen.value).percent(1),
    )


def few(read: Reader) -> Reading:
    return read("generated.probability", FEW, how="number").integer()


def held(read: Reader) -> Reading:
    return read("generated.probability", 0, FEW, how="mass").percent(1)


def others(read: Reader) -> Reading:
    return read("generated.probability", 0, FEW, how="beyond").percent(1)


def reach(read: Reader) -> Reading:
    return read("generated.probability", NUCLEUS, how="tenths").percent()


def nucleus(read: Reader) -> Reading:
    return read("generated.probability", 0, NUCLEUS, how="nucleus").integer()


script = Script(
    (worked, logits, softmax, mass, choice),
    enters=Handover("exit", "vectors"),
    leaves=Handover("exit", "token"),
)
