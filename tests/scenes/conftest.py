"""Traces of the bundled model, captured once for all tests of lessons and scenes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from manim import tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from prompts import PROMPTS
from transformers import GPT2Config, GPT2LMHeadModel

from llmtrace import capture
from llmtrace.loading import LoadedModel
from llmtrace.models import load_model
from llmtrace.parts import card
from llmtrace.sampling import Sampling
from llmtrace.trace import Meta, ModelCard, Trace
from renders.draw.quick import quick_objects

torch.set_num_threads(1)  # matrices this small are slower when two threads share them


@pytest.fixture(scope="session")
def model() -> LoadedModel:
    return load_model()


@pytest.fixture(scope="session")
def traced(model: LoadedModel) -> Callable[..., Trace]:
    """`traced(prompt, new_tokens=4, sampling=Sampling())`, each captured once."""

    @cache
    def make(prompt: str, new_tokens: int = 4, sampling: Sampling = Sampling()) -> Trace:  # noqa: B008
        return capture(
            PROMPTS.get(prompt, prompt), model, new_tokens=new_tokens, sampling=sampling, surroundings=True
        )

    return make


@pytest.fixture(scope="session")
def ids_only(model: LoadedModel) -> Trace:
    """A trace of a model without a tokenizer."""
    return capture([2061, 481, 307, 12], replace(model, tokenizer=None), new_tokens=3, surroundings=True)


@pytest.fixture(scope="session")
def wide(traced: Callable[..., Trace]) -> Trace:
    """The widest tokens there could be: half of them long words, half of characters that no font has."""
    trace = traced("seven tokens")
    entries = [
        (" Wwwwwwwwwwwwwwwwwwwww" if i % 2 else "😀日本語の文字😀").encode()
        for i in range(trace.meta.model.vocabulary)
    ]
    tensors = {name: trace[name] for name in trace.names()} | {
        "vocabulary.bytes": np.frombuffer(b"".join(entries), dtype=np.uint8),
        "vocabulary.ends": np.cumsum([len(entry) for entry in entries], dtype=np.int32),
    }
    prompt = "W" * 90 + " 😀" * 8
    return Trace(tensors, replace(trace.meta, prompt=prompt))


@pytest.fixture(scope="session")
def deep(model: LoadedModel) -> Trace:
    """As many blocks, heads and tokens as the largest GPT-2 has, with seeded random weights."""
    torch.manual_seed(0)
    shape = {"n_layer": 48, "n_head": 25, "n_embd": 100, "vocab_size": 50257, "initializer_range": 0.2}
    large = GPT2LMHeadModel(GPT2Config(**shape)).eval()
    shown = replace(card(large, "someone/a-model-with-a-long-name", ""), parameters=1_557_611_200)
    return capture(
        "It was a dark and stormy night", LoadedModel(large, model.tokenizer, shown), surroundings=True
    )


@pytest.fixture(scope="session")
def shaped(model: LoadedModel) -> Callable[..., Trace]:
    """`shaped(blocks, heads, width)`, of a model with seeded random weights; each captured once."""

    @cache
    def make(blocks: int, heads: int, width: int = 8) -> Trace:
        torch.manual_seed(0)
        shape = {"n_layer": blocks, "n_head": heads, "n_embd": width}
        small = GPT2LMHeadModel(GPT2Config(**shape, vocab_size=8193, initializer_range=0.2)).eval()
        return capture(
            "What will be",
            LoadedModel(small, model.tokenizer, card(small, "a-small-one", "")),
            surroundings=True,
        )

    return make


@pytest.fixture(scope="session")
def one_of_each(shaped: Callable[..., Trace]) -> Trace:
    """A model of one block with one head."""
    return shaped(1, 1)


@pytest.fixture(scope="session")
def made_up() -> Trace:
    """Values chosen to be awkward: what a reading does with them is written in the test."""
    entries = [b" be", b"\n", b"\xe2\x80", "é".encode(), b"</b>", b"", b" ", b",", b"\x07", "\ufffd".encode()]
    tensors: dict[str, Any] = {
        "tokens": np.array([3, 1, 2], dtype=np.int32),
        "logits": np.array([-0.004, -1234.5, np.inf, -np.inf, 0.999, 0.04, 1.0, 0.5], dtype=np.float64),
        "generated.probability": np.array(
            [[0.5, 0.25, 0.25, 0.0], [0.004, 0.005, 0.0004, 0.9906]], dtype=np.float64
        ),
        "heads.attribution": np.array([[-3.0, 1.0, 0.0], [0.5, 2.0, -1.0]], dtype=np.float32),
        "block.00.attn.masked": np.array([[[1.0, -np.inf], [-4.0, 2.0]]], dtype=np.float32),
        "vocabulary.bytes": np.frombuffer(b"".join(entries), dtype=np.uint8),
        "vocabulary.ends": np.cumsum([len(e) for e in entries], dtype=np.int32),
    }
    made = ModelCard(
        name="made\n up", sha256="0" * 64, blocks=2, heads=3, width=4, head_width=2, mlp_width=8, context=9,
        vocabulary=10, parameters=1_234_567, activation="relu", layer_norm_eps=1e-5, score_scale=(0.5, 0.5),
    )  # fmt: skip
    return Trace(tensors, Meta(made, "  a \n b ", ((0, 1),), Sampling(), "float32"))


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Typst's results are kept while the tests run."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture
def dry(media: Path) -> Iterator[None]:
    """Manim draws small and writes no video."""
    settings = {
        "dry_run": True,
        "verbosity": "ERROR",
        "progress_bar": "none",
        "media_dir": str(media),
        "disable_caching": True,
        "pixel_width": 320,
        "pixel_height": 180,
        "frame_rate": 30,
    }
    with tempconfig(settings), quick_objects():
        yield


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scene's state is what is looked at, so no picture is drawn of it."""
    monkeypatch.setattr(CairoRenderer, "update_frame", lambda *_a, **_k: None)
    monkeypatch.setattr(CairoRenderer, "get_frame", lambda *_a: None)
