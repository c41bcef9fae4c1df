"""`blocks`: how the guess forms, block after block, and what each step adds to the next score."""

from __future__ import annotations

from llmtrace.trace import block
from scenes.blocks.facts import blocks, guessed, longest, numbered, settled, strongest, written
from scenes.focus import likeliest
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def stream(read: Reader) -> Said | tuple[()]:
    """What a block does to the stream; in a story the picture alone tells that."""
    count = blocks(read)
    if read.locale.level == "story":
        return ()
    index, part = longest(read)
    told = {"blocks": read("meta.model.blocks", how="meta").integer(), "block": numbered(read, index)}
    most = "attention" if part == "attn" else "thought"
    return say("single" if count == 1 else "several", most, **told)


def guess(read: Reader) -> Said:
    early, final = guessed(read, 0), likeliest(read).word()
    since, count = settled(read), blocks(read)
    if since == 0:
        told = read("meta.model.blocks", how="meta").integer()
        return say("single" if count == 1 else "always", final=final, blocks=told)
    block = numbered(read, since)
    if early.text == final.text:
        return say("back", final=final, block=block)
    return say("last" if since == count - 1 else "from", early=early, final=final, block=block)


def added(read: Reader) -> Said:
    word = likeliest(read)
    return say(word=word.word(), score=read("generated.logits", 0, word.value).decimal(1))


def largest(read: Reader) -> Said | tuple[()]:
    """The step that adds most; where there is less time, its bar alone tells that."""
    if read.locale.level != "full":
        return ()
    index, part = strongest(read)
    amount = written(read, block(index, f"{part}.out")).decimal(1)
    return say("attention" if part == "attn" else "thought", block=numbered(read, index), amount=amount)


script = Script(
    (stream, guess, added, largest),
    enters=Handover("stream", "vectors"),
    leaves=Handover("stream", "vectors"),
)
