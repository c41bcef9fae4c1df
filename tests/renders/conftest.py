"""Fixtures of the tests of `renders`, and the option that renews the kept pictures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import chromium
from playwright.sync_api import Browser

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace


@pytest.fixture(scope="session")
def example() -> Trace:
    """The bundled example trace: "What will be"."""
    return Trace.load(EXAMPLE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, one for all tests of a file."""
    with chromium() as found:
        yield found


# Found by every Python that starts with it on its path, the workers too: notes and refuses connections.
NO_NETWORK = """
import os, socket
def refuse(self, address, *rest):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        with open(os.environ["CONNECTIONS"], "a") as log:
            print(address, file=log)
        raise OSError(101, "the network is off in this test")
    return connect(self, address, *rest)
connect = socket.socket.connect
socket.socket.connect = socket.socket.connect_ex = refuse
"""


@pytest.fixture(scope="session")
def whole_lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lesson of all chapters, made by the command in a process that can open no connection."""
    place = tmp_path_factory.mktemp("lesson")
    (place / "off").mkdir()
    (place / "off" / "sitecustomize.py").write_text(NO_NETWORK)
    environment = os.environ | {
        "PYTHONPATH": str(place / "off"),
        "CONNECTIONS": str(place / "connections"),
        "LLM_LESSON_CACHE": str(place / "cache"),
    }
    options = ["--quality", "draft", "--fps", "8", "--out", str(place / "out"), "--json"]
    command = [sys.executable, "-m", "renders.cli.main", "make", "What will be", *options]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert not (place / "connections").exists(), (place / "connections").read_text()
    assert json.loads(result.stdout)["video"] == str(place / "out" / "lesson.mp4")
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert [event["stage"] for event in events if "stage" in event] == [
        "trace",
        "lesson",
        "speech",
        "frames",
        "sound",
        "mux",
    ]
    assert {event["ended"] for event in events if "ended" in event} == set(
        json.loads(result.stdout)["stages"]
    )
    assert any(event.get("done") == event.get("total") for event in events if "done" in event)
    return place / "out"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the user's caches."""
    monkeypatch.setenv("LLM_LESSON_CACHE", str(tmp_path / "cache"))
