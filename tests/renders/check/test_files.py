"""A whole lesson is proved, and whatever is changed in its folder is found."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from renders.check import verify
from renders.cli.main import main
from renders.edition.edition import Edition
from renders.edition.rows import Row
from renders.media.mp4 import mux
from renders.media.probe import probe
from renders.media.segment import SegmentWriter
from renders.publish.pages import pages
from renders.publish.products import publish
from renders.terminal import clock
from renders.timeline import DEPARTURE
from scenes.chapter import load_chapter

PROMPT = "What will be"
FPS = 8


@pytest.fixture(scope="module")
def made(whole_lesson: Path) -> Path:
    return whole_lesson


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
    where = spoken["chapter"], spoken["beat"]
    at = beats[where].start + spoken["from"]
    assert f"{', '.join(where)} at {clock(at)}: {spoken['tensor']}{spoken['index']}: shown as '99%'" in wrong
    assert "other values were drawn" in wrong
    assert "is said, and no reading has it" in wrong
    assert "readings.json: is not as it was written" in wrong


def test_its_page_is_proved_from_its_own_folder(made: Path, tmp_path: Path) -> None:
    list(pages([Edition.load(made)], tmp_path / "page"))
    verdict = verify(tmp_path / "page")
    assert (verdict.wrong, verdict.unproved) == ([], [])
    assert verdict.readings == verify(made).readings
    page = (tmp_path / "page" / "index.html").read_text("utf-8")
    assert len(re.findall("data-tensor=", page)) > 50
    said = percent(made)
    assert said in page
    (tmp_path / "page" / "index.html").write_text(page.replace(said, "9.9%"), "utf-8")
    wrong = "\n".join(verify(tmp_path / "page").wrong)
    assert f"shown as '9.9%', the trace says {said!r}" in wrong


def other_captions(copy: Path) -> None:
    for name in ("captions.vtt", "transcript.md"):
        text = (copy / name).read_text("utf-8")
        (copy / name).write_text(text.replace(percent(copy), "9.9%"), "utf-8")


def other_video(copy: Path) -> None:
    found = probe(copy / "lesson.mp4")
    with SegmentWriter(copy / "card.mp4", 640, 360, FPS, preset="ultrafast") as card:
        card.write(np.full((360, 640, 4), 90, np.uint8), found.video_frames)
    edition = Edition.load(copy)
    captions = [
        (caption.start, caption.end, caption.text)
        for _, beat in edition.manifest.beats
        for caption in beat.captions
    ]
    track = edition.track(copy / "track.m4a")
    mux([copy / "card.mp4"], [track], captions, found.chapters, copy / "lesson.mp4", fps=FPS, title=PROMPT)
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
        captions = [(c.start, c.end, c.text) for _, beat in edition.manifest.beats for c in beat.captions]
        start, end, text = captions[2]
        captions[2] = (start, end, text + " 9")
        chapters = [(start, end, f"{title}!") for start, end, title in edition.manifest.titles]
        mux(parts, [track], captions, chapters, copy / "lesson.mp4", fps=FPS, title="What is not")


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
        frame = round(beat.end * FPS) - 1
        if beat is chapter.beats[-1] and chapter is not beats[-1][0]:  # its close-up is looked at too
            frame -= round(DEPARTURE * FPS) * bool(load_chapter(chapter.name).script.leaves.station)
        last = f"{chapter.name}, {beat.name} at {clock(frame / FPS)}, frame "
        assert line.startswith(last)
        assert "is not the picture that the trace gives" in line


def test_captions_that_are_changed_in_the_manifest_too_are_noticed(made: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(made, tmp_path / "copy")
    text = (copy / "lesson.json").read_text("utf-8")
    caption = next(
        c for _, b in Edition.load(made).manifest.beats for c in b.captions if percent(made) in c.text
    )
    written = json.dumps(caption.text, ensure_ascii=False)
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
    for key in ("title", "picture", "writers", "files"):
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


def test_frames_that_a_manifest_invents_are_not_drawn(made: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(made, tmp_path / "copy"))
    lesson = json.loads((copy / "lesson.json").read_text("utf-8"))
    for last in (lesson["chapters"][-1], lesson["chapters"][-1]["beats"][-1]):
        last["to"] += 100.0
    (copy / "lesson.json").write_text(json.dumps({**lesson, "seconds": lesson["seconds"] + 100.0}), "utf-8")
    wrong = "\n".join(verify(copy, redraw="all").wrong)
    assert "s of picture, lesson.json says" in wrong
    assert "is not the picture that the trace gives" not in wrong
