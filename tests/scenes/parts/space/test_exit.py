"""The network's end is the trace's: each cell a score or a share, each tower on its own token's cell."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from manim import Scene
from standing import cells, in_order

from llmtrace.trace import Trace
from scenes import style
from scenes.locale import Locale
from scenes.parts.bars import full
from scenes.parts.label import Label, words
from scenes.parts.space.exit import Exit, Pose
from scenes.parts.space.exit_flags import Flags
from scenes.parts.space.exit_plan import TOWER, ExitPlan
from scenes.parts.space.projector import View
from scenes.parts.texture import Texture
from scenes.reading import Reader

pytestmark = pytest.mark.usefixtures("dry")
VIEW = View(azimuth=27, elevation=24, nearness=1 / 120)
WHOLE = (-6.7, -3.7, 6.7, 2.7)
PROMPTS = ("one token", "three tokens", "seven tokens", "forty tokens")
ALL = Pose(1, 1, 1, 1, 1, 1, 1)


@pytest.fixture(params=PROMPTS)
def end(request: pytest.FixtureRequest, traced: Callable[..., Trace]) -> Exit:
    made = Exit(Reader(traced(request.param), Locale("en")), VIEW)
    return made.strike(ALL, made.framed("whole", WHOLE))


def test_every_score_is_on_the_wall_and_on_the_tables_side(end: Exit) -> None:
    scores = end.read.trace["logits"].astype(np.float32)
    bands = range(len(end.plan.bands()))
    wall = np.concatenate([cells(end, f"wall.{band}", "z") for band in bands])  # (page, row)
    assert wall.shape == (-(-len(scores) // 256), 256)
    assert (wall.ravel()[: len(scores)] == scores).all()
    assert np.isnan(wall.ravel()[len(scores) :]).all()
    side = np.concatenate([cells(end, f"edge.{band}", "x") for band in reversed(bands)], axis=1)
    assert np.array_equal(side[:, ::-1], wall.T, equal_nan=True)  # the first page is in front
    tops = [end.box(f"wall.{band}").high[1] for band in bands]
    assert tops == sorted(tops, reverse=True)


def test_the_last_lane_is_the_last_tokens(end: Exit) -> None:
    """Of a long prompt the last ones before it, too, have lanes, and no others."""
    last, shown = end.read.trace["ln_f.out"].astype(np.float32), end.plan.tokens
    assert shown == min(40, len(last))
    assert (cells(end, "last", "x")[:, 0] == last[-1]).all()
    if shown > 1:
        assert (cells(end, "others", "x") == last[-shown:-1].T).all()
    assert end.box("last").high[2] == pytest.approx(end.plan.back + shown * end.plan.lane)


def test_towers_stand_on_their_own_cells(end: Exit) -> None:
    shares = end.read.trace["generated.probability"][0]
    floor = end.box("floor")
    found = cells(end, "floor", "y")  # (page, row)
    pages, rows = found.shape
    for token in end.tokens:
        tower = end.box(f"tower.{token}")
        middle = (tower.low + tower.high) / 2
        across, _, away = (middle - floor.low) / (floor.high - floor.low)
        assert found[int(away * pages), int(across * rows)] == np.float32(shares[token])
        assert tower.high[1] - tower.low[1] == pytest.approx(
            max(0.02, TOWER * shares[token] / full(shares.max())), rel=1e-6
        )
    assert shares[end.tokens[0]] == shares.max()


def test_towers_and_all_else_are_apart_and_in_order(end: Exit) -> None:
    for pose in (ALL, Pose(lit=1, scored=0.5), Pose(1, 1, 1, 1, risen=0.3), Pose(1, 1, 1, 1, 1, 1)):
        in_order(end.strike(pose))


def test_neighbours_have_slender_towers() -> None:
    plan = ExitPlan(3, 256, 8193)
    tokens = [100, 101, 105, 357, 612]
    wide = plan.stout(tokens)
    for (one, first), (other, second) in combinations(zip(tokens, wide, strict=True), 2):
        (x, z), (a, c) = plan.place(one), plan.place(other)
        assert abs(x - a) >= (first + second) / 2 or abs(z - c) > 0.9 * plan.cell[1]
    assert wide[3] == wide[4] == max(wide)


def test_no_flag_is_on_another(end: Exit) -> None:
    apart(end._flags)


@pytest.mark.parametrize("tokens", [range(6), range(250, 256), (0, 255, 254, 511, 8000, 8192), (7, 263, 519)])
def test_no_flag_is_on_another_in_a_heap(tokens: Any) -> None:
    plan = ExitPlan(3, 256, 8193)
    points = np.array([(plan.place(token)[0], token % 7, plan.place(token)[1]) for token in tokens])
    texts = [words(f"a word {token}") for token in tokens]
    flags = Flags(texts, lambda: points, (0, words("a word")))
    flags.place(
        VIEW.fitted(points.min(axis=0)[None] - 9, points.max(axis=0)[None] + 9, (-2.0, -3.0, 6.3, 1.5))
    )
    apart(flags)
    for number, pole in enumerate(flags.poles):
        foot, top = pole.get_start(), pole.get_end()
        assert top[1] > foot[1]
        for other in flags.flags[:number] + flags.flags[number + 1 :]:
            over = other.get_left()[0] < foot[0] < other.get_right()[0]
            assert not over or other.get_bottom()[1] > foot[1]  # no flag covers where another begins


def apart(flags: Flags) -> None:
    for one, other in combinations(flags.flags, 2):
        left, right = sorted((one, other), key=lambda flag: float(flag.get_left()[0]))
        low, high = sorted((one, other), key=lambda flag: float(flag.get_bottom()[1]))
        assert right.get_left()[0] > left.get_right()[0] or high.get_bottom()[1] > low.get_top()[1]
        assert right.get_right()[0] < style.RIGHT + 1e-6


def test_a_flag_says_its_own_tokens_share(end: Exit) -> None:
    trace = end.read.trace
    for token, flag in zip(end.tokens, end._flags.flags, strict=True):
        readings = [part.reading for part in flag.get_family() if isinstance(part, Label)]
        assert [reading.text for reading in readings if reading] == [
            end.read("generated.probability", 0, end.rank(token), how="ranked").token().text,
            f"{trace['generated.probability'][0, token]:.1%}",
        ]
    rest = 1 - trace["generated.probability"][0, end.tokens].sum()
    assert end.rest().text == f"{rest:.1%}"


def test_only_what_is_seen_counts_as_shown(end: Exit) -> None:
    end.strike(Pose(lit=1.0, scored=0.5))
    shown = [member for member in end.get_family() if isinstance(member, Texture)]
    assert not [texture for texture in shown if texture.drawn.source == "generated.probability"]
    drawn = [texture.drawn.index for texture in shown if texture.drawn.source == "logits"]
    assert 0 < len(drawn) < len(end.plan.bands())
    assert not [part for part in end.get_family() if isinstance(part, Label) and part.reading]


def test_played_it_is_as_struck(end: Exit) -> None:
    class One(Scene):
        def construct(self) -> None:
            end.strike(Pose())
            self.add(end)
            self.play(end.to(lit=1.0, scored=1.0, folded=1.0), run_time=0.05)
            self.play(end.to(weighed=1.0, risen=1.0, named=1.0, drawn=1.0), run_time=0.05)

    One().render()
    other = Exit(end.read, VIEW).strike(ALL, end.view)
    assert end.pose == ALL
    assert len(end.submobjects) == len(other.submobjects)
    for one, same in zip(end.boxes, other.boxes, strict=True):
        assert np.allclose(one.low, same.low)
        assert np.allclose(one.high, same.high)


@pytest.mark.parametrize("kind", ["deep", "one_of_each", "ids_only", "wide"])
def test_any_model_has_an_exit(kind: str, request: pytest.FixtureRequest) -> None:
    trace = request.getfixturevalue(kind)
    made = Exit(Reader(trace, Locale("en")), VIEW)
    made.strike(ALL, made.framed("whole", WHOLE))
    apart(made._flags)
    scores = [cells(made, f"wall.{band}", "z") for band in range(len(made.plan.bands()))]
    assert np.isfinite(np.concatenate(scores)).sum() == trace.meta.model.vocabulary
    for token in made.tokens:
        tower = made.box(f"tower.{token}")
        assert tower.high[0] - tower.low[0] > 0
