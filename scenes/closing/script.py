"""`closing`: the whole path in one picture, where it is at work, and where to go on."""

from __future__ import annotations

from scenes.reading import Reader, Reading
from scenes.script import Handover, Said, Script, say


def path(read: Reader) -> Said:
    return say(blocks=read("meta.model.blocks", how="meta").integer())


def today(read: Reader) -> Said | tuple[()]:
    """Where such models work; not at the level of formulas."""
    return () if read.locale.level == "math" else say()


def further(_read: Reader) -> Said:
    return say()


def proof(read: Reader) -> Said:
    return say(values=values(read))


def values(read: Reader) -> Reading:
    """How many numbers the trace holds."""
    return read("trace", how="values").rounded()


script = Script(
    (path, today, further, proof), enters=Handover("whole", "sentence"), leaves=Handover("", "nothing")
)
