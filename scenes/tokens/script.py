"""`tokens`: the text falls into boxes; one grows from its letters; each has a number in a list."""

from __future__ import annotations

from scenes.focus import token
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say
from scenes.tokens.runs import grown, spaced, split_characters, word_in_pieces


def cut(read: Reader) -> Said:
    trace = read.trace
    texts = ["single" if trace.length == 1 else "several"]
    if spaced(trace) and read.locale.level == "full":
        texts.append("spaced")
    return say(*texts, count=read("tokens", how="count").integer())


def pieces(read: Reader) -> Said | tuple[()]:
    """What comes in pieces, where something does."""
    word = word_in_pieces(read.trace)
    texts = ["word"] * (word is not None) + ["bytes"] * bool(split_characters(read.trace))
    if not texts:
        return ()
    start, stop = word or (0, 0)
    return say(
        *texts,
        word=read("tokens", start, stop, how="spelled").quoted(),
        count=read("tokens", start, stop, how="span").integer(),
    )


def grow(read: Reader) -> Said | tuple[()]:
    """How a token was made; left out where none was, as of single bytes."""
    place = grown(read)
    return () if place is None else say(parts(read, place), word=token(read, place).word())


def listed(read: Reader) -> Said | tuple[()]:
    """Where a token stands in the list of all; with less time, one goes on from its growth."""
    place = grown(read)
    if read.locale.level != "full" and place is not None:
        return ()
    at = token(read, place or 0)
    vocabulary = read("meta.model.vocabulary", how="meta").integer()
    return say(word=at.word(), id=at.id(), vocabulary=vocabulary)


def ids(_read: Reader) -> Said:
    return say()


def parts(read: Reader, place: int) -> str:
    """What a token grew from: "letters" where it spells with A to Z alone, else "bytes"."""
    spelled = (read.trace.token_bytes(int(token(read, place).value)) or b"").strip()
    return "letters" if spelled.isalpha() else "bytes"


script = Script(
    (cut, pieces, grow, listed, ids),
    enters=Handover("entry", "sentence"),
    leaves=Handover("entry", "tokens"),
)
