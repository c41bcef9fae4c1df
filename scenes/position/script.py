"""`position`: each place's learned vector is added to the token's, and what that is good for."""

from __future__ import annotations

from scenes.focus import token, twice
from scenes.position.seats import swapped, told
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def seats(_read: Reader) -> Said:
    return say()


def addition(read: Reader) -> Said:
    column, digits = told(read.trace)
    last = read.trace.length - 1
    parts = ("token", "position", "sum")
    return say(**{part: read(f"embed.{part}", last, column).decimal(digits) for part in parts})


def apart(read: Reader) -> Said | tuple[()]:
    """A word that stands twice is no longer the same twice."""
    places = twice(read.trace)
    if places is None:
        return ()
    one, other = (read("tokens", place, how="place").ordinal() for place in places)
    cosine = read("embed.sum", *places, how="agreement").decimal()
    return say(word=token(read, places[0]).word(), one=one, other=other, cosine=cosine)


def without(read: Reader) -> Said | tuple[()]:
    """What the order would be without positions: none."""
    pair = swapped(read)
    if pair is None:
        return ()
    one, other = (token(read, place).word() for place in pair)
    return say(one=one, other=other)


script = Script(
    (seats, addition, apart, without),
    enters=Handover("positions", "vectors"),
    leaves=Handover("positions", "vectors"),
)
