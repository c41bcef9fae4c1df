"""`bench voice`: every figure of the issue with its limit, measured on the real voice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from renders.bench import voice
from renders.cli.main import main


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    """Of two sentences instead of five minutes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(voice, "_script", lambda: ["The text is cut into 3 tokens.", "That is all."])
        return voice._measured()


def test_the_script_lasts_about_five_minutes() -> None:
    letters = sum(map(len, voice._script()))
    assert 3600 < letters < 4500  # it says some 13 a second, its pauses counted


def test_a_second_run_speaks_nothing(figures: dict[str, Any]) -> None:
    assert figures["spoken_again"] == 0
    assert 2 < figures["script_seconds"] < 10
    assert figures["of_real_time"] > 0
    assert figures["master_seconds"] > 0


def test_it_tells_each_figure_and_fails_past_a_limit(
    figures: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {**figures, "limits": voice.LIMITS, "ok": True}
    monkeypatch.setattr(voice, "measure", lambda: told)
    done = CliRunner().invoke(main, ["bench", "voice", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == told
    assert set(voice.LIMITS) <= set(told)
    told["ok"] = False
    done = CliRunner().invoke(main, ["bench", "voice"])
    assert done.exit_code == 1
    assert "peak memory" in done.stdout


def test_the_verdict_is_by_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    class Here:
        """A process that is this one."""

        def __init__(self, *_: Any, **__: Any) -> None: ...
        def __enter__(self) -> Here:
            return self

        def __exit__(self, *_: Any) -> None: ...
        def submit(self, _work: Any) -> Here:
            return self

        def result(self) -> dict[str, Any]:
            return {**dict.fromkeys(voice.LIMITS, 0), "memory_mb": memory}

    monkeypatch.setattr(voice, "ProcessPoolExecutor", Here)
    memory = 499
    assert voice.measure()["ok"]
    memory = 501
    assert not voice.measure()["ok"]
