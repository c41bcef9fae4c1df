"""An upright face is its image between the texels, also where many rows of it are alike and laid once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from renders.draw.raster import covering, draw_face, spread

WIDTH, HEIGHT = 200, 160  # of the picture


def cells(alike: bool) -> npt.NDArray[np.uint8]:
    """(36, 24, 4): three rows of cells twelve texels high with a dark line between; or rows of all kinds."""
    rng = np.random.default_rng(2)
    if not alike:
        made = rng.integers(0, 255, (36, 24, 4)).astype(np.uint8)
    else:
        made = np.repeat(np.repeat(rng.integers(0, 255, (3, 4, 4)), 12, axis=0), 6, axis=1).astype(np.uint8)
        made[11::12] //= 3
    made[..., 3] = 255
    return made


@pytest.mark.parametrize("alike", [True, False])
@pytest.mark.parametrize("tall", [110.0, 25.0, 36.0])  # more rows than the image has, fewer, as many
@pytest.mark.parametrize("opacity", [1.0, 0.4])
def test_an_upright_face_is_its_image_between_the_texels(alike: bool, tall: float, opacity: float) -> None:
    texels, left, top, wide = cells(alike), 20.0, 30.0, 131.0
    rows, columns = texels.shape[:2]
    ground = np.full((HEIGHT, WIDTH, 4), (40, 80, 120, 255), np.uint8)
    picture = ground.copy()
    place = np.linalg.inv(np.array([[wide, 0, left], [0, tall, top], [0, 0, 1]]))
    edges = np.array([[1, 0, -left], [-1, 0, left + wide], [0, 1, -top], [0, -1, top + tall]])
    draw_face(
        picture.view(np.uint32)[..., 0],
        np.array([0, 0, WIDTH, HEIGHT]),
        edges,
        place,
        spread(texels),
        (float(columns), float(rows)),
        True,
        opacity,
        1.0,
        spread(np.array((0, 0, 0, 255), np.uint8))[()],
        covering(WIDTH, HEIGHT),
        0,
    )
    u = np.clip((np.arange(wide) + 0.5) / wide * columns - 0.5, 0, columns - 1)
    v = np.clip((np.arange(tall) + 0.5) / tall * rows - 0.5, 0, rows - 1)
    upper, before = (at.astype(int) for at in (v, u))
    lower, after = np.minimum(upper + 1, rows - 1), np.minimum(before + 1, columns - 1)
    down, across = (v - upper)[:, None, None], (u - before)[:, None]
    image = texels.astype(float)
    between = (image[upper][:, before] * (1 - across) + image[upper][:, after] * across) * (1 - down) + (
        image[lower][:, before] * (1 - across) + image[lower][:, after] * across
    ) * down
    box = slice(int(top), int(top + tall)), slice(int(left), int(left + wide))
    expected = ground.astype(float)
    expected[box] = between * opacity + expected[box] * (1 - opacity)
    assert np.abs(picture - expected).max() <= 4
    outside = np.ones((HEIGHT, WIDTH), bool)
    outside[box] = False
    assert np.array_equal(picture[outside], ground[outside])
