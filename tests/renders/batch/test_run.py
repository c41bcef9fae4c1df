"""A batch in this process: what ends in which way, and what is kept. The lessons are stand-ins."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import pytest
from click.testing import CliRunner, Result

from llmtrace.errors import PromptError
from llmtrace.trace import Trace
from renders.build import Built
from renders.cli.main import INTERRUPTED, main
from renders.cli.make import make
from renders.edition.edition import Edition
from renders.edition.manifest import EditionBeat, EditionChapter, Manifest
from renders.errors import WorkerError
from renders.progress import Reporter
from renders.request import CHOICE, VideoRequest
from scenes import own
from scenes.errors import ChapterError

made: list[VideoRequest] = []
fails: dict[str, list[Exception]] = {}  # what the next builds of a prompt raise


def stand_in(job: VideoRequest, reporter: Reporter) -> Built:
    made.append(job)
    reporter.stage("trace")
    if fails.get(job.prompt):
        raise fails[job.prompt].pop(0)
    assert job.out is not None
    (job.out / "clips").mkdir(parents=True)
    (job.out / "lesson.mp4").write_text(f"{job.prompt} {job.sampling.seed}")
    (job.out / "clips" / "a.mp4").write_text("a")
    beat = EditionBeat(name="cut", text="Cut.", start=0.0, end=10.0, words_from=0.2, words_to=9.0)
    chapter = EditionChapter(name="tokens", title="Tokens", start=0.0, end=10.0, beats=(beat,))
    manifest = Manifest(
        format=2, prompt=job.prompt, model="gpt2-pocket", fps=30, seconds=10.0, chapters=(chapter,)
    )
    return Built(Edition(job.out, manifest, ()), {"trace": 1.0, "frames": 4.5}, wall=5.0)


def published(edition: Edition) -> Edition:
    (edition.folder / "transcript.md").write_text("said")
    return edition


@pytest.fixture(autouse=True)
def _stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    made.clear()
    fails.clear()
    monkeypatch.setattr("renders.build.build", stand_in)
    monkeypatch.setattr("renders.publish.products.publish", published)


@pytest.fixture
def batch(tmp_path: Path) -> Callable[..., Result]:
    def run(table: str, *options: str, out: str = str(tmp_path / "out")) -> Result:
        (tmp_path / "p.csv").write_text(table)
        result = CliRunner().invoke(
            main, ["batch", str(tmp_path / "p.csv"), "--out", out, "--json", *options]
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def statuses(result: Result) -> dict[str, str]:
    return {one["name"]: one["status"] for one in json.loads(result.stdout)["prompts"]}


def report(tmp_path: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((tmp_path / "out" / name / "report.json").read_text())
    return content


def test_one_bad_prompt_does_not_stop_the_rest(tmp_path: Path, batch: Callable[..., Result]) -> None:
    fails["bad"] = [PromptError("the prompt has 300 tokens;\nshorten it")]
    fails["odd"] = [ZeroDivisionError("by nothing")]
    result = batch("prompt,seed\na,1\nbad,2\nodd,3\nb,4\n")
    assert result.exit_code == 1
    assert statuses(result) == {"a": "done", "bad": "failed", "odd": "failed", "b": "done"}
    assert result.stderr.splitlines()[-1] == "llm-lesson: 2 of 4 failed: bad, odd"
    assert [job.prompt for job in made] == ["a", "bad", "odd", "b"]  # and none tried again
    assert report(tmp_path, "bad")["error"] == "the prompt has 300 tokens; shorten it"
    assert report(tmp_path, "odd")["error"] == "ZeroDivisionError: by nothing"
    assert (tmp_path / "out" / "b" / "lesson.mp4").read_text() == "b 4"
    assert json.loads((tmp_path / "out" / "batch.json").read_text()) == json.loads(result.stdout)


def test_a_report_says_how_it_was_made(tmp_path: Path, batch: Callable[..., Result]) -> None:
    assert batch("prompt,seed\na,1\n", "--fps", "25", "--workers", "1").exit_code == 0
    said = report(tmp_path, "a")
    assert (made[0].fps, made[0].workers) == (25, 1)
    assert (said["options"]["seed"], said["options"]["fps"]) == (1, 25)
    assert (said["plays"], said["real_time_factor"]) == (10.0, 2.0)
    assert said["files"] == {"clips/a.mp4": 1, "lesson.mp4": 3, "transcript.md": 4}
    assert {"llm-lesson", "python", "torch"} <= said["versions"].keys()
    assert len(said["attempts"]) == 1


def test_what_may_pass_is_tried_again_at_the_end(tmp_path: Path, batch: Callable[..., Result]) -> None:
    fails["a"] = [WorkerError("ended from outside"), OSError(5, "Input/output error")]
    fails["b"] = [OSError("gone")] * 5
    result = batch("prompt\na\nb\nc\n", "--retries", "2")
    assert result.exit_code == 1
    assert statuses(result) == {"a": "done", "b": "failed", "c": "done"}
    assert [job.prompt for job in made] == ["a", "b", "c", "a", "b", "a", "b"]
    assert [tried["error"] for tried in report(tmp_path, "a")["attempts"]] == [
        "ended from outside",
        "OSError: [Errno 5] Input/output error",
        None,
    ]
    assert report(tmp_path, "b")["error"] == "OSError: gone"


COLUMNS: dict[str, tuple[str, Any]] = {  # each option of make: a cell, and what the request then holds
    "model": ("./folder", "{here}/folder"),
    "new_tokens": ("2", 2),
    "temperature": ("0.5", 0.5),
    "top_k": ("5", 5),
    "top_p": ("0.9", 0.9),
    "seed": ("3", 3),
    "level": ("full", "full"),
    "chapters": ("tokens", ("tokens",)),
    "language": ("de", "de"),
    "head": ("3.2", (3, 2)),
    "query": ("be", "be"),
    "key": ("1", 1),
    "speed": ("1.2", 1.2),
    "voice": ("recordings:folder", "recordings:{here}/folder"),
    "quality": ("draft", "draft"),
    "fps": ("25", 25),
    "music": ("song.wav", Path("{here}/song.wav")),
    "burn_captions": ("yes", True),
    "theme": ("light", "light"),
    "ids": ("2061,481,307", None),
    "trace": ("t.safetensors", Path("{here}/t.safetensors")),
}
NO_COLUMNS = {"prompt", "prompt_file", "out", "as_json", "workers", "open_it"}


def test_every_option_of_make_is_a_column(
    tmp_path: Path, batch: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, example: Trace
) -> None:
    assert {option.name for option in make.params} == COLUMNS.keys() | NO_COLUMNS
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "song.wav").write_bytes(b"")
    example.save(tmp_path / "t.safetensors")
    for name, (cell, wanted) in COLUMNS.items():  # each alone: a column that fails would hide the others
        prompt = "" if name in ("ids", "trace") else f"of {name}"
        table = f'prompt,name,{name}\n{prompt},{name},"{cell}"\n'
        folder = name.replace("_", "-")
        result = batch(table)
        assert statuses(result) == {folder: "done"}, result.stderr
        request = made[-1]
        if name == "ids":
            assert request.prompt == (2061, 481, 307)
        else:
            if isinstance(wanted, str | Path):
                wanted = type(wanted)(str(wanted).format(here=tmp_path))
            assert getattr(request.sampling if name in CHOICE else request, name) == wanted
            assert request.prompt == (prompt or "What will be")
        assert statuses(batch(table)) == {folder: "skipped"}


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("model", "./nowhere"),
        ("music", "nowhere.mp3"),
        ("voice", "recordings:nowhere"),
        ("voice", "nowhere.onnx"),
        ("voice", "kokoro:a.onnx,b.bin"),
    ],
)
def test_a_file_that_is_not_there_stops_the_table(
    column: str, cell: str, batch: Callable[..., Result]
) -> None:
    result = batch(f'prompt,{column}\nHi,"{cell}"\n')
    assert (result.exit_code, result.stdout, made) == (2, "", [])
    assert "p.csv, line 2: --" in result.stderr
    assert "no such file or folder in" in result.stderr


def test_options_for_all_may_name_files(
    tmp_path: Path, batch: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("song.wav", "a.onnx", "b.bin"):
        (tmp_path / name).write_bytes(b"")
    options = ["--music", "song.wav", "--voice", "kokoro:a.onnx,b.bin,am_adam"]
    assert statuses(batch("prompt\na\n", *options)) == {"a": "done"}
    assert made[0].music == tmp_path / "song.wav"
    assert made[0].voice == f"kokoro:{tmp_path}/a.onnx,{tmp_path}/b.bin,am_adam"


def test_files_in_the_users_own_folder(
    tmp_path: Path, batch: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, example: Trace
) -> None:
    """As the shell and `make` take them, where the worker's own folder may be another one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine" / "x").mkdir(parents=True)
    for name in ("song.wav", "a.onnx", "b.bin"):
        (tmp_path / "mine" / name).write_bytes(b"")
    example.save(tmp_path / "mine" / "t.safetensors")
    table = "name,prompt,model,music,voice,trace\na,x,~/mine/x,~/mine/song.wav,recordings:~/mine/x,\n"
    table += 'b,,,,"kokoro:~/mine/a.onnx,~/mine/b.bin",~/mine/t.safetensors\nc,x,,,~/mine/a.onnx,\n'
    assert statuses(batch(table)) == {"a": "done", "b": "done", "c": "done"}
    here, (a, b, c) = tmp_path / "mine", made
    assert (a.model, a.music, a.voice) == (f"{here}/x", here / "song.wav", f"recordings:{here}/x")
    assert (b.voice, b.trace) == (f"kokoro:{here}/a.onnx,{here}/b.bin", here / "t.safetensors")
    assert c.voice == f"{here}/a.onnx"
    refused = batch("prompt,music\nx,~nobody-of-this-name/song.wav\n")
    assert (refused.exit_code, len(made)) == (2, 3)
    assert "--music ~nobody-of-this-name/song.wav: no such file" in refused.stderr


def test_an_own_chapter_is_found_from_another_folder(
    tmp_path: Path, batch: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "a, b"  # its path cannot stand in a text of several chapters
    (place / "my-chapter").mkdir(parents=True)
    for name in own.FILES:
        (place / "my-chapter" / name).write_text("")
    monkeypatch.chdir(place)
    fails["x"] = [ChapterError("my-chapter/words.toml: title: is missing")]
    table = 'prompt,chapters\nx,"tokens, ./my-chapter"\ny,"mlp,tokens"\n'
    assert statuses(batch(table)) == {"x": "failed", "y": "done"}
    assert made[0].chapters == ("tokens", f"{place}/my-chapter")
    told = report(tmp_path, "x")
    assert told["options"]["chapters"] == ["tokens", f"{place}/my-chapter"]
    assert told["error"] == "my-chapter/words.toml: title: is missing"
    assert report(tmp_path, "y")["options"]["chapters"] == "mlp,tokens"
    assert statuses(batch(table)) == {"x": "done", "y": "skipped"}
    assert statuses(batch(table)) == {"x": "skipped", "y": "skipped"}
    monkeypatch.chdir(tmp_path)
    assert "p.csv, line 2: chapter my-chapter: no such folder" in batch(table).stderr


def test_what_is_there_is_kept(tmp_path: Path, batch: Callable[..., Result]) -> None:
    fails["c"] = [PromptError("no")]
    batch("prompt,seed\na,1\nb,1\nc,1\nd,1\n")
    made.clear()
    (tmp_path / "out" / "d" / "clips" / "a.mp4").unlink()
    result = batch("prompt,seed\na,1\nb,2\nc,1\nd,1\ne,1\n")
    assert statuses(result) == {"a": "skipped", "b": "done", "c": "done", "d": "done", "e": "done"}
    assert [job.prompt for job in made] == ["b", "c", "d", "e"]
    made.clear()
    assert batch("prompt,seed\na,1\n", "--again").exit_code == 0
    assert [job.prompt for job in made] == ["a"]


def test_a_stopped_batch_goes_on(tmp_path: Path, batch: Callable[..., Result]) -> None:
    fails["b"] = [KeyboardInterrupt()]  # type: ignore[list-item]
    assert batch("prompt\na\nb\nc\n").exit_code == INTERRUPTED
    assert report(tmp_path, "b")["status"] == "running"
    made.clear()
    assert statuses(batch("prompt\na\nb\nc\n")) == {"a": "skipped", "b": "done", "c": "done"}
    assert len(report(tmp_path, "b")["attempts"]) == 1  # of this run


def test_results_go_to_a_url(batch: Callable[..., Result]) -> None:
    assert batch("prompt\na\n", out="memory://lessons/one").exit_code == 0
    with fsspec.open("memory://lessons/one/a/clips/a.mp4") as file:
        assert file.read() == b"a"
    assert statuses(batch("prompt\na\n", out="memory://lessons/one")) == {"a": "skipped"}
    assert len(made) == 1


def test_a_damaged_report_is_no_report(tmp_path: Path, batch: Callable[..., Result]) -> None:
    for damaged in ("", "[]", '{"format": 1}', "\udcff"):
        batch("prompt\na\n")
        (tmp_path / "out" / "a" / "report.json").write_bytes(damaged.encode(errors="surrogateescape"))
        assert statuses(batch("prompt\na\n")) == {"a": "done"}


def test_people_read_a_table(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("What will be\n[bold]x\n")
    result = CliRunner().invoke(main, ["batch", str(tmp_path / "p.txt"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()]
    assert rows[1] == ["what-will-be", "done", "0:10", "2.00", "1"]
    assert "[2/2] bold-x: done" in result.stderr
