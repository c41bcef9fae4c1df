"""One whole lesson, made by the command in a process that can open no connection, and what it is made of."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyloudnorm
import pytest

from renders.check import verify
from renders.media.probe import Probe, probe
from scenes import CHAPTERS
from voiceover.captions import LINE, LINES, LONGEST, SHORTEST, SPEED
from voiceover.loudness import true_peak
from voiceover.master import PEAK, TARGET

PROMPT = "What will be"
FPS = 30

# Found by every Python that starts with it on its path, the workers too: notes and refuses connections.
NO_NETWORK = """
import os, socket
def refuse(self, address, *rest):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        with open(os.environ["CONNECTIONS"], "a") as log:
            print(address, file=log)
        raise OSError(101, "the network is off in this test")
    return connect(self, address, *rest)
connect = socket.socket.connect
socket.socket.connect = socket.socket.connect_ex = refuse
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lesson")
    (place / "off").mkdir()
    (place / "off" / "sitecustomize.py").write_text(NO_NETWORK)
    environment = os.environ | {
        "PYTHONPATH": str(place / "off"),
        "CONNECTIONS": str(place / "connections"),
        "LLM_LESSON_CACHE": str(place / "cache"),
    }
    options = ["--quality", "draft", "--out", str(place / "out"), "--json"]
    command = [sys.executable, "-m", "renders.cli.main", "make", PROMPT, *options]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert not (place / "connections").exists(), (place / "connections").read_text()
    assert json.loads(result.stdout)["video"] == str(place / "out" / "lesson.mp4")
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert [event["stage"] for event in events if "stage" in event] == [
        "trace",
        "lesson",
        "speech",
        "frames",
        "sound",
        "mux",
    ]
    assert {event["ended"] for event in events if "ended" in event} == set(
        json.loads(result.stdout)["stages"]
    )
    assert any(event.get("done") == event.get("total") for event in events if "done" in event)
    return place / "out"


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


def test_it_plays_one_to_two_minutes_and_sound_and_picture_end_together(
    video: Probe, lesson: dict[str, Any]
) -> None:
    assert 60 <= video.video_seconds <= 120
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
    shown = " ".join(" ".join(text.split()) for _, _, text in video.cues)
    assert shown == " ".join(said.split())
    for start, end, text in video.cues:
        assert max(map(len, text.split("\n"))) <= LINE
        assert text.count("\n") < LINES
        assert SHORTEST <= end - start + 0.001 <= LONGEST + 0.002  # they are kept to the millisecond
        assert len(text) / (end - start + 0.001) <= SPEED
    assert (made / "captions.vtt").read_text().startswith("WEBVTT")
    assert (made / "captions.vtt").read_text().count("-->") == len(video.cues)
    assert (made / "captions.srt").read_text().count("-->") == len(video.cues)


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


def test_the_check_proves_it_and_finds_what_is_tampered_with(made: Path, tmp_path: Path) -> None:
    verdict = verify(made)
    assert verdict.wrong == []
    assert verdict.readings > 100
    assert verdict.slices > 10
    readings = json.loads((made / "readings.json").read_text())
    spoken = next(
        row for row in readings["readings"] if row["where"] == "speech" and row["form"] == "percent:0"
    )
    spoken["text"] = "99%"
    drawn = next(row for row in readings["readings"] if "sha256" in row)
    drawn["sha256"] = "0" * 64
    copy = shutil.copytree(made, tmp_path / "copy")
    (copy / "readings.json").write_text(json.dumps(readings))
    wrong = "\n".join(verify(copy).wrong)
    assert "shown as '99%'" in wrong
    assert "other values were drawn" in wrong
    assert "is said, and no reading has it" in wrong


def test_what_is_on_screen_is_there_while_the_lesson_plays(made: Path, lesson: dict[str, Any]) -> None:
    rows = json.loads((made / "readings.json").read_text())["readings"]
    spans = {chapter["name"]: (chapter["from"], chapter["to"]) for chapter in lesson["chapters"]}
    for row in rows:
        start, end = spans[row["chapter"]]
        assert start - 1e-6 <= row["from"] < row["to"] <= end + 1e-6, row
