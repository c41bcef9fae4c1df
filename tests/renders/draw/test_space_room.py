"""The room of a head, drawn: products above the focus cell, and the mix with all that it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept import hold
from manim import Scene
from pictured import pictured

from llmtrace.trace import Trace
from scenes import style
from scenes.focus import focus
from scenes.locale import Locale
from scenes.parts.label import words
from scenes.parts.space.projector import View
from scenes.parts.space.room import Room
from scenes.reading import Reader

FRAME = (-5.4, -3.4, 6.4, 2.8)


def test_the_room(example: Trace, tmp_path: Path, request: pytest.FixtureRequest) -> None:

    def construct(scene: Scene) -> None:
        room = Room(
            Reader(example, Locale("en")),
            focus(example),
            View(azimuth=30, elevation=25, nearness=1 / 90),
        )
        hues = {"q": style.QUERY, "k": style.KEY, "v": style.VALUE, "mix": style.VALUE}
        room.entitle(**{wall: words(wall, style.LABEL_SIZE, hue) for wall, hue in hues.items()})
        room.look(room.framed("asking", FRAME))
        scene.add(room)
        scene.play(room.to(focus=1.0, shaft=1.0), run_time=0.2)
        reckoned = room.reckon(2)
        scene.add(reckoned)
        scene.wait(0.1)
        scene.remove(reckoned)
        scene.play(room.to(fallen=1.0, filled=1.0, stage=3), run_time=0.2)
        whole = room.framed("whole", FRAME)
        scene.play(room.to(whole, values=1.0, slid=1.0, weighed=1.0, mixed=1.0), run_time=0.2)
        scene.wait(0.1)

    pictures = pictured(construct)
    assert len(pictures) == 8
    renew = request.config.getoption("--update-frames")
    hold(pictures[2], "space-room-products", tmp_path, renew=renew)
    hold(pictures[-1], "space-room-mix", tmp_path, renew=renew)
