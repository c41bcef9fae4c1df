"""Names beside things in space: on the page, none over another, each with a line to its own point."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from manim import VGroup

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from scenes import style
from scenes.locale import Locale
from scenes.parts.label import words
from scenes.parts.space.notes import PAGE, Note, arranged, length
from scenes.parts.space.projector import View
from scenes.reading import Reader

pytestmark = pytest.mark.usefixtures("dry")


def apart(one: VGroup, other: VGroup) -> bool:
    (left, low, _), (right, high, _) = one.get_corner((-1, -1, 0)), one.get_corner((1, 1, 0))
    (left_, low_, _), (right_, high_, _) = other.get_corner((-1, -1, 0)), other.get_corner((1, 1, 0))
    return bool(right <= left_ or right_ <= left or high <= low_ or high_ <= low)


@pytest.mark.parametrize("point", [(0.0, 0.0), (6.5, 2.7), (-6.5, -3.4), (6.0, -3.2)])
def test_names_of_one_point_stand_apart_and_on_the_page(point: tuple[float, float]) -> None:
    notes = [Note(VGroup(words(text)), point, (0.4, 0.4)) for text in ("weights", "attention", "values", "a")]
    made = arranged(notes)
    texts = [note.text for note in notes]
    for one, other in combinations(texts, 2):
        assert apart(one, other)
    for text in texts:
        assert text.get_left()[0] >= PAGE.left - 1e-6
        assert text.get_right()[0] <= PAGE.right + 1e-6
        assert text.get_bottom()[1] >= PAGE.bottom - 1e-6
        assert text.get_top()[1] <= PAGE.top + 1e-6
    for leader, dot, *_ in made:
        assert leader.get_end()[:2] == pytest.approx(point)
        assert dot.get_center()[:2] == pytest.approx(point)


@pytest.mark.parametrize("side", [1, -1])
def test_a_name_without_room_stands_on_the_other_side_of_its_point(side: int) -> None:
    edge = PAGE.right if side > 0 else -PAGE.left
    for room, turned in ((2.0, False), (0.2, True)):
        note = Note(VGroup(words("feed-forward")), (side * (edge - room), 0.0), (side * 0.1, 0.4))
        arranged([note])
        beyond = side * note.text.get_center()[0] > edge - room
        assert beyond is not turned, room


def test_a_name_keeps_clear_of_what_has_its_place() -> None:
    there = VGroup(words("tokens")).move_to((0.9, 0.4, 0))
    note = Note(VGroup(words("weights")), (0.0, 0.0), (0.4, 0.4), style.LEARNED)
    arranged([note], [there])
    assert apart(note.text, there)


def test_a_length_says_how_many_along_its_edge() -> None:
    view = View((0, 0, 0), 0.5)
    count = Reader(Trace.load(EXAMPLE), Locale("en"))("meta.model.width", how="meta").integer()
    *lines, figure = length(
        view, np.array((0, 4, 0)), np.array((0, -4, 0)), count, style.CHANNELS, (-0.3, 0.0)
    )
    assert figure.reading is count
    xs = {round(float(line.get_center()[0]), 6) for line in lines}
    assert xs == {-0.3}
    highs = [float(line.get_top()[1]) for line in lines]
    assert max(highs) == pytest.approx(2.0)
    assert all(apart(VGroup(line), VGroup(figure)) for line in lines)


def test_a_wide_number_stays_beside_its_edge() -> None:
    view = View((0, 0, 0), 0.5)
    trace = Trace.load(EXAMPLE)
    for source in ("meta.model.heads", "meta.model.parameters"):
        count = Reader(trace, Locale("en"))(source, how="meta").integer()
        *_, figure = length(
            view, np.array((0, 4, 0)), np.array((0, -4, 0)), count, style.CHANNELS, (-0.3, 0.0)
        )
        assert figure.get_right()[0] < 0
