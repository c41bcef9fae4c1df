"""A segment: exact times, exact colours, and nothing left behind when it fails."""

import os
import resource
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from headers import said

from renders.errors import EncodeError, OutputError
from renders.media.joining import read_segment
from renders.media.segment import SEEK_SECONDS, SegmentWriter
from renders.media.yuv import YuvConverter

WIDTH, HEIGHT, FPS = 320, 180, 30
GROUND = (12, 13, 18)
HUES = [GROUND, (230, 159, 0), (86, 180, 233), (0, 158, 115), (213, 94, 0), (204, 121, 167), (255, 255, 255)]


def flat(colour: tuple[int, int, int]) -> np.ndarray:
    picture = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    picture[..., :3] = colour
    return picture


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 4), dtype=np.uint8)


def decoded(path: Path) -> list[np.ndarray]:
    """Every frame as (height, width, 3) RGB, by BT.709's own formula in limited range."""
    frames = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            assert (frame.colorspace, frame.color_range) == (Colorspace.ITU709, ColorRange.MPEG)
            planes = frame.to_ndarray().astype(float)  # luma above, then both chroma planes
            y = (planes[: frame.height] - 16) / 219  # (height, width)
            half = planes[frame.height :].reshape(2, frame.height // 2, frame.width // 2)
            b, r = ((half - 128) / 224).repeat(2, axis=1).repeat(2, axis=2)
            red, blue = y + 1.5748 * r, y + 1.8556 * b
            green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152
            frames.append(255 * np.stack([red, green, blue], axis=-1))
    return frames


def near(frame: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(frame - colour).max() <= 3)


def encode(path: Path, pictures: Iterable[np.ndarray]) -> None:
    with SegmentWriter(path, WIDTH, HEIGHT, FPS) as segment:
        for picture in pictures:
            segment.write(picture)


def test_a_frame_is_shown_as_often_as_told_and_a_repeat_is_the_same_picture(tmp_path: Path) -> None:
    path = tmp_path / "segment.mp4"
    with SegmentWriter(path, WIDTH, HEIGHT, FPS) as segment:
        segment.write(flat(HUES[1]))
        segment.write(flat(HUES[2]), repeat=70)
        segment.write(flat(HUES[3]), repeat=0)
        segment.write(flat(HUES[4]), repeat=2)
        assert segment.frames == 73
    frames = decoded(path)
    assert len(frames) == 73
    assert near(frames[0], HUES[1])
    assert all(near(frame, HUES[2]) for frame in frames[1:71])
    assert near(frames[71], HUES[4])
    assert near(frames[72], HUES[4])


def test_times_count_from_zero_and_a_key_frame_comes_in_time(tmp_path: Path) -> None:
    path, count = tmp_path / "segment.mp4", 2 * SEEK_SECONDS * FPS + 10
    with SegmentWriter(path, WIDTH, HEIGHT, FPS) as segment:
        for i in range(count):
            segment.write(np.roll(noise(0), i, axis=1))
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
        video = container.streams.video[0]
        assert (video.profile, video.codec_context.pix_fmt, video.average_rate) == ("High", "yuv420p", FPS)
    times = [p.pts * p.time_base * FPS for p in packets if p.pts is not None]
    assert sorted(times) == list(range(count))
    assert all(p.duration * p.time_base == Fraction(1, FPS) for p in packets if p.duration is not None)
    keys = [time for time, p in zip(times, packets, strict=True) if p.is_keyframe]
    assert keys[0] == 0
    assert max(np.diff([float(k) for k in keys] + [float(count)])) <= SEEK_SECONDS * FPS
    assert [p.dts for p in packets] == sorted({p.dts for p in packets if p.dts is not None})


@pytest.mark.parametrize("colour", HUES)
def test_colours_come_back_within_three_levels(tmp_path: Path, colour: tuple) -> None:
    with SegmentWriter(tmp_path / "s.mp4", WIDTH, HEIGHT, FPS) as segment:
        segment.write(flat(colour), repeat=3)
    assert all(near(frame, colour) for frame in decoded(tmp_path / "s.mp4"))


def test_the_luma_is_by_bt709_and_not_by_bt601(tmp_path: Path) -> None:
    with SegmentWriter(tmp_path / "s.mp4", WIDTH, HEIGHT, FPS) as segment:
        segment.write(flat((0, 255, 0)), repeat=2)
    with av.open(str(tmp_path / "s.mp4")) as container:
        luma = next(container.decode(video=0)).to_ndarray()[HEIGHT // 2, WIDTH // 2]
        context = container.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc) == (1, 1)
    assert abs(int(luma) - (16 + 219 * 0.7152)) <= 1  # BT.601 would give 16 + 219 × 0.587


def test_a_gradient_near_black_keeps_its_levels(tmp_path: Path) -> None:
    picture = flat(GROUND)
    picture[..., :3] += np.linspace(0, 20, WIDTH).astype(np.uint8)[None, :, None]
    with SegmentWriter(tmp_path / "s.mp4", WIDTH, HEIGHT, FPS) as segment:
        segment.write(picture, repeat=FPS)
    for frame in decoded(tmp_path / "s.mp4"):
        assert np.abs(frame - picture[..., :3]).max() <= 3
        assert len(np.unique(frame[HEIGHT // 2, :, 0])) >= 17  # of 21 steps of grey, 18 fit in limited range


def test_a_picture_may_be_drawn_over_once_it_is_written(tmp_path: Path) -> None:
    picture = flat(HUES[1])
    with SegmentWriter(tmp_path / "s.mp4", WIDTH, HEIGHT, FPS) as segment:
        for colour in HUES:
            picture[..., :3] = colour
            segment.write(picture, repeat=5)
    assert all(near(f, HUES[i // 5]) for i, f in enumerate(decoded(tmp_path / "s.mp4")))


def test_a_view_that_is_not_contiguous_is_taken(tmp_path: Path) -> None:
    wide = np.repeat(flat(HUES[2]), 2, axis=1)
    with SegmentWriter(tmp_path / "s.mp4", WIDTH, HEIGHT, FPS) as segment:
        segment.write(wide[::-1, ::2])
    assert near(decoded(tmp_path / "s.mp4")[0], HUES[2])


def test_equal_settings_give_equal_headers_whatever_is_drawn(tmp_path: Path) -> None:
    for name, frames in (("a", 1), ("b", 70)):
        with SegmentWriter(tmp_path / name, WIDTH, HEIGHT, FPS) as segment:
            for i in range(frames):
                segment.write(noise(i))
    a, b = (read_segment(tmp_path / name, FPS) for name in "ab")
    assert (a.frames, b.frames) == (1, 70)
    assert a.header == b.header


def test_every_preset_gives_the_high_profile(tmp_path: Path) -> None:
    with SegmentWriter(tmp_path / "s.mp4", WIDTH, HEIGHT, FPS, preset="ultrafast") as segment:
        segment.write(noise(0))
    with av.open(str(tmp_path / "s.mp4")) as container:
        assert container.streams.video[0].profile == "High"


@pytest.mark.parametrize(
    ("size", "fps", "preset", "message"),
    [
        ((321, 180), 30, "veryfast", "321×180"),
        ((320, 181), 30, "veryfast", "even"),
        ((0, 180), 30, "veryfast", "0×180"),
        ((320, 180), 0, "veryfast", "0 frames a second"),
        ((320, 180), 30, "fastest", "'fastest'"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    tmp_path: Path, size: tuple[int, int], fps: int, preset: str, message: str
) -> None:
    with pytest.raises(EncodeError, match=message):
        SegmentWriter(tmp_path / "s.mp4", *size, fps, preset=preset)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "picture",
    [np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((WIDTH, HEIGHT, 4), np.uint8), flat(GROUND) / 255],
)
def test_a_wrong_picture_is_refused_and_nothing_is_left(tmp_path: Path, picture: np.ndarray) -> None:
    with pytest.raises(EncodeError, match=r"s\.mp4: a picture is"):
        encode(tmp_path / "s.mp4", [flat(GROUND)] * 40 + [picture])
    assert list(tmp_path.iterdir()) == []


def test_a_failure_midway_keeps_the_old_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "s.mp4"
    path.write_bytes(b"old")

    def interrupted() -> Iterator[np.ndarray]:
        for i in range(100):
            yield noise(i)
        assert path.read_bytes() == b"old"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode(path, interrupted())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_segment_without_frames_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match="no frame"), SegmentWriter(tmp_path / "s.mp4", WIDTH, HEIGHT, FPS):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # what a full disk does, for this process
    try:
        with pytest.raises(OutputError, match=r"s\.mp4 cannot be written"):
            encode(tmp_path / "s.mp4", (noise(i) for i in range(60)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(OutputError, match="cannot be written"),
        SegmentWriter(tmp_path / "file" / "s.mp4", WIDTH, HEIGHT, FPS),
    ):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_replaced(make: Callable[[Path], None], tmp_path: Path) -> None:
    """A folder, or what stands for a device, such as /dev/null."""
    path = tmp_path / "s.mp4"
    make(path)
    with (
        pytest.raises(OutputError, match="it is there, and is no file"),
        SegmentWriter(path, WIDTH, HEIGHT, FPS),
    ):
        pass
    assert list(tmp_path.iterdir()) == [path]
    assert not path.is_file()


def test_read_segment_refuses_what_is_no_segment(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match=r"none\.mp4"):
        read_segment(tmp_path / "none.mp4", FPS)
    (tmp_path / "text.mp4").write_text("not a video" * 100)
    with pytest.raises(EncodeError, match=r"text\.mp4 cannot be read"):
        read_segment(tmp_path / "text.mp4", FPS)
    with SegmentWriter(tmp_path / "s.mp4", WIDTH, HEIGHT, FPS) as segment:
        segment.write(noise(0), repeat=5)
    with pytest.raises(EncodeError, match="1/25"):
        read_segment(tmp_path / "s.mp4", 25)


@pytest.mark.parametrize("box", [(0, 0, 5, 3), (21, 13, 40, 31), (WIDTH - 7, HEIGHT - 9, WIDTH, HEIGHT)])
def test_a_part_that_changed_is_converted_as_all_of_it_would_be(
    box: tuple[int, int, int, int], tmp_path: Path
) -> None:
    left, top, right, bottom = box
    before, after = noise(1), noise(1)
    after[top:bottom, left:right] = noise(2)[top:bottom, left:right]
    whole, part = tmp_path / "whole.mp4", tmp_path / "part.mp4"
    for path, changed in ((whole, None), (part, box)):
        with SegmentWriter(path, WIDTH, HEIGHT, FPS, crf=1) as segment:
            segment.write(before)
            segment.write(after, 2, changed)
    assert part.read_bytes() == whole.read_bytes()


def test_chroma_stands_where_the_stream_says(tmp_path: Path) -> None:
    picture, planes = noise(3), []
    for mirrored in (picture, picture[:, ::-1], picture[::-1]):
        converter = YuvConverter(WIDTH, HEIGHT)
        converter.take(mirrored)
        planes.append(converter.planes[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2).astype(int))
    whole, sideways, upside_down = planes
    # In the middle of four pixels, chroma is the same from either side; at the left of it, it is not.
    assert np.abs(whole - sideways[..., ::-1]).max() <= 1
    assert np.abs(whole - upside_down[:, ::-1]).max() <= 1
    encode(tmp_path / "s.mp4", [picture])
    for field in ("top", "bottom"):
        assert said(tmp_path / "s.mp4", f"chroma_sample_loc_type_{field}_field")[0] == [1]
