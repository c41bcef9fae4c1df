"""Cubes of models, drawn: this one's alone, and all."""

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
from scenes.parts.space.sizes import Sizes
from scenes.reading import Reader

FRAME = (-6.5, -3.4, 6.5, 2.9)


def test_the_cubes(example: Trace, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    pictures: list[Picture] = []

    class One(Scene):
        def construct(self) -> None:
            names = {"table": "tokens", "attention": "attention", "feed_forward": "feed-forward"}
            sizes = Sizes(Reader(example, Locale("en")), names)
            sizes.look(sizes.framed(1, FRAME))
            self.add(sizes)
            self.wait(0.1)
            self.play(sizes.to(sizes.framed(6, FRAME), shown=6.0), run_time=0.2)
            self.wait(0.1)

    with configured(Quality(640, 360), 10):
        scene = One(renderer=Renderer(lambda picture, *_: pictures.append(picture[..., :3].copy())))
        scene.camera.background_color = style.GROUND
        scene.render()
    assert len(pictures) == 4
    renew = request.config.getoption("--update-frames")
    hold(pictures[0], "space-sizes-own", tmp_path, renew=renew)
    hold(pictures[-1], "space-sizes", tmp_path, renew=renew)
