"""`blocks`: how the guess forms, block after block, and what each step adds to the next score."""

from __future__ import annotations

from llmtrace.trace import block
from scenes.reading import Reader, Reading, Value
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


def blocks(read: Reader) -> int:
    return int(read("meta.model.blocks", how="meta").value)


def likeliest(read: Reader) -> Value:
    """The id of the likeliest next token."""
    return read("generated.logits", 0, 0, how="ranked")


def written(read: Reader, source: str) -> Value:
    """What a component of the last token's stream adds to the likeliest token's logit."""
    return read(source, read.trace.length - 1, how="written")


def guessed(read: Reader, index: int) -> Reading:
    """The likeliest token by the lens after a block, as a word."""
    return read(f"lens.{index:02d}.token", 0).word()


def settled(read: Reader) -> int:
    """The block after which the lens gives the final word, and does after all later ones."""
    final, since = likeliest(read).word().text, blocks(read) - 1
    while since > 0 and guessed(read, since - 1).text == final:
        since -= 1
    return since


def length(read: Reader, index: int, part: str) -> Value:
    """Of the vector that a block's attention or feed-forward adds to the last token's stream."""
    return read(block(index, f"{part}.out"), read.trace.length - 1, how="norm")


def longest(read: Reader) -> tuple[int, str]:
    """The block, and of it attention or feed-forward, whose vector is that."""
    return max(_parts(read), key=lambda one: length(read, *one).value)


def strongest(read: Reader) -> tuple[int, str]:
    """The block, and of it attention or feed-forward, that adds most."""
    return max(_parts(read), key=lambda one: written(read, block(one[0], f"{one[1]}.out")).value)


def _parts(read: Reader) -> list[tuple[int, str]]:
    return [(index, part) for index in range(blocks(read)) for part in ("attn", "mlp")]


def numbered(read: Reader, index: int) -> Reading:
    """A block's number as people count."""
    return read("heads.attribution", index, how="place").ordinal()


script = Script(
    (stream, guess, added, largest),
    enters=Handover("stream", "vectors"),
    leaves=Handover("stream", "vectors"),
)
