"""The audio companion as the command makes it, with silence for a voice."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest
from av.stream import Disposition
from click.testing import CliRunner
from PIL import Image

from llmtrace.trace import Trace
from renders.check import verify
from renders.cli.main import main
from renders.edition.edition import Edition
from renders.errors import CheckError
from renders.media.audio import write_audio
from renders.publish.cover import SIDE, cover
from scenes import style
from voiceover.loudness import RATE, true_peak
from voiceover.master import PEAK, TARGET

PROMPT = "What will be"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("listen")
    tune = place / "tune.wav"
    hum = np.sin(2 * np.pi * 220 * np.arange(7 * RATE) / RATE) * (1 + np.sin(np.arange(7 * RATE) / 9000))
    write_audio(tune, (0.2 * hum).astype(np.float32))
    options = [
        "--music",
        str(tune),
        "--voice",
        "silent",
        "--chapters",
        "opening,tokens,output",
        "--out",
        str(place / "out"),
        "--json",
        "--new-tokens",
        "2",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LLM_LESSON_CACHE", str(place / "cache"))
        result = CliRunner().invoke(main, ["listen", PROMPT, *options], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["sound"] == str(place / "out" / "lesson.m4a")
    return place / "out"


@pytest.mark.parametrize("name", ["lesson.m4a", "lesson.mp3"])
def test_loudness_and_peak_of_the_files_that_ship(made: Path, name: str) -> None:
    with av.open(str(made / name)) as container:
        resampler = av.AudioResampler("fltp", "stereo", RATE)
        frames = [f for frame in container.decode(audio=0) for f in resampler.resample(frame)]
    sound = np.concatenate([frame.to_ndarray() for frame in frames], axis=1)  # (channels, samples)
    measured = pyloudnorm.Meter(RATE).integrated_loudness(sound.T.astype(np.float64))
    assert measured == pytest.approx(TARGET, abs=0.3)
    assert max(true_peak(channel) for channel in sound) <= PEAK


def test_the_music_is_named(made: Path) -> None:
    named = json.loads((made / "lesson.json").read_text())["music"]
    content = (made.parent / "tune.wav").read_bytes()
    assert named == {"file": "tune.wav", "sha256": hashlib.sha256(content).hexdigest()}


def test_what_is_in_the_folder(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == {
        "lesson.m4a",
        "lesson.mp3",
        "cover.png",
        "captions.vtt",
        "captions.srt",
        "chapters.vtt",
        "transcript.md",
        "transcript.html",
        "transcript.txt",
        "trace.safetensors",
        "lesson.json",
        "readings.json",
    }
    assert not list(made.parent.glob(".out*"))


@pytest.mark.parametrize("name", ["lesson.m4a", "lesson.mp3"])
def test_both_files_have_chapters_tags_and_cover(made: Path, name: str) -> None:
    lesson = json.loads((made / "lesson.json").read_text())
    with av.open(str(made / name)) as container:
        found = [(float(c["start"] * c["time_base"]), c["metadata"]["title"]) for c in container.chapters()]
        covers = [s for s in container.streams if s.disposition & Disposition.attached_pic]
        (picture,) = [bytes(p) for p in container.demux(covers[0]) if p.size]
        tags = container.metadata
    assert [title for _, title in found] == [chapter["title"] for chapter in lesson["chapters"]]
    assert [start for start, _ in found] == pytest.approx([c["from"] for c in lesson["chapters"]], abs=1e-3)
    assert picture == (made / "cover.png").read_bytes()
    assert tags["title"] == f"What a language model does with “{PROMPT}”"
    assert tags["artist"] == "llm-lesson"
    assert "gpt2-pocket" in tags["comment"]


def test_the_check_proves_it_and_finds_what_is_wrong(made: Path, tmp_path: Path) -> None:
    verdict = verify(made)
    assert verdict.wrong == []
    assert verdict.readings > 20
    assert verdict.slices == 6  # the cover's arcs, a pattern for each block
    (line,) = verify(made, redraw="last").unproved
    assert "has no picture" in line
    copy = shutil.copytree(made, tmp_path / "copy")
    readings = json.loads((copy / "readings.json").read_text())
    next(row for row in readings["readings"] if row.get("form") == "percent:0")["text"] = "1%"
    next(row for row in readings["readings"] if row["where"] == "cover")["sha256"] = "0" * 64
    (copy / "readings.json").write_text(json.dumps(readings))
    lesson = json.loads((copy / "lesson.json").read_text())
    (copy / "lesson.json").write_text(json.dumps({**lesson, "seconds": lesson["seconds"] + 2}))
    wrong = "\n".join(verify(copy).wrong)
    assert "shown as '1%'" in wrong
    assert "cover: block.00.attn.pattern[]: other values were drawn" in wrong
    assert "lesson.m4a" in wrong
    assert "lesson.mp3" in wrong
    (copy / "lesson.mp3").unlink()
    with pytest.raises(CheckError, match="make the lesson again"):
        verify(copy)


def test_other_tags_chapters_and_covers_are_noticed(made: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(made, tmp_path / "copy"))
    edition = Edition.load(copy)
    chapters = [
        (round(start * 1000), round(end * 1000), t + "!") for start, end, t in edition.manifest.titles
    ]
    with Image.open(copy / "cover.png") as picture:
        picture.rotate(180).save(copy / "cover.png")
    sound = np.zeros(round(edition.manifest.seconds * RATE), np.float32)
    write_audio(
        copy / "lesson.mp3", sound, chapters, {"title": "What is not"}, (made / "cover.png").read_bytes()
    )
    edition.holding([copy / name for name in edition.manifest.files], writers=edition.manifest.writers)
    wrong = "\n".join(verify(copy).wrong)
    for line in (
        "cover.png: is not the picture that the trace gives",
        "lesson.m4a: its cover is another picture than cover.png",
        "lesson.mp3: its title is 'What is not'",
        "lesson.mp3: its artist is None",
        "lesson.mp3: chapter 1 at 0.0 s: is ",
    ):
        assert line in wrong, wrong
    assert "is not as it was written" not in wrong


def test_the_transcript_has_the_words_that_are_heard(made: Path) -> None:
    for ending in ("md", "html", "txt"):
        text = (made / f"transcript.{ending}").read_text("utf-8")
        assert "A sentence begins: “What will be”" in text
        assert "small mark" not in text


def test_the_captions_are_the_words_that_are_heard(made: Path) -> None:
    lesson = json.loads((made / "lesson.json").read_text())
    shown = re.sub(r"(?m)^\d+\n\d\d:.* --> .*$", "", (made / "captions.vtt").read_text("utf-8"))
    said = " ".join(beat["text"] for chapter in lesson["chapters"] for beat in chapter["beats"])
    assert html.unescape(shown).split()[1:] == said.split()


def test_the_cover_is_a_square_picture_of_the_weights(made: Path, example: Trace) -> None:
    with Image.open(made / "cover.png") as picture:
        assert picture.size == (SIDE, SIDE)
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
    amber = style.channels(style.PROBABILITY)
    assert amber in colours
    tensors = {name: example[name] for name in example.names()}
    name = "block.03.attn.pattern"
    other = Trace(tensors | {name: tensors[name][:, :, ::-1].copy()}, example.meta)
    assert cover(example).png == cover(example).png
    assert cover(other).png != cover(example).png
