"""The network's end, drawn: scores on the wall, shares on the floor, the likeliest risen from their cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept import hold
from manim import Scene

from llmtrace.trace import Trace
from renders.draw.camera import Picture
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from renders.shot import Quality
from scenes import style
from scenes.locale import Locale
from scenes.parts.label import sentence, words
from scenes.parts.space.exit import Exit
from scenes.parts.space.projector import View
from scenes.reading import Reader

FRAME = (-6.7, -3.7, 6.8, 2.7)


def test_the_exit(example: Trace, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    pictures: list[Picture] = []
    read = Reader(example, Locale("en"))

    class One(Scene):
        def construct(self) -> None:
            end = Exit(read, View(azimuth=27, elevation=24, nearness=1 / 120))
            scores = sentence(read("logits", how="count").integer(), " scores", color=style.LOGIT)
            rest = sentence("the others share ", end.rest(), color=style.PROBABILITY)
            end.entitle(table=words("the table again", color=style.LEARNED), scores=scores, rest=rest)
            end.look(end.framed("whole", FRAME))
            self.add(end)
            self.play(end.to(lit=1.0, scored=1.0), run_time=0.2)
            self.play(end.to(folded=0.7), run_time=0.1)
            self.wait(0.1)
            self.play(end.to(folded=1.0, weighed=1.0, risen=1.0, named=1.0, drawn=1.0), run_time=0.2)
            self.wait(0.1)

    with configured(Quality(640, 360), 10):
        scene = One(renderer=Renderer(lambda picture, *_: pictures.append(picture[..., :3].copy())))
        scene.camera.background_color = style.GROUND
        scene.render()
    assert len(pictures) == 7
    renew = request.config.getoption("--update-frames")
    hold(pictures[3], "space-exit-scores", tmp_path, renew=renew)
    hold(pictures[-1], "space-exit-drawn", tmp_path, renew=renew)
