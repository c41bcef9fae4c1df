"""What is no clip is refused in a line, and nothing is left of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import editions
import films
import pytest

from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.errors import RequestError
from renders.publish.clip import ClipOptions, clip


@pytest.fixture(scope="module")
def lesson(example: Trace, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return films.grey_film(example, tmp_path_factory.mktemp("filmed") / "out", ("tokens", "output"))


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("token", "has no chapter 'token'; did you mean tokens?"),
        ("mlp", "has no chapter 'mlp'; it has tokens, output"),
        ("tokens:idz", "tokens has no beat 'idz'; did you mean ids?"),
        ("tokens:ids..cut", "cut comes before ids"),
        ("tokens:", "is no part of a lesson"),
        ("../../etc/passwd", "is no part of a lesson"),
        ("", "is no part of a lesson"),
    ],
)
def test_a_part_that_is_not_there_is_refused(lesson: Edition, what: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=re.escape(says)):
        clip(lesson, what, tmp_path / "clip")
    assert not (tmp_path / "clip").exists()


def test_what_is_too_long_for_a_picture_that_moves_is_refused_with_its_beats(
    lesson: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("renders.publish.clip.LONGEST", 10.0)
    with pytest.raises(RequestError, match=r"name some of its beats: cut [\d.]+ s, grow [\d.]+ s, listed"):
        clip(lesson, "tokens", tmp_path / "clip", ClipOptions(place="email"))


def test_a_link_that_leads_out_of_the_lesson_is_not_followed(lesson: Edition, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in lesson.folder.iterdir():
        if file.is_file():
            shutil.copyfile(file, copy / file.name)
    (copy / "clips").symlink_to(outside)
    with pytest.raises(RequestError, match="leads out of the lesson's folder"):
        clip(Edition.load(copy), "tokens:ids")
    assert not list(outside.iterdir())


def test_a_lesson_to_listen_to_has_no_clip(example: Trace, tmp_path: Path) -> None:
    heard = editions.edition_of(example, tmp_path / "heard", ("tokens",))
    with pytest.raises(RequestError, match="is a lesson to listen to"):
        clip(heard, "tokens", tmp_path / "clip")
