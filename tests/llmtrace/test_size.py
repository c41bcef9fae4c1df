"""What is told of a trace's size before it is made, against what it then takes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from test_families import flowing
from tiny_gpt2 import TINY_IDS, tiny_model

from llmtrace import capture
from llmtrace.errors import TraceWriteError
from llmtrace.loading import LoadedModel
from llmtrace.size import expected_bytes, of_a_pass
from llmtrace.trace import Trace


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"new_tokens": 1},
        {"dtype": "float16"},
        {"trace_steps": "all", "new_tokens": 3},
        {"trace_steps": "last"},
        {"only": ("block.*.attn.pattern",)},
        {"only": ("generated.*", "logits")},
    ],
)
def test_it_is_what_the_file_takes(bundled: LoadedModel, options: dict[str, Any], tmp_path: Path) -> None:
    prompt = "Once upon a time there was a little dog who lived in a big house by the sea. " * 8
    trace = capture(prompt, bundled, to=tmp_path / "t.safetensors", **options)
    told = expected_bytes(bundled.card, trace.length, **options)
    assert trace.length > 100
    assert told == pytest.approx((tmp_path / "t.safetensors").stat().st_size, rel=0.1, abs=5e4)
    short = capture("What will be", bundled, to=tmp_path / "short.safetensors", **options)
    told = expected_bytes(bundled.card, short.length, **options)
    assert told == pytest.approx((tmp_path / "short.safetensors").stat().st_size, rel=0.1, abs=5e4)


def test_a_full_context_has_no_room_for_more_steps() -> None:
    card = tiny_model().card
    assert expected_bytes(card, 12, new_tokens=9) == expected_bytes(card, 12, new_tokens=1)


def test_gpt2s_names_of_a_pass_are_all_named(tiny_trace: Trace) -> None:
    assert set(of_a_pass(tiny_trace.meta.model)) == flowing(tiny_trace)


def test_it_is_told_before_the_pass(tiny: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    def late(*_: object, **__: object) -> None:
        assert told == [expected_bytes(tiny.card, 6)]
        raise KeyboardInterrupt

    monkeypatch.setattr("llmtrace.forward._generate", late)
    with pytest.raises(KeyboardInterrupt):
        capture(TINY_IDS, tiny, foretell=told.append)


def test_no_room_is_told_before_the_pass(
    tiny: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "shutil.disk_usage", lambda place: SimpleNamespace(free=5000 if place == tmp_path else 0)
    )
    with pytest.raises(TraceWriteError, match=r"about \d+\.\d kB are needed, and 5\.0 kB are free there"):
        capture(TINY_IDS, tiny, to=tmp_path / "new" / "t.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_each_token_is_told_of(tiny: LoadedModel) -> None:
    told: list[tuple[int, int]] = []
    trace = capture(TINY_IDS, tiny, new_tokens=3, each=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)][: len(trace["generated.token"])]
    assert told
