"""Text can be read in every theme: its contrast is measured, on every ground that it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pytest

from scenes import style
from scenes.palette import THEMES

INKS = (
    "INK", "DIM", "QUERY", "KEY", "VALUE", "PROBABILITY", "FEED_FORWARD", "LOGIT", "HIGHLIGHT",
    "NEGATIVE", "POSITIVE",
)  # fmt: skip
CONCEPTS = ("QUERY", "KEY", "VALUE", "PROBABILITY", "FEED_FORWARD", "LOGIT", "LEARNED")
# Linear RGB as colour-blind eyes see it: Machado, Oliveira & Fernandes 2009, severity 1.
EYES = {
    "all cones": np.eye(3),
    "no long ones": np.array(
        [
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ]
    ),
    "no middle ones": np.array(
        [(0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)]
    ),
    "no short ones": np.array(
        [(1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)]
    ),
}
# Hundredths of Oklab's unit: what tells any two concepts apart, and what the ends of signed values.
APART = {"all cones": 11.0, "no long ones": 7.0, "no middle ones": 5.0, "no short ones": 2.5}
ENDS = 20.0


@pytest.fixture(params=THEMES, autouse=True)
def theme(request: pytest.FixtureRequest) -> Iterator[str]:
    with style.themed(request.param):
        yield request.param


@pytest.mark.parametrize("ground", ["GROUND", "PANEL"])
@pytest.mark.parametrize("ink", [*INKS, "LEARNED", "BODY", "GLEAM", "POSITIONS", "CHANNELS"])
def test_inks_on_the_ground_and_on_panels(ink: str, ground: str) -> None:
    assert style.contrast(style.hue(ink), style.hue(ground)) >= 4.5


def test_numbers_on_every_colour_of_both_maps() -> None:
    for value in np.linspace(-1, 1, 2001):
        for colour in (style.signed(value, 1.0), style.weight(abs(value))):
            assert style.contrast(style.ink_on(colour), colour) >= 4.5, colour


@pytest.mark.parametrize("name", ["SIGNED", "STREAM", "WEIGHTS", "SCORES", "SHARES", "LOGITS"])
def test_cells_are_nearly_the_ground_at_nought_and_stand_out_where_values_are_large(name: str) -> None:
    scale: style.Scale = getattr(style, name)
    least = [style.contrast(scale.colour(share), style.GROUND) for share in np.linspace(0, 1, 20)]
    assert least[0] < 1.3
    assert least[-1] > 3
    assert all(a < b for a, b in pairwise(least))
    for share in np.linspace(-1, 1, 200):
        colour = scale.colour(share)
        assert style.contrast(style.ink_on(colour), colour) >= 4.5, colour


def test_inks_are_ours_wherever_ours_can_be_read() -> None:
    assert style.ink_on(style.GROUND) == style.INK
    assert style.ink_on(style.INK) == style.COUNTER_INK


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


def test_weights_stand_out_the_more_the_larger_they_are() -> None:
    out = [style.contrast(style.weight(w), style.GROUND) for w in np.linspace(0, 1, 20)]
    assert all(a < b for a, b in pairwise(out))
    assert (style.weight(0), style.weight(1)) == (style.GROUND, style.PROBABILITY)


def test_a_share_of_a_colour_is_raised_until_it_can_be_read() -> None:
    assert style.legible(style.INK, 0.8) == 0.8
    share = style.legible(style.DIM, 0.5)
    assert share > 0.5
    assert style.contrast(style.mix(style.GROUND, style.DIM, share), style.GROUND) >= 4.5


def test_each_concept_has_a_hue_of_its_own() -> None:
    hues = [style.hue(ink) for ink in INKS]
    assert len(set(hues)) == len(hues)


@pytest.mark.parametrize("eyes", EYES)
def test_colour_blind_eyes_tell_concepts_and_signs_apart(eyes: str) -> None:
    for one, other in combinations(CONCEPTS, 2):
        assert _apart(style.hue(one), style.hue(other), EYES[eyes]) >= APART[eyes], (one, other)
    for low, high in (
        (style.NEGATIVE, style.POSITIVE),
        (style.SIGNED.colour(-1), style.SIGNED.colour(1)),
        (style.WEIGHTS.colour(-1), style.WEIGHTS.colour(1)),
    ):
        assert _apart(low, high, EYES[eyes]) >= ENDS, (low, high)


def _apart(one: str, other: str, eyes: npt.NDArray[np.float64]) -> float:
    """How far two colours are from each other for some eyes, in hundredths of Oklab's unit."""
    first, second = (_oklab(colour, eyes) for colour in (one, other))
    return float(100 * np.linalg.norm(first - second))


def _oklab(colour: str, eyes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Björn Ottosson 2020."""
    share = np.array(style.channels(colour)) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    cones = np.array(
        [
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        ]
    )
    axes = np.array(
        [
            (0.2104542553, 0.7936177850, -0.0040720468),
            (1.9779984951, -2.4285922050, 0.4505937099),
            (0.0259040371, 0.7827717662, -0.8086757660),
        ]
    )
    found: npt.NDArray[np.float64] = axes @ np.cbrt(cones @ np.clip(eyes @ linear, 0, 1))
    return found
