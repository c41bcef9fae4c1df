"""A trace's file: what is written is what is read, lazily; and no other file passes for one."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from llmtrace.checks import check
from llmtrace.errors import TraceFileError
from llmtrace.identities_neurons import FEED_FORWARD, NEURONS
from llmtrace.meta import FORMAT
from llmtrace.names import described
from llmtrace.sampling import Sampling
from llmtrace.store import TraceWriter
from llmtrace.trace import Trace, block


@pytest.fixture
def saved(tiny_trace: Trace, tmp_path: Path) -> Path:
    return tiny_trace.save(tmp_path / "trace.safetensors")


def with_header(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The same file with its metadata changed."""
    raw = path.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + size])
    meta = json.loads(header["__metadata__"]["llmtrace"])
    header["__metadata__"]["llmtrace"] = json.dumps(change(meta))
    written = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(written)) + written + raw[8 + size :])
    return path


def refusal(path: Path | str) -> str:
    with pytest.raises(TraceFileError) as caught:
        Trace.load(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("which", ["trace", "tiny_trace"])
def test_round_trip(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    trace: Trace = request.getfixturevalue(which)
    again = Trace.load(trace.save(tmp_path / "new folder" / "a.safetensors"))
    assert again.meta == trace.meta
    assert again.names() == trace.names()
    for name in trace.names():
        assert again[name].dtype == trace[name].dtype
        np.testing.assert_array_equal(again[name], trace[name])
    assert [p.name for p in (tmp_path / "new folder").iterdir()] == ["a.safetensors"]


def test_metadata_of_every_kind_comes_back(tiny_trace: Trace, tmp_path: Path) -> None:
    meta = replace(
        tiny_trace.meta,
        prompt='“quotes” "\\\n\x00 日本 😀',
        spans=((0, 3), (3, 9)),
        sampling=Sampling(0.7, 40, 0.9, 11),
    )
    tensors = {"tokens": tiny_trace["tokens"]}
    assert Trace.load(Trace(tensors, meta).save(tmp_path / "t")).meta == meta


def test_a_saved_trace_can_be_saved_over_itself(saved: Path) -> None:
    before = saved.read_bytes()
    Trace.load(saved).save(saved)
    assert saved.read_bytes() == before


def test_tensors_are_read_when_asked_for(saved: Path) -> None:
    trace = Trace.load(saved)
    assert "logits" in trace
    assert trace.names("block.01.*")
    assert {info.name: info.shape for info in trace.info()}["logits"] == (64,)
    assert trace._tensors == {}
    first = trace["logits"]
    assert trace["logits"] is first
    assert list(trace._tensors) == ["logits"]


def test_a_mapped_tensor_takes_no_memory_and_cannot_be_changed(saved: Path) -> None:
    logits = Trace.load(saved)["logits"]
    assert not logits.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        logits[0] = 1.0


def test_names_and_axes(tiny_trace: Trace) -> None:
    assert block(3, "attn.pattern") == "block.03.attn.pattern"
    assert tiny_trace.names("block.*.attn.q") == tuple(block(i, "attn.q") for i in range(3))
    assert tiny_trace.axes("block.02.attn.pattern") == ("H", "T", "T")
    assert tiny_trace.axes("ln_f.std") == ("T",)
    for info in tiny_trace.info():
        assert (info.axes, info.about) == described(info.name)
        assert len(info.axes) == len(info.shape)
    assert tiny_trace.axes("step.03.block.02.attn.pattern") == ("H", "T", "T")
    assert "no.such" not in tiny_trace
    with pytest.raises(KeyError, match=r"no\.such"):
        tiny_trace["no.such"]
    with pytest.raises(KeyError, match=r"no\.such"):
        tiny_trace.axes("no.such")


def test_best_head_is_where_attribution_is_highest(tiny_trace: Trace) -> None:
    scores = np.array([[0.1, -9.0], [0.3, 0.2], [0.0, 0.0]], dtype=np.float32)
    tensors = {n: tiny_trace[n] for n in tiny_trace.names()} | {"heads.attribution": scores}
    assert Trace(tensors, tiny_trace.meta).best_head == (1, 0)


def test_token_bytes_of_the_first_and_the_last(trace: Trace) -> None:
    everything = b"".join(trace.token_bytes(i) or b"" for i in range(trace.meta.model.vocabulary))
    assert everything == trace["vocabulary.bytes"].tobytes()
    assert trace.token_bytes(0) == everything[: trace["vocabulary.ends"][0]]


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert "'llm-lesson trace PROMPT --out" in refusal(tmp_path / "none")
    assert "no such trace" in refusal(tmp_path)


def test_files_that_are_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for content in (b"", b"hello", b"\xff" * 100, b"PK\x03\x04" + bytes(100)):
        path.write_bytes(content)
        assert "cannot be read as a trace" in refusal(path)
    save_file({"tokens": np.zeros(3)}, path)
    assert "a safetensors file, but no trace" in refusal(path)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.999])
def test_truncated(saved: Path, share: float) -> None:
    raw = saved.read_bytes()
    saved.write_bytes(raw[: int(share * len(raw))])
    assert "cannot be read as a trace" in refusal(saved)


def test_another_format(saved: Path) -> None:
    message = refusal(with_header(saved, lambda meta: {**meta, "format": FORMAT + 1}))
    assert f"format {FORMAT + 1}, this version reads up to {FORMAT}; trace the prompt again" in message


FED = ("neurons.*", "weight.block.up*", "weight.block.down*")  # since format 4
NEWER = (
    *("tokens.merges", "*.weight", "*.bias", "lens.*", "weight.*", "neighbours.*", "projection.*", "*.cut"),
    *FED,
)


def test_a_trace_of_format_1_is_read_and_checked(tiny_trace: Trace, tmp_path: Path) -> None:
    """What version 1 wrote: fewer tensors, and no family in the model's card."""
    newer = {name for pattern in NEWER for name in tiny_trace.names(pattern)}
    old = Trace({n: tiny_trace[n] for n in tiny_trace.names() if n not in newer}, tiny_trace.meta)

    def as_before(meta: dict[str, Any]) -> dict[str, Any]:
        for name in ("family", "key_heads", "windows", "parallel", "ends"):
            del meta["model"][name]
        return {k: v for k, v in meta.items() if k not in ("steps", "only", "spelling")} | {"format": 1}

    trace = Trace.load(with_header(old.save(tmp_path / "old.safetensors"), as_before))
    assert trace.meta.model.family == "gpt2"
    assert all(identity.holds for identity in check(trace))
    assert len(check(trace)) == 21


def test_a_trace_of_format_3_is_read_and_checked(tiny_trace: Trace, tmp_path: Path) -> None:
    newer = {name for pattern in FED for name in tiny_trace.names(pattern)}
    old = Trace({n: tiny_trace[n] for n in tiny_trace.names() if n not in newer}, tiny_trace.meta)
    path = with_header(old.save(tmp_path / "old.safetensors"), lambda meta: {**meta, "format": 3})
    held = check(Trace.load(path))
    assert all(identity.holds for identity in held)
    assert {i.formula for i in check(tiny_trace)} - {i.formula for i in held} == {
        rule.formula for rule in (*NEURONS, *FEED_FORWARD)
    }


def test_a_tensor_with_a_wrong_number_of_axes_is_named(tiny_trace: Trace, tmp_path: Path) -> None:
    tensors = {n: tiny_trace[n] for n in tiny_trace.names()} | {"logits": tiny_trace["logits"][None]}
    path = Trace(tensors, tiny_trace.meta).save(tmp_path / "t")
    assert "logits has the shape 1 × 64, and its axes are V" in refusal(path)


def test_a_tensor_of_no_known_name_is_named(tiny_trace: Trace, tmp_path: Path) -> None:
    path = Trace({"tokens": tiny_trace["tokens"], "odd": np.zeros(2, np.float32)}, tiny_trace.meta)
    assert "odd: no tensor of a trace has this name" in refusal(path.save(tmp_path / "t"))


def test_it_opens_in_plain_safetensors(saved: Path, tiny_trace: Trace) -> None:
    plain = load_file(saved)
    assert set(plain) == set(tiny_trace.names())
    for name, array in plain.items():
        np.testing.assert_array_equal(array, tiny_trace[name])


@pytest.mark.parametrize(
    "change",
    [
        lambda _: [],
        lambda _: {"format": 1},
        lambda meta: {**meta, "model": {}},
        lambda meta: {**meta, "model": None},
        lambda meta: {**meta, "spans": [1]},
        lambda meta: {**meta, "unknown": 1},
        lambda meta: {**meta, "sampling": {"temperature": -1}},
        lambda meta: {**meta, "sampling": {"seed": "a"}},
    ],
)
def test_a_damaged_header(saved: Path, change: Callable[[dict[str, Any]], object]) -> None:
    assert "its header is damaged" in refusal(with_header(saved, change))


def test_a_place_that_cannot_be_written(tiny_trace: Trace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    for path in (
        tmp_path / "file" / "t",
        tmp_path / "file" / "deep" / "t",
        tmp_path / "folder",
        Path("/proc/t"),
    ):
        with pytest.raises(TraceFileError, match=r"cannot be written.*--out") as caught:
            tiny_trace.save(path)
        assert str(caught.value).startswith(str(path))
    with pytest.raises(TraceFileError, match="cannot be written"):
        tiny_trace.save("")
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_write_that_is_broken_off_leaves_the_old_file(
    saved: Path, tiny_trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    put, count = TraceWriter.put, iter(range(10))

    def stopped(self: TraceWriter, name: str, array: Any) -> None:
        put(self, name, array)
        if next(count) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(TraceWriter, "put", stopped)
    with pytest.raises(KeyboardInterrupt):
        tiny_trace.save(saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_a_trace_is_read_without_torch(saved: Path) -> None:
    code = (
        "import sys, llmtrace, llmtrace.trace, llmtrace.checks, llmtrace.visible\n"
        f"trace = llmtrace.Trace.load({str(saved)!r})\n"
        "assert all(identity.holds for identity in llmtrace.checks.check(trace))\n"
        "print(sorted({'torch', 'transformers', 'tokenizers', 'manim'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
