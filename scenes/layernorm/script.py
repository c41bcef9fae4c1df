"""`layernorm`: each vector is brought to one spread about zero, then stretched and shifted as was learned."""

from __future__ import annotations

import numpy as np

from scenes.focus import focus, shown_positions, token, which
from scenes.reading import Reader, Reading
from scenes.script import Handover, Said, Script, say

SHOWN = 16  # tokens whose vectors are shown at first
LISTED = 6  # and whose spreads stand beside the line later


def spread(read: Reader) -> Said | tuple[()]:
    """The loudest and the quietest; where there is less time, all of them stand beside the numbers' line."""
    if read.locale.level != "full":
        return ()
    name, width = std(read), read("meta.model.width", how="meta").integer()
    stds, (positions, _) = read.trace[name], listed(read, SHOWN)
    widest = max(positions, key=lambda position: stds[position])
    narrowest = min(positions, key=lambda position: stds[position])
    if widest == narrowest:
        return say("one", width=width, word=which(read, widest), most=read(name, widest).decimal(1))
    return say(
        "several",
        width=width,
        word=which(read, widest),
        most=read(name, widest).decimal(1),
        other=which(read, narrowest),
        least=read(name, narrowest).decimal(1),
    )


def centred(read: Reader) -> Said:
    query = focus(read.trace).query
    mean = read(focus_norm(read, "mean"), query)
    return say(word=token(read, query).word(), mean=mean.decimal(2), spread=read(std(read), query).decimal(1))


def scaled(_read: Reader) -> Said:
    return say()


def learned(read: Reader) -> Said | tuple[()]:
    return () if read.locale.level == "story" else say()


def listed(read: Reader, most: int = LISTED) -> tuple[list[int], Reading | None]:
    """The positions whose spreads are shown, the widest among them, and how many are left out."""
    widest = int(np.argmax(read.trace[std(read)]))
    return shown_positions(read, most, widest, focus(read.trace).query)


def focus_norm(read: Reader, part: str) -> str:
    """The name of a tensor of the norm ahead of the shown head's attention."""
    return focus(read.trace).beside(f"ln1.{part}")


def std(read: Reader) -> str:
    return focus_norm(read, "std")


script = Script(
    (spread, centred, scaled, learned),
    enters=Handover("norm", "vectors"),
    leaves=Handover("norm", "vectors"),
)
