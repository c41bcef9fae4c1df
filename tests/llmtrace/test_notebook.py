"""What a person at a notebook meets: a model in memory, a trace that shows itself, one import for both."""

from __future__ import annotations

import copy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_gpt2 import PROMPT, TINY_IDS, tiny_config, tiny_model
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BertConfig,
    BertLMHeadModel,
    GPT2Model,
    LlamaConfig,
)

import llmtrace
from llmtrace import Trace, capture, load_model
from llmtrace.checks import check
from llmtrace.errors import FamilyError, ModelError, PromptError, WeightsError
from llmtrace.loading import LoadedModel
from llmtrace.meta import BUNDLED_FOLDER, FORMAT


@pytest.fixture(scope="module")
def pair() -> tuple[Any, Any]:
    """The bundled model and its tokenizer, as one's own code has them."""
    model = AutoModelForCausalLM.from_pretrained(BUNDLED_FOLDER, dtype=torch.float32)
    return model, AutoTokenizer.from_pretrained(BUNDLED_FOLDER)


def test_a_model_in_memory_gives_what_its_folder_gives(pair: tuple[Any, Any], trace: Trace) -> None:
    made = capture(PROMPT, *pair, surroundings=True)
    assert made.names() == trace.names()
    for name in made:
        np.testing.assert_array_equal(made[name], trace[name])
    assert (made.meta.model.name, made.meta.model.sha256) == ("bundled", "")
    assert [i.formula for i in check(made) if not i.holds] == []


def test_a_tokenizer_may_be_of_either_library_or_missing(pair: tuple[Any, Any], trace: Trace) -> None:
    model, tokenizer = pair
    for given in (tokenizer, tokenizer.backend_tokenizer):
        assert capture(PROMPT, model, given, new_tokens=1)["tokens"].tolist() == trace["tokens"].tolist()
    with pytest.raises(PromptError, match=r"bundled: has no tokenizer"):
        capture(PROMPT, model)
    ids = trace["tokens"].tolist()
    np.testing.assert_array_equal(capture(ids, model, new_tokens=1)["logits"], trace["logits"])


def test_a_tokenizer_goes_with_a_name_too(pair: tuple[Any, Any], tmp_path: Path) -> None:
    wide = tiny_model(vocab_size=8193)
    wide.model.save_pretrained(tmp_path)
    assert capture(PROMPT, str(tmp_path), pair[1], new_tokens=1).token_bytes(2061) == b"What"


def test_what_is_given_is_left_as_it_was(pair: tuple[Any, Any]) -> None:
    model, tokenizer = copy.deepcopy(pair[0]).train(), copy.deepcopy(pair[1])
    model.transformer.drop.eval()
    tokenizer.backend_tokenizer.enable_truncation(2)
    modes = [module.training for module in model.modules()]
    made = capture(PROMPT, model, tokenizer, new_tokens=1)
    assert made.length == 3
    np.testing.assert_array_equal(
        made["logits"], capture(PROMPT, *pair, new_tokens=1)["logits"]
    )  # no dropout
    assert [module.training for module in model.modules()] == modes
    assert tokenizer.backend_tokenizer.truncation["max_length"] == 2
    assert model.config._attn_implementation == pair[0].config._attn_implementation


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_another_precision_is_copied_to_float32(dtype: torch.dtype) -> None:
    model = tiny_model().model.to(dtype)
    made = capture(TINY_IDS, model)
    assert {p.dtype for p in model.parameters()} == {dtype}
    assert [i.formula for i in check(made) if not i.holds] == []
    expected = copy.deepcopy(model).float()
    np.testing.assert_array_equal(made["logits"], capture(TINY_IDS, expected)["logits"])


def test_a_compiled_model_is_the_one_that_it_wraps() -> None:
    model = tiny_model().model
    wrapped = torch.nn.Module()
    wrapped._orig_mod = model
    np.testing.assert_array_equal(capture(TINY_IDS, wrapped)["logits"], capture(TINY_IDS, model)["logits"])


def headless() -> Any:
    return GPT2Model(tiny_config())


def bert() -> Any:
    small = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    return BertLMHeadModel(BertConfig(is_decoder=True, vocab_size=32, **small))


def broken() -> Any:
    model = tiny_model().model
    with torch.no_grad():
        model.transformer.h[1].ln_1.bias[3] = float("nan")
    return model


def on_meta() -> Any:
    with torch.device("meta"):
        return AutoModelForCausalLM.from_config(tiny_config())


@pytest.mark.parametrize(
    ("made", "kind", "says"),
    [
        (headless, ModelError, r"a GPT2Model guesses no next token; give the model with its language head"),
        (bert, FamilyError, r"its architecture is 'bert', and those that are traced are gpt2, llama"),
        (broken, WeightsError, r"transformer\.h\.1\.ln_1\.bias has NaN among its weights"),
        (on_meta, WeightsError, r"its weights are on the meta device"),
        (
            lambda: torch.nn.Linear(2, 2),
            ModelError,
            r"^Linear: is no model of transformers; give a GPT2LMHeadModel",
        ),
        (lambda: LlamaConfig(), ModelError, r"LlamaConfig: is no model of transformers"),
        (lambda: 7, ModelError, r"^int: is no model of transformers"),
    ],
)
def test_what_is_no_model_is_refused_in_a_line(made: Any, kind: type[ModelError], says: str) -> None:
    with pytest.raises(kind, match=says) as caught:
        capture(TINY_IDS, made())
    assert "\n" not in str(caught.value)


def test_a_tokenizer_of_no_known_kind(pair: tuple[Any, Any]) -> None:
    with pytest.raises(ModelError, match=r"its tokenizer, a str, is none of the tokenizers library"):
        capture(PROMPT, pair[0], "gpt2")


def test_what_was_loaded_may_be_given_again(pair: tuple[Any, Any]) -> None:
    loaded = load_model(*pair)
    assert load_model(loaded) is loaded
    assert capture(PROMPT, loaded, new_tokens=1).length == 3


def test_the_public_names_are_those_that_are_listed() -> None:
    assert {"capture", "load_model", "Trace", "Sampling", "check", "TraceError"} <= set(llmtrace.__all__)
    for name in llmtrace.__all__:
        assert callable(getattr(llmtrace, name))


# What a trace says of itself.


def test_a_trace_is_a_line_a_length_and_names(trace: Trace, tiny_trace: Trace) -> None:
    assert repr(trace).startswith("<Trace “What will be” · gpt2-pocket · 3 tokens · ")
    assert f" · {len(trace)} tensors · " in repr(trace)
    assert repr(trace).endswith(f" · float32 · format {FORMAT}>")
    assert list(trace) == list(trace.names())
    assert len(trace) == len(trace.names())
    assert repr(tiny_trace).startswith("<Trace ids · tiny · 6 tokens · ")


def test_one_of_a_kind_is_counted_as_one(tiny: LoadedModel) -> None:
    assert " · 1 token · " in repr(capture([3], tiny, new_tokens=1))


@pytest.mark.parametrize("prompt", ["x" * 500, "a\nb\u202e\x1b[31m", "“quoted”"])
def test_a_line_is_one_line_whatever_the_prompt(bundled: LoadedModel, prompt: str) -> None:
    line = repr(capture(prompt[:200], bundled, new_tokens=1))
    assert line.isprintable()
    assert len(line) < 200


class Cells(HTMLParser):
    """The rows of a table, and tags that were opened and not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def test_a_notebook_shows_a_table(bundled: LoadedModel) -> None:
    trace = capture("<b>x</b> & y", bundled, new_tokens=1)
    found = Cells(trace._repr_html_())
    assert found.open == []
    assert "<b>" not in trace._repr_html_()
    assert {len(row) for row in found.rows} == {7}
    rows = {row[0]: row for row in found.rows[1:]}
    heads, length = bundled.card.heads, trace.length
    name = "block.*.attn.pattern"
    assert rows[name][1:5] == [
        f"{bundled.card.blocks} ×",
        "H T T",
        f"{heads} × {length} × {length}",
        "float32",
    ]
    counts = [int(row[1].split()[0]) if row[1] else 1 for row in found.rows[1:]]
    assert sum(counts) == len(trace)


# Pictures.


def pixels(trace: Trace, name: str, *index: Any) -> np.ndarray:
    return np.asarray(trace.plot(name, *index))


def made_of(values: Any) -> Trace:
    base = capture(TINY_IDS, tiny_model())
    return Trace({"tokens": base["tokens"], "logits": np.array(values, dtype=np.float32)}, base.meta)


def test_colours_say_sign_and_size() -> None:
    """A strip of 24-pixel cells: orange up, blue down, ground at zero, grey at −∞, white at NaN."""
    drawn = pixels(made_of([1.0, -1.0, 0.0, 0.5, -np.inf, np.nan]), "logits")
    middles = [tuple(int(c) for c in drawn[-22, 10 + 24 * at + 12]) for at in range(6)]
    up, down, zero, half, unseen, wrong = middles
    assert up[0] > up[2]
    assert down[2] > down[0]
    assert sum(zero) < sum(half) < sum(up)
    assert unseen[0] == pytest.approx(unseen[2], abs=20)
    assert wrong == (255, 255, 255)
    assert len(set(middles)) == 6


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("block.02.attn.pattern", ()),
        ("block.02.attn.pattern", (3,)),
        ("block.02.attn.pattern", (0, -1)),
        ("block.02.attn.pattern", (slice(0, 2),)),
        ("generated.logits", ()),
        ("embed.token", ()),
        ("weight.block.q", ()),
        ("tokens", ()),
    ],
)
def test_a_picture_of_any_tensor_is_small(trace: Trace, name: str, index: tuple[Any, ...]) -> None:
    image = trace.plot(name, *index)
    assert image.mode == "RGB"
    assert 60 <= image.width <= 1100
    assert 40 <= image.height <= 620
    assert len(np.unique(np.asarray(image).reshape(-1, 3), axis=0)) > 4


def test_no_strong_value_is_lost_where_there_are_more_values_than_pixels() -> None:
    values = np.zeros(50_000)
    values[31_234] = 5.0
    drawn = pixels(made_of(values), "logits")[-22].astype(int)
    assert (drawn[:, 0] - drawn[:, 2]).max() > 100


def test_what_has_no_picture(tiny_trace: Trace) -> None:
    with pytest.raises(KeyError, match=r"nothing: no such tensor"):
        tiny_trace.plot("nothing")
    with pytest.raises(ValueError, match=r"logits\[3\] is a single number: a picture has one to three axes"):
        tiny_trace.plot("logits", 3)
    with pytest.raises(IndexError):
        tiny_trace.plot("logits", 64)


# Parts of a trace.


def test_a_part_of_a_trace_keeps_the_prompts_words(bundled: LoadedModel, tmp_path: Path) -> None:
    path = tmp_path / "part.safetensors"
    trace = capture(PROMPT, bundled, only=["block.*.attn.pattern"], to=path)
    assert trace.meta.prompt == PROMPT
    assert [trace.token_bytes(int(i)) for i in trace["tokens"]] == [b"What", b" will", b" be"]
    assert None not in [trace.token_bytes(int(i)) for i in trace["generated.token"]]
    assert "logits" not in trace
    assert [i.formula for i in check(trace) if not i.holds] == []
