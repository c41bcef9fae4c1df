"""Segments and a track that need no drawing: each frame is one grey, which tells it from its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from renders.media.audio import write_audio
from renders.media.segment import SegmentWriter
from voiceover.speech import Samples

WIDTH, HEIGHT, FPS = 320, 180, 30


def grey(frame: int) -> int:
    """A level that tells frame `frame` of the whole from its neighbours and from those at any seam."""
    return 20 + 37 * frame % 211


def segments(folder: Path, lengths: Sequence[int], fps: int = FPS, width: int = WIDTH) -> list[Path]:
    paths, drawn = [], 0
    for number, length in enumerate(lengths):
        paths.append(folder / f"{number}.mp4")
        with SegmentWriter(paths[-1], width, HEIGHT, fps) as segment:
            for frame in range(drawn, drawn + length):
                segment.write(np.full((HEIGHT, width, 4), grey(frame), np.uint8))
        drawn += length
    return paths


def track(folder: Path, sound: Samples) -> Path:
    path = folder / "track.m4a"
    write_audio(path, sound)
    return path
