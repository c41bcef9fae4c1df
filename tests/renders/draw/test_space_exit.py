"""The network's end, drawn: scores on the wall, shares on the floor, the likeliest risen from their cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept import hold
from manim import Scene
from pictured import pictured

from llmtrace.trace import Trace
from scenes import style
from scenes.locale import Locale
from scenes.parts.label import sentence, words
from scenes.parts.space.exit import Exit
from scenes.parts.space.projector import View
from scenes.reading import Reader

FRAME = (-6.7, -3.7, 6.8, 2.7)


def test_the_exit(example: Trace, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    read = Reader(example, Locale("en"))

    def construct(scene: Scene) -> None:
        end = Exit(read, View(azimuth=27, elevation=24, nearness=1 / 120))
        scores = sentence(read("logits", how="count").integer(), " scores", color=style.LOGIT)
        rest = sentence("the others share ", end.rest(), color=style.PROBABILITY)
        end.entitle(table=words("the table again", color=style.LEARNED), scores=scores, rest=rest)
        end.look(end.framed("whole", FRAME))
        scene.add(end)
        scene.play(end.to(lit=1.0, scored=1.0), run_time=0.2)
        scene.play(end.to(folded=0.7), run_time=0.1)
        scene.wait(0.1)
        scene.play(end.to(folded=1.0, weighed=1.0, risen=1.0, named=1.0, drawn=1.0), run_time=0.2)
        scene.wait(0.1)

    pictures = pictured(construct)
    assert len(pictures) == 7
    renew = request.config.getoption("--update-frames")
    hold(pictures[3], "space-exit-scores", tmp_path, renew=renew)
    hold(pictures[-1], "space-exit-drawn", tmp_path, renew=renew)
