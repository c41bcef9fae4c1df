"""Textures show their cells: each where it has room, means where it has none; and manim shows the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from manim import UP, Camera, FadeIn, FadeOut, Group, ImageMobject, ReplacementTransform, Scene, Square

from llmtrace.trace import Trace
from renders.bench.drawing import ManimsRenderer
from renders.draw.camera import Picture
from renders.draw.quick import quick_objects
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from renders.draw.textures import TexturePainter
from renders.media.yuv import Box
from renders.shot import Quality
from scenes import style
from scenes.parts.texture import Cells, Paint, Texture
from scenes.reading import slice_of

SIZE = Quality(320, 180)
GROUND = [*style.channels(style.GROUND)]
Points = npt.NDArray[np.float64]


def texture(trace: Trace, paint: Paint | None = None) -> Texture:
    """Eight rows of sixteen signed values."""
    return Texture(slice_of(trace, "weight.q", (0, 8), (0, 16)), paint or Paint(), 4.0, 2.0)


def painted(shown: Texture, corners: Any, painter: TexturePainter | None = None) -> Picture:
    """(180, 320, 3): a texture with its corners at these pixels."""
    picture = np.full((180, 320, 4), (*GROUND, 255), np.uint8)
    painter = painter or TexturePainter()
    all_of_it = np.array([[0, 0, 320, 180]])
    painter.lay([shown], np.array([corners], float), all_of_it)
    painter.prepare([0], all_of_it, 320, 180)
    painter.paint(picture, [0])
    return picture[..., :3]


def places(corners: Any, rows: int, columns: int) -> Points:
    """The middles of cells in pixels, (rows, columns, 2), under the projective map of the corners."""
    left, right, low, last = np.array(corners, float)
    equations, ends = [], []
    for (u, v), (x, y) in zip(((0, 0), (1, 0), (0, 1), (1, 1)), (left, right, low, last), strict=True):
        equations += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        ends += [x, y]
    a, b, c, d, e, f, g, h = np.linalg.solve(equations, ends)
    u, v = (np.arange(columns) + 0.5)[None] / columns, (np.arange(rows) + 0.5)[:, None] / rows
    return np.stack([a * u + b * v + c, d * u + e * v + f], axis=-1) / (g * u + h * v + 1)[..., None]


@pytest.mark.parametrize(
    "corners",
    [
        [(20, 20), (300, 20), (20, 160), (300, 160)],  # upright
        [(20.3, 20.7), (68.3, 20.7), (20.3, 44.7), (68.3, 44.7)],  # three pixels a cell
        [(20, 60), (250, 10), (60, 170), (290, 120)],  # skewed
        [(20, 20), (300, 60), (20, 160), (300, 120)],  # in perspective
        [(90, 10), (220, 15), (10, 170), (310, 160)],
    ],
)
def test_cells_read_back_from_the_picture_are_the_tensors(corners: Any, example: Trace) -> None:
    shown = texture(example)
    x, y = np.floor(places(corners, 8, 16)).astype(int).transpose(2, 0, 1)
    assert np.abs(painted(shown, corners)[y, x].astype(int) - shown.cells.picture()[..., :3]).max() <= 2


def test_small_cells_are_means() -> None:
    values = np.arange(64, dtype=np.float32).reshape(8, 8) - 20
    shown = Cells(values, Paint(bound=40.0))
    means = values.reshape(4, 2, 4, 2).mean(axis=(1, 3))
    share = np.percentile(np.abs(means), 95) / np.percentile(np.abs(values), 95)
    wanted = style.SIGNED.rgb(means / (40.0 * share))
    assert (shown.picture(2, 2)[..., :3] == wanted).all()


def test_a_tables_edge_is_a_mean_of_what_is_there() -> None:
    values = np.array([[0.5, 0.5, 0.25], [0.5, 0.5, 0.75]], np.float32)
    made = Cells(values, Paint(style.SHARES, 1.0)).picture(2, 2)[..., :3]
    assert (made == style.SHARES.rgb(np.array([[0.5, 0.5]]))).all()


def test_means_are_drawn_where_a_cell_is_less_than_a_pixel_and_a_half(example: Trace) -> None:
    shown = texture(example)
    picture = painted(shown, [(20, 20), (36, 20), (20, 28), (36, 28)])[20:28, 20:36]
    wanted = shown.cells.picture(2, 2)[..., :3].astype(float)
    # Two pixels a mean, and bilinear between their middles: a quarter of each is its neighbour's.
    for axis, count in ((0, 4), (1, 8)):
        here = np.repeat(np.arange(count), 2)
        beside = np.clip(here + np.tile([-1, 1], count), 0, count - 1)
        wanted = 0.75 * wanted.take(here, axis) + 0.25 * wanted.take(beside, axis)
    assert np.abs(picture - wanted).max() <= 3


def test_what_is_no_number_is_not_drawn(example: Trace) -> None:
    head = Texture(slice_of(example, "block.01.attn.masked", 0), Paint(bound=10.0), 2.0, 2.0)
    picture = painted(head, [(20, 20), (140, 20), (20, 140), (140, 140)])
    for row, column in np.ndindex(3, 3):
        found = picture[20 + 40 * row + 20, 20 + 40 * column + 20]
        assert (found == GROUND).all() == (column > row)


def test_one_comes_through_the_other(example: Trace) -> None:
    one, other = texture(example), texture(example, Paint(style.WEIGHTS))
    between = one.copy()
    between.interpolate(one, other, 0.25)
    corners = [(20, 20), (300, 20), (20, 160), (300, 160)]
    first, last = (painted(t, corners).astype(float) for t in (one, other))
    assert np.abs(painted(between, corners) - (first + (last - first) * 0.25)).max() <= 2
    between.opacity = 0.5
    half = (first + (last - first) * 0.25 + np.array(GROUND)) / 2
    assert np.abs(painted(between, corners) - half).max() <= 2


def test_what_is_not_lit_is_mixed_with_the_ground(example: Trace) -> None:
    shown = texture(example)
    corners = [(20, 20), (300, 20), (20, 160), (300, 160)]
    lit = painted(shown, corners).astype(float)
    dim = painted(shown.set_lit(0.4), corners)
    assert np.abs(dim - (np.array(GROUND) + (lit - GROUND) * 0.4)).max() <= 2


def drawn(shown: Sequence[Texture], corners: Points, boxes: npt.NDArray[np.int64]) -> Picture:
    """(180, 320, 4): textures with these corners, as far as each is in its box."""
    picture = np.full((180, 320, 4), (*GROUND, 255), np.uint8)
    painter, places = TexturePainter(), range(len(shown))
    painter.lay(shown, corners, boxes)
    painter.prepare(places, boxes, 320, 180)
    painter.paint(picture, places)
    return picture


def heap(trace: Trace, count: int) -> tuple[list[Texture], Points]:
    """Textures, some of them half clear, and corners in the picture at random, (count, 4, 2)."""
    random = np.random.default_rng(4)
    middles, sides = random.uniform((0, 0), (320, 180), (count, 2)), random.uniform(10, 120, (count, 2, 1))
    square = np.array([(-1, -1), (1, -1), (-1, 1), (1, 1)])
    skewed = square * sides.swapaxes(1, 2) + random.uniform(-4, 4, (count, 4, 2))
    shown = [texture(trace).set_lit(random.choice([0.4, 1.0])) for _ in range(count)]
    for one in shown[::5]:
        one.set_opacity(0.5)
    return shown, middles[:, None] + skewed


def test_a_part_is_drawn_as_the_whole(example: Trace) -> None:
    shown, corners = heap(example, 30)
    whole = drawn(shown, corners, np.array([[0, 0, 320, 180]] * 30))
    for part in ((77, 31, 203, 160), (0, 90, 320, 91), (319, 0, 320, 180)):
        left, top, right, bottom = part
        within = drawn(shown, corners, np.array([part] * 30))
        assert np.array_equal(within[top:bottom, left:right], whole[top:bottom, left:right])
        within[top:bottom, left:right] = (*GROUND, 255)
        assert (within == (*GROUND, 255)).all()  # and nothing beside it


def test_what_is_hidden_is_left_out_unseen(example: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, corners = heap(example, 60)
    boxes = np.array([[0, 0, 320, 180]] * 60)
    painter = TexturePainter()
    painter.lay(shown, corners, boxes)
    painter.prepare(range(60), boxes, 320, 180)
    assert (painter.covers > 0).mean() > 0.3  # there is much to leave out
    assert not np.isin(painter.covers, range(0, 60, 5)).any()  # nothing is hidden by what is half clear
    hidden = drawn(shown, corners, boxes)
    monkeypatch.setattr("renders.draw.textures.cover", lambda *_: None)
    assert np.array_equal(drawn(shown, corners, boxes), hidden)


def test_images_are_kept_while_there_is_room(example: Trace) -> None:
    painter = TexturePainter(room=100_000)
    shown = texture(example)
    for size in range(1, 40):
        painted(shown, [(0, 0), (8 * size, 0), (0, 4 * size), (8 * size, 4 * size)], painter)
        assert painter.used <= 100_000 or len(painter) == 1
    before = painter.used
    painted(shown, [(0, 0), (8 * 39, 0), (0, 4 * 39), (8 * 39, 4 * 39)], painter)
    assert painter.used == before  # made once


def test_an_image_is_never_larger_than_a_few_frames(example: Trace) -> None:
    """Close to a page of weights, most of it is outside the frame."""
    painter = TexturePainter()
    page = Texture(slice_of(example, "weight.block.q"), Paint(), 1.0, 1.0, lambda w: w.reshape(-1, 32))
    painted(page, [(0, 0), (32 * 24, 0), (0, 2048 * 24), (32 * 24, 2048 * 24)], painter)
    assert painter.used <= 4 * 4_100_000


PLAYS: dict[str, Callable[[Texture, Texture], list[Any]]] = {
    "fade in": lambda one, _: [FadeIn(one, shift=UP)],
    "fade out": lambda one, _: [FadeOut(one)],
    "replace": lambda one, other: [ReplacementTransform(one, other.shift(0.5 * UP))],
    "animate": lambda one, _: [one.animate.shift(UP).set_opacity(0.4)],
    "dim": lambda one, _: [one.animate.set_lit(0.3)],
    "group": lambda one, _: [FadeIn(Group(Square(), one), lag_ratio=0.5)],
}


def played(trace: Trace, renderer: Any, play: Callable[[Texture, Texture], list[Any]]) -> tuple[Any, Any]:
    pictures: list[Picture] = []

    class One(Scene):
        def construct(self) -> None:
            one, other = texture(trace), texture(trace, Paint(style.WEIGHTS))
            self.add(Square(), one)
            self.play(*play(one, other), run_time=0.4)
            self.wait(0.1)

    def keep(picture: Picture, _repeat: int, changed: Box | None = None) -> None:
        if changed is not None:
            left, top, right, bottom = changed
            outside = np.ones(picture.shape[:2], bool)
            outside[top:bottom, left:right] = False
            assert (picture[outside] == pictures[-1][outside]).all()
        pictures.append(picture.copy())

    with configured(SIZE, 20), quick_objects():
        scene = One(renderer=renderer(keep))
        scene.camera.background_color = style.GROUND
        scene.render()
    return [m for mobject in scene.mobjects for m in mobject.get_family()], pictures


@pytest.mark.parametrize("name", PLAYS)
def test_plays_are_manims(name: str, example: Trace) -> None:
    """The same objects in the same places, and in the middles of cells the same colours."""
    manims, theirs = played(example, ManimsRenderer, PLAYS[name])
    ours, pictures = played(example, Renderer, PLAYS[name])
    assert list(map(type, ours)) == list(map(type, manims))
    for one, other in zip(ours, manims, strict=True):
        assert np.allclose(one.points, other.points, atol=1e-12)
        if isinstance(one, Texture):
            assert (one.opacity, one.lit, one.share) == pytest.approx((other.opacity, other.lit, other.share))
    assert len(pictures) == len(theirs)
    for picture, manim in zip(pictures, theirs, strict=True):
        off = np.abs(picture.astype(int) - manim).max(axis=-1)
        assert np.median(off) <= 2
        assert (off > 40).mean() < 0.12  # the lines between cells, which manim's have not


def test_an_image_leaves_the_outlines_to_our_painter(example: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Camera, "display_vectorized", lambda *_: pytest.fail("manim's slow way was taken"))
    pictures: list[Picture] = []

    class One(Scene):
        def construct(self) -> None:
            self.add(Square(), ImageMobject(texture(example).get_pixel_array()).scale(4), Square().shift(UP))
            self.play(FadeIn(Square().scale(0.5)), run_time=0.2)

    def draw(renderer: Any) -> list[Picture]:
        pictures.clear()
        with configured(SIZE, 20):
            One(renderer=renderer(lambda picture, *_: pictures.append(picture.copy()))).render()
        return list(pictures)

    ours = draw(Renderer)
    monkeypatch.undo()
    for picture, manim in zip(ours, draw(ManimsRenderer), strict=True):
        assert np.abs(picture.astype(int) - manim).max() <= 2
