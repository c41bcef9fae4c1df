"""The stations of the lesson's journey: which boxes of the network fill the frame there, and which are lit.

A chapter names its own in its script. A flight leads from one to the next, and a map of the whole shows
where that is. Knows no manim.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from llmtrace.names import block as named
from scenes import style
from scenes.parts.space.projector import View

SEEN = View(azimuth=36.0, elevation=19.0, nearness=1 / 200)  # from where, at each of them and on the map
ALL = ("*",)
_ENTRY = ("wte", "wpe.*", "embed.*")
_SLIM = -2.6
_EXIT = ("wte.again", "logits", "probability", "ln_f*")
_ATTENTION = ("{block}ln1*", "{block}attn.*")
_FEED_FORWARD = ("{block}ln2*", "{block}mlp.*")


@dataclass(frozen=True)
class Station:
    """A place in the machine.

    `framed` and `lit` are patterns of its boxes' names, in which `{block}` is that of the shown head; `part`
    is what of the map is lit, in `hue`, whose name in `scenes.style` is `colour`. What fills the frame stands
    `aside` of its middle, where it is slim.
    """

    framed: tuple[str, ...]
    lit: tuple[str, ...]
    part: str
    colour: str
    aside: float = 0.0

    @property
    def hue(self) -> str:
        return style.hue(self.colour)


_BADGES = ("{block}ln1*", "{block}attn.[qkv]")
STATIONS = {
    "whole": Station(ALL, ALL, "", "BODY"),
    "entry": Station(_ENTRY, ("embed.token",), "in", "LEARNED", _SLIM),
    "table": Station(_ENTRY, ("wte", "embed.token"), "in", "LEARNED", _SLIM),
    "positions": Station(_ENTRY, ("wpe.*", "embed.*"), "in", "LEARNED", _SLIM),
    "norm": Station(_ATTENTION, ("{block}ln1*", "{block}resid_pre*"), "attention", "PROBABILITY"),
    "badges": Station(_ATTENTION, _BADGES, "attention", "PROBABILITY"),
    "head": Station(_ATTENTION, ("{block}attn.*",), "attention", "PROBABILITY"),
    "feed-forward": Station(_FEED_FORWARD, _FEED_FORWARD, "feed-forward", "FEED_FORWARD"),
    "stream": Station(ALL, ("*.beam", "embed.sum"), "stream", "BODY"),
    "exit": Station(_EXIT, _EXIT, "out", "LOGIT"),
}
"""By the name that scripts give them."""


def among(name: str, patterns: tuple[str, ...], block: int) -> bool:
    """Whether a box' name is one of a station's; `block` is that of the shown head."""
    return any(fnmatchcase(name, one.format(block=named(block, ""))) for one in patterns)
