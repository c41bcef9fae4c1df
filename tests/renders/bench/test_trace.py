"""`bench trace`: it tells every figure of the issue, and the peak is that of a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from transformers import GPT2Config, GPT2LMHeadModel

from llmtrace.loading import LoadedModel
from llmtrace.parts import card
from llmtrace.trace import Trace
from renders.bench import trace
from renders.cli.main import main


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of a few thousand parameters in place of GPT-2 small's shape, and no process of its own."""
    model = GPT2LMHeadModel(GPT2Config(n_layer=8, n_head=2, n_embd=8, vocab_size=50, n_positions=64)).eval()
    monkeypatch.setattr(trace, "seeded", lambda: LoadedModel(model, None, card(model, "small", "")))
    monkeypatch.setattr(trace, "seeded_ids", lambda length: list(range(min(length, 40))))

    def long(path: Path) -> int:
        trace.trace_long(path)
        assert set(Trace.load(path).names()) == {
            "tokens",
            "generated.token",
            *(f"block.{index:02d}.attn.pattern" for index in range(8)),
        }
        return 1_500_000_000

    monkeypatch.setattr(trace, "_long", long)


@pytest.mark.usefixtures("small")
def test_every_figure_has_its_limit() -> None:
    done = CliRunner().invoke(main, ["bench", "trace", "--rounds", "1", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["peak_gigabytes_1024"] == 1.5
    assert told["megabytes_12"] < told["megabytes_256"]
    assert set(told["limits"]) <= set(told)
    assert all(told[name] > 0 for name in told["limits"])
    assert told["seconds"].keys() == {"forward", "traced", "traced_pass", "written"}


@pytest.mark.usefixtures("small")
def test_it_prints_a_row_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    done = CliRunner().invoke(main, ["bench", "trace", "--rounds", "1"])
    assert done.exit_code == 0, done.output
    printed = done.output + capsys.readouterr().out
    assert "1.50" in printed
    assert "plain forward pass" in printed
