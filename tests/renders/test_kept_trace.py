"""What is looked at before a lesson is made is read from the trace that is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from renders.cli.main import main


@pytest.mark.parametrize("command", ["script", "record-sheet"])
def test_a_second_look_traces_nothing(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [command, "What will be", "--chapters", "tokens"]
    asked += ["--out", str(tmp_path / "sheet")] if command == "record-sheet" else []
    first = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert first.exit_code == 0
    monkeypatch.setattr("llmtrace.capture", lambda *_a, **_o: pytest.fail("it is traced anew"))
    again = CliRunner().invoke(main, asked, catch_exceptions=False)
    assert (again.exit_code, again.stdout) == (0, first.stdout)
