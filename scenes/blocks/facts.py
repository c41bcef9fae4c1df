"""What the stream is made of, block after block, and what the lens guesses from it."""

from __future__ import annotations

from llmtrace.trace import block
from scenes.focus import likeliest
from scenes.reading import Reader, Reading, Value


def blocks(read: Reader) -> int:
    return int(read("meta.model.blocks", how="meta").value)


def written(read: Reader, source: str) -> Value:
    """What a component of the last token's stream adds to the likeliest token's logit."""
    return read(source, read.trace.length - 1, how="written")


def length(read: Reader, index: int, part: str) -> Value:
    """Of the vector that a block's attention or feed-forward adds to the last token's stream."""
    return read(block(index, f"{part}.out"), read.trace.length - 1, how="norm")


def longest(read: Reader) -> tuple[int, str]:
    """The block, and of it attention or feed-forward, whose vector is that."""
    return max(_parts(read), key=lambda one: length(read, *one).value)


def guessed(read: Reader, index: int) -> Reading:
    """The likeliest token by the lens after a block, as a word."""
    return read(f"lens.{index:02d}.token", 0).word()


def settled(read: Reader) -> int:
    """The block after which the lens gives the final word, and does after all later ones."""
    final, since = likeliest(read).word().text, blocks(read) - 1
    while since > 0 and guessed(read, since - 1).text == final:
        since -= 1
    return since


def strongest(read: Reader) -> tuple[int, str]:
    """The block, and of it attention or feed-forward, that adds most."""
    return max(_parts(read), key=lambda one: written(read, block(one[0], f"{one[1]}.out")).value)


def _parts(read: Reader) -> list[tuple[int, str]]:
    return [(index, part) for index in range(blocks(read)) for part in ("attn", "mlp")]


def numbered(read: Reader, index: int) -> Reading:
    """A block's number as people count."""
    return read("heads.attribution", index, how="place").ordinal()
