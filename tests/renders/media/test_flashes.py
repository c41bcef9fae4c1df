"""A strobe is told from a lesson, also where it is the loop alone that flashes."""

from __future__ import annotations

import numpy as np

from renders.media.flashes import LIMIT, worst


def test_a_strobe_flashes_and_a_slow_change_does_not() -> None:
    black, white = (np.full((90, 160, 4), level, np.uint8) for level in (0, 255))
    strobe = [(black, white)[number // 3 % 2] for number in range(60)]  # 5 a second
    assert worst(strobe, 30) > LIMIT
    slow = [np.full((90, 160, 4), level, np.uint8) for level in range(0, 240, 2)]
    assert worst(slow, 30) < LIMIT
