"""`position`: each place's learned vector is added to the token's."""

from __future__ import annotations

from scenes.focus import CELLS, agreeing_column
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def seats(_read: Reader) -> Said:
    return say()


def addition(read: Reader) -> Said:
    last = read.trace.length - 1
    column = agreeing_column(read.trace, last, 2, CELLS)
    parts = ("token", "position", "sum")
    return say(**{part: read(f"embed.{part}", last, column).decimal() for part in parts})


script = Script(
    (seats, addition), enters=Handover("positions", "vectors"), leaves=Handover("positions", "vectors")
)
