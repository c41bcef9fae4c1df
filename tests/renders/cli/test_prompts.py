"""What a lesson is of: typed, from standard input, a file, token ids or a trace; and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from llmtrace import Trace
from llmtrace.meta import EXAMPLE
from renders.cli.main import main
from renders.errors import RequestError
from renders.request import VideoRequest, job

IDS = "2061,481,307"  # of "What will be"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[VideoRequest]:
    """What `make` would build."""
    requests: list[VideoRequest] = []

    def build(request: VideoRequest, *_: Any) -> None:
        requests.append(request)
        raise RequestError("enough")

    monkeypatch.setattr("renders.build.build", build)
    return requests


def run(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(main, list(arguments), input=given)


@pytest.mark.parametrize(
    ("arguments", "given", "prompt"),
    [
        (["What will be"], "", "What will be"),
        (["-"], "What will be\n", "What will be"),
        (["-"], "two\nlines \r\n", "two\nlines "),
        (["-"], "\ufeffWhat", "What"),
        (["--prompt-file", "p.txt"], "", "für 日\n"),
        (["--prompt-file", "-"], "Hi", "Hi"),
        (["--ids", IDS], "", (2061, 481, 307)),
        (["--ids", " 2061 481, 307 "], "", (2061, 481, 307)),
        (["--trace", "t.safetensors"], "", "What will be"),
        (["--trace", "ids.safetensors"], "", (2061, 481, 307)),
    ],
)
def test_a_prompt_comes_from_anywhere(
    arguments: list[str],
    given: str,
    prompt: str | tuple[int, ...],
    asked: list[VideoRequest],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    example: Trace,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.txt").write_text("für 日\n\n", encoding="utf-8")
    example.save("t.safetensors")
    of_ids(example).save("ids.safetensors")
    done = run("make", *arguments, given=given.encode())
    assert done.stderr == "llm-lesson: enough\n"
    assert asked[0].prompt == prompt
    assert asked[0].trace == (Path(arguments[1]) if arguments[0] == "--trace" else None)


def of_ids(trace: Trace) -> Trace:
    """The same run, as if its prompt had been given as ids."""
    from dataclasses import replace

    return Trace({name: trace[name] for name in trace.names()}, replace(trace.meta, prompt=None))


REFUSED: dict[str, tuple[list[str], str]] = {
    "nothing": ([], "nothing is given; give one: a prompt"),
    "two": (["Hi", "--ids", "1"], "a prompt and --ids are given; give one"),
    "two others": (["--ids", "1", "--trace", "t"], "--ids and --trace are given; give one"),
    "no ids": (["--ids", "1,x"], "takes whole numbers"),
    "no file": (["--prompt-file", "nowhere.txt"], "nowhere.txt: cannot be read (No such file"),
    "a folder": (["--prompt-file", "."], "cannot be read (Is a directory)"),
    "an old encoding": (["--prompt-file", "latin.txt"], "latin.txt: is not UTF-8 (byte 1)"),
    "no trace": (["--trace", "nowhere"], "nowhere: no such trace"),
    "a trace with --model": (["--trace", "t.safetensors", "--model", "gpt2"], "leave --model out"),
    "a trace with --top-k": (["--trace", "t.safetensors", "--top-k", "2"], "leave --top-k out"),
    "a part of a trace": (["--trace", "part.safetensors"], "was traced with --only"),
    "a trace of the end": (["--trace", "last.safetensors"], "was traced with --trace-steps last"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("command", ["make", "listen", "script", "record-sheet"])
def test_what_is_no_prompt_is_one_line(
    case: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: Trace
) -> None:
    from dataclasses import replace

    monkeypatch.chdir(tmp_path)
    Path("latin.txt").write_bytes(b"f\xfcr")
    if "trace" in case:
        tensors = {name: example[name] for name in example.names()}
        example.save("t.safetensors")
        Trace(tensors, replace(example.meta, only=("logits",))).save("part.safetensors")
        Trace(tensors, replace(example.meta, steps="last")).save("last.safetensors")
    arguments, says = REFUSED[case]
    out = ["--out", "out"] if command == "record-sheet" else []
    done = run(command, *arguments, *out)
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("llm-lesson: ")
    assert says in line


def test_a_lesson_of_ids_and_of_a_trace_is_that_of_the_prompt() -> None:
    chapters = ["--chapters", "tokens,output"]
    typed = run("script", "What will be", *chapters)
    assert typed.exit_code == 0
    assert run("script", "--ids", IDS, *chapters).stdout == typed.stdout
    assert run("script", "--trace", str(EXAMPLE), *chapters).stdout == typed.stdout


@pytest.mark.parametrize("given", [["--ids", IDS], ["--trace", str(EXAMPLE)]])
def test_a_lesson_to_hear_is_made_and_proved(given: list[str], tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    done = run("listen", *given, "--chapters", "tokens", "--voice", "silent", "--out", out)
    assert done.exit_code == 0, done.output
    verdict = json.loads(run("check", out, "--json").stdout)
    assert verdict["ok"], verdict
    assert verdict["readings"] >= 3


def test_a_request_without_a_prompt_needs_one() -> None:
    with pytest.raises(RequestError, match="takes a text, or a list of token ids"):
        job()
    with pytest.raises(RequestError, match="takes a text, or a list of token ids"):
        VideoRequest(42)  # type: ignore[arg-type]
    with pytest.raises(RequestError, match="takes a text, or a list of token ids"):
        VideoRequest(["What"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "idle"),
    [
        (["--top-k", "5"], "--top-k:"),
        (["--seed", "3", "--top-p", "0.5"], "--top-p, --seed:"),
        (["--temperature", "0", "--seed", "0"], "--seed:"),
        (["--temperature", "0.1", "--seed", "3", "--top-k", "5"], ""),
        ([], ""),
    ],
)
def test_what_does_nothing_is_said(arguments: list[str], idle: str, asked: list[VideoRequest]) -> None:
    said = run("make", "Hi", *arguments).stderr.splitlines()
    assert said[-1] == "llm-lesson: enough"
    assert len(asked) == 1
    assert len(said) == (2 if idle else 1)
    if idle:
        assert said[0].startswith(f"{idle} no effect at temperature 0")


@pytest.mark.parametrize("command", ["make", "listen", "script", "trace", "record-sheet"])
@pytest.mark.parametrize("number", ["100000", "1001", "0", "-1"])
def test_new_tokens_have_a_limit(command: str, number: str, tmp_path: Path) -> None:
    done = run(command, "Hi", "--new-tokens", number, "--out", str(tmp_path / "o"))
    if command == "script":
        done = run(command, "Hi", "--new-tokens", number)
    assert (done.exit_code, done.stderr) == (
        2,
        f"llm-lesson: new tokens {number}: takes a whole number from 1 to 1000\n",
    )
