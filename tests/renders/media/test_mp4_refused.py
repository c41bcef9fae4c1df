"""What cannot be joined is named, and leaves nothing behind."""

import resource
from pathlib import Path

import numpy as np
import pytest
from segments import FPS, HEIGHT, WIDTH, segments, track

from renders.errors import EncodeError, OutputError
from renders.media.mp4 import mux
from renders.media.probe import probe
from renders.media.segment import SegmentWriter
from voiceover.loudness import RATE


def test_segments_that_do_not_fit_are_named(tmp_path: Path) -> None:
    for name in ("a", "wide", "slow", "other"):
        (tmp_path / name).mkdir()
    (good,) = segments(tmp_path / "a", (10,))
    (wide,) = segments(tmp_path / "wide", (10,), width=640)
    (slow,) = segments(tmp_path / "slow", (10,), fps=15)
    other = tmp_path / "other" / "0.mp4"
    with SegmentWriter(other, WIDTH, HEIGHT, FPS, crf=30) as segment:
        segment.write(np.zeros((HEIGHT, WIDTH, 4), np.uint8))
    (tmp_path / "torn.mp4").write_bytes(good.read_bytes()[:600])
    out = tmp_path / "out.mp4"
    for bad, reason in [
        (wide, "640×180"),
        (slow, "1/30"),
        (other, "different settings"),
        (tmp_path / "torn.mp4", "cannot be read"),
        (tmp_path / "gone.mp4", "cannot be read"),
    ]:
        with pytest.raises(EncodeError) as caught:
            mux([good, bad], [], [], [], out, fps=FPS)
        assert str(bad) in str(caught.value)
        assert reason in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(EncodeError, match="no segment"):
        mux([], [], [], [], out, fps=FPS)
    mux([good], [track(tmp_path, np.zeros(RATE // 3, np.float32))], [], [], out, fps=FPS)
    with pytest.raises(EncodeError, match=r"out\.mp4 is not one silent video"):
        mux([out], [], [], [], out, fps=FPS)


@pytest.mark.parametrize(
    ("sound", "cues", "reason"),
    [
        ("gone.m4a", [], r"gone\.m4a cannot be read"),
        (None, [(0.5, 0.5, "x")], "caption 1"),
        (None, [(0.0, 0.5, "x"), (0.4, 0.6, "y")], "caption 2"),
        (None, [(1.0, 2.0, "x")], "past the end"),
        (None, [(-1.0, 0.5, "x")], "caption 1"),
        (None, [(0.0, 0.5, "é" * 32768)], "65535 bytes"),
    ],
)
def test_sound_and_captions_that_do_not_fit_leave_nothing(
    tmp_path: Path, sound: str | None, cues: list[tuple[float, float, str]], reason: str
) -> None:
    (path,) = segments(tmp_path, (30,))
    with pytest.raises(EncodeError, match=reason):
        mux([path], [tmp_path / sound] if sound else [], cues, [], tmp_path / "out.mp4", fps=FPS)
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_keeps_the_old_video_and_leaves_nothing_else(tmp_path: Path) -> None:
    (path,) = segments(tmp_path, (30,))
    out = tmp_path / "out.mp4"
    out.write_bytes(b"old")
    sound = track(tmp_path, np.random.default_rng(0).uniform(-1, 1, RATE).astype(np.float32))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, hard))  # what a full disk does, for this process
    try:
        with pytest.raises(OutputError, match=r"out\.mp4 cannot be written"):
            mux([path], [sound], [], [], out, fps=FPS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert out.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [path, out, sound]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (path,) = segments(tmp_path, (2,))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        mux([path], [], [], [], tmp_path / "file" / "out.mp4", fps=FPS)


def test_probe_tells_a_late_index_and_a_file_that_is_no_video(tmp_path: Path) -> None:
    (path,) = segments(tmp_path, (5,))
    assert not probe(path).faststart  # a segment is written straight through
    (tmp_path / "no.mp4").write_text("words" * 99)
    with pytest.raises(EncodeError, match=r"no\.mp4"):
        probe(tmp_path / "no.mp4")
