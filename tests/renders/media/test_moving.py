"""GIFs of few colours, and WebPs, whose encoder leaves out what changes little: all that is seen is right."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from animated import animated
from PIL import Image

from renders.media.decoding import Pixels
from renders.media.moving import stepped, write_gif, write_webp

HEIGHT, WIDTH = 180, 320
VIOLET, GREEN = (150, 90, 230), (60, 200, 120)


def wall(number: int) -> Pixels:
    """A wall of cells in a thousand oranges and blues, which flickers, and two cells of other colours."""
    shares = np.random.default_rng(number).random((HEIGHT // 4, WIDTH // 4, 1))
    cells = np.where(shares > 0.5, shares * np.array([240, 140, 30]), (1 - shares) * np.array([60, 140, 240]))
    picture = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    picture[..., :3] = cells.astype(np.uint8).repeat(4, 0).repeat(4, 1)
    picture[80:88, 100:108, :3], picture[80:88, 200:208, :3] = VIOLET, GREEN
    return picture


def test_a_small_things_colour_is_not_lost_among_those_of_a_wall(tmp_path: Path) -> None:
    def source() -> Iterator[Pixels]:
        return (wall(number) for number in range(20))

    path = tmp_path / "wall.gif"
    write_gif(wall(19), source, Fraction(10), path, colours=32)
    with Image.open(path) as picture:
        assert picture.n_frames == 21
        for frame in (0, 7, 20):
            picture.seek(frame)
            shown = np.asarray(picture.convert("RGB"), int)
            for left, colour in ((100, VIOLET), (200, GREEN)):
                assert np.abs(shown[80:88, left : left + 8] - colour).max() < 20
            meant = wall(19 if frame == 0 else frame - 1)[..., :3]
            assert np.abs(shown - meant).mean() < 12


def test_the_ground_of_a_gif_is_its_own(tmp_path: Path) -> None:
    """Dark cells, of many levels near to it, do not take it with them."""
    picture, path = np.full((HEIGHT, WIDTH, 4), (12, 12, 18, 255), np.uint8), tmp_path / "ground.gif"
    picture[::3, ::3, :3] = np.random.default_rng(1).integers(13, 60, (HEIGHT // 3, -(-WIDTH // 3), 3))
    write_gif(picture, lambda: iter([wall(1), picture]), Fraction(10), path, colours=32)
    with Image.open(path) as moving:
        moving.seek(2)
        shown = np.asarray(moving.convert("RGB"))
    assert (shown[1::3, 1::3] == (12, 12, 18)).all()


def fading(levels: list[int]) -> list[Pixels]:
    """A cell on a dark ground, which has one level after the other."""
    pictures = []
    for level in levels:
        picture = np.full((HEIGHT, WIDTH, 4), (12, 12, 18, 255), np.uint8)
        picture[60:100, 120:180, :3] = level
        pictures.append(picture)
    return pictures


AWAY = [200] * 3 + list(range(200, 12, -4)) + [12] * 12
COMING = [12] * 3 + list(range(12, 200, 4)) + [200] * 12


@pytest.mark.parametrize("levels", [AWAY, COMING])
@pytest.mark.parametrize("quality", [40, 60])
def test_what_fades_slowly_in_a_webp_is_never_far_from_its_own(
    tmp_path: Path, levels: list[int], quality: int
) -> None:
    path, pictures = tmp_path / "fade.webp", fading(levels)
    write_webp(pictures[0], lambda: iter(pictures), Fraction(10), path, quality)
    shown: list[float] = []  # one for each tenth of a second
    for picture, lasts in animated(path):
        shown += [float(np.asarray(picture)[65:95, 125:175].mean())] * round(lasts / 100)
    assert len(shown) == 10 + len(levels)
    assert max(abs(a - b) for a, b in zip(shown[10:], levels, strict=True)) < 16
    assert abs(shown[-1] - levels[-1]) < 3


def test_no_step_is_unseen_and_no_pixel_far_from_its_own() -> None:
    rng, unseen, ahead = np.random.default_rng(1), 8, 10
    moves = rng.integers(-12, 13, (60, 20, 20, 4)) * (rng.random((60, 20, 20, 1)) < 0.7)
    own = list(np.clip(128 + moves.cumsum(0), 0, 255).astype(np.uint8))
    own += [own[-1]] * ahead
    shown = list(stepped(own[0], iter(own), ahead, unseen))
    assert len(shown) == len(own)
    gaps = [np.abs(one.astype(int) - other).max() for one, other in zip(shown, own, strict=True)]
    assert max(gaps) == unseen
    for one, other in pairwise(shown):
        change = np.abs(one.astype(int) - other).max(2)
        assert not ((change > 0) & (change <= unseen)).any()
