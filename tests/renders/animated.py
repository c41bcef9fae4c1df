"""What a GIF or a WebP shows, for tests of those."""

from __future__ import annotations

from pathlib import Path

from PIL import Image


def animated(path: Path) -> list[tuple[Image.Image, int]]:
    """Its pictures, RGB, each with the milliseconds for which it stands; it repeats for ever."""
    found = []
    with Image.open(path) as moving:
        for number in range(moving.n_frames):
            moving.seek(number)
            moving.load()  # a WebP's picture has no duration before
            found.append((moving.convert("RGB"), int(moving.info["duration"])))
        assert moving.info["loop"] == 0
    return found
