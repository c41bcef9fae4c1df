"""The commands that README shows for showing a lesson, run as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from commands import run
from films import film

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace

README = Path(__file__).parents[3] / "README.md"


def test_each_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "renders" / "out").mkdir(parents=True)
    film(Trace.load(EXAMPLE), tmp_path / "renders" / "out" / "what-will-be", ("tokens",))
    given = ["--voice", "silent", "--chapters", "tokens", "--out", "renders/out/what-will-be-listen"]
    assert run("listen", "--trace", str(EXAMPLE), *given)[0] == 0
    section = README.read_text("utf-8").partition("\n## Show it\n")[2]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block
    commands = [shlex.split(line, comments=True) for line in block[1].splitlines()]
    assert len(commands) == 6
    for program, *arguments in commands:
        assert program == "llm-lesson"
        status, out, err = run(*arguments)
        assert status == 0, err
        assert out
