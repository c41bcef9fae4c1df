"""The contact sheet: each frame is the lesson's own, in its place, with its name and time below it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import films
import msgspec
import numpy as np
import pytest
from PIL import Image

from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.edition.manifest import EditionBeat
from renders.errors import CheckError, RequestError
from renders.publish.sheet import _GAP, _MARGIN, WIDTH, _stills, sheet
from renders.timeline import DEPARTURE


@pytest.fixture(scope="module")
def lesson(example: Trace, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return films.film(
        example,
        tmp_path_factory.mktemp("filmed") / "out",
        ("tokens", "loop"),
        picture=lambda frame: np.full((films.HEIGHT, films.WIDTH, 4), level(frame), np.uint8),
        voice=films.Clicks,
    )


def level(frame: int) -> int:
    """The one grey of a frame, which tells it from its neighbours; every third is a dark ground."""
    return 102 + 5 * (frame % 10) if frame % 3 else 30


def greys(path: Path, columns: int) -> list[int]:
    """The levels of the frames of a sheet, row by row; a frame is of one grey."""
    made = np.asarray(Image.open(path).convert("RGB")).astype(int)  # (height, width, 3)
    found = []
    for column in range(columns):
        x = _MARGIN + column * (WIDTH + _GAP)
        inside = made[:, x + 5 : x + WIDTH - 5].reshape(len(made), -1)
        even = np.ptp(inside, axis=1) <= 4  # neither the ground nor a line, which have a hue
        starts = [y for y in np.flatnonzero(even[:-200]) if even[y : y + 200].all() and not even[y - 1]]
        found += [(y, column, round(inside[y + 100].mean())) for y in starts]
    tops = [y for y, column, _ in found if column == 0]  # a column's may be a pixel off
    rows = [(min(range(len(tops)), key=lambda row: abs(tops[row] - y)), *rest) for y, *rest in found]
    return [level for _, _, level in sorted(rows)]


def shown(lesson: Edition, beat: EditionBeat, *, leaves: bool) -> int:
    """The grey of a beat's frame: of its last, or of an earlier one where that is a ground."""
    fps = lesson.manifest.fps
    last = round((beat.end - DEPARTURE * leaves) * fps) - 1
    tried = [level(max(last - back * fps // 2, round(beat.start * fps))) for back in range(4)]
    return next((one for one in tried if one > 96), tried[-1])


def test_each_beat_is_there_with_its_last_frame(lesson: Edition, tmp_path: Path) -> None:
    made = greys(sheet(lesson, tmp_path / "sheet.png", columns=2), 2)
    meant = [shown(lesson, beat, leaves=beat is chapter.beats[-1]) for chapter, beat in lesson.manifest.beats]
    assert len(made) == len(meant)
    assert np.abs(np.array(made) - meant).max() <= 3


def test_frames_every_few_seconds_have_the_times_between(lesson: Edition) -> None:
    chapters = lesson.manifest.chapters
    stills = [still for chapter in chapters for still in _stills(lesson, chapter, 1.5)]
    assert [still.seconds for still in stills] == [1.5 * n for n in range(len(stills))]
    assert lesson.manifest.seconds - 1.5 <= stills[-1].seconds < lesson.manifest.seconds
    for still in stills:
        (beat,) = [b for _, b in lesson.manifest.beats if b.start <= still.seconds + 1e-6 < b.end + 1e-6][-1:]
        assert still.name == beat.name
        assert still.frame == round(still.seconds * lesson.manifest.fps)


def test_a_title_in_any_script_and_a_webp(lesson: Edition, tmp_path: Path) -> None:
    for title in ('كان يا ما كان #strong[x] "', "日本 \\ $x$"):
        named = replace(lesson, manifest=msgspec.structs.replace(lesson.manifest, title=title))
        out = sheet(named, tmp_path / "sheet.webp", every=10.0)
        with Image.open(out) as picture:
            assert picture.format == "WEBP"


def test_what_cannot_be_a_sheet_is_one_line_and_leaves_nothing(lesson: Edition, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"a sheet is \.png or \.webp; name it s\.png"):
        sheet(lesson, tmp_path / "s.jpg")
    with pytest.raises(RequestError, match="a sheet has 600 at most"):
        sheet(lesson, tmp_path / "s.png", every=0.01)
    with pytest.raises(RequestError, match=r"a WebP has 16,383; name it \.png"):
        sheet(lesson, tmp_path / "s.webp", every=0.3, columns=1)
    heard = replace(lesson, manifest=msgspec.structs.replace(lesson.manifest, media="lesson.m4a"))
    with pytest.raises(CheckError, match="is a lesson to listen to and has no picture"):
        sheet(heard, tmp_path / "s.png")
    assert list(tmp_path.iterdir()) == []
