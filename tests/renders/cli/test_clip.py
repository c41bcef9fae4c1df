"""`clip` as it is typed: what it prints, how it fails, and what of a hostile lesson it refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import films
import pytest
from commands import run

from llmtrace.trace import Trace
from renders.edition.edition import Edition


@pytest.fixture(scope="module")
def lesson(example: Trace, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return films.grey_film(example, tmp_path_factory.mktemp("filmed") / "out", ("tokens",))


@pytest.fixture
def copy(lesson: Edition, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lesson.folder, tmp_path / "copy"))


def refused(*arguments: str) -> str:
    code, _, err = run("clip", *arguments)
    assert code == 2, err
    lines = err.splitlines()
    assert len(lines) == 1, err
    return lines[0]


def test_it_says_size_seconds_limit_and_verdict(lesson: Edition, tmp_path: Path) -> None:
    code, out, _ = run(
        "clip", "tokens:ids", str(lesson.folder), "--for", "email", "--out", str(tmp_path / "c")
    )
    assert code == 0
    (row,) = (line for line in out.splitlines() if line.startswith("what-will-be-tokens-ids.gif"))
    assert "320×180" in row
    assert "1.0 MB°" in row
    assert row.rstrip().endswith("fits")
    assert "° as told by pages of others" in out
    assert str(tmp_path / "c") in out


def test_json_says_the_same(lesson: Edition, tmp_path: Path) -> None:
    given = ["--silent", "--json", "--out", str(tmp_path / "c")]
    code, out, _ = run("clip", "tokens:ids", str(lesson.folder), *given)
    told = json.loads(out.splitlines()[-1])
    assert code == 0
    assert told["clip"] == str(tmp_path / "c")
    (file,) = told["files"]
    assert (file["file"], file["fits"]) == ("what-will-be-tokens-ids.mp4", True)


def test_strict_fails_where_the_place_does_not_take_it(
    lesson: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("renders.publish.verdict.budget", lambda *_, **__: 10.0)
    given = ["clip", "tokens:ids", str(lesson.folder), "--out", str(tmp_path / "c")]
    assert run(*given)[0] == 0
    assert run(*given, "--strict")[0] == 1


def test_a_prompt_has_its_chapter_made_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renders.store.places.results", lambda: tmp_path / "out")
    given = ["--quality", "draft", "--fps", "5", "--voice", "silent", "--for", "github"]
    code, out, err = run("clip", "opening:answer", "What will be", *given)
    assert code == 0, err
    (folder,) = (tmp_path / "out").glob("what-will-be-opening*/clips/what-will-be-opening-answer-github")
    assert str(folder) in out
    assert run("check", str(folder))[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tokens", "LESSON", "--for", "short"], "9:16 comes later"),
        (["tokens", "LESSON", "--voice", "silent"], "--voice: "),
        (["tokens", "LESSON", "--quality", "draft"], "is made already; leave it out, or give the prompt"),
        (["tokens", "no/such/lesson"], "no/such/lesson: no such folder"),
        (["tokens:", "LESSON"], "is no part of a lesson"),
        (["mlp", "LESSON"], "has no chapter 'mlp'"),
        (["tokenz", "What will be"], "no such chapter; did you mean tokens?"),
        (["tokens"], "nothing is given"),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_line(
    lesson: Edition, arguments: list[str], says: str, tmp_path: Path
) -> None:
    given = [argument.replace("LESSON", str(lesson.folder)) for argument in arguments]
    assert says in refused(*given, "--out", str(tmp_path / "c"))
    assert not (tmp_path / "c").exists()


def said(change: Callable[[dict[str, object]], None]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        content = json.loads((folder / "lesson.json").read_text("utf-8"))
        change(content)
        (folder / "lesson.json").write_text(json.dumps(content), "utf-8")

    return write


def first_chapter(name: str, value: object) -> Callable[[Path], None]:
    return said(lambda content: content["chapters"][0].update({name: value}))  # type: ignore[index]


def linked(folder: Path) -> None:
    (folder / "lesson.mp4").unlink()
    (folder / "lesson.mp4").symlink_to("/etc/passwd")


@pytest.mark.parametrize(
    "change",
    [
        said(lambda content: content.update(media="../../x.mp4")),
        first_chapter("name", "../../tokens"),
        first_chapter("name", "a/b"),
        first_chapter("to", float("nan")),
        first_chapter("to", -1.0),
        first_chapter("beats", []),
        said(lambda content: content.update(fps=0)),
        said(lambda content: content.update(language="xx")),
        lambda folder: (folder / "lesson.json").write_text("{"),
        lambda folder: (folder / "lesson.json").unlink(),
        lambda folder: (folder / "readings.json").write_bytes(b"\xff\0"),
        lambda folder: (folder / "trace.safetensors").write_bytes(b"9" * 64),
        lambda folder: (folder / "lesson.mp4").write_bytes(b"no video"),
        lambda folder: (folder / "lesson.mp4").unlink(),
        linked,
    ],
)
def test_a_hostile_lesson_is_refused_in_one_line(
    copy: Path, tmp_path: Path, change: Callable[[Path], object]
) -> None:
    change(copy)
    line = refused("tokens", str(copy), "--out", str(tmp_path / "c"))
    assert str(copy) in line
    assert not (tmp_path / "c").exists()
    assert not list(tmp_path.glob(".*"))


def test_a_place_that_cannot_be_written_is_said(lesson: Edition, tmp_path: Path) -> None:
    (tmp_path / "c").write_text("in the way")
    line = refused("tokens:ids", str(lesson.folder), "--out", str(tmp_path / "c"))
    assert "cannot be written" in line


def test_a_path_of_any_letters(lesson: Edition, tmp_path: Path) -> None:
    folder = shutil.copytree(lesson.folder, tmp_path / "a b#%ü’")
    code, out, _ = run("clip", "tokens:ids", str(folder))
    assert code == 0
    assert run("check", str(folder / "clips" / "what-will-be-tokens-ids-blog"))[0] == 0
    assert "fits" in out
