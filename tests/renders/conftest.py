"""Fixtures of the tests of `renders`, and the option that renews the kept pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace


@pytest.fixture(scope="session")
def example() -> Trace:
    """The bundled example trace: "What will be"."""
    return Trace.load(EXAMPLE)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the user's caches."""
    monkeypatch.setenv("LLM_LESSON_CACHE", str(tmp_path / "cache"))
