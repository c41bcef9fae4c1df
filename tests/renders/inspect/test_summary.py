"""What a person reads after `llm-lesson trace`: all of it read from the trace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from llmtrace.describe import size_of
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from renders.inspect.summary import summary


@pytest.fixture
def path(example: Trace, tmp_path: Path) -> Path:
    return example.save(tmp_path / "my trace.safetensors")


def test_every_line(example: Trace, path: Path) -> None:
    lines = list(summary(example, path))
    row = example["generated.probability"][0]
    best = np.argsort(-row, kind="stable")[:2].tolist()
    texts = [f"{(example.token_bytes(i) or b'').decode().replace(' ', '␣')} {row[i]:.1%}" for i in best]
    index, head = example.best_head
    assert lines[0].startswith(
        f"{path}: 3 tokens, {len(example.names())} tensors, {size_of(path.stat().st_size)}"
    )
    assert lines[1] == "  prompt  What | ␣will | ␣be"
    assert lines[2] == "  model   gpt2-pocket: 6 blocks of 8 heads, width 256"
    assert lines[3].startswith(f"  next    {texts[0]}, {texts[1]}, ")
    assert lines[4].endswith("(the likeliest each time)")
    assert lines[5].startswith(f"  shown   block {index + 1}, head {head + 1}:")
    assert lines[6] == f"  look    llm-lesson inspect '{path}'"
    assert lines[7] == f"  prove   llm-lesson check '{path}'"


def test_the_end_of_the_text_is_told(example: Trace, path: Path) -> None:
    last = int(example["generated.token"][-1])
    meta = replace(example.meta, model=replace(example.meta.model, ends=(last,)))
    lines = list(summary(Trace({name: example[name] for name in example}, meta), path))
    assert lines[4].endswith("(the likeliest each time; the text ends there)")


def test_what_is_not_kept_is_not_told(example: Trace, path: Path) -> None:
    names = ("tokens", "generated.token")
    lines = list(summary(Trace({name: example[name] for name in names}, example.meta), path))
    assert [line.split()[0] for line in lines[1:]] == ["prompt", "model", "chosen", "look", "prove"]
    assert lines[1] == "  prompt  #2061 | #481 | #307"


def test_a_long_prompt_is_cut_and_the_rule_is_said(example: Trace, path: Path) -> None:
    meta = replace(example.meta, sampling=Sampling(0.7, 40, None, 11))
    tensors = {name: example[name] for name in example.names()} | {"tokens": np.full(30, 481, np.int32)}
    lines = list(summary(Trace(tensors, meta), path))
    assert lines[1].endswith("␣will | ␣will | … 18 more")
    assert lines[1].count("␣will") == 12
    assert lines[4].endswith("(temperature 0.7, top-k 40, seed 11)")


def test_hostile_tokens_stay_on_their_line(example: Trace, path: Path) -> None:
    entries = [
        b"\n\x1b[31m" if i == 481 else b"a" * (300 if i == 307 else 1)
        for i in range(example.meta.model.vocabulary)
    ]
    tensors = {name: example[name] for name in example.names()} | {
        "vocabulary.bytes": np.frombuffer(b"".join(entries), dtype=np.uint8),
        "vocabulary.ends": np.cumsum([len(entry) for entry in entries], dtype=np.int32),
    }
    lines = list(summary(Trace(tensors, example.meta), path))
    assert lines[1] == f"  prompt  a | ↵‹1B›[31m | {'a' * 23}…"
