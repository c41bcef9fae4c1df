"""A trace that was cut off, flipped or edited is refused or found wrong, by name."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_gpt2 import TINY_IDS

from llmtrace import capture
from llmtrace.checks import check
from llmtrace.errors import TraceFileError
from llmtrace.loading import LoadedModel
from llmtrace.trace import Trace


@pytest.fixture(scope="module")
def small(tiny: LoadedModel) -> Trace:
    return capture(TINY_IDS[:2], tiny, new_tokens=1)


@pytest.fixture
def path(small: Trace, tmp_path: Path) -> Path:
    return small.save(tmp_path / "t.safetensors")


def refusal(path: Path) -> str:
    with pytest.raises(TraceFileError) as caught:
        Trace.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


def header_of(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    header: dict[str, Any] = json.loads(raw[8 : 8 + struct.unpack("<Q", raw[:8])[0]])
    return header


def rewrite(path: Path, header: dict[str, Any]) -> Path:
    raw = path.read_bytes()
    written = json.dumps(header).encode()
    data = raw[8 + struct.unpack("<Q", raw[:8])[0] :]
    path.write_bytes(struct.pack("<Q", len(written)) + written + data)
    return path


def test_a_whole_file_is_unchanged(path: Path, small: Trace) -> None:
    assert Trace.load(path).changed() == []
    assert small.changed() == []


def test_what_is_written_as_it_comes_has_checksums_too(tiny: LoadedModel, tmp_path: Path) -> None:
    trace = capture(TINY_IDS, tiny, new_tokens=1, to=tmp_path / "t")
    assert trace.changed() == []
    assert len(header_of(tmp_path / "t")["__metadata__"]["llmtrace.crc32"]) == 8 * (len(trace.names()) + 1)


def test_cut_off_in_the_tensors_names_the_first_that_is_not_whole(path: Path) -> None:
    raw, header = path.read_bytes(), header_of(path)
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    order = sorted(header.keys() - {"__metadata__"}, key=lambda name: header[name]["data_offsets"])
    for at in (0, 5, len(order) - 1):
        end = start + header[order[at]]["data_offsets"][1]
        path.write_bytes(raw[: end - 1])
        rest = len(order) - 1 - at
        message = refusal(path)
        assert f"so that {order[at]}{f' and {rest} more' if rest else ''} cannot be read" in message
        assert f"{end - 1:,} bytes of {len(raw):,}" in message


@pytest.mark.parametrize("length", [0, 7, 8, 9, 100, 2000])
def test_cut_off_before_the_tensors(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])
    assert ("no safetensors file" if length < 8 else "cut off in its header") in refusal(path)


def test_bytes_too_many(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw + b"more")
    assert f"it is {len(raw) + 4:,} bytes long, and its tensors end at {len(raw):,}" in refusal(path)


def test_a_table_that_does_not_fit_is_named(path: Path) -> None:
    header = header_of(path)
    whole = json.loads(json.dumps(header))
    header["logits"]["shape"] = [63]
    assert "logits has 256 bytes, which is not the size of [63] in F32" in refusal(rewrite(path, header))
    header = json.loads(json.dumps(whole))
    header["logits"]["dtype"] = "BF16"
    assert "logits is of type BF16, which is not read here" in refusal(rewrite(path, header))
    del whole["logits"]
    refusal(rewrite(path, whole))


@pytest.mark.parametrize(
    ("name", "shape", "says"),
    [
        (
            "block.01.attn.q",
            [2, 8, 2],
            "block.01.attn.q has the shape 2 × 8 × 2, and H × T × K is 2 × 2 × 8 here",
        ),
        ("embed.sum", [1, 32], "embed.sum has the shape 1 × 32, and T × D is 2 × 16 here"),
        ("tokens", [2, 1], "tokens has the shape 2 × 1, and its axes are T"),
    ],
)
def test_a_shape_that_is_not_that_of_the_axes(path: Path, name: str, shape: list[int], says: str) -> None:
    header = header_of(path)
    header[name]["shape"] = shape
    assert says in refusal(rewrite(path, header))


def test_one_token_less_than_the_other_tensors(small: Trace, tmp_path: Path) -> None:
    tensors = {name: small[name] for name in small.names()} | {"tokens": small["tokens"][:1]}
    message = refusal(Trace(tensors, small.meta).save(tmp_path / "t"))
    assert "block.00.attn.concat has the shape 2 × 16, and T × C is 1 × 16 here" in message


def test_a_flipped_bit_of_a_tensor_is_named(path: Path, small: Trace) -> None:
    raw = path.read_bytes()
    header = header_of(path)
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    for name in ("block.01.attn.v", "tokens", "heads.attribution", "generated.cut"):
        flipped = bytearray(raw)
        flipped[start + header[name]["data_offsets"][0]] ^= 1  # the lowest bit of the first number
        path.write_bytes(flipped)
        trace = Trace.load(path)
        assert trace.changed() == [name]
        assert (trace[name] != small[name]).sum() == 1


def test_other_words_in_the_metadata_are_found(path: Path) -> None:
    header = header_of(path)
    meta = json.loads(header["__metadata__"]["llmtrace"])
    header["__metadata__"]["llmtrace"] = json.dumps({**meta, "prompt": "other words"})
    assert Trace.load(rewrite(path, header)).changed() == ["metadata"]


def test_any_flipped_byte_is_refused_or_found(path: Path) -> None:
    """Anywhere in the file: an error of ours when it opens, or a difference when it is checked."""
    raw = path.read_bytes()
    size = 8 + struct.unpack("<Q", raw[:8])[0]
    places = [*range(8), *np.linspace(8, size - 1, 80).astype(int)]
    places += np.linspace(size, len(raw) - 1, 20).astype(int).tolist()
    unseen = []
    for place in places:
        flipped = bytearray(raw)
        flipped[place] ^= 1 << place % 7
        path.write_bytes(flipped)
        try:
            trace = Trace.load(path)
        except TraceFileError:
            continue
        if not trace.changed():
            unseen.append(place)
    # What says nothing may differ: the name of a checksum's entry, or a space of the padding.
    assert all(place < size for place in unseen)
    assert len(unseen) <= 3


@pytest.mark.parametrize(
    ("name", "place"),
    [("block.01.attn.scaled", "block.01"), ("block.02.ln2.std", "block.02.ln2"), ("ln_f.mean", "ln_f")],
)
def test_a_broken_identity_says_where(small: Trace, name: str, place: str) -> None:
    tensors = {n: small[n].copy() for n in small.names()}
    tensors[name].flat[0] += 0.5
    assert place in {i.place for i in check(Trace(tensors, small.meta)) if not i.holds}


def test_ids_that_no_vocabulary_has_are_found_and_not_raised(small: Trace) -> None:
    wild = small["weight.unembedding_token"] + 10_000
    tensors = {name: small[name] for name in small.names()} | {"weight.unembedding_token": wild}
    broken = {i.formula: i.error for i in check(Trace(tensors, replace(small.meta))) if not i.holds}
    assert broken == {"logits = ln_f.out · unembedding rows": np.inf}
