"""Colours as the encoder takes them: by BT.709's own formula, and converted wherever they differ."""

from __future__ import annotations

import numpy as np
import pytest

from renders.media.yuv import YuvConverter

WIDTH, HEIGHT = 320, 180


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 4), dtype=np.uint8)


def by_the_formula(picture: np.ndarray) -> np.ndarray:
    """(height · 3/2, width): ITU-R BT.709-6 in limited range, in floating point."""
    shares = np.array([0.2126, 0.7152, 0.0722])
    rgb = picture[..., :3] / 255
    means = rgb.reshape(HEIGHT // 2, 2, WIDTH // 2, 2, 3).mean(axis=(1, 3))
    luma = means @ shares
    chroma = [128 + 224 * (means[..., 2] - luma) / 1.8556, 128 + 224 * (means[..., 0] - luma) / 1.5748]
    return np.concatenate([16 + 219 * rgb @ shares, np.array(chroma).reshape(HEIGHT // 2, WIDTH)])


def test_it_is_the_formula_to_the_nearest_level() -> None:
    converter = YuvConverter(WIDTH, HEIGHT)
    assert converter.take(noise(0))
    assert np.abs(converter.planes - by_the_formula(noise(0))).max() < 0.51


@pytest.mark.parametrize("seed", range(20))
def test_what_differs_anywhere_is_converted_and_what_is_the_same_is_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    converter, picture = YuvConverter(WIDTH, HEIGHT), noise(0)
    converter.take(picture)
    for _ in range(rng.integers(1, 6)):
        x, y = rng.integers(WIDTH), rng.integers(HEIGHT)
        picture[y : y + rng.integers(1, 9), x : x + rng.integers(1, 90), rng.integers(3)] ^= 255
    assert converter.take(picture)
    fresh = YuvConverter(WIDTH, HEIGHT)
    fresh.take(picture)
    assert np.array_equal(converter.planes, fresh.planes)
    assert not converter.take(picture.copy())


def test_a_change_outside_of_the_box_is_not_looked_for() -> None:
    converter, picture = YuvConverter(WIDTH, HEIGHT), noise(0)
    converter.take(picture)
    before = converter.planes.copy()
    picture[100, 200] ^= 255
    assert not converter.take(picture, (0, 0, 200, 180))
    assert np.array_equal(converter.planes, before)
    assert converter.take(picture, (200, 100, 201, 101))
