"""What is pasted into YouTube keeps to its rules, whatever the prompt and the chapters."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from commands import run
from editions import edition_of
from films import film
from hostile import HOSTILE, prompted
from PIL import Image

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.edition.manifest import EditionChapter
from renders.publish.youtube import chapters, description, title


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return edition_of(Trace.load(EXAMPLE), tmp_path_factory.mktemp("lesson") / "made")


def lasting(lesson: Edition, *seconds: float) -> Edition:
    """The lesson as if its chapters were that long."""
    made, at = list[EditionChapter](), 0.0
    for chapter, lasts in zip(lesson.manifest.chapters, seconds, strict=False):
        beat = msgspec.structs.replace(chapter.beats[0], start=at, end=at + lasts)
        made.append(msgspec.structs.replace(chapter, start=at, end=at + lasts, beats=(beat,)))
        at += lasts
    return replace(
        lesson, manifest=msgspec.structs.replace(lesson.manifest, chapters=tuple(made), seconds=at)
    )


@pytest.mark.parametrize("count", range(2, 14))
def test_chapters_are_listed_as_it_wants_them(count: int, lesson: Edition) -> None:
    for lengths in ([9.53, 30.2] * 7, [30.9] * 14, [2.0] * 14, [10.04] * 14, [40.0] * (count - 1) + [3.0]):
        edition = lasting(lesson, *lengths[:count])
        listed = chapters(edition)
        if not listed:
            continue
        starts = [start for start, _ in listed]
        assert starts[0] == 0
        on = {chapter.title: chapter.start for chapter in edition.manifest.chapters}
        assert all(0 <= start - on[name] < 1 for start, name in listed)  # it is on at that second
        assert len(starts) >= 3
        assert all(
            later - earlier >= 10 for earlier, later in pairwise([*starts, int(edition.manifest.seconds)])
        )
        assert re.search(r"\n\n0:00 .+\n\d+:\d\d .+\n\d+:\d\d ", description(edition))


def test_a_short_chapter_is_part_of_the_one_before(lesson: Edition) -> None:
    titles = [chapter.title for chapter in lesson.manifest.chapters]
    edition = lasting(lesson, 20.3, 8.9, 20.0, 20.0)
    assert chapters(edition) == [(0, titles[0]), (30, titles[2]), (50, titles[3])]  # from 29.2 on
    assert chapters(lasting(lesson, 20.3, 8.9, 20.0)) == []
    assert "0:00" not in description(lasting(lesson, 20.3, 8.9, 20.0))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_prompt_is_too_long_or_refused(text: str, lesson: Edition) -> None:
    edition = prompted(lesson, text)
    assert len(title(edition)) <= 100
    assert len(description(edition)) <= 5001
    assert not set("<>\n\0\u202e") & set(title(edition))
    assert not set("<>\0\u202e") & set(description(edition))


def test_the_pack_is_written(tmp_path: Path) -> None:
    film(Trace.load(EXAMPLE), tmp_path / "lesson", ("tokens",))
    status, out, err = run("publish", str(tmp_path / "lesson"), "--youtube")
    assert (status, err) == (0, "")
    pack = tmp_path / "lesson" / "youtube"
    assert out.startswith(f"{pack / 'description.txt'}  (")
    assert {file.name for file in pack.iterdir()} == {
        "title.txt",
        "description.txt",
        "captions.srt",
        "thumbnail.jpg",
    }
    with Image.open(pack / "thumbnail.jpg") as picture:
        assert picture.size == (1280, 720)
    assert (pack / "thumbnail.jpg").stat().st_size < 2_000_000
    _check_names_what_is_changed(pack)


def _check_names_what_is_changed(pack: Path) -> None:
    """Of the pack itself, and of the lesson that it lies in."""
    for path in (pack, pack.parent):
        assert run("check", str(path))[::2] == (0, ""), path
    text = (pack / "description.txt").read_text("utf-8")
    size = re.search(r"(\d+(\.\d+)?) million", text)
    assert size
    for file, was, now, where in (
        ("description.txt", size[0], "9.9 million", "line 3: says '9.9', the lesson says"),
        ("title.txt", "“What", "“7 What", "line 1: says '“7', the lesson says '“What'"),
        ("captions.srt", "0:00,", "0:01,", "line 2"),
        ("captions.srt", "3 tokens", "4 tokens", "at 0: says '4', the lesson says '3'"),
    ):
        kept = (pack / file).read_text("utf-8")
        assert was in kept, (file, was)
        (pack / file).write_text(kept.replace(was, now, 1), "utf-8")
        for path in (pack, pack.parent):
            status, _, err = run("check", str(path))
            assert status == 1, (file, was)
            assert f"youtube/{file}, " in err
            assert where in err
        (pack / file).write_text(kept, "utf-8")
