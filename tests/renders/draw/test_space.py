"""A flight round three boxes: in every picture each pixel shows the box that is nearest there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from kept import hold
from manim import Scene
from pictured import pictured

from llmtrace.trace import Trace
from renders.bench.drawing import ManimsRenderer
from renders.draw.camera import LessonCamera, Picture, in_order
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from renders.shot import Quality
from scenes import style
from scenes.parts.space.boxes import AXES, Box, Space, plain
from scenes.parts.space.flight import BlockOpening, Flight, Lighting
from scenes.parts.space.machine import Machine
from scenes.parts.space.projector import View, crossing
from scenes.parts.texture import Paint, Quad, Texture
from scenes.reading import slice_of
from scenes.stage import LessonScene

SIZE = Quality(320, 180)
HUES = ("#FF4040", "#40FF40", "#4060FF")
# They hide each other from most sides, and none is in another.
PLACES = (
    ((-4.0, -1.0, -1.0), (8.0, 2.0, 2.0)),
    ((-1.0, -3.0, 1.5), (2.0, 6.0, 1.5)),
    ((0.5, 1.2, -2.5), (1.5, 1.5, 4.0)),
)
GROUND = [*style.channels(style.GROUND)]


def three() -> list[Box]:
    return [
        Box(name, low, size, {axis: plain(hue, axis) for axis in AXES})
        for name, (low, size), hue in zip("abc", PLACES, HUES, strict=True)
    ]


def flown(
    start: View, to: View, boxes: list[Box], renderer: Any = Renderer
) -> tuple[list[View], list[Picture]]:
    views: list[View] = []
    pictures: list[Picture] = []

    class One(Scene):
        def construct(self) -> None:
            space = Space(boxes, start)
            self.add(space)

            def keep(picture: Picture, *_: Any) -> None:
                pictures.append(picture[..., :3].copy())
                views.append(space.view)

            self.renderer._write = keep
            self.play(Flight(space, to, rate_func=lambda share: share), run_time=2.0)

    with configured(SIZE, 20):
        scene = One(renderer=renderer(lambda *_: None))
        scene.camera.background_color = style.GROUND
        scene.render()
    return views, pictures


def nearest(view: View, places: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """What is nearest at places of the screen, (…, 2), by following the line of sight.

    Three times a box's number plus that of its face's axis, −1 for the ground.
    """
    right, up, level = view.axes
    a, e = np.radians((view.azimuth, view.elevation))
    toward = np.array((np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)))
    # Seen there is each point Q with scale · Q·right = x (1 − nearness · Q·level), and so for y: a line.
    rows = np.stack([right, up]) * view.scale + places[..., None] * level * view.nearness  # (…, 2, 3)
    weights = np.linalg.solve(rows @ rows.swapaxes(-1, -2), places[..., None])
    start = (rows.swapaxes(-1, -2) @ weights)[..., 0] + view.centre
    along = np.cross(rows[..., 0, :], rows[..., 1, :])
    along *= np.sign(along @ toward)[..., None]
    found, depth = np.full(places.shape[:-1], -1), np.full(places.shape[:-1], -np.inf)
    for number, (low, size) in enumerate(PLACES):
        one, other = (np.array(low) - start) / along, (np.array(low) + size - start) / along
        enter, leave = np.minimum(one, other).max(axis=-1), np.maximum(one, other)
        last = leave.min(axis=-1)  # the line leaves the box toward the eye, through the face that is seen
        nearer = (enter < last) & (last > depth)
        found = np.where(nearer, 3 * number + leave.argmin(axis=-1), found)
        depth = np.where(nearer, last, depth)
    return found


@pytest.mark.parametrize("nearness", [0.0, 1 / 25])
@pytest.mark.parametrize("elevation", [-35, 20])
def test_a_flight_round_three_boxes(nearness: float, elevation: float) -> None:
    start = View((0, 0, 0), 0.55, 4.5, elevation, nearness)
    views, pictures = flown(start, View((0, 0, 0), 0.55, 364.5, elevation, nearness), three())
    assert len(views) == 40
    assert not crossing(*Space(three(), start).bounds())
    pixel = 14.222 / 320
    columns, rows = (part.ravel() for part in np.meshgrid(np.arange(60, 260, 3), np.arange(20, 160, 3)))
    middles = np.stack([(columns + 0.5 - 160) * pixel, (90 - rows - 0.5) * pixel], axis=-1)
    near = np.stack(np.meshgrid(*[np.linspace(-1.5, 1.5, 4) * pixel] * 2), axis=-1).reshape(-1, 1, 2)
    faces = [shade(hue, axis) for hue in HUES for axis in AXES]
    seen = np.zeros(9, int)
    for view, picture in zip(views, pictures, strict=True):
        around = nearest(view, middles + near)
        found = around[0]
        inside = (around == found).all(axis=0)  # no edge is near
        wanted = np.array([*faces, GROUND])[found[inside]]
        assert np.abs(picture[rows[inside], columns[inside]].astype(int) - wanted).max() <= 2, view
        seen += np.bincount(found[inside & (found >= 0)], minlength=9)
    assert seen.min() > 100


def shade(hue: str, axis: str) -> list[int]:
    return [*style.channels(style.mix(style.GROUND, hue, style.SHADE[axis]))]


def test_cells_on_a_box_are_the_tensors(example: Trace) -> None:
    page = Texture(slice_of(example, "weight.q", (0, 12), (0, 12)), Paint(), 1.0, 1.0)
    box = Box("page", (0, 0, 0), (12, 12, 1), {"z": page})
    view = View((6, 6, 0.5), 0.35, 30, 20, 1 / 40)
    _, pictures = flown(view, view, [box])
    for row, column in np.ndindex(12, 12):
        x, y = view.project(np.array((column + 0.5, 11.5 - row, 1.0)))
        found = pictures[0][int(90 - y * 22.5), int(160 + x * 320 / 14.222)]
        assert np.abs(found.astype(int) - page.cells.picture()[row, column, :3]).max() <= 3


def test_the_network(example: Trace, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Closed and whole, and with one block open, each at the end of its flight."""
    block = int(example["weight.head"][0])
    view, frame = View(azimuth=36, elevation=19, nearness=1 / 200), (-5.4, -3.7, 6.7, 2.9)

    def construct(scene: Scene) -> None:
        machine = Machine(example, view, block)
        machine.look(machine.framed(view, frame))
        scene.add(machine)
        scene.wait(0.1)
        near = View(azimuth=39, elevation=21, nearness=1 / 420)
        of_it = machine.framed(near, frame, lambda s: s.part == f"block.{block:02d}", opening=1.0)
        scene.play(BlockOpening(machine, 1.0, of_it), run_time=0.4)
        lit = {box.name: 1.0 for box in machine.boxes if box.name.startswith(f"block.{block:02d}.mlp")}
        scene.play(Lighting(machine, lit, rest=0.3), run_time=0.2)
        scene.wait(0.1)

    pictures = pictured(construct)
    assert len(pictures) == 8
    renew = request.config.getoption("--update-frames")
    hold(pictures[0], "space-whole", tmp_path, renew=renew)
    hold(pictures[-1], "space-block", tmp_path, renew=renew)


def test_manim_shows_the_same_boxes_in_the_same_places() -> None:
    start, to = View((0, 0, 0), 0.55, 10, 20, 0.01), View((0, 0, 0), 0.55, 130, 20, 0.01)
    views, pictures = flown(start, to, three())
    manims, theirs = flown(start, to, three(), ManimsRenderer)
    assert views == manims
    for picture, manim in zip(pictures, theirs, strict=True):
        off = np.abs(picture.astype(int) - manim).max(axis=-1)
        assert (off > 30).mean() < 0.02  # manim's images have no soft edges


def test_a_hold_draws_a_space_once(example: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    capture = LessonCamera.capture_mobjects

    def counted(self: LessonCamera, mobjects: Any, **options: Any) -> None:
        counts.append(sum(isinstance(mobject, Quad) for mobject in in_order(mobjects)))
        capture(self, mobjects, **options)

    monkeypatch.setattr(LessonCamera, "capture_mobjects", counted)

    class Held(LessonScene):
        chapter = "tokens"

        def construct(self) -> None:
            self.add(Space(three(), View((0, 0, 0), 0.55, 30, 20)))
            self.wait(1.05)

    with configured(SIZE, 20):
        Held(trace=example, renderer=Renderer(lambda *_: None)).render()
    assert counts == [9]
