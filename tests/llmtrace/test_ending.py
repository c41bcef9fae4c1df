"""A text is over where the model ends it: nothing is chosen after its `eos_token_id`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_gpt2 import TINY_IDS, tiny_model
from transformers import GenerationConfig

from llmtrace import capture
from llmtrace.checks import check
from llmtrace.loading import LoadedModel
from llmtrace.parts import card
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace

DRAWN = Sampling(temperature=1.5, seed=3)
GOES_ON = "nothing follows the token that ends the text"


def choices(**ends: object) -> LoadedModel:
    """The tiny model, with other ids that end a text."""
    loaded = tiny_model()
    for name, value in ends.items():
        setattr(loaded.model.config, name, value)
    loaded.model.generation_config = GenerationConfig()
    return replace(loaded, card=card(loaded.model, "tiny", ""))


@pytest.fixture(scope="module")
def endless() -> list[int]:
    """What the model says when nothing ends it: six different tokens."""
    return [
        int(i)
        for i in capture(TINY_IDS, choices(eos_token_id=None), new_tokens=6, sampling=DRAWN)[
            "generated.token"
        ]
    ]


def upto(made: list[int], step: int) -> list[int]:
    """The tokens up to the first that is the one of a step."""
    return made[: made.index(made[step]) + 1]


@pytest.mark.parametrize("step", [0, 1, 3])
@pytest.mark.parametrize("several", [False, True])
def test_generation_stops_after_the_token_that_ends_it(endless: list[int], step: int, several: bool) -> None:
    end = endless[step]
    loaded = choices(eos_token_id=[end, 63] if several else end)
    trace = capture(TINY_IDS, loaded, new_tokens=6, sampling=DRAWN)
    assert trace["generated.token"].tolist() == upto(endless, step)
    assert trace.ended
    assert len(trace["generated.draw"]) == len(trace["generated.logits"]) == len(trace["generated.cut"])
    assert [i.formula for i in check(trace) if not i.holds] == []


def test_it_stops_where_generate_does() -> None:
    loaded = choices(eos_token_id=None)
    end = int(capture(TINY_IDS, loaded, new_tokens=1)["generated.token"][0])
    with torch.no_grad():
        settings = {"do_sample": False, "max_new_tokens": 6, "eos_token_id": end, "pad_token_id": 0}
        theirs = loaded.model.generate(torch.tensor([TINY_IDS]), **settings)[0, len(TINY_IDS) :].tolist()
    assert (
        capture(TINY_IDS, choices(eos_token_id=end), new_tokens=6)["generated.token"].tolist()
        == theirs
        == [end]
    )


def test_the_end_of_a_generation_config_counts_too(endless: list[int]) -> None:
    loaded = choices(eos_token_id=None)
    loaded.model.generation_config.eos_token_id = [endless[1]]
    loaded = replace(loaded, card=card(loaded.model, "tiny", ""))
    assert capture(TINY_IDS, loaded, new_tokens=6, sampling=DRAWN)["generated.token"].tolist() == upto(
        endless, 1
    )


def test_a_text_that_goes_on_has_not_ended(tiny_trace: Trace) -> None:
    assert not tiny_trace.ended


def test_a_prompt_may_hold_the_end() -> None:
    """Only what is chosen ends a text."""
    loaded = choices(eos_token_id=TINY_IDS[2])
    assert len(capture(TINY_IDS, loaded, new_tokens=3)["generated.token"]) == 3


@pytest.mark.parametrize("step", [0, 2])
def test_the_last_step_is_the_one_that_ended_it(endless: list[int], step: int, tmp_path: Path) -> None:
    loaded = choices(eos_token_id=endless[step])
    options = {"new_tokens": 6, "trace_steps": "last", "sampling": DRAWN}
    trace = capture(TINY_IDS, loaded, to=tmp_path / "last.safetensors", **options)  # type: ignore[arg-type]
    whole = capture(TINY_IDS, loaded, new_tokens=6, trace_steps="all", sampling=DRAWN)
    last = len(upto(endless, step)) - 1
    prefix = f"step.{last:02d}." if last else ""
    for name in ("block.01.attn.pattern", "logits"):
        np.testing.assert_array_equal(trace[prefix + name], whole[prefix + name])
    assert [i.formula for i in check(trace) if not i.holds] == []


def test_what_goes_on_after_the_end_is_noticed(endless: list[int]) -> None:
    trace = capture(TINY_IDS, choices(eos_token_id=None), new_tokens=6, sampling=DRAWN)
    ended = replace(trace.meta, model=replace(trace.meta.model, ends=(endless[2],)))
    again = Trace({name: trace[name] for name in trace.names()}, ended)
    assert [i.formula for i in check(again) if not i.holds] == [GOES_ON]
