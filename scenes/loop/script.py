"""`loop`: the sentence grows, a token at a time, each with its own distribution."""

from __future__ import annotations

from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def append(_read: Reader) -> Said:
    return say()


def step(read: Reader) -> list[Said]:
    return [_step(read, number) for number in range(1, len(read.trace["generated.token"]))]


def end(read: Reader) -> Said:
    return say("over" if read.trace.ended else "open")


def _step(read: Reader, number: int) -> Said:
    chosen = read("generated.token", number)
    chance = read("generated.probability", number, chosen.value).percent(1)
    return say("next" if number == 1 else "then", word=chosen.word(), p=chance)


script = Script((append, step, end), enters=Handover("whole", "token"), leaves=Handover("whole", "sentence"))
