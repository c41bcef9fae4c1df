"""Text can be read: its contrast is measured, on every ground that it stands on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from scenes import style

INKS = (
    "INK", "DIM", "QUERY", "KEY", "VALUE", "PROBABILITY", "FEED_FORWARD", "LOGIT", "HIGHLIGHT",
    "NEGATIVE", "POSITIVE",
)  # fmt: skip


@pytest.mark.parametrize("ground", ["GROUND", "PANEL"])
@pytest.mark.parametrize("ink", INKS)
def test_inks_on_the_ground_and_on_panels(ink: str, ground: str) -> None:
    assert style.contrast(getattr(style, ink), getattr(style, ground)) >= 4.5


def test_numbers_on_every_colour_of_both_maps() -> None:
    for value in np.linspace(-1, 1, 2001):
        for colour in (style.signed(value, 1.0), style.weight(abs(value))):
            assert style.contrast(style.ink_on(colour), colour) >= 4.5, colour


def test_inks_are_ours_wherever_ours_can_be_read() -> None:
    assert style.ink_on(style.GROUND) == style.INK
    assert style.ink_on("#FFFFFF") == style.COUNTER_INK


def test_contrast_is_that_of_wcag() -> None:
    assert style.contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert style.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # the known near miss
    assert style.contrast("#123456", "#123456") == 1


def test_mix() -> None:
    assert style.mix("#000000", "#FF8040", 0) == "#000000"
    assert style.mix("#000000", "#FF8040", 1) == "#FF8040"
    assert style.mix("#000000", "#FF8040", 0.5) == "#804020"
    assert style.mix("#000000", "#FF8040", 7) == "#FF8040"


def test_signed_colours() -> None:
    assert style.signed(0.0, 2.0) == style.GROUND
    assert style.signed(2.0, 2.0) == style.signed(50.0, 2.0) == style.POSITIVE
    assert style.signed(-2.0, 2.0) == style.signed(-50.0, 2.0) == style.NEGATIVE
    assert style.signed(0.0, 0.0) == style.GROUND  # a tensor of nothing but zeros
    assert style.signed(1.0, 2.0) != style.signed(-1.0, 2.0)


def test_weights_grow_brighter() -> None:
    brightness = [style.contrast(style.weight(w), "#000000") for w in np.linspace(0, 1, 20)]
    assert all(a < b for a, b in pairwise(brightness))
    assert (style.weight(0), style.weight(1)) == (style.GROUND, style.PROBABILITY)


def test_each_concept_has_a_hue_of_its_own() -> None:
    hues = [getattr(style, ink) for ink in INKS]
    assert len(set(hues)) == len(hues)
