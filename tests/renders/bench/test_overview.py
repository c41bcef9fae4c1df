"""`bench overview`: every figure is told, in milliseconds, for all shapes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.bench import overview
from renders.cli.main import main
from renders.shot import Quality


@pytest.mark.parametrize("as_json", [True, False])
def test_every_figure_is_told(as_json: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "SIZE", Quality(160, 90))
    monkeypatch.setattr(overview, "FLIGHT", 0.1)
    monkeypatch.setattr(overview, "capture", lambda *_a, **_k: Trace.load(EXAMPLE))
    monkeypatch.setattr(overview, "seeded", lambda **_: None)
    monkeypatch.setattr(overview, "CHAPTERS", overview.CHAPTERS[:2])
    quick = "--quality draft --fps 2 --voice silent --chapters tokens"
    monkeypatch.setattr(overview, "OPTIONS", quick.split())
    if not as_json:
        costs = {"chapter_of_its_length": 0.25, "chapter_gigabytes": 1.75}
        monkeypatch.setattr(overview, "chapter", lambda: costs)
    done = CliRunner().invoke(main, ["bench", "overview", *(["--json"] if as_json else [])])
    assert done.exit_code == 0, done.output
    if not as_json:
        assert "a block opens" in done.output
        assert "1.75" in done.output
        return
    measured = json.loads(done.output)
    for shape in ("bundled", "small", "large"):
        for what in ("made", "hold", "flight", "flight_worst", "back", "opening", "light"):
            assert measured[f"{shape}_{what}"] > 0
    assert set(measured["limits"]) <= set(measured)
    assert all(measured[name] > 0 for name in measured["limits"])
