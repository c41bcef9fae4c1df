"""What a trace keeps: `only`, `dtype`, `trace_steps`; and that a file's tensors go there as they come."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_gpt2 import TINY_IDS, tiny_model

from llmtrace import capture
from llmtrace.checks import check
from llmtrace.errors import SettingError, TooLongError, TraceWriteError
from llmtrace.loading import LoadedModel
from llmtrace.names import wanted
from llmtrace.sampling import Sampling
from llmtrace.trace import MissingTensorError, Trace

HOT = Sampling(1.3, top_k=30, top_p=0.9, seed=5)


def failing(trace: Trace) -> list[str]:
    return [identity.formula for identity in check(trace) if not identity.holds]


def told(trace: Trace) -> set[str]:
    return {identity.formula for identity in check(trace) if identity.error is not None}


@pytest.mark.parametrize("steps", ["first", "last", "all"])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_file_written_as_it_comes_is_that_kept_in_memory(
    tiny: LoadedModel, tmp_path: Path, steps: str, dtype: str
) -> None:
    asked: dict[str, Any] = {"new_tokens": 3, "sampling": HOT, "dtype": dtype, "trace_steps": steps}
    kept = capture(TINY_IDS, tiny, **asked)
    filed = capture(TINY_IDS, tiny, **asked, to=tmp_path / "t.safetensors")
    assert filed.meta == kept.meta
    assert filed.names() == kept.names()
    for name in kept.names():
        np.testing.assert_array_equal(filed[name], kept[name])
        assert filed[name].dtype == kept[name].dtype
    assert failing(filed) == []
    assert [path.name for path in tmp_path.iterdir()] == ["t.safetensors"]
    again = capture(TINY_IDS, tiny, **asked, to=tmp_path / "u.safetensors")
    assert (tmp_path / "u.safetensors").read_bytes() == (tmp_path / "t.safetensors").read_bytes()
    assert again.meta == kept.meta


def test_writing_as_it_comes_takes_less_memory_than_the_tensors(tmp_path: Path) -> None:
    model = tiny_model(n_layer=8, n_positions=256)
    size = 8 * 2 * 256 * 256 * 4  # bytes of the patterns alone

    def peak(to: Path | None) -> int:
        tracemalloc.start()
        try:
            capture([i % 64 for i in range(256)], model, only=["block.*.attn.pattern"], to=to)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(None) > size
    assert peak(tmp_path / "t.safetensors") < size / 8


def test_only_what_is_named_is_kept(tiny: LoadedModel, tiny_trace: Trace) -> None:
    some = capture(TINY_IDS, tiny, new_tokens=3, only=["block.0[12].attn.pattern", "ln_f.*"])
    always = {"tokens", "generated.token"}
    chosen = {*tiny_trace.names("block.01.attn.pattern"), *tiny_trace.names("block.02.attn.pattern")}
    assert set(some.names()) == always | chosen | set(tiny_trace.names("ln_f.*"))
    for name in some.names():
        np.testing.assert_array_equal(some[name], tiny_trace[name])


def test_a_pattern_holds_for_every_step(tiny: LoadedModel) -> None:
    trace = capture(TINY_IDS, tiny, new_tokens=2, only=["logits"], trace_steps="all")
    assert trace.names() == ("generated.token", "logits", "step.01.logits", "step.01.tokens", "tokens")
    assert wanted("step.01.logits", ["step.01.*"])
    assert not wanted("logits", ["step.01.*"])


def test_identities_that_cannot_be_told_are_named_as_such(tiny: LoadedModel) -> None:
    trace = capture(TINY_IDS, tiny, only=["block.*.attn.pattern", "block.*.attn.masked"])
    assert told(trace) == {
        "pattern = softmax(masked)",
        "each row of the pattern sums to 1",
        "the future has weight 0",
        "nothing follows the token that ends the text",  # ids that are chosen are always kept
    }
    untold = {identity.formula for identity in check(trace)} - told(trace)
    assert {"token + position = sum", "scores = q · k", "the likeliest come first", "mean"} <= untold
    assert failing(trace) == []


def test_a_part_of_a_trace_must_have_what_it_was_to_keep(tiny: LoadedModel) -> None:
    trace = capture(TINY_IDS, tiny, only=["block.*.attn.*"])
    tensors = {name: trace[name] for name in trace.names() if name != "block.01.attn.q"}
    with pytest.raises(MissingTensorError, match=r"block\.01\.attn\.q"):
        check(Trace(tensors, trace.meta))


def test_a_part_of_a_trace_is_checked_too(tiny: LoadedModel) -> None:
    trace = capture(TINY_IDS, tiny, only=["block.*.attn.pattern"])
    tensors = {name: trace[name].copy() for name in trace.names()}
    tensors["block.01.attn.pattern"][0, 2, 1] += 0.01
    assert failing(Trace(tensors, trace.meta)) == ["each row of the pattern sums to 1"]


def test_float16_keeps_whole_numbers_and_choices_exact(tiny: LoadedModel, tiny_trace: Trace) -> None:
    half = capture(TINY_IDS, tiny, new_tokens=3, dtype="float16", surroundings=True)
    assert half.names() == tiny_trace.names()
    for name in half.names():
        exact = name.startswith(("generated.", "heads.")) or tiny_trace[name].dtype.kind in "iu"
        assert half[name].dtype == (tiny_trace[name].dtype if exact else np.float16)
        if exact:
            np.testing.assert_array_equal(half[name], tiny_trace[name])
        else:
            np.testing.assert_allclose(half[name], tiny_trace[name], rtol=2**-11, atol=1e-7)
    assert {identity.tolerance for identity in check(half)} == {0.0, 2e-2}


def test_what_lies_around_the_prompt_is_kept_where_it_is_wanted(tiny: LoadedModel, tiny_trace: Trace) -> None:
    around = {name for name in tiny_trace if name.startswith(("neighbours.", "projection."))}
    assert len(around) == 8
    plain = capture(TINY_IDS, tiny, new_tokens=3)
    assert {*plain} == {*tiny_trace} - around
    assert all(identity.holds for identity in check(plain))
    named = capture(TINY_IDS, tiny, new_tokens=3, only=["neighbours.*"])
    assert {name for name in named if name in around} == {"neighbours.token", "neighbours.cosine"}
    np.testing.assert_array_equal(named["neighbours.token"], tiny_trace["neighbours.token"])


def test_numbers_that_float16_cannot_hold_are_not_made_infinite(tmp_path: Path) -> None:
    model = tiny_model(initializer_range=600.0)
    with pytest.raises(SettingError, match=r"float16 cannot hold; leave --dtype out"):
        capture(TINY_IDS, model, dtype="float16", to=tmp_path / "t.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_later_steps_are_passes_of_their_own(tiny: LoadedModel) -> None:
    trace = capture(TINY_IDS, tiny, new_tokens=3, trace_steps="all")
    words = [*TINY_IDS, *trace["generated.token"].tolist()]
    for step in (1, 2):
        longer = capture(words[: len(TINY_IDS) + step], tiny, new_tokens=1)
        prefix = f"step.{step:02d}."
        assert trace[f"{prefix}tokens"].tolist() == words[: len(TINY_IDS) + step]
        for name in (n.removeprefix(prefix) for n in trace.names(f"{prefix}*")):
            np.testing.assert_array_equal(trace[prefix + name], longer[name])
        assert f"{prefix}block.02.attn.pattern" in trace
    last = capture(TINY_IDS, tiny, new_tokens=3, trace_steps="last")
    assert last.names("block.*.attn.pattern") == ()
    assert last.names("step.*") == trace.names("step.02.*")


def test_a_changed_value_of_a_later_step_is_noticed(tiny: LoadedModel) -> None:
    trace = capture(TINY_IDS, tiny, new_tokens=3, trace_steps="all")
    for name, formula in {
        "step.02.block.01.attn.v": "context = pattern · v",
        "step.01.logits": "each step reads its pass's logits",
    }.items():
        tensors = {n: trace[n].copy() for n in trace.names()}
        tensors[name].flat[3] += 0.05
        assert failing(Trace(tensors, trace.meta)) == [formula]


@pytest.mark.parametrize("pattern", ["no.such", "block.07.*", "rotary.cos", "Logits"])
def test_a_pattern_of_nothing_is_refused(tiny: LoadedModel, tmp_path: Path, pattern: str) -> None:
    with pytest.raises(SettingError, match="has no tensor of such a name") as caught:
        capture(TINY_IDS, tiny, only=["logits", pattern], to=tmp_path / "t")
    assert repr(pattern) in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_device_or_a_folder_is_not_replaced(tiny: LoadedModel, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(TraceWriteError, match="is no file"):
            capture(TINY_IDS, tiny, to=tmp_path / name)
    assert (tmp_path / "pipe").is_fifo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "pipe"]


def test_a_full_context_of_1024_and_one_more(tmp_path: Path) -> None:
    model = tiny_model(n_layer=1, n_positions=1024)
    ids = [i % 64 for i in range(1024)]
    trace = capture(ids, model, only=["logits", "embed.sum"], to=tmp_path / "t")
    assert (trace.length, len(trace["generated.token"])) == (1024, 1)
    assert trace["embed.sum"].shape == (1024, 16)
    with pytest.raises(TooLongError, match=r"1,025 tokens long, and tiny reads at most 1,024; shorten it"):
        capture([*ids, 0], model)


@pytest.mark.parametrize(
    ("option", "said"),
    [({"dtype": "bfloat16"}, "dtype bfloat16"), ({"trace_steps": "some"}, "trace steps some")],
)
def test_options_that_make_no_sense(tiny: LoadedModel, option: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        capture(TINY_IDS, tiny, **option)


def test_a_full_disk_leaves_the_old_file_and_nothing_half_written(
    tiny: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.safetensors"
    path.write_bytes(b"mine")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)  # the last thing that is done
    with pytest.raises(TraceWriteError, match=r"cannot be written \(No space left on device\).*--out"):
        capture(TINY_IDS, tiny, to=path)
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]


def test_room_that_cannot_be_taken_ahead_is_found_while_writing(
    tiny: LoadedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nearly_full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    capture(TINY_IDS, tiny, to=tmp_path / "ahead.safetensors")
    monkeypatch.setattr(os, "posix_fallocate", nearly_full, raising=False)
    capture(TINY_IDS, tiny, to=tmp_path / "found.safetensors")
    monkeypatch.delattr(os, "posix_fallocate")  # as on a Mac
    capture(TINY_IDS, tiny, to=tmp_path / "without.safetensors")
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
def test_room_that_ends_in_the_midst_of_writing(tmp_path: Path) -> None:
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "from renders.cli.main import main\n"
        f"main(['trace', 'What will be', '--out', {str(tmp_path / 't.safetensors')!r}])"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "cannot be written" in done.stderr
    assert list(tmp_path.iterdir()) == []
