"""Cubes of models, drawn: this one's alone, and all."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept import hold
from manim import Scene
from pictured import pictured

from llmtrace.trace import Trace
from scenes.locale import Locale
from scenes.parts.space.sizes import Sizes
from scenes.reading import Reader

FRAME = (-6.5, -3.4, 6.5, 2.9)


def test_the_cubes(example: Trace, tmp_path: Path, request: pytest.FixtureRequest) -> None:

    def construct(scene: Scene) -> None:
        names = {"table": "tokens", "attention": "attention", "feed_forward": "feed-forward"}
        sizes = Sizes(Reader(example, Locale("en")), names)
        sizes.look(sizes.framed(1, FRAME))
        scene.add(sizes)
        scene.wait(0.1)
        scene.play(sizes.to(sizes.framed(6, FRAME), shown=6.0), run_time=0.2)
        scene.wait(0.1)

    pictures = pictured(construct)
    assert len(pictures) == 4
    renew = request.config.getoption("--update-frames")
    hold(pictures[0], "space-sizes-own", tmp_path, renew=renew)
    hold(pictures[-1], "space-sizes", tmp_path, renew=renew)
