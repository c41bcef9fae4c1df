"""`embedding`: each id picks its row of the learned table."""

from __future__ import annotations

from scenes.focus import token
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def lookup(_read: Reader) -> Said:
    return say()


def vector(read: Reader) -> Said:
    return say(
        width=read("embed.token", 1, how="size").integer(),
        word=token(read, 0).word(),
        value=read("embed.token", 0, 0).decimal(),
        second=read("embed.token", 0, 1).decimal(),
    )


script = Script((lookup, vector), enters=Handover("table", "tokens"), leaves=Handover("table", "vectors"))
