"""A call in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import calls
import pytest

from llmtrace.errors import HubError, TraceError
from renders.errors import WorkerError
from renders.processes import apart

UNGUARDED = """
import calls
from renders.processes import apart
print("the script is run")
print(apart(calls.squares, 3, told=print, meanwhile=lambda: None)[0])
"""
KILLED = """
import os
import calls
from renders.processes import apart
apart(calls.waits, told=lambda process: print(process, flush=True), meanwhile=lambda: None)
"""


def of(work: Callable[..., Any], *args: object) -> tuple[Any, list[Any]]:
    """What it returns, and what it told."""
    told = list[Any]()
    return apart(work, *args, told=told.append, meanwhile=lambda: told.append("meanwhile")), told


def test_it_is_another_process_which_is_gone_then() -> None:
    (count, process), told = of(calls.squares, 4)
    assert (count, told) == (4, ["meanwhile", 0, 1, 4, 9])
    assert process != os.getpid()
    assert not Path(f"/proc/{process}").exists()


@pytest.mark.parametrize(
    "error", [HubError("no model of that name"), TraceError("“é”: no"), KeyError("x"), OSError(2, "No", "f")]
)
def test_what_it_raises_is_raised_here(error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        of(calls.raises, error)
    assert str(caught.value) == str(error)
    assert "in raises" in caught.value.__notes__[0]  # where it was raised
    assert not multiprocessing.active_children()


def test_an_error_that_cannot_be_sent_is_still_told() -> None:
    with pytest.raises(RuntimeError, match="Stubborn: no way"):
        of(calls.raises_stubbornly)


def test_an_end_from_outside_is_one_line() -> None:
    with pytest.raises(WorkerError, match=r"ended from outside.*smaller --model"):
        of(calls.dies)


def test_an_error_here_ends_it() -> None:
    process = 0

    def told(content: int) -> None:
        nonlocal process
        process = content
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apart(calls.waits, told=told, meanwhile=lambda: None)
    assert process
    assert not Path(f"/proc/{process}").exists()


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


def test_a_callers_script_is_run_once(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(UNGUARDED)
    run = subprocess.run(
        [sys.executable, script], env=environment(), capture_output=True, text=True, check=False
    )
    assert run.stdout.split("\n") == ["the script is run", "0", "1", "4", "3", ""], run.stderr


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(KILLED)
    with subprocess.Popen(
        [sys.executable, script], env=environment(), stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        process = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        assert parent.stdout.read() == ""  # which both had open: now none has
    assert not Path(f"/proc/{process}").exists() or "Z" in Path(f"/proc/{process}/stat").read_text()
