"""What tracing costs: beside the plain forward pass, on disk, in memory, and to read again.

The model has GPT-2 small's shape and seeded random weights: what it costs does not hang on their values.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from llmtrace import capture
from llmtrace.loading import LoadedModel
from llmtrace.parts import card
from llmtrace.trace import Trace

SHORT, MIDDLE, LONG = 12, 256, 1024  # tokens
LONG_ONLY = "block.*.attn.pattern"  # what the long trace keeps
PASS = [
    "embed.*",
    "block.*",
    "ln_f.*",
    "logits",
    "generated.*",
]  # what flows through the model, and the choice
LIMITS = {
    "tracing": 1.5,  # × the plain forward pass
    "megabytes_12": 14.0,
    "megabytes_256": 450.0,
    "peak_gigabytes_1024": 2.0,
    "open_milliseconds": 20.0,
}


def seeded(**shape: int) -> LoadedModel:
    """GPT-2 small's shape, or another, with random weights, always the same."""
    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(attn_implementation="eager", **shape)).eval()
    return LoadedModel(model, None, card(model, "seeded", ""))


def seeded_ids(length: int) -> list[int]:
    return [int(i) for i in np.random.default_rng(0).integers(0, GPT2Config().vocab_size, length)]


def measure(rounds: int = 7) -> dict[str, Any]:
    """Every figure, with what it may be at most under `limits`; times are medians of `rounds` in turn."""
    with tempfile.TemporaryDirectory(prefix="llm-lesson-bench-") as place:
        folder = Path(place)
        long = _long(folder / "long.safetensors")  # first, before this process takes memory of its own
        loaded = seeded()
        short = _short(loaded, folder / "short.safetensors", rounds)
        capture(seeded_ids(MIDDLE), loaded, to=folder / "middle.safetensors")
        traces = sorted(folder.glob("*.safetensors"))
        figures = {
            "tracing": (short["traced"] - short["written"]) / short["forward"],
            "tracing_pass": (short["traced_pass"] - short["written"]) / short["forward"],
            "megabytes_12": short["bytes"] / 1e6,
            "megabytes_256": (folder / "middle.safetensors").stat().st_size / 1e6,
            "megabytes_1024": (folder / "long.safetensors").stat().st_size / 1e6,
            "peak_gigabytes_1024": long / 1e9,
            "open_milliseconds": 1e3 * max(_opened(path, rounds) for path in traces),
        }
    return {
        **{name: round(value, 3) for name, value in figures.items()},
        "seconds": {name: round(short[name], 4) for name in ("forward", "traced", "traced_pass", "written")},
        "limits": LIMITS,
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "machine": platform.machine(),
    }


def _short(loaded: LoadedModel, path: Path, rounds: int) -> dict[str, float]:
    """Of 12 tokens: a plain pass, one traced to a file, with and without what stands beside the pass (lens,
    attribution, neighbours, map, weights), and the writing of as many bytes."""
    ids = seeded_ids(SHORT)
    batch = torch.tensor([ids])

    def forward() -> None:
        with torch.no_grad():
            loaded.model(batch, use_cache=False)

    copied = path.with_suffix(".copy")
    found: dict[str, list[float]] = {"forward": [], "traced": [], "traced_pass": [], "written": []}
    for _ in range(rounds + 1):
        found["forward"].append(_seconds(forward))
        record = partial(capture, ids, loaded, new_tokens=1, to=path)
        found["traced_pass"].append(_seconds(partial(record, only=PASS)))
        found["traced"].append(_seconds(record))
        found["written"].append(_seconds(partial(copied.write_bytes, path.read_bytes())))
    copied.unlink()
    capture(ids, loaded, to=path)  # as large as it is by default, with four new tokens
    medians = {name: statistics.median(seconds[1:]) for name, seconds in found.items()}  # the first warms up
    return {**medians, "bytes": path.stat().st_size}


def _opened(path: Path, rounds: int) -> float:
    """Seconds to open a trace and read one tensor, every number of it."""

    def read() -> None:
        Trace.load(path)["block.07.attn.pattern"][0, -1].sum()

    return statistics.median(_seconds(read) for _ in range(rounds))


def trace_long(path: Path) -> None:
    """1,024 tokens, of which the patterns alone are kept."""
    capture(seeded_ids(LONG), seeded(), only=[LONG_ONLY], to=path)


def _long(path: Path) -> int:
    """The peak memory, in bytes, of a process of its own that traces 1,024 tokens."""
    command = [sys.executable, "-m", "renders.bench.trace", str(path)]
    return int(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    trace_long(Path(sys.argv[1]))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
