"""`output`: the last vector becomes logits, the logits probabilities, and one token fills the blank."""

from __future__ import annotations

from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def logits(read: Reader) -> Said:
    blocks = read("meta.model.blocks", how="meta").integer()
    return say(
        "single" if read.trace.meta.model.blocks == 1 else "several",
        blocks=blocks,
        size=read("logits", how="count").integer(),
    )


def softmax(read: Reader) -> Said:
    likeliest, other = (read("generated.probability", 0, rank, how="ranked") for rank in (0, 1))
    return say(
        likeliest=likeliest.word(),
        p=read("generated.probability", 0, likeliest.value).percent(1),
        other=other.word(),
        q=read("generated.probability", 0, other.value).percent(1),
    )


def choice(read: Reader) -> Said:
    chosen = read("generated.token", 0)
    return say(
        "greedy" if read.trace.meta.sampling.greedy else "drawn",
        word=chosen.word(),
        chance=read("generated.probability", 0, chosen.value).percent(1),
    )


script = Script(
    (logits, softmax, choice), enters=Handover("exit", "vectors"), leaves=Handover("exit", "token")
)
