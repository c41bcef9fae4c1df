"""Scenes of textured parts: plain manim shows the same strings in the same places and sizes, ours is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kept import hold
from manim import DOWN, RIGHT, FadeIn, FadeOut, Mobject, Scene

from llmtrace.identities import ACTIVATIONS
from llmtrace.trace import Trace
from renders.bench.drawing import ManimsRenderer
from renders.draw.camera import Picture
from renders.draw.quick import quick_objects
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from renders.shot import Quality
from scenes import style
from scenes.focus import focus
from scenes.locale import Locale
from scenes.parts.curve import Curve
from scenes.parts.dotproduct import DotProduct
from scenes.parts.label import Label
from scenes.parts.matrix import Matrix, Vector, past
from scenes.parts.multiples import SmallMultiples
from scenes.parts.texture import Paint, Texture
from scenes.reading import Reader, slice_of

SIZE = Quality(640, 360)
Things = Iterator[Mobject]
EN = Locale("en")


def heads(trace: Trace) -> Things:
    card, f = trace.meta.model, focus(trace)
    paint = Paint(style.SHARES, 1.0)
    every = [
        [slice_of(trace, f"block.{b:02d}.attn.pattern", h) for h in range(card.heads)]
        for b in range(card.blocks)
    ]
    wall = SmallMultiples(every, paint, 0.78, 0.23, past).move_to((-2.4, 0, 0))
    for texture in wall.others((f.block, f.head)):
        texture.set_lit(0.6)
    yield wall
    yield wall.frame(f.block, f.head, style.PROBABILITY)
    one = Matrix(slice_of(trace, f.tensor("pattern"), f.head), paint, (0.9, 0.9), past).move_to((4.6, 1.4, 0))
    one.write(
        {
            (q, k): Reader(trace, EN)(f.tensor("pattern"), f.head, q, k).compact()
            for q in range(3)
            for k in range(q + 1)
        }
    )
    yield one
    yield Vector(slice_of(trace, "block.00.resid_mid", 2), Paint(), 4.2, 0.5).move_to((4.6, -1.4, 0))
    yield Matrix(slice_of(trace, "weight.q"), Paint(style.WEIGHTS), (4.2 / 32, 1.5 / 256)).move_to(
        (4.6, -2.8, 0)
    )


def dot(trace: Trace) -> Things:
    f = focus(trace)
    q, k = slice_of(trace, f.tensor("q"), f.head, f.query), slice_of(trace, f.tensor("k"), f.head, f.key)
    total = Reader(trace, EN)(f.tensor("scores"), f.head, f.query, f.key).decimal()
    made = DotProduct(Reader(trace, EN), q, k, total, 11.0, 5.8).move_to((0, 0, 0))
    yield made
    yield made.column(made.strongest)
    yield made.equation(Reader(trace, EN), made.strongest).next_to(
        made.steps.bars[made.strongest], RIGHT, buff=0.3
    )


def neurons(trace: Trace) -> Things:
    pre, act = (slice_of(trace, f"block.03.mlp.{name}", 2) for name in ("pre", "act"))
    low, high = float(np.floor(pre.values.min())), float(np.ceil(pre.values.max()))
    curve = Curve(ACTIVATIONS[trace.meta.model.activation], (low, high), (-1.0, high), 11.0, 4.5)
    yield curve.shift(0.8 * -DOWN)
    yield curve.marks(pre, act, style.DIM, 0.05, pre.values <= 0)
    yield curve.marks(pre, act, style.FEED_FORWARD, 0.06, pre.values > 0)
    yield curve.histogram(pre, 40, 1.6, style.LINE)


SCENES: dict[str, Callable[[Trace], Things]] = {"heads": heads, "dot": dot, "neurons": neurons}


def drawn(trace: Trace, name: str, renderer: Any) -> tuple[list[Any], list[Picture]]:
    """What stands there after it has come in, and the pictures until it is gone."""
    pictures: list[Picture] = []
    standing: list[Any] = []

    class One(Scene):
        def construct(self) -> None:
            things = list(SCENES[name](trace))
            self.play(*(FadeIn(thing, shift=0.2 * DOWN) for thing in things), run_time=0.4)
            standing.extend(member for thing in things for member in thing.get_family())
            self.wait(0.1)
            self.play(*(FadeOut(thing) for thing in things), run_time=0.2)

    with configured(SIZE, 10), quick_objects():
        scene = One(renderer=renderer(lambda picture, *_: pictures.append(picture[..., :3].copy())))
        scene.camera.background_color = style.GROUND
        scene.render()
    return standing, pictures


def coarse(picture: Picture) -> Any:
    """How far tiles of 20 pixels are from the ground, in the mean: (rows, columns)."""
    off = np.abs(picture.astype(float) - style.channels(style.GROUND)).max(axis=-1)
    return off.reshape(18, 20, 32, 20).mean(axis=(1, 3))


@pytest.mark.parametrize("name", SCENES)
def test_manim_shows_the_same(name: str, example: Trace) -> None:
    ours, pictures = drawn(example, name, Renderer)
    manims, theirs = drawn(example, name, ManimsRenderer)
    assert len(pictures) == len(theirs) == 7
    strings = 0
    for one, other in zip(ours, manims, strict=True):
        assert type(one) is type(other)
        assert np.allclose(one.get_center(), other.get_center(), atol=1e-9)
        assert np.allclose((one.width, one.height), (other.width, other.height), atol=1e-9)
        if isinstance(one, Label):
            assert one.reading == other.reading
            strings += 1
        if isinstance(one, Texture):
            assert (one.cells.values == other.cells.values)[np.isfinite(one.cells.values)].all()
    assert strings or name == "neurons"
    for picture, manim in zip(pictures, theirs, strict=True):
        # Gaps and means are ours alone, but where one has something so has the other.
        one, other = coarse(picture), coarse(manim)
        assert (one[other > 8] > 2).all()
        assert (other[one > 8] > 2).all()


@pytest.mark.parametrize("name", SCENES)
def test_picture(name: str, example: Trace, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    _, pictures = drawn(example, name, Renderer)
    hold(pictures[4], f"parts-{name}", tmp_path, renew=request.config.getoption("--update-frames"))
