"""`attention`: one head's scores become weights on one grid, and the weights gather the values."""

from __future__ import annotations

from scenes.focus import focus, token
from scenes.reading import Reader, Value
from scenes.script import Handover, Said, Script, say


def head(read: Reader) -> Said:
    return say(
        count=read("heads.attribution", how="count").integer(),
        head=read("heads.attribution", 1, how="argmax").ordinal(),
        block=read("heads.attribution", 0, how="argmax").ordinal(),
    )


def scores(read: Reader) -> Said:
    f = focus(read.trace)
    query, key = token(read, f.query).word(), token(read, f.key).word()
    return say(query=query, key=key, score=_cell(read, "scores").decimal(1))


def scaled(read: Reader) -> Said:
    width = read("meta.model.head_width", how="meta").integer()
    return say(width=width, after=_cell(read, "scaled").decimal(1))


def mask(_read: Reader) -> Said:
    return say()


def softmax(_read: Reader) -> Said:
    return say()


def arcs(read: Reader) -> Said:
    f = focus(read.trace)
    return say(
        "itself" if f.key == f.query else "other",
        query=token(read, f.query).word(),
        key=token(read, f.key).word(),
        weight=_cell(read, "pattern").percent(),
    )


def context(_read: Reader) -> Said:
    return say()


def _cell(read: Reader, stage: str) -> Value:
    """The focus's own cell of the head's grid, at a stage."""
    f = focus(read.trace)
    return read(f.tensor(stage), f.head, f.query, f.key)


script = Script(
    (head, scores, scaled, mask, softmax, arcs, context),
    enters=Handover("stream", "vectors"),
    leaves=Handover("head", "context"),
)
