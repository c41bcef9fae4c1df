"""A page as one file: it is proved like the folder, and its picture is smaller where it must be."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

import headers
import pytest
from commands import run
from films import film, number_of

from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.media import shrinking
from renders.media.probe import probe
from renders.publish import one_file


@pytest.fixture(scope="module")
def lesson(example: Trace, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return film(example, tmp_path_factory.mktemp("lesson") / "made")


@pytest.fixture
def copy(lesson: Edition, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lesson.folder, tmp_path / "copy"))


def test_one_file_is_proved_where_its_lesson_is(copy: Path) -> None:
    status, out, err = run("publish", str(copy), "--one-file")
    assert (status, err) == (0, "")
    assert out.startswith(f"{copy / 'page.html'}  (")
    assert run("check", str(copy))[0] == 0
    page = (copy / "page.html").read_text("utf-8")
    row, other = number_of(Edition.load(copy))
    (copy / "page.html").write_text(page.replace(f">{row.text}<", f">{other}<"), "utf-8")
    status, _, err = run("check", str(copy))
    assert status == 1
    assert f"shown as {other!r}, the trace says {row.text!r}" in err


def test_one_file_has_a_smaller_picture_where_the_video_is_too_large(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the first height that looks good enough in the bytes there are, which is said."""
    video = (copy / "lesson.mp4").stat().st_size
    monkeypatch.setattr(one_file, "_TEXT", 0)
    monkeypatch.setattr(one_file, "LARGEST", video * 4 // 3 - 4000)
    monkeypatch.setattr(one_file, "_HEIGHTS", (540, 150, 120))
    monkeypatch.setattr(shrinking, "_LEAST", {150: 10**9, 120: 1})
    monkeypatch.setattr(shrinking, "_MOST", {120: 5_000})
    monkeypatch.setattr(shrinking, "SOUND_BITS", 8_000)  # of a lesson that is silent
    status, _, err = run("publish", str(copy), "--one-file")
    assert (status, err) == (0, "the picture is 120 pixels high in it, so that the file stays under 30 MB\n")
    page = (copy / "page.html").read_text("utf-8")
    held = re.search(r'id="video" type="application/octet-stream;base64">([^<]*)<', page)
    assert held
    (copy / "small.mp4").write_bytes(base64.b64decode(held[1]))
    found = probe(copy / "small.mp4")
    assert (found.height, found.audio_codec) == (120, "aac")
    assert abs(found.video_seconds - Edition.load(copy).manifest.seconds) < 0.11
    assert (copy / "small.mp4").stat().st_size < video
    for field in ("top", "bottom"):
        assert headers.said(copy / "small.mp4", f"chroma_sample_loc_type_{field}_field")[0] == [1]
    monkeypatch.setattr(shrinking, "_LEAST", {150: 10**9, 120: 10**9})
    (copy / "page.html").unlink()
    status, out, err = run("publish", str(copy), "--one-file")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "is too long for one file of 30 MB; publish it as a folder" in err
    assert not (copy / "page.html").exists()
