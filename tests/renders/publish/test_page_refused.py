"""What cannot be published is refused in a line, and nothing is written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import run
from films import film

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return film(Trace.load(EXAMPLE), tmp_path / "copy").folder


def damaged(copy: Path, **changed: object) -> None:
    said = json.loads((copy / "lesson.json").read_text("utf-8"))
    (copy / "lesson.json").write_text(json.dumps({**said, **changed}), "utf-8")


def test_what_cannot_be_published_is_one_line(copy: Path, tmp_path: Path) -> None:
    def refused(*arguments: str) -> str:
        status, out, err = run("publish", *arguments)
        assert (status, out, err.count("\n")) == (2, "", 1), err
        return err

    assert "no such file, so" in refused(str(tmp_path / "nothing"))
    assert "takes one DIR" in refused(str(copy), "--one-file", "--zip")
    assert "of one level and language" in refused(str(copy), str(copy))
    other = Path(shutil.copytree(copy, tmp_path / "other"))
    damaged(other, prompt="Another", level="story")
    assert "of different prompts" in refused(str(copy), str(other))
    for changed, says in (
        ({"media": "../../x"}, "media is '../../x'"),
        ({"seconds": float("nan")}, "cannot be read"),
        ({"media": "lesson.m4a"}, "is a lesson to listen to"),
        ({"level": "../x"}, "level '../x', this version knows"),
    ):
        damaged(other, **changed)
        assert says in refused(str(other))
        shutil.copy(copy / "lesson.json", other)
    (other / "lesson.mp4").unlink()
    assert "lesson.mp4: no such file" in refused(str(other))
    shutil.copy(copy / "lesson.mp4", other)
    rows = json.loads((copy / "readings.json").read_text("utf-8"))
    many = [row for row in rows["readings"] if row["where"] == "screen"]
    many *= 100_001 // len(many) + 1
    (other / "readings.json").write_text(json.dumps({**rows, "readings": many}), "utf-8")
    assert "readings, and a page holds 100,000" in refused(str(other))
    shutil.copy(copy / "readings.json", other)
    (other / "lesson.mp4").write_bytes(b"no video")
    assert "lesson.mp4 cannot be read as a video" in refused(str(other))
    (other / "lesson.mp4").unlink()
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(b"private")
    (other / "lesson.mp4").symlink_to(secret)
    assert "is a link to another folder" in refused(str(other))
    assert "is a link to another folder" in refused(str(other), "--one-file")
    assert not (other / "page").exists()
    assert not list(other.glob(".*"))
    taken = tmp_path / "taken"
    taken.write_text("")
    assert "it is a file, and a lesson is a folder" in refused(str(copy), "--out", str(taken))
