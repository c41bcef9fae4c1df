"""Clips at another size: the same pictures at the same times."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from renders.media.compact import compact_segment
from renders.media.decoding import pictures
from renders.media.mp4 import mux
from renders.media.probe import probe

WIDTH, HEIGHT, FPS = 320, 180, 30


def moving(number: int) -> np.ndarray:
    """A wall of cells that a bright bar goes over, (height, width, 4) RGBA."""
    cells = np.random.default_rng(0).integers(20, 200, (HEIGHT // 4, WIDTH // 4, 3), np.uint8)
    picture = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    picture[..., :3] = cells.repeat(4, 0).repeat(4, 1)
    picture[:, number * 3 : number * 3 + 20, :3] = (240, 200, 60)
    return picture


def written(path: Path) -> Path:
    with compact_segment(path, WIDTH, HEIGHT, FPS) as write:
        for number in range(60):
            write(moving(number))
        write(moving(59), 20)
    return path


def test_every_picture_is_there_at_its_time_and_in_its_colours(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    mux([written(tmp_path / "c.mp4")], [], [], [], path, fps=FPS)
    found = probe(path)
    assert (found.video_frames, found.profile, found.width, found.height) == (80, "High", WIDTH, HEIGHT)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert [round(f.time * FPS) for f in container.decode(stream) if f.time is not None] == list(
            range(80)
        )
        assert stream.codec_context.pix_fmt == "yuv420p"
    for number, shown in enumerate(pictures(path, 0, 80, WIDTH, HEIGHT)):
        meant = moving(min(number, 59))[..., :3].astype(int)
        squares = (shown[..., :3] - meant)[:176].reshape(22, 8, 40, 8, 3).mean((1, 3))
        assert np.abs(squares).max() < 40
        assert np.abs(squares).mean() < 3


def test_the_same_bytes_twice(tmp_path: Path) -> None:
    one, two = (written(tmp_path / name) for name in ("a.mp4", "b.mp4"))
    assert one.read_bytes() == two.read_bytes()


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"

    def half_way() -> None:
        with compact_segment(path, WIDTH, HEIGHT, FPS) as write:
            write(moving(0))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        half_way()
    assert list(tmp_path.iterdir()) == []
