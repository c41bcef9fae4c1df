"""The room of a head is the trace's: each face its slice, each product its pair, in every pose."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from manim import Scene
from prompts import PROMPTS
from standing import cells, in_order

from llmtrace.trace import Trace
from scenes.focus import focus
from scenes.locale import Locale
from scenes.parts.label import Label, words
from scenes.parts.space.projector import View
from scenes.parts.space.room import Pose, Room
from scenes.parts.space.room_build import STAGES
from scenes.parts.texture import Texture
from scenes.reading import Reader

pytestmark = pytest.mark.usefixtures("dry")
VIEW = View(azimuth=30, elevation=25, nearness=1 / 90)
TRIED = ("one token", "three tokens", "seven tokens", "twenty tokens", "forty tokens")
POSES = (
    Pose(),
    Pose(focus=1, shaft=0.5),
    Pose(focus=1, shaft=1, fallen=0.5),
    Pose(focus=1, shaft=1, fallen=1, filled=0.6),
    Pose(focus=1, shaft=1, fallen=1, filled=1, stage=1.5),
    Pose(focus=1, shaft=1, fallen=1, filled=1, stage=3, values=0.5),
    Pose(focus=1, shaft=1, fallen=1, filled=1, stage=3, values=1, slid=0.1),
    Pose(focus=1, shaft=1, fallen=1, filled=1, stage=3, values=1, slid=0.5),
    Pose(focus=1, shaft=1, filled=1, stage=3, values=1, slid=1, weighed=1, mixed=0.5),
    Pose(focus=1, shaft=1, filled=1, stage=3, values=1, slid=1, weighed=1, mixed=1),
)


def room_of(trace: Trace) -> Room:
    room = Room(Reader(trace, Locale("en")), focus(trace), VIEW)
    return room.entitle(**{wall: words(wall) for wall in ("q", "k", "v", "mix")})


@pytest.fixture(params=TRIED)
def room(request: pytest.FixtureRequest, traced: Callable[..., Trace]) -> Room:
    return room_of(traced(request.param))


@pytest.fixture
def seven(traced: Callable[..., Trace]) -> Room:
    return room_of(traced("seven tokens"))


def test_walls_show_the_heads_own_vectors(room: Room) -> None:
    """Channel 0 on top; queries from the far side toward the viewer, keys and values from the left."""
    trace, f, plan = room.read.trace, room.f, room.plan
    lanes = list(range(max(0, trace.length - 40), trace.length))
    if f.key not in lanes:
        lanes[0] = f.key
    assert len(lanes) == plan.tokens
    for place, position in enumerate(lanes):
        for letter, axis in (("q", "x"), ("k", "z"), ("v", "z")):
            vector = trace[f.tensor(letter)][f.head, position]
            assert (cells(room, f"{letter}.{place}", axis)[:, 0] == vector.astype(np.float32)).all()
        if position != f.query:
            vector = trace[f.tensor("context")][f.head, position]
            assert (cells(room, f"mix.{place}", "x")[:, 0] == vector.astype(np.float32)).all()
        assert room.box(f"q.{place}").low[2] == pytest.approx(plan.z(place) + plan.seam)
        assert room.box(f"k.{place}").low[0] == pytest.approx(plan.x(place) + plan.seam)


def test_the_mix_comes_in_parts_that_are_all_of_it(room: Room) -> None:
    f = room.f
    parts = [box.name for box in room.boxes if box.name.startswith("mix.part.")]
    shown = np.concatenate([cells(room, name, "x")[:, 0] for name in parts])
    assert (shown == room.read.trace[f.tensor("context")][f.head, f.query].astype(np.float32)).all()
    tops = [room.box(name).high[1] for name in parts]
    assert tops == sorted(tops, reverse=True)


def test_the_floor_is_the_heads_matrix_at_each_stage(seven: Room) -> None:
    trace, f = seven.read.trace, seven.f
    for number, stage in enumerate(STAGES):
        rows = np.concatenate([cells(seven, f"row.{place}.{number}", "y") for place in range(7)])
        wanted = trace[f.tensor(stage)][f.head].astype(np.float32)
        past = np.tri(7) > 0
        assert (rows[past] == wanted[past]).all()
        if stage in ("masked", "pattern"):
            assert np.isnan(rows[~past]).all()  # what is struck out has no cell
        else:
            assert (rows == wanted).all()


def test_products_make_the_score(room: Room) -> None:
    trace, f = room.read.trace, room.f
    score = trace[f.tensor("scores")][f.head, f.query, f.key]
    assert room.shaft.products.sum() == pytest.approx(score, rel=1e-4, abs=1e-3)
    wide = np.array([room.box(f"product.{c}").high[0] - room.box(f"product.{c}").low[0] for c in range(32)])
    order = np.argsort(np.abs(room.shaft.products))
    assert (np.diff(wide[order]) >= -1e-9).all()
    x, _ = room.plan.focus
    assert all(abs((box.low[0] + box.high[0]) / 2 - x) < 1e-9 for box in room.boxes if "product" in box.name)


def test_operands_give_the_product_that_is_shown(room: Room) -> None:
    texts = [label.reading.text for label in labels(room.reckon(3))]
    assert len(texts) >= 3
    for query, key, product in zip(texts[::3], texts[1::3], texts[2::3], strict=True):
        one, other, shown = (Decimal(text.replace("−", "-")) for text in (query, key, product))
        assert round(one * other, 2) == shown


def labels(mobject: Any) -> list[Any]:
    return [part for part in mobject.get_family() if isinstance(part, Label) and part.reading]


def test_nothing_is_in_another_and_one_order_holds(room: Room) -> None:
    before = [member.z_index for box in room.boxes for member in box.submobjects]
    for pose in POSES:
        room.strike(pose)
        in_order(room)
        assert before == [member.z_index for box in room.boxes for member in box.submobjects]


def test_only_what_is_seen_counts_as_shown(seven: Room) -> None:
    seven.strike(POSES[-1])
    sources = {m.drawn.source for m in seven.get_family() if isinstance(m, Texture)}
    assert sources == {seven.f.tensor(stage) for stage in ("q", "k", "v", "pattern", "context")}
    seven.strike(Pose(filled=1.0))
    sources = {m.drawn.source for m in seven.get_family() if isinstance(m, Texture)}
    assert sources == {seven.f.tensor(stage) for stage in ("q", "k", "scores")}
    assert not [label for label in labels(seven) if label.reading.form.startswith("compact")]


def test_played_it_is_as_struck(seven: Room, traced: Callable[..., Trace]) -> None:
    class One(Scene):
        def construct(self) -> None:
            self.add(seven)
            self.play(seven.to(focus=1.0, shaft=1.0), run_time=0.05)
            self.play(seven.to(fallen=1.0, filled=1.0, stage=3), run_time=0.05)
            self.play(seven.to(seven.framed("whole", (-6, -3, 6, 3)), values=1.0, slid=1.0), run_time=0.05)

    One().render()
    other = room_of(traced("seven tokens"))
    other.strike(seven.pose, seven.view)
    assert seven.pose == Pose(1, 1, 1, 1, 3, 1, 1)
    assert {names(seven)} == {names(other)}
    for one, same in zip(seven.boxes, other.boxes, strict=True):
        assert np.allclose(one.low, same.low)
        for part, other_part in zip(one.submobjects, same.submobjects, strict=True):
            assert np.allclose(part.points, other_part.points)


def names(room: Room) -> tuple[str, ...]:
    return tuple(sorted(member.name for member in room.submobjects if member in room.boxes))


def test_a_long_prompt_says_what_has_no_lane(traced: Callable[..., Trace]) -> None:
    room = room_of(traced(f"{PROMPTS['forty tokens']} season of darkness"))
    length = room.read.trace.length
    assert length > 40
    assert room.left_out is not None
    assert room.left_out.text == str(length - 40)
    assert room_of(traced("twenty tokens")).left_out is None


@pytest.mark.parametrize("kind", ["deep", "one_of_each", "ids_only", "wide"])
def test_any_model_has_a_room(kind: str, request: pytest.FixtureRequest) -> None:
    """Few channels, one head, no tokenizer, the widest names: all of it is in the frame that it is given."""
    room = room_of(request.getfixturevalue(kind))
    frame = (-5.2, -3.2, 6.2, 2.6)
    for pose in POSES:
        room.strike(pose, room.framed("whole", frame))
        in_order(room)
    for box in room.boxes:
        for side in box.sides.values():
            assert frame[0] - 1e-6 <= side.points[:, 0].min()
            assert side.points[:, 0].max() <= frame[2] + 1e-6
            assert frame[1] - 1e-6 <= side.points[:, 1].min()
            assert side.points[:, 1].max() <= frame[3] + 1e-6
