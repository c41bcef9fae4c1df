"""The poster: the picture that a beat ends on, never black, in its own colours."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from PIL import Image

from renders.errors import EncodeError
from renders.media.cutting import cut_picture
from renders.media.mp4 import mux
from renders.media.poster import SMALL, lit, poster, thumbnail
from renders.media.probe import probe
from renders.media.segment import SegmentWriter
from renders.shot import RenderResult, telling

FPS, WIDTH, HEIGHT = 30, 320, 180
GROUND, INK, FAINT = (12, 13, 18), (230, 159, 0), (30, 32, 40)


def picture(
    mark: tuple[int, int, int] | None, width: int = WIDTH, ground: tuple[int, int, int] = GROUND
) -> np.ndarray:
    """Our ground, with a bar of a colour on it."""
    pixels = np.full((width * 9 // 16, width, 4), (*ground, 255), np.uint8)
    if mark:
        pixels[20:60, 40:120, :3] = mark
    return pixels


def segment(path: Path, *marks: tuple[int, int, int] | None, hold: int = 35, width: int = WIDTH) -> Path:
    with SegmentWriter(path, width, width * 9 // 16, FPS) as writer:
        for mark in marks:
            writer.write(picture(mark, width), repeat=hold)
    return path


def ended(*segments: Path) -> bytes:
    """The poster of the last frames of segments."""
    return poster([(one, probe(one).video_frames - 1) for one in segments])


def shown(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_it_is_the_last_frame_of_the_first(tmp_path: Path) -> None:
    one = segment(tmp_path / "1.mp4", None, (86, 180, 233), INK)
    other = segment(tmp_path / "2.mp4", (0, 158, 115))
    pixels = shown(ended(one, other))
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(pixels[40, 80] - INK).max() <= 4
    assert np.abs(pixels[120, 200] - GROUND).max() <= 4


def test_a_thumbnail_is_the_poster_made_small(tmp_path: Path) -> None:
    large = ended(segment(tmp_path / "1.mp4", INK, width=640))
    small = Image.open(io.BytesIO(thumbnail(large)))
    assert (small.format, small.size) == ("JPEG", (SMALL, SMALL * 9 // 16))
    assert np.abs(np.asarray(small).astype(int)[30, 60] - INK).max() <= 12


@pytest.mark.parametrize("end", [None, FAINT])
def test_it_is_never_black(tmp_path: Path, end: tuple[int, int, int] | None) -> None:
    faded = segment(tmp_path / "faded.mp4", INK, end)
    assert np.abs(shown(ended(faded, segment(tmp_path / "2.mp4", INK)))[40, 80] - INK).max() <= 4
    assert shown(ended(segment(tmp_path / "3.mp4", None), faded)).shape == (HEIGHT, WIDTH, 3)
    with pytest.raises(EncodeError, match="no segment"):
        poster([])


def test_it_is_no_larger_than_a_poster_need_be(tmp_path: Path) -> None:
    assert shown(ended(segment(tmp_path / "1.mp4", INK, width=1920, hold=1))).shape == (720, 1280, 3)


def test_a_video_has_it_as_its_cover_and_plays_as_before(tmp_path: Path) -> None:
    part, out = segment(tmp_path / "1.mp4", None, INK), tmp_path / "out.mp4"
    png = ended(part)
    mux([part], None, [(0, 1, "Hi")], [(0, 2, "One")], out, fps=FPS, title="Hi", cover=png)
    with av.open(str(out)) as container:
        main, cover = container.streams.video
        assert main.disposition & Disposition.default
        assert cover.disposition & Disposition.attached_pic
        assert [bytes(packet) for packet in container.demux(cover) if packet.size] == [png]
    found = probe(out)
    assert (found.video_codec, found.video_frames, found.fps, found.title) == ("h264", 70, FPS, "Hi")
    assert found.faststart
    cut_picture(out, 0, 70, tmp_path / "cut.mp4")
    assert probe(tmp_path / "cut.mp4").video_frames == 70


def test_it_is_the_frame_that_is_asked_for(tmp_path: Path) -> None:
    part = segment(tmp_path / "1.mp4", INK, (86, 180, 233))
    assert np.abs(shown(poster([(part, 34)]))[40, 80] - INK).max() <= 4
    assert np.abs(shown(poster([(part, 35)]))[40, 80] - (86, 180, 233)).max() <= 4
    with pytest.raises(EncodeError, match=r"1\.mp4: has no frame 70"):
        poster([(part, 70)])


def test_the_beat_that_tells_most_comes_first(tmp_path: Path) -> None:
    def beat(name: str, *ends: float, slices: int = 0) -> RenderResult:
        rows = [{"from": 0.0, "to": end, "text": "1"} for end in ends]
        return RenderResult(tmp_path / name, rows + [{"from": 0.0, "to": 2.0, "sha256": "0"}] * slices)

    drawn = [
        beat("few", 2.0),
        beat("gone", 1.0, 1.0, 1.5, 1.9),
        beat("most", 1.0, 2.0, 2.0),
        beat("cells", slices=9),
    ]
    order = [(segment.name, frame) for segment, frame in telling(drawn, [59] * 4, 30)]
    assert order == [("most", 59), ("few", 59), ("gone", 59), ("cells", 59)]
    put_back = beat("put back", *[1.5] * 9)  # as the last of a chapter that another follows
    put_back.rows.append({"from": 1.5, "to": 2.0, "text": "2"})
    order = [(segment.name, frame) for segment, frame in telling([*drawn, put_back], [59] * 4 + [44], 30)]
    assert order[0] == ("put back", 44)


def test_on_paper_it_is_ink_that_is_seen() -> None:
    paper = (251, 247, 238)
    assert lit(picture(None, ground=paper)[..., :3]) == 0
    assert lit(picture((240, 235, 225), ground=paper)[..., :3]) == 0  # nearly faded out
    for ink in ((29, 33, 41), (162, 80, 0), (0, 103, 196)):
        assert lit(picture(ink, ground=paper)[..., :3]) == pytest.approx(40 * 80 / (WIDTH * HEIGHT))
