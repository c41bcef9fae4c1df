"""The joined video: no frame lost at a seam, sound where it belongs, text as it was written."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from headers import said
from segments import FPS, HEIGHT, WIDTH, grey, segments, track

from renders.errors import EncodeError
from renders.media.audio import sound_seconds, write_audio
from renders.media.mp4 import mux
from renders.media.probe import probe
from renders.media.segment import SegmentWriter
from voiceover.loudness import RATE

HOSTILE = "<b>bold</b>\n-->\n😀 {\\an8} &amp; \\N é"
ONE_LINE = HOSTILE.replace("\n", " ")
UNSEEN = "\ufeffa\x01b\x1b[31mc \u202ed\u2066e\x7ff\u200b\0 \udcffé"
SEEN = "a b [31mc d e f é"


def shown(path: Path) -> list[tuple[int, int]]:
    """(frame number by its time, level of grey) of each decoded frame."""
    with av.open(str(path)) as container:
        return [
            (
                int(frame.pts * frame.time_base * FPS),
                round((int(frame.to_ndarray()[HEIGHT // 2, WIDTH // 2]) - 16) * 255 / 219),
            )
            for frame in container.decode(video=0)
        ]


def heard(path: Path) -> tuple[Fraction, np.ndarray]:
    """The time in seconds of the first decoded sample, and (channels, samples)."""
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
    return frames[0].pts * frames[0].time_base, np.concatenate([f.to_ndarray() for f in frames], axis=1)


@pytest.mark.parametrize("lengths", [(37, 61, 20), (40, 1, 2, 1, 35), (1,), (90,)])
def test_no_frame_is_lost_or_doubled_at_a_seam(tmp_path: Path, lengths: tuple[int, ...]) -> None:
    out = tmp_path / "out.mp4"
    mux(segments(tmp_path, lengths), [], [], [], out, fps=FPS)
    frames = shown(out)
    assert [number for number, _ in frames] == list(range(sum(lengths)))
    assert max(abs(level - grey(number)) for number, level in frames) <= 3
    with av.open(str(out)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    decode_times = [p.dts for p in packets if p.dts is not None]
    assert decode_times == sorted(set(decode_times))
    assert all(p.pts >= p.dts for p in packets if p.pts is not None and p.dts is not None)
    found = probe(out)
    assert (found.video_frames, found.fps) == (sum(lengths), FPS)
    assert found.video_seconds == pytest.approx(sum(lengths) / FPS, abs=1e-9)


def test_packets_are_copied_and_not_encoded_again(tmp_path: Path) -> None:
    paths = segments(tmp_path, (20, 30))
    mux(paths, [], [], [], tmp_path / "out.mp4", fps=FPS)

    def pictures(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(p) for p in container.demux(video=0) if p.size]

    assert pictures(tmp_path / "out.mp4") == pictures(paths[0]) + pictures(paths[1])


def test_a_whole_lesson_survives_the_round_trip(tmp_path: Path) -> None:
    cues = [(0.1234, 0.9876, HOSTILE), (0.9876, 1.5, "next word"), (2.001, 9.0, "¿Qué? 你好 ▁·")]
    chapters = [(0.0, 1.25, HOSTILE), (1.25, 4.0, "α" * 200)]
    mux(
        segments(tmp_path, (45, 45, 30)),
        [track(tmp_path, np.zeros(4 * RATE, np.float32))],
        cues,
        chapters,
        tmp_path / "out.mp4",
        fps=FPS,
        title=HOSTILE,
        language="spa",
        comment="made from a trace",
    )
    found = probe(tmp_path / "out.mp4")
    assert (found.video_codec, found.profile, found.pix_fmt) == ("h264", "High", "yuv420p")
    assert (found.width, found.height, found.fps, found.video_frames) == (WIDTH, HEIGHT, FPS, 120)
    assert (found.audio_codec, found.audio_rate, found.audio_channels) == ("aac", RATE, 2)
    assert abs(found.audio_seconds - found.video_seconds) <= 1 / FPS
    assert found.subtitle_codec == "mov_text"
    assert found.captions == (
        (0.123, 0.988, HOSTILE),
        (0.988, 1.5, "next word"),
        (2.001, 4.0, "¿Qué? 你好 ▁·"),  # the last ends with the picture
    )
    assert [c[:2] for c in found.chapters] == [(0.0, 1.25), (1.25, 4.0)]
    assert found.chapters[0][2] == ONE_LINE
    assert found.chapters[1][2] == "α" * 126 + "…"  # 255 bytes, no character cut in two
    assert found.title == ONE_LINE
    assert found.faststart
    with av.open(str(tmp_path / "out.mp4")) as container:
        text = container.streams.subtitles[0]
        assert (text.language, container.streams.audio[0].language) == ("spa", "spa")
        assert container.metadata["comment"] == "made from a trace"
        video = container.streams.video[0].codec_context
        assert (video.colorspace, video.color_range, video.color_primaries, video.color_trc) == (1, 1, 1, 1)


def test_captions_cover_all_times_with_empty_samples_between(tmp_path: Path) -> None:
    mux(
        segments(tmp_path, (90,)),
        [],
        [(0.5, 1.0, "one"), (1.0, 1.5, "two"), (2.0, 2.5, "three")],
        [],
        tmp_path / "out.mp4",
        fps=FPS,
    )
    with av.open(str(tmp_path / "out.mp4")) as container:
        samples = [(p.pts, p.duration, bytes(p)) for p in container.demux(subtitles=0) if p.size]
    spans = [(start, start + length, data) for start, length, data in samples if length]
    assert spans[0][0] == 0
    assert [end for _, end, _ in spans[:-1]] == [start for start, _, _ in spans[1:]]
    assert [(s, e) for s, e, data in spans if data == b"\0\0" and e <= 2000] == [(0, 500), (1500, 2000)]


@pytest.mark.parametrize("click", [0, 1, 24_000, 95_000])
def test_a_click_is_heard_where_it_was_put(tmp_path: Path, click: int) -> None:
    sound = np.zeros(2 * RATE, np.float32)
    sound[click] = 0.9
    mux(segments(tmp_path, (25, 35)), [track(tmp_path, sound)], [], [], tmp_path / "out.mp4", fps=FPS)
    start, decoded = heard(tmp_path / "out.mp4")
    for channel in decoded:
        place = start + Fraction(int(np.abs(channel).argmax()), RATE)
        assert abs(place - Fraction(click, RATE)) <= Fraction(1, 1000)  # of the 33 ms that a frame lasts


def test_the_sound_is_copied_to_its_last_sample(tmp_path: Path) -> None:
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, 2 * RATE).astype(np.float32)
    kept = track(tmp_path, sound)
    mux(segments(tmp_path, (60,)), [kept], [], [], tmp_path / "out.mp4", fps=FPS)
    assert probe(tmp_path / "out.mp4").audio_seconds == 2.0

    def packets(path: Path) -> list[tuple[int | None, int | None, bytes]]:
        with av.open(str(path)) as container:
            return [(p.pts, p.duration, bytes(p)) for p in container.demux(audio=0) if p.size]

    assert packets(tmp_path / "out.mp4") == packets(kept)


def test_sounds_that_meet_in_silence_are_joined_as_if_they_were_one(tmp_path: Path) -> None:
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, 4 * RATE).astype(np.float32)
    seams = [0, 50 * 1024, 100 * 1024, len(sound)]
    for seam in seams[1:-1]:
        sound[seam - 8 * 1024 : seam + 8 * 1024] = 0
    parts = []
    for number, (first, last) in enumerate(pairwise(seams)):
        parts.append(tmp_path / f"{number}.m4a")
        write_audio(parts[-1], sound[first:last])
    write_audio(tmp_path / "whole.m4a", sound)
    for name, tracks in (("one", [tmp_path / "whole.m4a"]), ("parts", parts)):
        mux(segments(tmp_path, (120,)), tracks, [], [], tmp_path / f"{name}.mp4", fps=FPS)

    def times(path: Path) -> list[tuple[int | None, int | None]]:
        with av.open(str(path)) as container:
            return [(p.pts, p.duration) for p in container.demux(audio=0) if p.size]

    assert times(tmp_path / "parts.mp4") == times(tmp_path / "one.mp4")
    (start, joined), (_, whole) = (heard(tmp_path / f"{name}.mp4") for name in ("parts", "one"))
    assert start == 0
    for seam in seams[1:-1]:
        assert not joined[:, seam - 6 * 1024 : seam + 6 * 1024].any()
    lost = [np.square(one[0, : len(sound)] - sound).mean() for one in (joined, whole)]
    assert lost[0] == pytest.approx(lost[1], rel=0.05)  # noise is hard on AAC: as hard on the parts
    assert lost[0] < np.square(sound).mean() / 2


@pytest.mark.parametrize("samples", [1, 50_000, 95_990, 96_010, 97_600])
def test_sound_of_another_length_than_the_picture_is_refused(tmp_path: Path, samples: int) -> None:
    sound = track(tmp_path, np.zeros(samples, np.float32))
    with pytest.raises(EncodeError, match=rf"lasts {samples / RATE:.3f} s, the picture 2.000 s"):
        mux(segments(tmp_path, (60,)), [sound], [], [], tmp_path / "out.mp4", fps=FPS)
    assert not (tmp_path / "out.mp4").exists()


def test_without_sound_and_captions_there_is_a_picture_alone(tmp_path: Path) -> None:
    mux(segments(tmp_path, (3,)), [], [], [], tmp_path / "out.mp4", fps=FPS)
    found = probe(tmp_path / "out.mp4")
    assert (found.audio_codec, found.audio_seconds, found.subtitle_codec) == (None, 0.0, None)
    assert (found.captions, found.chapters, found.title) == ((), (), "")


def test_all_text_is_plain(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    times = [(0, 0.4, UNSEEN), (0.4, 1, f"one\n{UNSEEN}")]
    mux(segments(tmp_path, (30,)), None, times, [(0, 1, UNSEEN)], out, fps=FPS, title=UNSEEN, comment=UNSEEN)
    found = probe(out)
    assert [text for *_, text in found.captions] == [SEEN, f"one\n{SEEN}"]
    assert ([text for *_, text in found.chapters], found.title) == ([SEEN], SEEN)
    with av.open(str(out)) as container:
        assert container.metadata["comment"] == SEEN


@pytest.mark.parametrize("fps", [7, 24, 30, 60])
def test_a_player_that_jumps_to_a_chapter_shows_its_first_frame(tmp_path: Path, fps: int) -> None:
    out, bounds = tmp_path / "out.mp4", [0, 1, 5, 11, 20, 50, 60]
    chapters = [(start / fps, end / fps, str(start)) for start, end in pairwise(bounds)]
    mux(segments(tmp_path, (60,), fps), None, [], chapters, out, fps=fps)
    with av.open(str(out)) as container:
        frames = [frame.pts * frame.time_base for frame in container.decode(video=0)]
        starts = {c["metadata"]["title"]: Fraction(c["start"]) * c["time_base"] for c in container.chapters()}
    on = {title: sum(frame <= start for frame in frames) - 1 for title, start in starts.items()}
    assert on == {str(start): start for start in bounds[:-1]}


@pytest.mark.parametrize("lengths", [(121, 61, 1, 1), (1, 1, 1, 1, 1), (61, 1, 61, 1, 2, 1), (30, 1, 30)])
def test_two_idr_pictures_in_a_row_can_be_told_apart(tmp_path: Path, lengths: tuple[int, ...]) -> None:
    paths, out = segments(tmp_path, lengths), tmp_path / "out.mp4"
    mux(paths, [], [], [], out, fps=FPS)
    _, *ids = said(out, "idr_pic_id")
    assert len(ids) == sum(lengths)
    pairs = [(one, other) for one, other in pairwise(ids) if one and other]
    assert pairs  # a segment of one picture is followed by another, or one ends on a key frame
    assert all(one != other for one, other in pairs)
    assert max(abs(level - grey(number)) for number, level in shown(out)) <= 3


def test_a_picture_that_was_told_apart_is_the_same_picture(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.mp4" for number in range(4)]
    for number, path in enumerate(paths):  # noise: long slices, with bytes that must be escaped
        with SegmentWriter(path, WIDTH, HEIGHT, FPS, crf=1) as segment:
            segment.write(np.random.default_rng(number).integers(0, 256, (HEIGHT, WIDTH, 4), np.uint8))
    mux(paths, [], [], [], tmp_path / "out.mp4", fps=FPS)

    def planes(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            container.streams.video[0].codec_context.options = {"err_detect": "explode"}
            return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]

    assert planes(tmp_path / "out.mp4") == [plane for path in paths for plane in planes(path)]


def test_no_name_is_a_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("part: one", "http", "data:,", "concat:a|b", "-", "%03d"):
        Path(name).mkdir()
        paths = segments(Path(name), (3, 4))
        renamed = [path.rename(f"{name}{path.name}") for path in paths]
        sound = Path(f"{name}.m4a")
        write_audio(sound, np.zeros(7 * RATE // FPS, np.float32))
        assert sound_seconds(sound) >= 7 / FPS
        mux(renamed, [sound], [], [], Path(f"{name}.mp4"), fps=FPS)
        assert probe(Path(f"{name}.mp4")).video_frames == 7
