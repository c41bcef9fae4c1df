"""Where the flight stops: what is framed there, from which side, and which boxes work in which order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from scenes.parts.space.layout import Site
from scenes.parts.space.machine import Machine
from scenes.parts.space.projector import View
from scenes.parts.space.stations import SEEN

_Frame = tuple[float, float, float, float]  # left, low, right, high


@dataclass(frozen=True)
class Stop:
    """A place to rest at: directions, the frame that its boxes fill, and the detailed block's opening."""

    view: View
    frame: _Frame
    opening: float = 0.0


_WIDE: _Frame = (-4.7, -3.6, 6.65, 2.65)
STOPS = {
    "whole": Stop(SEEN, _WIDE),
    "book": Stop(View(azimuth=30, elevation=20, nearness=1 / 160), (-3.9, -3.3, 3.6, 2.3)),
    "attention": Stop(View(azimuth=38, elevation=20, nearness=1 / 330), (-5.7, -3.2, 5.7, 1.9), 1.0),
    "think": Stop(View(azimuth=32, elevation=19, nearness=1 / 230), (-5.6, -2.6, 5.9, 2.1), 1.0),
    "scores": Stop(View(azimuth=27, elevation=24, nearness=1 / 120), (-4.6, -3.3, 6.0, 2.1)),
}
GIVEN = 0.8  # how far the stream is lit that a stop begins with


class Places:
    """The stops of one machine, and the names of its boxes in the order of their work."""

    def __init__(self, machine: Machine, block: int) -> None:
        self.machine, self.part = machine, f"block.{block:02d}"

    def view(self, stop: str) -> View:
        place = STOPS[stop]
        shown = partial(self.shows, stop)
        return self.machine.framed(place.view, place.frame, shown, place.opening)

    def shows(self, stop: str, site: Site) -> bool:
        """Whether a box is to be in the frame of a stop."""
        if stop == "whole":
            return True
        if stop == "book":
            return site.part == "in"
        if stop == "scores":
            return site.part == "out" and site.kind != "beam"
        what = site.name.removeprefix(f"{self.part}.")
        if site.part != self.part or site.kind == "beam":
            return False
        if stop == "attention":
            return what.startswith(("attn", "ln1", "resid_mid"))
        return what.startswith(("mlp", "ln2")) and site.kind != "riser"

    def lit(self, stop: str, near: float) -> dict[str, float]:
        """How the boxes of a stop are lit before they are worked out; the stream comes with its light."""
        also = {"attention": ["resid_pre.beam"], "think": ["resid_mid", "resid_mid.beam"]}
        later = [f"{self.part}.{name}" for name in ("resid_post", "mlp.riser") if stop == "think"]
        names = [site.name for site in self.machine.network.sites if self.shows(stop, site)]
        given = dict.fromkeys((f"{self.part}.{name}" for name in also.get(stop, [])), GIVEN)
        return dict.fromkeys([*names, *later], near) | given

    @property
    def paged(self) -> list[str]:
        """The pages of places."""
        return [site.name for site in self.machine.network.sites if site.name.startswith("wpe.")]

    def starting(self, *prefixes: str) -> list[str]:
        """The open block's boxes whose names begin so."""
        heads = tuple(f"{self.part}.{prefix}" for prefix in prefixes)
        return [site.name for site in self.machine.network.sites if site.name.startswith(heads)]

    def columns(self) -> list[list[str]]:
        """All boxes, from the entry through the blocks to the exit, part by part."""
        parts: dict[str, list[str]] = {}
        for site in self.machine.network.sites:
            parts.setdefault(site.part, []).append(site.name)
        return list(parts.values())
