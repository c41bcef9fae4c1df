"""`bench trace`: it tells every figure of the issue, and the peak is that of a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from transformers import GPT2Config, GPT2LMHeadModel

from llmtrace.loading import LoadedModel
from llmtrace.parts import card
from llmtrace.trace import Trace
from renders.bench import trace
from renders.cli.main import main


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """The figures of a model of a few thousand parameters in place of GPT-2 small's shape."""
    model = GPT2LMHeadModel(GPT2Config(n_layer=8, n_head=2, n_embd=8, vocab_size=50, n_positions=64)).eval()

    def long(path: Path) -> int:
        trace.trace_long(path)
        assert set(Trace.load(path).names()) == {
            "tokens",
            "generated.token",
            *(f"block.{index:02d}.attn.pattern" for index in range(8)),
        }
        return 1_500_000_000

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trace, "seeded", lambda: LoadedModel(model, None, card(model, "small", "")))
        patch.setattr(trace, "seeded_ids", lambda length: list(range(min(length, 40))))
        patch.setattr(trace, "_long", long)
        return trace.measure(rounds=1)


@pytest.fixture
def bench(measured: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, which is told these figures."""
    asked: list[int] = []
    monkeypatch.setattr(trace, "measure", lambda rounds: asked.append(rounds) or measured)

    def run(*options: str) -> Result:
        done = CliRunner().invoke(main, ["bench", "trace", "--rounds", "1", *options])
        assert done.exit_code == 0, done.output
        assert asked == [1]
        return done

    return run


def test_every_figure_has_its_limit(bench: Callable[..., Result]) -> None:
    told = json.loads(bench("--json").output)
    assert told["peak_gigabytes_1024"] == 1.5
    assert told["megabytes_12"] < told["megabytes_256"]
    assert set(told["limits"]) <= set(told)
    assert all(told[name] > 0 for name in told["limits"])
    assert told["seconds"].keys() == {"forward", "traced", "traced_pass", "written"}


def test_it_prints_a_row_for_each(bench: Callable[..., Result], capsys: pytest.CaptureFixture[str]) -> None:
    printed = bench().output + capsys.readouterr().out
    assert "1.50" in printed
    assert "plain forward pass" in printed
