"""`softmax`: scores become shares, by how far each lies below the largest; and what a temperature does."""

from __future__ import annotations

import numpy as np

from scenes.focus import focus_of_row, likeliest, which
from scenes.reading import Reader, Value
from scenes.script import Handover, Said, Script, say

TEMPERATURES = (5, 10, 20)  # tenths


def gaps(read: Reader) -> Said:
    f = focus_of_row(read.trace)
    if f.query == 0:
        return say("alone", query=which(read, f.query))
    return say("several", query=which(read, f.query), key=which(read, f.key))


def curve(read: Reader) -> Said:
    f = focus_of_row(read.trace)
    if f.query == 0:
        return say("alone")
    second = runner_up(read)
    return say("several", other=which(read, second), height=cell(read, second, "height").decimal(2))


def shares(read: Reader) -> Said:
    f = focus_of_row(read.trace)
    total = read(f.tensor("masked"), f.head, f.query, how="heights").decimal(2)
    weight = read(f.tensor("pattern"), f.head, f.query, f.key).percent()
    name = "alone" if f.query == 0 else "itself" if f.key == f.query else "other"
    return say(name, key=which(read, f.key), total=total, weight=weight)


def shift(read: Reader) -> Said | tuple[()]:
    """That only gaps count was said with them; as a formula it stands at its level, and for the ear."""
    return say() if read.locale.level == "math" or read.locale.heard else ()


def temperature(read: Reader) -> Said | tuple[()]:
    if read.locale.level == "story":
        return ()
    best = likeliest(read)
    cold, _, hot = (
        read("generated.logits", 0, best.value, tenths, how="tempered").percent(1) for tenths in TEMPERATURES
    )
    return say(
        word=best.word(),
        low=read("generated.logits", TEMPERATURES[0], how="tenths").decimal(1),
        cold=cold,
        high=read("generated.logits", TEMPERATURES[-1], how="tenths").decimal(0),
        hot=hot,
    )


def cell(read: Reader, key: int, how: str = "at") -> Value:
    """The focus's query with a key: its scaled score, or what `how` makes of it in its row."""
    f = focus_of_row(read.trace)
    return read(f.tensor("masked"), f.head, f.query, key, how=how)


def runner_up(read: Reader) -> int:
    """The key with the second largest score of the focus's row."""
    f = focus_of_row(read.trace)
    row = read.trace[f.tensor("masked")][f.head, f.query, : f.query + 1]
    return int(np.argsort(-row, kind="stable")[1])


script = Script(
    (gaps, curve, shares, shift, temperature),
    enters=Handover("head", "context"),
    leaves=Handover("head", "context"),
)
