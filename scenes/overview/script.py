"""`overview`: the network in space, from the book through one block and one head to the next word."""

from __future__ import annotations

from llmtrace.trace import block
from scenes.focus import focus, which
from scenes.published import PUBLISHED
from scenes.reading import Reader, Reading
from scenes.script import Handover, Said, Script, say


def whole(read: Reader) -> Said:
    return say(blocks=meta(read, "blocks"), parameters=rounded(read))


def book(read: Reader) -> Said:
    return say(count=read("tokens", how="count").integer(), vocabulary=meta(read, "vocabulary"))


def attention(read: Reader) -> Said:
    return say(block=shown_block(read), heads=meta(read, "heads"))


def room(read: Reader) -> Said:
    f = focus(read.trace)
    at = f.head, f.query, f.key
    return say(
        head=shown_head(read),
        query=which(read, f.query),
        key=which(read, f.key),
        width=meta(read, "head_width"),
        score=read(block(f.block, "attn.scores"), *at).decimal(),
        share=read(block(f.block, "attn.pattern"), *at).percent(),
    )


def mix(_read: Reader) -> Said:
    return say()


def think(read: Reader) -> Said:
    return say(pages=pages(read), wide=meta(read, "mlp_width"), width=meta(read, "width"))


def stack(read: Reader) -> Said:
    guesses = [read(f"lens.{number:02d}.token", 0) for number in range(read.trace.meta.model.blocks)]
    final = guesses[-1]
    if len(guesses) == 1:
        return say("single", final=final.word())
    others = [guess for guess in guesses if guess.value != final.value]
    if not others:
        return say("always", final=final.word())
    return say("from", early=others[0].word(), final=final.word())


def scores(read: Reader) -> Said:
    likeliest = read("generated.probability", 0, 0, how="ranked")
    return say(
        vocabulary=meta(read, "vocabulary"),
        word=likeliest.word(),
        p=read("generated.probability", 0, likeliest.value).percent(1),
    )


def again(read: Reader) -> Said:
    return say(word=read("generated.token", 0).word(), parameters=rounded(read))


def size(read: Reader) -> Said:
    return say(fold=read(f"{PUBLISHED}GPT-3", how="fold").integer())


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


def shown_head(read: Reader) -> Reading:
    return read(block(focus(read.trace).block, "attn.pattern"), focus(read.trace).head, how="place").ordinal()


script = Script(
    (whole, book, attention, room, mix, think, stack, scores, again, size),
    enters=Handover("", "sentence"),
    leaves=Handover("whole", "sentence"),
)
