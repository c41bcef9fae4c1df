"""The stations of the lesson's journey: which boxes of the network fill the frame there, and which are lit.

A chapter names its own in its script. A flight leads from one to the next, and a map of the whole shows
where that is. Knows no manim.
"""

from __future__ import annotations

from dataclasses import dataclass

from llmtrace.names import block as named
from scenes import style

ALL = ("",)
_ENTRY = ("wte", "wpe", "embed.")
_EXIT = ("wte.again", "logits", "probability", "ln_f")
_ATTENTION = ("{block}ln1", "{block}attn.")


@dataclass(frozen=True)
class Station:
    """A place in the machine.

    `framed` and `lit` are how the names of its boxes begin, `{block}` being that of the shown head; `part` is
    what of the map is lit, in `hue`.
    """

    framed: tuple[str, ...]
    lit: tuple[str, ...]
    part: str
    hue: str


STATIONS = {
    "whole": Station(ALL, ALL, "", style.BODY),
    "entry": Station(_ENTRY, ("embed.token",), "in", style.LEARNED),
    "table": Station(_ENTRY, ("wte", "embed.token"), "in", style.LEARNED),
    "positions": Station(_ENTRY, ("wpe", "embed."), "in", style.LEARNED),
    "norm": Station(_ATTENTION, ("{block}ln1", "{block}resid_pre"), "attention", style.PROBABILITY),
    "badges": Station(
        _ATTENTION,
        ("{block}ln1", "{block}attn.q", "{block}attn.k", "{block}attn.v"),
        "attention",
        style.PROBABILITY,
    ),
    "head": Station(_ATTENTION, ("{block}attn.",), "attention", style.PROBABILITY),
    "feed-forward": Station(
        ("{block}ln2", "{block}mlp."), ("{block}ln2", "{block}mlp."), "feed-forward", style.FEED_FORWARD
    ),
    "stream": Station(ALL, ("block", "embed.sum"), "stream", style.BODY),
    "exit": Station(_EXIT, _EXIT, "out", style.LOGIT),
}
"""By the name that scripts give them."""


def begins(name: str, wanted: tuple[str, ...], block: int) -> bool:
    """Whether a box' name begins as one of a station's does; `block` is that of the shown head."""
    return name.startswith(tuple(one.format(block=named(block, "")) for one in wanted))
