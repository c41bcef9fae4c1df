"""A strobe is told from a lesson, also where it is the loop alone that flashes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from renders.media.flashes import LIMIT, flashes, worst
from renders.media.segment import SegmentWriter


def test_a_strobe_flashes_and_a_slow_change_does_not() -> None:
    black, white = (np.full((90, 160, 4), level, np.uint8) for level in (0, 255))
    strobe = [(black, white)[number // 3 % 2] for number in range(60)]  # 5 a second
    assert worst(strobe, 30) > LIMIT
    slow = [np.full((90, 160, 4), level, np.uint8) for level in range(0, 240, 2)]
    assert worst(slow, 30) < LIMIT


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (640, 360), (182, 102), (64, 64)])
def test_a_strobe_in_a_video_of_any_size_is_seen(tmp_path: Path, width: int, height: int) -> None:
    path, shown = tmp_path / "strobe.mp4", np.empty((height, width, 4), np.uint8)
    with SegmentWriter(path, width, height, 30) as segment:
        for number in range(30):
            shown[:] = 255 * (number // 3 % 2)
            segment.write(shown)
    assert flashes(path, 0, 30, 30) > LIMIT
    assert flashes(path, 0, 3, 30) < LIMIT
