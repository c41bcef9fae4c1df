"""One whole lesson, made by the command in a process that can open no connection, and what it is made of."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyloudnorm
import pytest
from av.stream import Disposition
from click.testing import CliRunner
from PIL import Image

from renders.check import verify
from renders.cli.main import main
from renders.edition.edition import Edition
from renders.edition.rows import Row
from renders.media.mp4 import mux
from renders.media.probe import Probe, probe
from renders.media.segment import SegmentWriter
from renders.publish.products import publish
from renders.terminal import clock
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


def test_its_cover_is_no_black_picture(made: Path) -> None:
    with av.open(str(made / "lesson.mp4")) as container:
        (cover,) = [s for s in container.streams.video if s.disposition & Disposition.attached_pic]
        (png,) = [bytes(packet) for packet in container.demux(cover) if packet.size]
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    assert pixels.shape == (360, 640)
    assert (pixels > 128).mean() > 0.01


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
    assert (verdict.wrong, verdict.unproved) == ([], [])
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
    beats = {(c.name, b.name): b for c, b in Edition.load(made).manifest.beats}
    at = beats["attention", "arcs"].start + spoken["from"]
    assert f"attention, arcs at {clock(at)}: {spoken['tensor']}{spoken['index']}: shown as '99%'" in wrong
    assert "other values were drawn" in wrong
    assert "is said, and no reading has it" in wrong
    assert "readings.json: is not as it was written" in wrong


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
        words = [word for cue in beat.cues for word in cue.words]
        assert "".join(word.text for word in words).split() == ["".join(beat.text.split())]
        times = [time for word in words for time in (word.start, word.end)]
        assert times == sorted(times)
        assert beat.words_from <= times[0] < times[-1] <= beat.words_to + 1e-6


def other_captions(copy: Path) -> None:
    for name in ("captions.vtt", "transcript.md"):
        text = (copy / name).read_text("utf-8")
        (copy / name).write_text(text.replace(percent(copy), "9.9%"), "utf-8")


def other_video(copy: Path) -> None:
    found = probe(copy / "lesson.mp4")
    with SegmentWriter(copy / "card.mp4", 640, 360, FPS, preset="ultrafast") as card:
        card.write(np.full((360, 640, 4), 90, np.uint8), found.video_frames)
    edition = Edition.load(copy)
    cues = [(cue.start, cue.end, cue.text) for _, beat in edition.manifest.beats for cue in beat.cues]
    track = edition.track(copy / "track.m4a")
    mux([copy / "card.mp4"], track, cues, found.chapters, copy / "lesson.mp4", fps=FPS, title=PROMPT)
    for part in ("card.mp4", "track.m4a"):
        (copy / part).unlink()


def other_tags(copy: Path) -> None:
    edition = Edition.load(copy)
    with tempfile.TemporaryDirectory() as place:
        parts = [
            edition.segment(beat, Path(place) / f"{number}.mp4")
            for number, (_, beat) in enumerate(edition.manifest.beats)
        ]
        track = edition.track(Path(place) / "track.m4a")
        cues = [(c.start, c.end, c.text) for _, beat in edition.manifest.beats for c in beat.cues]
        start, end, text = cues[2]
        cues[2] = (start, end, text + " 9")
        chapters = [(start, end, f"{title}!") for start, end, title in edition.manifest.titles]
        mux(parts, track, cues, chapters, copy / "lesson.mp4", fps=FPS, title="What is not")


def percent(made: Path) -> str:
    """The first percentage that the lesson says."""
    return str(first_percentage(made).text)


def where(made: Path) -> str:
    """Where it says that."""
    row = first_percentage(made)
    return f"{row.chapter}, {row.beat}"


def first_percentage(made: Path) -> Row:
    rows = Edition.load(made).rows
    return next(row for row in rows if row.where == "speech" and row.form == "percent:1")


def forged(copy: Path) -> None:
    """Writes the digests of the files as they are now into the manifest."""
    edition = Edition.load(copy)
    edition.holding([copy / name for name in edition.manifest.files], writers=edition.manifest.writers)


@pytest.mark.parametrize(
    ("change", "unforged", "always"),
    [
        (other_captions, ["captions.vtt: is not as", "transcript.md: is not as"],
         ["captions.vtt: WHERE at ", "transcript.md: WHERE at ", "says '9.9%"]),
        (other_video, ["lesson.mp4: is not as it was written"], []),
        (other_tags, ["lesson.mp4: is not as it was written"],
         ["its title is 'What is not'", "s: is 'Tokens!'", "caption 3 at "]),
    ],
)  # fmt: skip
def test_other_files_are_noticed(
    change: Callable[[Path], None], unforged: list[str], always: list[str], made: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(made, tmp_path / "copy")
    always = [line.replace("WHERE", where(made)) for line in always]
    change(copy)
    wrong = "\n".join(verify(copy).wrong)
    for line in (*unforged, *always):
        assert line in wrong, wrong
    forged(copy)
    wrong = "\n".join(verify(copy).wrong)
    assert "is not as it was written" not in wrong
    for line in always:
        assert line in wrong, wrong


def test_what_is_drawn_again_is_what_the_video_shows(made: Path, tmp_path: Path) -> None:
    verdict = verify(made, redraw="last")
    assert (verdict.wrong, verdict.unproved) == ([], [])
    copy = shutil.copytree(made, tmp_path / "copy")
    other_video(copy)
    forged(copy)
    assert verify(copy).wrong == []  # it says what the lesson says, and is as long
    wrong = verify(copy, redraw="last").wrong
    beats = list(Edition.load(made).manifest.beats)
    for line, (chapter, beat) in zip(wrong, beats, strict=True):
        last = f"{chapter.name}, {beat.name} at {clock(beat.end - 1 / FPS)}, frame "
        assert line.startswith(last)
        assert "is not the picture that the trace gives" in line


def test_captions_that_are_changed_in_the_manifest_too_are_noticed(made: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(made, tmp_path / "copy")
    text = (copy / "lesson.json").read_text("utf-8")
    cue = next(c for _, b in Edition.load(made).manifest.beats for c in b.cues if percent(made) in c.text)
    written = json.dumps(cue.text, ensure_ascii=False)
    (copy / "lesson.json").write_text(text.replace(written, written.replace(percent(made), "9.9%")), "utf-8")
    publish(Edition.load(copy))
    wrong = "\n".join(verify(copy).wrong)
    assert "its captions do not say its words" in wrong


def test_what_cannot_be_proved_is_said(made: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(made, tmp_path / "copy")
    (copy / "captions.srt").unlink()
    verdict = verify(copy)
    assert (verdict.wrong, verdict.unproved) == ([], ["captions.srt: is not there"])


def as_format_1(copy: Path) -> None:
    """Writes both files as version 0.1 did."""
    edition = Edition.load(copy)
    starts = {(chapter.name, beat.name): beat.start for chapter, beat in edition.manifest.beats}
    lesson = json.loads((copy / "lesson.json").read_text("utf-8"))
    for key in ("title", "picture", "track", "writers", "files"):
        del lesson[key]
    for beat in (beat for chapter in lesson["chapters"] for beat in chapter["beats"]):
        for key in ("cues", "marks", "segment"):
            del beat[key]
    (copy / "lesson.json").write_text(json.dumps({**lesson, "format": 1}), "utf-8")
    rows = json.loads((copy / "readings.json").read_text("utf-8"))["readings"]
    for row in rows:
        start = starts[row["chapter"], row["beat"]]
        row["from"], row["to"] = row["from"] + start, row["to"] + start
        if row["where"] == "screen":
            del row["beat"]
    (copy / "readings.json").write_text(json.dumps({"format": 1, "readings": rows}), "utf-8")


def test_a_lesson_of_format_1_is_proved_as_far_as_it_goes(made: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(made, tmp_path / "copy"))
    as_format_1(copy)
    verdict = verify(copy, redraw="last")
    assert verdict.wrong == []
    assert [line.partition(",")[0] for line in verdict.unproved] == [
        "lesson.json is of format 1",
        "lesson.json: the lesson does not say how its picture was drawn",
    ]
    assert (verdict.readings, verdict.slices) == (verify(made).readings, verify(made).slices)
    result = CliRunner().invoke(main, ["check", str(copy)])
    assert result.exit_code == 0
    assert "not proved: lesson.json is of format 1" in result.stderr
    other_captions(copy)
    wrong = "\n".join(verify(copy).wrong)
    assert f"captions.vtt: {where(made)} at " in wrong
    assert f"transcript.md: {where(made)} at " in wrong


def decoded(path: Path, kind: str) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray() for frame in container.decode(**{kind: 0})]


def test_it_serves_where_the_cache_was_cleared_and_the_folder_moved(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = Edition.load(Path(shutil.copytree(made, tmp_path / "moved")))
    beats = [beat for _, beat in moved.manifest.beats]
    pictures = decoded(made / "lesson.mp4", "video")
    for number in (0, len(beats) // 2, len(beats) - 1):
        beat = beats[number]
        with monkeypatch.context() as patch:
            patch.setenv("LLM_LESSON_CACHE", str(made.parent / "cache"))
            kept = moved.segment(beat, tmp_path / f"{number}.kept.mp4")
        cut = moved.segment(beat, tmp_path / f"{number}.mp4")  # this test's own cache is empty
        first = round(beat.start * FPS)
        of_lesson = pictures[first : first + moved.manifest.frames(beat)]
        for segment in (kept, cut):
            assert all(map(np.array_equal, decoded(segment, "video"), of_lesson))
        assert kept.read_bytes() != cut.read_bytes()  # they come from two places
    with monkeypatch.context() as patch:
        patch.setenv("LLM_LESSON_CACHE", str(made.parent / "cache"))
        kept = moved.track(tmp_path / "kept.m4a")
    cut = moved.track(tmp_path / "cut.m4a")
    assert np.array_equal(np.concatenate(decoded(kept, "audio"), 1), np.concatenate(decoded(cut, "audio"), 1))
    assert {file.name for file in publish(moved).folder.iterdir()} == {file.name for file in made.iterdir()}
    assert verify(moved.folder).wrong == []
