"""What the words and the pictures of the flight both tell: counts, and which block and head are shown."""

from __future__ import annotations

from llmtrace.trace import block
from scenes.focus import focus
from scenes.reading import Reader, Reading

_GUESSES = 6  # blocks that have theirs on the stream


def meta(read: Reader, field: str) -> Reading:
    return read(f"meta.model.{field}", how="meta").integer()


def rounded(read: Reader) -> Reading:
    return read("meta.model.parameters", how="meta").rounded()


def pages(read: Reader) -> Reading:
    """How many pages, as wide as the stream, the feed-forward's width is folded into."""
    return read("meta.model.mlp_width", how="pages").integer()


def shown_block(read: Reader) -> Reading:
    """The number of the block that opens, as people count."""
    return read("heads.attribution", focus(read.trace).block, how="place").ordinal()


def guessing(blocks: int) -> list[int]:
    """The blocks whose guess stands on the stream, the last one among them."""
    every = -(-blocks // _GUESSES)
    return sorted({*range(every - 1, blocks, every), blocks - 1})


def shown_head(read: Reader) -> Reading:
    return read(block(focus(read.trace).block, "attn.pattern"), focus(read.trace).head, how="place").ordinal()
