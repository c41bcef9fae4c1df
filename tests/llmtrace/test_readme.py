"""What README shows of Python runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from llmtrace import Trace

README = Path(__file__).parents[2] / "README.md"


def test_the_example_of_the_tracer_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trace: Trace
) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (example,) = (block for block in blocks if "from llmtrace import" in block)
    monkeypatch.chdir(tmp_path)
    found: dict[str, object] = {}
    exec(example, found)
    made = Trace.load(tmp_path / "trace.safetensors")
    assert made["logits"].tolist() == trace["logits"].tolist()
    assert repr(found["trace"]) == repr(made)
