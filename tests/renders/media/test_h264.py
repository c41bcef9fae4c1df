"""Repeats put into a stream: the same picture to the last bit, and nothing else in the stream is changed."""

from collections.abc import Sequence
from pathlib import Path

import av
import av.logging
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from renders.media.decoding import held
from renders.media.h264 import _escaped, _frame_num_bits, _numbered, _unescaped
from renders.media.mp4 import mux
from renders.media.segment import PASSES, SEEK_SECONDS, SegmentWriter
from renders.media.x264 import CRF, PRESET, Settings, repeat
from renders.media.yuv import YuvConverter

FPS = 10  # so that a key frame is due every 20 frames
KEY = SEEK_SECONDS * FPS
SIZES = [(320, 180), (16, 16), (322, 190)]
# How often each picture is shown: longer than it takes `frame_num` to come round, and than from key to key.
HOLDS = [1, 1, 5, 2, 40, 3, 1, 1, 395, 1, 19, 1, 2, 2, 30]


def drawing(number: int, width: int, height: int) -> np.ndarray:
    """(height, width, 4) RGBA: a soft ground, noise, and a bar that moves."""
    picture = np.full((height, width, 4), 255, np.uint8)
    picture[..., :3] = np.linspace(0, 40, width).astype(np.uint8)[None, :, None]
    picture[height // 4 : height // 2, : width // 2, :3] = np.random.default_rng(number // 4).integers(
        0, 256, (height // 2 - height // 4, width // 2, 3), dtype=np.uint8
    )
    picture[:, 7 * number % width, :3] = (240, 159, 20)
    return picture


def written(path: Path, holds: Sequence[int], size: tuple[int, int], preset: str = PRESET) -> None:
    with SegmentWriter(path, *size, FPS, preset=preset) as segment:
        for number, hold in enumerate(holds):
            segment.write(drawing(number, *size), repeat=hold)


def decoded(path: Path) -> list[np.ndarray]:
    """Every frame's planes; any complaint of the decoder is an error."""
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.options = {"err_detect": "explode"}
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def keys(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    return [number for number, packet in enumerate(packets) if packet.is_keyframe]


def encoded_whole(
    holds: Sequence[int], size: tuple[int, int], preset: str, at: Sequence[int]
) -> dict[int, np.ndarray]:
    """What the frames show that x264 made, when it is given them alone: its stream as it left it, decoded."""
    settings = Settings(*size, FPS, preset, CRF)
    codec, reader = av.CodecContext.create("libx264", "w"), av.CodecContext.create("h264", "r")
    assert isinstance(codec, VideoCodecContext)
    assert isinstance(reader, VideoCodecContext)
    codec.options = settings.options
    settings.give(codec)
    converted, frame, places, packets = YuvConverter(*size), 0, [], []
    for number, hold in enumerate(holds):
        converted.take(drawing(number, *size))
        passes = 0
        for place in range(frame, frame + hold):
            if place in at:
                passes = 0
            if passes < PASSES:
                picture = settings.frame(converted.planes, place)
                picture.pict_type = PictureType.I if place in at else PictureType.NONE
                packets += [bytes(packet) for packet in codec.encode(picture)]
                places.append(place)
                passes += 1
        frame += hold
    shown = [f.to_ndarray() for p in packets for f in reader.decode(av.Packet(p))]
    shown += [f.to_ndarray() for f in reader.decode(None)]
    return dict(zip(places, shown, strict=True))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", ["ultrafast", PRESET, "medium"])
def test_every_frame_is_what_x264_made_of_it_or_the_one_before(
    tmp_path: Path, size: tuple[int, int], preset: str
) -> None:
    path = tmp_path / "s.mp4"
    written(path, HOLDS, size, preset)
    av.logging.set_level(av.logging.WARNING)
    try:
        with av.logging.Capture() as complaints:
            frames = decoded(path)
    finally:
        av.logging.set_level(None)
    assert not complaints
    assert len(frames) == sum(HOLDS)
    alone = encoded_whole(HOLDS, size, preset, keys(path))
    assert len(alone) < len(frames) / 2
    for number, frame in enumerate(frames):
        assert np.array_equal(frame, alone[number] if number in alone else frames[number - 1]), number


def test_a_repeat_is_some_bytes(tmp_path: Path) -> None:
    written(tmp_path / "s.mp4", [KEY], (1920, 1080))
    with av.open(str(tmp_path / "s.mp4")) as container:
        sizes = [p.size for p in container.demux(video=0) if p.size]
    assert max(sizes[PASSES:]) < 100


def test_one_can_jump_to_any_frame_and_finds_a_key_frame_in_time_before(tmp_path: Path) -> None:
    path = tmp_path / "s.mp4"
    written(path, HOLDS, SIZES[0])
    frames, starts = decoded(path), keys(path)
    assert max(np.diff([*starts, sum(HOLDS)])) <= KEY
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for wanted in range(0, sum(HOLDS), 7):
            container.seek(round(wanted / FPS / stream.time_base), stream=stream)
            first = None
            for frame in container.decode(stream):
                number = round(frame.pts * stream.time_base * FPS)
                first = number if first is None else first
                if number == wanted:
                    break
            assert first == max(key for key in starts if key <= wanted)
            assert np.array_equal(frame.to_ndarray(), frames[wanted])


def test_a_picture_held_over_the_next_key_frame_is_one_itself(tmp_path: Path) -> None:
    written(tmp_path / "s.mp4", [1, 1, KEY + 5, 1], SIZES[0])
    assert keys(tmp_path / "s.mp4") == [0, 2, 2 + KEY]


def test_a_picture_that_equals_the_last_is_a_repeat(tmp_path: Path) -> None:
    one, two = tmp_path / "one.mp4", tmp_path / "two.mp4"
    written(one, [6], SIZES[0])
    with SegmentWriter(two, *SIZES[0], FPS) as segment:
        for _ in range(6):
            segment.write(drawing(0, *SIZES[0]))
    assert two.read_bytes() == one.read_bytes()


def test_an_order_of_showing_that_is_not_that_of_decoding_is_refused() -> None:
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, VideoCodecContext)
    settings = Settings(64, 64, FPS, PRESET, CRF)
    codec.options = {"bf": "2"}
    settings.give(codec)
    (first, *_) = [*codec.encode(settings.frame(np.zeros((96, 64), np.uint8), 0)), *codec.encode(None)]
    with pytest.raises(ValueError, match="order count type 0"):
        _frame_num_bits(bytes(first))


def test_frame_numbers_come_round_and_leave_the_rest_as_it_was() -> None:
    packet = repeat(Settings(320, 180, FPS, PRESET, CRF))
    all_of_them = [_numbered(packet, number, 4) for number in range(16)]
    assert len(set(all_of_them)) == 16
    assert all_of_them[1] == packet  # it was the second frame
    assert [_numbered(packet, number, 4) for number in range(16, 32)] == all_of_them
    assert {_numbered(p, 1, 4) for p in all_of_them} == {packet}


def test_escapes_come_and_go() -> None:
    for payload in (b"\0\0\0\0\0\1", b"a\0\0\2\0\0\3\0b", b"\0\0\4", b"\0\0\3\0\0\3\1"):
        escaped = _escaped(payload)
        assert not any(bytes([0, 0, n]) in escaped for n in range(3))
        assert _unescaped(escaped) == payload


@pytest.mark.parametrize(
    ("first", "last"), [(0, 999), (0, 60), (20, 45), (33, 34), (44, 200), (150, 999), (999, 1000)]
)
def test_frames_that_repeat_are_left_out_and_counted(first: int, last: int, tmp_path: Path) -> None:
    holds = (1, 1, 30, 1, 2, KEY + 20, 1, 1, 25)
    parts = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for part in parts:
        written(part, holds, (64, 48))
    joined = tmp_path / "joined.mp4"
    mux(parts, [], [], [], joined, fps=FPS)
    meant = decoded(joined)[first:last]
    found = list(held(joined, first, last))
    shown = [frame.to_ndarray() for frame, stays in found for _ in range(stays)]
    assert len(shown) == len(meant)
    assert all(map(np.array_equal, shown, meant))
    assert len(meant) < 60 or len(found) < len(meant) * 0.6


@pytest.mark.parametrize("options", [{"bf": "2"}, {"bf": "0", "refs": "3"}, {"coder": "vlc", "bf": "0"}])
def test_a_stream_of_other_settings_is_decoded_whole(options: dict[str, str], tmp_path: Path) -> None:
    """Where frames are shown in another order, or refer to more than the last, all must be there."""
    path = tmp_path / "other.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in (*range(10), *[10] * 10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(drawing(number, 64, 48), format="rgba")))
        container.mux(stream.encode(None))
    found = list(held(path, 3, 30))
    assert [stays for _, stays in found] == [1] * 17
    assert all(
        np.array_equal(f.to_ndarray(), meant) for (f, _), meant in zip(found, decoded(path)[3:], strict=True)
    )
