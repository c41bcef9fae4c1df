"""Files of sound alone: what was put in is heard and read again."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from PIL import Image

from renders.errors import EncodeError, OutputError, RequestError
from renders.media import audio
from renders.media.audio import write_audio
from voiceover.loudness import RATE, loudness
from voiceover.speech import Samples

HOSTILE = "<b>“é”</b> 😀 ; = \\ #"
UNSEEN = "\ufeffa\x01b\x1b[31mc \u202ed\u2066e\x7ff\u200b\0 \udcffé"
SEEN = "a b [31mc d e f é"
CHAPTERS = [(0, 2000, "What comes next?"), (2000, 3500, HOSTILE), (3500, 5000, "α" * 200)]


def clicks() -> Samples:
    """Five seconds with a click at each whole one."""
    sound = np.zeros(5 * RATE, np.float32)
    sound[RATE::RATE] = 0.9
    return sound


def png(size: int = 64) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (size, size), (200, 30, 10)).save(file, "PNG")
    return file.getvalue()


def heard(path: Path) -> np.ndarray:
    """(channels, samples) as floats, as a player gives them, from its time 0 on."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("fltp", "stereo", RATE)
        frames = [f for frame in container.decode(audio=0) for f in resampler.resample(frame)]
    return np.concatenate([f.to_ndarray() for f in frames], axis=1)


@pytest.mark.parametrize("ending", [".wav", ".m4a", ".mp3"])
def test_a_click_is_heard_where_it_was_put(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    write_audio(path, clicks())
    sound = heard(path)
    assert len(sound) == 2
    for second in range(1, 5):
        from_, to = (round((second + side) * RATE) for side in (-0.2, 0.2))
        for channel in sound:
            at = (from_ + int(np.abs(channel[from_:to]).argmax())) / RATE
            assert at == pytest.approx(second, abs=0.002)


@pytest.mark.parametrize("ending", [".wav", ".m4a", ".mp3"])
@pytest.mark.parametrize("kind", ["tone", "noise", "bursts"])
@pytest.mark.parametrize("level", [0.05, 0.5])
def test_a_file_is_as_loud_as_what_was_given(tmp_path: Path, ending: str, kind: str, level: float) -> None:
    at = np.arange(4 * RATE) / RATE
    noise = np.convolve(
        np.random.default_rng(1).standard_normal(len(at)), np.hanning(99), "same"
    )  # as low as a voice
    sound = np.sin(2 * np.pi * 440 * at) if kind == "tone" else noise / np.abs(noise).max()
    if kind == "bursts":
        sound = sound * (np.sin(2 * np.pi * 2 * at) > 0)
    given = (level * sound).astype(np.float32)
    path = tmp_path / f"a{ending}"
    write_audio(path, given)
    for channel in heard(path):
        assert loudness(channel) == pytest.approx(loudness(given), abs=0.15)


@pytest.mark.parametrize("samples", [1, 47, 1023, 1024, 1030, 2049, 48_020])
def test_an_m4a_lasts_to_its_last_sample(tmp_path: Path, samples: int) -> None:
    write_audio(tmp_path / "a.m4a", np.zeros(samples, np.float32))
    with av.open(str(tmp_path / "a.m4a")) as container:
        assert container.streams.audio[0].duration == samples
        packets = [p for p in container.demux(audio=0) if p.size]
    assert packets[-1].pts is not None
    assert packets[-1].pts + (packets[-1].duration or 0) == samples


def sentences(*, gap: float) -> Samples:
    """Two seconds of noise that swells and falls, twice, with `gap` seconds of silence between and after."""
    one = np.random.default_rng(1).normal(0, 0.1, 2 * RATE) * np.sin(np.linspace(0, 40, 2 * RATE)) ** 2
    rest = np.zeros(round(gap * RATE))
    return np.concatenate([one, rest, one, rest]).astype(np.float32)


def test_halves_that_meet_in_silence_are_heard_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = sentences(gap=0.5)
    seam = audio._seam(samples, 1024)
    assert seam % 1024 == 0
    assert not samples[seam - 4 * 1024 : seam + 4 * 1024].any()
    assert abs(seam / RATE - 2.5) < 0.25  # of the two, the silence in the middle
    write_audio(tmp_path / "halves.m4a", samples)
    monkeypatch.setattr(audio, "_seam", lambda *_: 0)
    write_audio(tmp_path / "whole.m4a", samples)

    def packets(path: Path) -> list[tuple[int | None, int | None]]:
        with av.open(str(path)) as container:
            return [(p.pts, p.duration) for p in container.demux(audio=0) if p.size]

    assert packets(tmp_path / "halves.m4a") == packets(tmp_path / "whole.m4a")
    halves, whole = (heard(tmp_path / f"{name}.m4a")[0] for name in ("halves", "whole"))
    assert not np.abs(halves[: seam - 1024] - whole[: seam - 1024]).any()
    error = [float(np.square(one[: len(samples)] - samples).sum()) for one in (halves, whole)]
    assert error[0] == pytest.approx(error[1], rel=0.05)
    assert np.abs(halves[seam - 2048 : seam + 2048]).max() < 1e-4


@pytest.mark.parametrize("gap", [0.0, 0.1])
def test_without_enough_silence_there_is_one_part(gap: float) -> None:
    assert audio._seam(sentences(gap=gap), 1024) == 0
    assert audio._seam(np.zeros(100, np.float32), 1024) == 0


@pytest.mark.parametrize("ending", [".m4a", ".mp3"])
def test_chapters_tags_and_cover_are_read_again(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    tags = {"title": HOSTILE, "artist": "llm-lesson", "album": "An album", "comment": "by gpt2-pocket"}
    write_audio(path, clicks(), CHAPTERS, tags, png())
    with av.open(str(path)) as container:
        assert {name: container.metadata[name] for name in tags} == tags
        found = [
            (round(c["start"] * c["time_base"] * 1000), round(c["end"] * c["time_base"] * 1000))
            for c in container.chapters()
        ]
        titles = [c["metadata"]["title"] for c in container.chapters()]
        cover = next(s for s in container.streams if s.disposition & Disposition.attached_pic)
        (picture,) = [bytes(p) for p in container.demux(cover) if p.size]
    assert found == [(start, end) for start, end, _ in CHAPTERS]
    assert titles == ["What comes next?", HOSTILE, "α" * 126 + "…"]
    assert picture == png()
    data = path.read_bytes()
    assert (data[4:12] == b"ftypM4A ") if ending == ".m4a" else (data[:4] == b"ID3\x03")
    if ending == ".mp3":
        assert data.count(b"CHAP\0") == 3
        assert b"CTOC" in data  # without it a player shows no list of chapters


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"\.wav, \.m4a, \.mp3"):
        write_audio(tmp_path / "a.ogg", clicks())
    with pytest.raises(EncodeError, match="no sound"):
        write_audio(tmp_path / "a.wav", np.zeros(0, np.float32))
    for wrong, reason in [
        (np.zeros(100), "float64"),
        (np.zeros((100, 2), np.float32), "mono"),
        (np.full(100, np.nan, np.float32), "no numbers"),
    ]:
        with pytest.raises(EncodeError, match=reason):
            write_audio(tmp_path / "a.m4a", wrong)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        write_audio(tmp_path / "file" / "a.m4a", clicks())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("ending", [".m4a", ".mp3"])
def test_tags_and_titles_are_plain_text(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    tags = {"title": UNSEEN, "artist": UNSEEN, "comment": UNSEEN}
    write_audio(path, clicks(), [(0, 5000, UNSEEN)], tags)
    with av.open(str(path)) as container:
        assert {name: container.metadata[name] for name in tags} == dict.fromkeys(tags, SEEN)
        assert [c["metadata"]["title"] for c in container.chapters()] == [SEEN]
