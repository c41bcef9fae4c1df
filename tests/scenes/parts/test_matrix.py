"""Matrices, vectors and small multiples hold every value, and numbers only where they can be read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from llmtrace.trace import Trace
from scenes import style
from scenes.locale import Locale
from scenes.parts.matrix import Matrix, Vector, past
from scenes.parts.multiples import SmallMultiples
from scenes.parts.texture import Paint
from scenes.reading import Reader, slice_of

Traced = Callable[..., Trace]

pytestmark = pytest.mark.usefixtures("dry")
WEIGHTS = Paint(style.SHARES, 1.0)
EN = Locale("en")


@pytest.fixture
def trace(traced: Traced) -> Trace:
    return traced("seven tokens")


def head(trace: Trace, side: float) -> Matrix:
    return Matrix(slice_of(trace, "block.02.attn.pattern", 3), WEIGHTS, (side, side), past)


def texts(trace: Trace, digits: int = 2) -> dict[tuple[int, int], object]:
    return {
        (row, column): Reader(trace, EN)("block.02.attn.pattern", 3, row, column).compact(digits)
        for row in range(7)
        for column in range(row + 1)
    }


def test_a_cell_has_its_values_colour_and_place(trace: Trace) -> None:
    matrix = head(trace, 0.5).move_to((1, 1, 0))
    pattern = trace["block.02.attn.pattern"][3]
    assert matrix.shape == (7, 7)
    for row, column in np.ndindex(7, 7):
        assert matrix.at(row, column) == pytest.approx((1 + (column - 3) * 0.5, 1 - (row - 3) * 0.5, 0))
        if column <= row:
            red, green, blue = style.SHARES.rgb(pattern[row, column])
            assert matrix.texture.colour_at(row, column) == f"#{red:02X}{green:02X}{blue:02X}"
    assert not matrix.texture.cells.picture()[..., 3][np.triu_indices(7, 1)].any()
    assert matrix.texture.drawn.digest == slice_of(trace, "block.02.attn.pattern", 3).digest


@pytest.mark.parametrize(("side", "written"), [(0.9, 28), (0.6, 28), (0.3, 0)])
def test_numbers_stand_only_where_they_can_be_read(trace: Trace, side: float, written: int) -> None:
    matrix = head(trace, side)
    numbers = matrix.write(texts(trace), 27)  # type: ignore[arg-type]
    assert len(numbers) == written
    for label, (row, column) in zip(numbers, texts(trace), strict=False):
        assert label.width < side
        assert np.allclose(label.get_center(), matrix.at(row, column))
        ink = label.submobjects[1].get_fill_color().to_hex()
        assert style.contrast(ink, matrix.texture.colour_at(row, column)) >= style.READABLE


def test_numbers_are_of_one_size(trace: Trace) -> None:
    matrix = head(trace, 0.6)
    numbers = matrix.write(texts(trace), 40)  # type: ignore[arg-type]
    points = {round(min(part.height for part in label if len(part.points) > 1), 6) for label in numbers}
    assert len(points) == 1  # of their decimal points: digits are not equally high


def test_frames_go_around_their_cells(trace: Trace) -> None:
    matrix = head(trace, 0.5).shift((1, 2, 0))
    frame = matrix.frame(2, (0, 3), buff=0.1)
    assert np.allclose(frame.get_center(), matrix.at(2, 1))
    assert (frame.width, frame.height) == pytest.approx((1.7, 0.7))


@pytest.mark.parametrize("vertical", [False, True])
def test_a_vector_has_all_its_values(trace: Trace, vertical: bool) -> None:
    drawn = slice_of(trace, "block.01.resid_mid", 6)
    vector = Vector(drawn, Paint(), 5.0, 0.4, vertical)
    assert vector.shape == ((256, 1) if vertical else (1, 256))
    assert (vector.texture.cells.values.ravel() == drawn.values).all()
    length = np.array((0, -5 * 255 / 256, 0)) if vertical else np.array((5 * 255 / 256, 0, 0))
    assert np.allclose(vector.place(255) - vector.place(0), length)
    assert np.allclose(vector.frame_of(17).get_center(), vector.place(17))


def test_what_is_no_vector_is_refused(trace: Trace) -> None:
    with pytest.raises(ValueError, match=r"block\.01\.resid_mid\[\]: 2 axes"):
        Vector(slice_of(trace, "block.01.resid_mid"), Paint(), 5.0, 0.4)


def test_small_multiples_stand_in_their_grid(trace: Trace) -> None:
    heads = [[slice_of(trace, f"block.{b:02d}.attn.pattern", h) for h in range(8)] for b in range(6)]
    wall = SmallMultiples(heads, WEIGHTS, 0.6, 0.2, past)
    assert wall.at.keys() == set(np.ndindex(6, 8))
    for (row, column), texture in wall.at.items():
        assert texture.drawn is heads[row][column]
        assert np.allclose(texture.get_center(), ((column - 3.5) * 0.8, (2.5 - row) * 0.8, 0))
    assert wall.row(2) == [wall.at[2, h] for h in range(8)]
    assert len(list(wall.others((1, 2), (3, 4)))) == 46
    frame = wall.scale(0.5).frame(1, 2)
    assert np.allclose(frame.get_center(), wall.at[1, 2].get_center())
    assert 0.3 < frame.width < 0.4
