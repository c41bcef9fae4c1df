"""A theme travels from what is asked for to the picture, the manifest, and all that is drawn of it again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from commands import run
from PIL import Image
from tasks import task_of

from llmtrace.trace import Trace
from renders.api import check, make
from renders.check.redraw import wrong_pictures
from renders.edition.edition import Edition
from renders.errors import CheckError, RequestError
from renders.pool.segments import SegmentCache
from renders.publish.pictures import card_png
from renders.publish.sheet import sheet
from renders.publish.still import StillOptions, still
from renders.request import VideoRequest
from renders.shot import Quality
from scenes.palette import DARK, LIGHT
from scenes.style import channels


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """A light lesson with its captions in its picture."""
    return make(
        "What will be",
        theme="light",
        quality="draft",
        fps=10,
        chapters=["tokens"],
        voice="silent",
        burn_captions=True,
        out=tmp_path_factory.mktemp("light") / "out",
        progress=False,
    )


def corners(path: Path) -> np.ndarray:
    """The pixels at a picture's edge, above and below, (2, 3)."""
    pixels = np.asarray(Image.open(path).convert("RGB"), int)
    return pixels[[2, -3], 2]


def near(pixels: np.ndarray, colour: str) -> bool:
    return bool(np.abs(pixels - channels(colour)).max() <= 4)  # the encoder's loss


def test_a_light_lesson_is_proved_as_one(lesson: Edition) -> None:
    assert lesson.theme == "light"
    assert json.loads((lesson.folder / "lesson.json").read_text())["picture"]["theme"] == "light"
    assert check(lesson.folder, look=True).wrong == []


def test_its_pictures_are_on_paper_and_so_are_its_captions(lesson: Edition, tmp_path: Path) -> None:
    for name in ("poster.png", "thumbnail.jpg"):
        assert near(corners(lesson.folder / name), LIGHT.ground), name
    (tmp_path / "card.png").write_bytes(card_png(lesson))
    for path in (tmp_path / "card.png", sheet(lesson, tmp_path / "sheet.png")):
        assert near(corners(path), LIGHT.ground), path


def test_drawn_again_in_the_other_theme_it_is_another_picture(lesson: Edition) -> None:
    picture = lesson.manifest.picture
    assert picture is not None
    dark = type(picture)(width=picture.width, height=picture.height, preset=picture.preset, burned=True)
    assert dark.theme == "dark"  # as of lessons that do not say one
    other = replace(lesson, manifest=msgspec.structs.replace(lesson.manifest, picture=dark))
    assert list(wrong_pictures(lesson, False, [])) == []
    assert list(wrong_pictures(other, False, []))


def test_a_still_is_in_the_lessons_theme_or_the_one_that_is_asked_for(
    lesson: Edition, tmp_path: Path
) -> None:
    own = still(lesson, "tokens:cut", tmp_path / "own.png", StillOptions(width=320)).path
    assert near(corners(own), LIGHT.ground)
    code, _, error = run(
        "still", "tokens:cut", str(lesson.folder), "--theme", "dark", "--out", str(tmp_path / "dark.png")
    )
    assert code == 0, error
    assert near(corners(tmp_path / "dark.png"), DARK.ground)


def test_a_theme_that_there_is_not(lesson: Edition) -> None:
    with pytest.raises(RequestError, match=r"theme 'ligth': no such theme; did you mean light\?"):
        VideoRequest("What will be", theme="ligth")
    code, _, error = run("make", "What will be", "--theme", "papre")
    assert (code, error.count("\n")) == (2, 1)
    assert "theme 'papre': no such theme" in error
    text = (lesson.folder / "lesson.json").read_text()
    (lesson.folder / "lesson.json").write_text(text.replace('"theme": "light"', '"theme": "sepia"'))
    try:
        with pytest.raises(CheckError, match="theme 'sepia', this version knows dark, light"):
            Edition.load(lesson.folder)
    finally:
        (lesson.folder / "lesson.json").write_text(text)


def test_beats_are_kept_by_their_theme(example: Trace, tmp_path: Path) -> None:
    task = task_of(example, "tokens", tmp_path / "beats", "cut")
    light = replace(task, quality=Quality(320, 180, "ultrafast", "light"))
    cache = SegmentCache("trace")
    assert cache.key(task, "cut") != cache.key(light, "cut")
