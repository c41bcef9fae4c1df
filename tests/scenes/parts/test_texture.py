"""A texture is an image that manim can move, fade and copy, and whose colours are its values'."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from manim import Square

from llmtrace.trace import Trace
from scenes import style
from scenes.how import strongest
from scenes.locale import Locale
from scenes.parts.texture import Assembly, Cells, Paint, Texture
from scenes.reading import Reader, slice_of

pytestmark = pytest.mark.usefixtures("dry")
EN = Locale("en")


@pytest.fixture
def trace(traced: Callable[..., Trace]) -> Trace:
    return traced("seven tokens")


def texture(trace: Trace) -> Texture:
    return Texture(slice_of(trace, "block.01.attn.q", 2), Paint(), 4.0, 2.0)


def test_zero_is_a_body_and_the_strongest_are_clipped() -> None:
    values = np.linspace(-1, 1, 201, dtype=np.float32)
    colours = Cells(values, Paint()).picture()[0, :, :3]
    zero = style.mix(style.GROUND, style.BODY, 0.13)
    assert "#{:02X}{:02X}{:02X}".format(*colours[100]) == zero
    ends = [style.channels(colour) for colour in ("#5AA0F0", "#F2803F")]
    assert tuple(colours[0]) == ends[0]
    assert tuple(colours[200]) == ends[1]
    full = (colours == ends[1]).all(axis=1)
    assert full.sum() == pytest.approx(5, abs=1)  # of the hundred that are above zero


def test_a_table_has_its_own_bound_and_it_is_a_reading(trace: Trace) -> None:
    bound = Reader(trace, EN)("block.01.attn.q", 2, how="strongest").value
    assert bound == strongest(trace["block.01.attn.q"][2])
    own, given = (Cells(trace["block.01.attn.q"][2], Paint(bound=b)).picture() for b in (None, bound))
    assert (own == given).all()


def test_corners_are_where_manim_puts_an_image(trace: Trace) -> None:
    shown = texture(trace).move_to((1, 1, 0))
    assert shown.points.tolist() == [[-1, 2, 0], [3, 2, 0], [-1, 0, 0], [3, 0, 0]]
    assert shown.at(0, 0) == pytest.approx((-1 + 2 / 32, 2 - 1 / 7, 0))


def test_copies_share_their_cells_and_nothing_else(trace: Trace) -> None:
    one = texture(trace)
    other = one.copy()
    other.shift((1, 0, 0)).set_opacity(0.5)
    assert other.cells is one.cells
    assert other.drawn is one.drawn
    assert one.opacity == 1
    assert one.points[0, 0] == -2


def test_fading_goes_down_from_what_is_there(trace: Trace) -> None:
    shown = texture(trace).set_opacity(0.5)
    assert shown.fade(0.5).opacity == 0.25
    assert shown.get_pixel_array()[..., 3].max() == round(255 * 0.25)


def test_an_assembly_passes_on_what_is_asked_of_it(trace: Trace) -> None:
    both = Assembly(texture(trace), Square(fill_opacity=1))
    both.set_opacity(0.3)
    assert both[0].opacity == both[1].get_fill_opacity() == 0.3
    both.fade(1)
    assert both[0].opacity == both[1].get_fill_opacity() == 0


def test_a_colour_stays_that_of_its_value(trace: Trace) -> None:
    shown = texture(trace)
    before = shown.get_pixel_array()
    Assembly(shown).set_color("#FFFFFF")
    shown.set_color("#FFFFFF")
    assert (shown.get_pixel_array() == before).all()


def test_values_are_not_made_up() -> None:
    with pytest.raises(TypeError):
        Texture(paint=Paint(), width=1.0, height=1.0)  # type: ignore[call-arg]


def test_a_transform_ends_as_the_new_image(made_up: Trace) -> None:
    """Another one may begin there: were the old image kept, it would come back for the next transform."""
    first, second, third = (
        Texture(slice_of(made_up, "heads.attribution"), Paint(bound=bound), 3.0, 2.0) for bound in (1, 2, 3)
    )
    for start, end in ((first, second), (first, third)):
        before = start.copy()
        start.interpolate_color(before, end, 0.5)
        assert (start.cells, start.into) == (before.cells, end.cells)
        start.interpolate_color(before, end, 1.0)
        assert (start.cells, start.into, start.share) == (end.cells, None, 0.0)
