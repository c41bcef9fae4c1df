"""GIFs of few colours: what is small and stands for a number keeps its own."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from renders.media.decoding import Pixels
from renders.media.moving import write_gif

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
