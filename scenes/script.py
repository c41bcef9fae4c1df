"""What a chapter's `script.py` is made of: its beats in their order, each with what it reads from the trace.

    def ids(read: Reader) -> Said:
        return say(word=token(read, 0).word(), id=token(read, 0).id())

    script = Script((cut, ids), enters=Handover("entry", "sentence"), leaves=Handover("entry", "ids"))

A beat has its function's name, which is its name in `words.toml` and that of its method in `scene.py` too.
Imports no manim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scenes.reading import Reader, Reading
from scenes.texts import OWN


@dataclass(frozen=True)
class Said:
    """Which of a beat's texts are said, by their names in `words.toml`, and the readings for their fields."""

    texts: tuple[str, ...]
    readings: Mapping[str, Reading]


def say(*texts: str, **readings: Reading) -> Said:
    """Of a beat with several texts, those that are said, in their order; of one with one text, that."""
    return Said(texts or (OWN,), readings)


BeatWriter = Callable[[Reader], Said | Sequence[Said]]
"""Writes a beat; one that returns several writes as many beats, numbered from one, for the same method.

One that returns none, `()`, leaves the beat out: at a level that does without it, or for a trace without it.
"""


@dataclass(frozen=True)
class Handover:
    """What one chapter hands to the next: where in the machine that happens, and the object that goes on.

    `station` is one of `scenes.parts.space.stations.STATIONS`, or "" where a chapter shows the way itself.
    """

    station: str
    thing: str


def origin(before: Handover | None, enters: Handover) -> str:
    """The station from which a chapter comes: where the one before it ended in the machine, or its own."""
    return before.station if before and before.station else enters.station


@dataclass(frozen=True)
class Script:
    """A chapter's beats in their order; what it begins with, and what it leaves to the next one."""

    beats: tuple[BeatWriter, ...]
    enters: Handover
    leaves: Handover

    @property
    def names(self) -> list[str]:
        return [writer.__name__ for writer in self.beats]
