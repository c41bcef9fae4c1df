"""A folder of a model made wrong, and the one line that is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmtrace.errors import TraceError, WeightsError
from llmtrace.models import load_model

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935\nsize 548105171\n"


def change_config(folder: Path, **changes: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def refusal(name: str | Path, kind: type[TraceError] = WeightsError) -> str:
    with pytest.raises(kind) as caught:
        load_model(str(name))
    message = str(caught.value)
    assert "\n" not in message
    for foreign in ("above report", "ignore_mismatched", "deserializing", "Expecting value", "line 1 column"):
        assert foreign not in message
    return message
