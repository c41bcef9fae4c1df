"""`attention`: one head's scores become weights on one grid, and the weights gather the values."""

from __future__ import annotations

from scenes.focus import focus, which
from scenes.reading import Reader, Value
from scenes.script import Handover, Said, Script, say


def head(read: Reader) -> Said:
    return say(
        "single" if read.trace["heads.attribution"].size == 1 else "several",
        count=read("heads.attribution", how="count").integer(),
        head=read("heads.attribution", 1, how="argmax").ordinal(),
        block=read("heads.attribution", 0, how="argmax").ordinal(),
    )


def scores(read: Reader) -> Said:
    f = focus(read.trace)
    return say(
        "itself" if f.key == f.query else "other",
        query=which(read, f.query),
        key=which(read, f.key),
        score=_cell(read, "scores").decimal(1),
    )


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
        query=which(read, f.query),
        key=which(read, f.key),
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
    enters=Handover("head", "vectors"),
    leaves=Handover("head", "context"),
)
