"""Where a lesson goes: a folder named after the prompt and what differs, or a file; and how it is shown."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from renders.cli.main import main
from renders.errors import RequestError
from renders.request import LessonRequest, VideoRequest, job
from renders.store import layout, places

PLAIN = "what-will-be"
NAMES: dict[str, dict[str, Any]] = {  # what ends the name, and the options that differ
    "": {},
    "-attention": {"chapters": "attention"},
    "-tokens-attention": {"chapters": " attention, tokens"},
    "-de": {"language": "de"},
    "-head-3-2": {"head": "3.2"},
    "-query-will-key-1": {"query": "will", "key": "1"},
    "-gpt2": {"model": "gpt2"},
    "-my-model": {"model": "someone/my.model"},
    "-8-tokens": {"new_tokens": 8},
    "-temperature-0-8-seed-0": {"temperature": 0.8},
    "-temperature-1-top-k-40-top-p-0-9-seed-7": {"temperature": 1.0, "top_k": 40, "top_p": 0.9, "seed": 7},
    "-espeak": {"voice": "espeak"},
    "-anna": {"voice": "recordings:/home/anna"},
    "-kokoro-v1": {"voice": "kokoro:files/kokoro-v1.onnx,voices.bin"},
    "-speed-1-2": {"speed": 1.2},
    "-with-song-one": {"music": "music/song: one.wav"},
    "-draft": {"quality": "draft"},
    "-60-fps": {"fps": 60},
    "-captioned": {"burn_captions": True},
    "-light": {"theme": "light"},
    "-attention-de-draft": {"chapters": "attention", "language": "de", "quality": "draft"},
}


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("renders.store.places.results", lambda: tmp_path / "results")
    return tmp_path / "results"


def lesson(folder: Path, prompt: str | None) -> None:
    folder.mkdir(parents=True)
    (folder / layout.LESSON).write_text(json.dumps({"prompt": prompt}))


@pytest.mark.parametrize("end", NAMES)
def test_a_folder_is_named_after_the_prompt_and_what_differs(end: str, results: Path) -> None:
    request = job("What will be", **NAMES[end])
    assert request.folder() == results / f"{PLAIN}{end}"
    assert request.folder("listen") == results / f"{PLAIN}{end}-listen"
    lesson(request.folder(), "What will be")
    assert request.folder() == results / f"{PLAIN}{end}"  # made again, it takes its place


def test_no_two_lessons_share_a_folder() -> None:
    assert len({job("What will be", **options).folder() for options in NAMES.values()}) == len(NAMES)


def test_names_that_are_too_long_stay_apart(results: Path) -> None:
    long = [f"{'a' * 90}{i}" for i in range(2)]
    folders = [LessonRequest("Hi", model=f"someone/{name}").folder() for name in long]
    assert folders[0] != folders[1]
    assert all(len(folder.name) <= 2 * places.LONGEST for folder in folders)
    words = [LessonRequest("Hi", query=word).folder() for word in ("猫", "犬", "cat")]
    assert len(set(words)) == 3
    ids = [LessonRequest((*range(40), last)).folder() for last in (1, 2)]
    assert ids[0] != ids[1]
    lesson(ids[0], None)
    assert LessonRequest((*range(40), 1)).folder() == ids[0]
    assert LessonRequest((1, 2)).folder() == results / "ids-1-2"


def test_a_prompt_that_reads_like_another_with_options_has_its_own_folder(results: Path) -> None:
    lesson(results / "what-will-be-de", "What will be")
    assert VideoRequest("What will be de").folder().name.startswith("what-will-be-de-")


def test_a_lesson_to_watch_and_one_to_hear_keep_out_of_each_others_folder(tmp_path: Path) -> None:
    """`check` proves a folder by its lesson.json: with two lessons in it, one would be without."""
    video, sound, old = (tmp_path / name for name in ("video", "sound", "old"))
    lesson(old, "Hi")  # of a version that made videos alone
    for folder, media in ((video, layout.VIDEO), (sound, layout.SOUND)):
        folder.mkdir()
        (folder / layout.LESSON).write_text(json.dumps({"prompt": "Hi", "media": media}))
    assert VideoRequest("Hi", out=video).folder() == video
    assert LessonRequest("Hi", out=sound).folder("listen") == sound
    assert VideoRequest("Hi", out=old).folder() == old
    for folder in (video, old):
        with pytest.raises(RequestError, match=rf"has lesson.mp4 in it.* like {folder}-listen"):
            LessonRequest("Hi", out=folder).folder("listen")
    with pytest.raises(RequestError, match=rf"has lesson.m4a in it.* like {sound}-video"):
        VideoRequest("Hi", out=sound).folder()


class Edition:
    """Stands in for what a build leaves."""

    def __init__(self, folder: Path, media: str) -> None:
        self.folder, self.media = folder, folder / media
        self.manifest = SimpleNamespace(seconds=60.0, beats=[])


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[LessonRequest]:
    requests: list[LessonRequest] = []

    def written(request: LessonRequest, kind: str, *names: str) -> Edition:
        requests.append(request)
        folder = request.folder(kind)
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text(name)
        return Edition(folder, names[0])

    def build(request: LessonRequest, *_: Any) -> SimpleNamespace:
        edition = written(request, "", layout.VIDEO)
        return SimpleNamespace(
            edition=edition, seconds=60.0, stages={}, faults=[], wall=30.0, real_time_factor=2.0
        )

    def listen(request: LessonRequest, *_: Any) -> Edition:
        return written(request, "listen", layout.SOUND, layout.SOUND_MP3)

    monkeypatch.setattr("renders.build.build", build)
    monkeypatch.setattr("renders.listen.listen", listen)
    monkeypatch.setattr("renders.publish.products.publish", lambda edition: edition)
    return requests


@pytest.mark.parametrize(
    ("command", "out", "content"),
    [
        ("make", "video.mp4", layout.VIDEO),
        ("make", "new/Video.MP4", layout.VIDEO),
        ("listen", "a.m4a", layout.SOUND),
        ("listen", "a.mp3", layout.SOUND_MP3),
    ],
)
def test_a_file_is_made_where_one_is_named(
    command: str, out: str, content: str, made: list[LessonRequest], tmp_path: Path, results: Path
) -> None:
    done = CliRunner().invoke(main, [command, "What will be", "--out", str(tmp_path / out)])
    assert done.exit_code == 0, done.output
    assert (tmp_path / out).read_text() == content
    folder = results / (PLAIN if command == "make" else f"{PLAIN}-listen")
    assert made[0].out is None
    assert done.stdout.splitlines()[0].startswith(f"{tmp_path / out}  (1:00")
    assert done.stdout.splitlines()[1].startswith(str(folder))
    assert (folder / content).stat().st_ino != (tmp_path / out).stat().st_ino  # a copy, which may be edited


@pytest.mark.parametrize(
    ("command", "out"),
    [("make", "a.mov"), ("make", "a.webm"), ("make", "a.mp3"), ("listen", "a.mp4"), ("listen", "a.wav")],
)
def test_a_file_of_another_kind_is_refused_at_once(command: str, out: str, made: list[LessonRequest]) -> None:
    done = CliRunner().invoke(main, [command, "Hi", "--out", out])
    assert (done.exit_code, made) == (2, [])
    assert f"--out {out}: the file can be ." in done.stderr
    assert "or name a folder" in done.stderr


def test_a_folder_may_end_like_a_file(made: list[LessonRequest], tmp_path: Path) -> None:
    (tmp_path / "talk.mp4").mkdir()
    assert CliRunner().invoke(main, ["make", "Hi", "--out", str(tmp_path / "talk.v2")]).exit_code == 0
    assert made[0].out == tmp_path / "talk.v2"
    CliRunner().invoke(main, ["make", "Hi", "--out", str(tmp_path / "talk.mp4")])
    assert made[1].out == tmp_path / "talk.mp4"


def test_a_file_that_cannot_be_written_is_found_out_before_any_work(
    made: list[LessonRequest], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    done = CliRunner().invoke(main, ["make", "Hi", "--out", str(tmp_path / "file" / "a.mp4")])
    assert (done.exit_code, made) == (2, [])
    assert "--out" in done.stderr


def test_a_lesson_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RequestError("no")

    monkeypatch.setattr("renders.build.build", fail)
    assert CliRunner().invoke(main, ["make", "Hi", "--out", str(tmp_path / "a.mp4")]).exit_code == 2
    assert [path.name for path in tmp_path.iterdir() if path.name != "cache"] == []


@pytest.mark.parametrize("status", [0, 1])
@pytest.mark.parametrize("command", ["make", "listen"])
def test_what_is_made_is_opened(
    command: str, status: int, made: list[LessonRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def launch(path: str) -> int:
        opened.append(path)
        return status

    monkeypatch.setattr("click.launch", launch)
    done = CliRunner().invoke(main, [command, "Hi", "--open"])
    assert done.exit_code == 0
    assert len(made) == 1
    assert opened == [done.stdout.split("  ")[0]]
    assert ("nothing here opens it" in done.stderr) == bool(status)


def test_nothing_here_opens_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without a desktop, which has no such program."""
    from renders.cli.results import show

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(subprocess, "Popen", subprocess.Popen)
    show(tmp_path / "a.mp4")
