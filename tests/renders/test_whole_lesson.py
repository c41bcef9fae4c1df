"""One whole lesson, made by the command in a process that can open no connection, and what it is made of."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyloudnorm
import pytest
from av.stream import Disposition
from PIL import Image

from renders.edition.edition import Edition
from renders.media.probe import Probe, probe
from scenes import CHAPTERS
from voiceover.captions import LINE, LINES, LONGEST, SHORTEST, SPEED
from voiceover.loudness import true_peak
from voiceover.master import PEAK, TARGET

PROMPT = "What will be"
FPS = 8


@pytest.fixture(scope="module")
def made(whole_lesson: Path) -> Path:
    return whole_lesson


@pytest.fixture(scope="module")
def video(made: Path) -> Probe:
    return probe(made / "lesson.mp4")


@pytest.fixture(scope="module")
def lesson(made: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((made / "lesson.json").read_text())
    return content


def test_nothing_but_the_lesson_is_left(made: Path) -> None:
    names = {
        "lesson.mp4",
        "lesson.json",
        "readings.json",
        "trace.safetensors",
        "captions.vtt",
        "captions.srt",
        "chapters.vtt",
        "transcript.md",
        "poster.png",
        "thumbnail.jpg",
    }
    assert {path.name for path in made.iterdir()} == names
    assert not list(made.parent.glob(".out*"))


def test_streams(video: Probe) -> None:
    assert (video.video_codec, video.profile, video.pix_fmt) == ("h264", "High", "yuv420p")
    assert (video.width, video.height, video.fps) == (640, 360, FPS)
    assert (video.audio_codec, video.audio_rate) == ("aac", 48000)
    assert video.subtitle_codec == "mov_text"
    assert video.faststart
    assert video.title == PROMPT


def test_its_cover_is_no_black_picture(made: Path) -> None:
    with av.open(str(made / "lesson.mp4")) as container:
        (cover,) = [s for s in container.streams.video if s.disposition & Disposition.attached_pic]
        (png,) = [bytes(packet) for packet in container.demux(cover) if packet.size]
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    assert pixels.shape == (360, 640)
    assert (pixels > 128).mean() > 0.01
    assert png == (made / "poster.png").read_bytes()
    with Image.open(made / "thumbnail.jpg") as small:
        assert small.size == (480, 270)


def test_it_plays_for_minutes_and_sound_and_picture_end_together(
    video: Probe, lesson: dict[str, Any]
) -> None:
    assert 430 <= video.video_seconds <= 520
    assert video.video_frames == round(lesson["seconds"] * FPS)
    assert abs(video.audio_seconds - video.video_seconds) <= 1 / FPS


def test_chapters_are_where_the_lesson_says(video: Probe, lesson: dict[str, Any]) -> None:
    assert [chapter["name"] for chapter in lesson["chapters"]] == list(CHAPTERS)
    assert [title for _, _, title in video.chapters] == [chapter["title"] for chapter in lesson["chapters"]]
    for (start, end, _), chapter in zip(video.chapters, lesson["chapters"], strict=True):
        assert start == pytest.approx(chapter["from"], abs=1e-3)
        assert end == pytest.approx(chapter["to"], abs=1e-3)


def test_chapters_stand_in_a_file_too(video: Probe, made: Path) -> None:
    header, *blocks = (made / "chapters.vtt").read_text("utf-8").strip().split("\n\n")
    assert header == "WEBVTT"
    assert [block.splitlines()[2] for block in blocks] == [title for _, _, title in video.chapters]


def test_captions_say_what_is_said(video: Probe, lesson: dict[str, Any], made: Path) -> None:
    said = " ".join(beat["text"] for chapter in lesson["chapters"] for beat in chapter["beats"])
    shown = " ".join(" ".join(text.split()) for _, _, text in video.captions)
    assert shown == " ".join(said.split())
    for start, end, text in video.captions:
        assert max(map(len, text.split("\n"))) <= LINE
        assert text.count("\n") < LINES
        assert SHORTEST <= end - start + 0.001 <= LONGEST + 0.002  # they are kept to the millisecond
        assert len(text) / (end - start + 0.001) <= SPEED
    assert (made / "captions.vtt").read_text().startswith("WEBVTT")
    assert (made / "captions.vtt").read_text().count("-->") == len(video.captions)
    assert (made / "captions.srt").read_text().count("-->") == len(video.captions)


def test_the_sound_is_where_the_words_are(made: Path, lesson: dict[str, Any]) -> None:
    with av.open(str(made / "lesson.mp4")) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])  # (samples)

    def level(start: float, end: float) -> float:
        return float(np.sqrt(np.mean(np.square(sound[round(start * 48000) : round(end * 48000)]))))

    beats = [beat for chapter in lesson["chapters"] for beat in chapter["beats"]]
    for beat in beats:
        assert level(beat["words_from"], beat["words_to"]) > 0.02, beat["name"]
        assert level(beat["from"], beat["words_from"] - 1 / FPS) < 0.003, beat["name"]
        assert level(beat["words_to"] + 1 / FPS, beat["to"]) < 0.003, beat["name"]


def test_loudness_and_peak_of_the_file_that_ships(made: Path) -> None:
    with av.open(str(made / "lesson.mp4")) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    sound = np.concatenate(frames, axis=1)  # (channels, samples)
    assert len(sound) == 2
    measured = pyloudnorm.Meter(48000).integrated_loudness(sound.T.astype(np.float64))
    assert measured == pytest.approx(TARGET, abs=0.5)
    assert max(true_peak(channel) for channel in sound) <= PEAK


def test_what_is_on_screen_is_there_while_its_beat_plays(made: Path) -> None:
    edition = Edition.load(made)
    beats = {(c.name, b.name): b for c, b in edition.manifest.beats}
    seen = set()
    for row in edition.rows:
        beat = beats[row.chapter, row.beat or ""]
        assert 0 <= row.start < row.end <= beat.end - beat.start + 1e-6, row
        seen.add((row.chapter, row.beat))
    assert len(seen) > len(beats) / 2


def test_word_times_lie_in_their_beats_and_spell_their_words(made: Path) -> None:
    for _, beat in Edition.load(made).manifest.beats:
        words = [word for caption in beat.captions for word in caption.words]
        assert "".join(word.text for word in words).split() == ["".join(beat.text.split())]
        times = [time for word in words for time in (word.start, word.end)]
        assert times == sorted(times)
        assert beat.words_from <= times[0] < times[-1] <= beat.words_to + 1e-6
