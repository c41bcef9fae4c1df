"""An edition serves segments and track from the cache, and from the lesson's own packets without it."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import numpy as np
import pytest

from renders.check import verify
from renders.edition.edition import Edition
from renders.media.decoding import decoded
from renders.publish.products import publish

FPS = 8


@pytest.fixture(scope="module")
def made(whole_lesson: Path) -> Path:
    return whole_lesson


def heard(path: Path) -> np.ndarray:
    """(channels, samples)"""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], 1)


def test_it_serves_where_the_cache_was_cleared_and_the_folder_moved(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = Edition.load(Path(shutil.copytree(made, tmp_path / "moved")))
    beats, apart = [beat for _, beat in moved.manifest.beats], list[bool]()
    for number in (0, len(beats) // 2, len(beats) - 1):
        beat = beats[number]
        with monkeypatch.context() as patch:
            patch.setenv("LLM_LESSON_CACHE", str(made.parent / "cache"))
            kept = moved.segment(beat, tmp_path / f"{number}.kept.mp4")
        cut = moved.segment(beat, tmp_path / f"{number}.mp4")  # this test's own cache is empty
        first = round(beat.start * FPS)
        frames = moved.manifest.frames(beat)
        of_lesson = list(decoded(made / "lesson.mp4", first, first + frames))
        for segment in (kept, cut):
            pictures = list(decoded(segment, 0, frames + 1))
            assert len(pictures) == frames
            assert all(map(np.array_equal, pictures, of_lesson))
        apart.append(kept.read_bytes() != cut.read_bytes())
    assert any(apart)  # they come from two places
    with monkeypatch.context() as patch:
        patch.setenv("LLM_LESSON_CACHE", str(made.parent / "cache"))
        kept = moved.track(tmp_path / "kept.m4a")
    cut = moved.track(tmp_path / "cut.m4a")
    assert np.array_equal(heard(kept), heard(cut))
    assert {file.name for file in publish(moved).folder.iterdir()} == {file.name for file in made.iterdir()}
    assert verify(moved.folder).wrong == []
