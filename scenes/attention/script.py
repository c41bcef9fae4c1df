"""`attention`: scores become weights, weights gather values, and all heads together move the stream."""

from __future__ import annotations

from scenes.attention.facts import (
    cell,
    eager,
    elsewhere,
    named_heads,
    peeking,
    remark,
    runner_up,
    share_of,
    turned,
    without_root,
)
from scenes.focus import focus, numbered, which
from scenes.measures import FROM
from scenes.reading import Reader, Reading
from scenes.script import Handover, Said, Script, say


def head(read: Reader) -> Said:
    trace, at = read.trace, numbered(read)
    best = trace.shown_head == trace.best_head
    name = "single" if trace["heads.attribution"].size == 1 else "several" if best else "chosen"
    if trace.length == 1:
        name = "alone"
    count = read("heads.attribution", how="count").integer()
    query = which(read, focus(trace).query)
    texts = (name, "elsewhere") if elsewhere(trace) else (name,)
    return say(*texts, count=count, head=at["head"], block=at["block"], query=query)


def dot(read: Reader) -> Said:
    f = focus(read.trace)
    return say(
        "itself" if f.key == f.query else "other",
        query=which(read, f.query),
        key=which(read, f.key),
        score=cell(read, "scores").decimal(1),
    )


def grid(read: Reader) -> Said:
    return say("one" if read.trace.length == 1 else "several")


def scaled(read: Reader) -> Said | tuple[()]:
    if read.locale.level == "story":
        return ()
    width = read("meta.model.head_width", how="meta").integer()
    return say(width=width, after=cell(read, "scaled").decimal(1))


def mask(read: Reader) -> Said:
    if read.trace.length == 1:
        return say("one")
    return say("several", asker=which(read, eager(read.trace)), share=peeking(read))


def softmax(read: Reader) -> Said:
    return say("one" if read.trace.length == 1 else "several")


def unscaled(read: Reader) -> Said | tuple[()]:
    figures = without_root(read)
    if read.locale.level == "story" or read.locale.heard or figures is None:
        return ()
    f = focus(read.trace)
    without, weight = figures
    return say(key=which(read, f.key), without=without, weight=weight)


def arcs(read: Reader) -> Said:
    f = focus(read.trace)
    said: dict[str, Reading] = {"query": which(read, f.query), "weight": cell(read, "pattern").percent()}
    if read.trace.length == 1:
        return say("alone", **said)
    second = runner_up(read.trace)
    said |= {"key": which(read, f.key), "second": which(read, second)}
    said["next"] = read(f.tensor("pattern"), f.head, f.query, second).percent()
    main = "itself" if f.key == f.query else "other"
    note = remark(read.trace)
    return say(main, note, **said) if note else say(main, **said)


def context(read: Reader) -> Said:
    return say("one" if read.trace.length == 1 else "several", query=which(read, focus(read.trace).query))


def wall(read: Reader) -> Said | tuple[()]:
    if read.trace["heads.attribution"].size == 1:
        return ()
    said = {"count": read("heads.attribution", how="count").integer()}
    if read.trace.length <= FROM:
        return say("short", **said)
    found = named_heads(read.trace)
    for one in found:
        name = one.kind
        said[f"{name}_block"] = read("heads.attribution", one.block, how="place").ordinal()
        said[f"{name}_head"] = read("heads.attribution", one.head, how="column").ordinal()
        said[name] = share_of(read, one)
    return say("ours", *([one.kind for one in found] or ["none"]), **said)


def out(read: Reader) -> Said:
    f = focus(read.trace)
    return say(
        "one" if read.trace.meta.model.heads == 1 else "several",
        query=which(read, f.query),
        before=read(f.beside("resid_pre"), f.query, how="norm").decimal(1),
        length=read(f.tensor("out"), f.query, how="norm").decimal(1),
        cosine=turned(read),
    )


script = Script(
    (head, dot, grid, scaled, mask, softmax, unscaled, arcs, context, wall, out),
    enters=Handover("head", "vectors"),
    leaves=Handover("head", "context"),
)
