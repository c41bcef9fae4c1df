"""`overview`: the network in space, from the book through one block and one head to the next word."""

from __future__ import annotations

from llmtrace.trace import block
from scenes.focus import focus, which
from scenes.overview.facts import guessing, meta, pages, rounded, shown_block, shown_head
from scenes.published import PUBLISHED
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def whole(read: Reader) -> Said:
    return say(blocks=meta(read, "blocks"), parameters=rounded(read))


def book(read: Reader) -> Said:
    return say(count=read("tokens", how="count").integer(), vocabulary=meta(read, "vocabulary"))


def attention(read: Reader) -> Said:
    return say(block=shown_block(read), heads=meta(read, "heads"))


def room(read: Reader) -> Said | tuple[()]:
    """One head's room; where there is less time one has been in it, in `attention`, and flies on."""
    if read.locale.level != "full":
        return ()
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


def mix(read: Reader) -> Said | tuple[()]:
    return say() if read.locale.level == "full" else ()


def think(read: Reader) -> Said:
    return say(pages=pages(read), wide=meta(read, "mlp_width"), width=meta(read, "width"))


def stack(read: Reader) -> Said:
    blocks = read.trace.meta.model.blocks
    guesses = {number: read(f"lens.{number:02d}.token", 0).word() for number in range(blocks)}
    final = guesses[blocks - 1]
    if blocks == 1:
        return say("single", final=final)
    others = [number for number, guess in guesses.items() if guess.text != final.text]
    if not others:
        return say("always", final=final)
    first = min(others, key=lambda number: number not in guessing(blocks))  # one that is shown, if one is
    return say("from", early=guesses[first], final=final)


def scores(read: Reader) -> Said | tuple[()]:
    if read.locale.level != "full":
        return ()
    likeliest = read("generated.probability", 0, 0, how="ranked")
    return say(
        vocabulary=meta(read, "vocabulary"),
        word=likeliest.word(),
        p=read("generated.probability", 0, likeliest.value).percent(1),
    )


def again(read: Reader) -> Said | tuple[()]:
    if read.locale.level != "full":
        return ()
    return say(word=read("generated.token", 0).word(), parameters=rounded(read))


def size(read: Reader) -> Said:
    return say(fold=read(f"{PUBLISHED}GPT-3", how="fold").integer())


script = Script(
    (whole, book, attention, room, mix, think, stack, scores, again, size),
    enters=Handover("", "sentence"),
    leaves=Handover("whole", "sentence"),
)
