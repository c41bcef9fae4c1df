"""Ids are those of `transformers.AutoTokenizer`, and tokens spell the prompt, or it is said why not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_gpt2 import tiny_model
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer

from llmtrace import capture
from llmtrace.checks import check
from llmtrace.loading import LoadedModel
from llmtrace.meta import BUNDLED_FOLDER
from llmtrace.models import load_model
from llmtrace.trace import Trace

PROMPTS = ["What will be the answer", " für die <|user|> Sonne\n\tnow", "日本 <|endoftext|> ＡＢＣ", "x"]
CORPUS = ["für die Sonne und das Meer", "What will be the answer", "hello world, walking and talking"] * 3
END: int = json.loads((BUNDLED_FOLDER / "config.json").read_text())["eos_token_id"]  # the last id
SPELT = "their bytes are the prompt's"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model whose vocabulary has room for tokens that are added, and the bundled tokenizer's file."""
    home = tmp_path / "mine"
    tiny_model(vocab_size=END + 8, n_positions=64).model.save_pretrained(home)
    shutil.copy(BUNDLED_FOLDER / "tokenizer.json", home)
    return home


def written(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return content


def write(folder: Path, **files: Any) -> None:
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def changed(**changes: Any) -> Callable[[Path], None]:
    """tokenizer.json, read as it is, with other components."""

    def change(folder: Path) -> None:
        write(folder, tokenizer={**written(folder), **changes}, tokenizer_config={})
        write(folder, tokenizer_config={"tokenizer_class": "PreTrainedTokenizerFast"})

    return change


def apart(**files: Any) -> Callable[[Path], None]:
    """vocab.json and merges.txt in place of tokenizer.json, and files beside them."""

    def change(folder: Path) -> None:
        model = written(folder)["model"]
        (folder / "tokenizer.json").unlink()
        merges = (" ".join(pair) if isinstance(pair, list) else pair for pair in model["merges"])
        (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
        write(folder, vocab=model["vocab"], **files)

    return change


USER = {"content": "<|user|>", "lstrip": False, "rstrip": True, "normalized": False, "single_word": False}
TEMPLATE = {
    "type": "TemplateProcessing",
    "single": [
        {"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
    ],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [END], "tokens": ["<|endoftext|>"]}},
}
TRUNCATION = {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}
PADDING = {
    "strategy": {"Fixed": 12},
    "direction": "Right",
    "pad_to_multiple_of": None,
    "pad_id": 0,
    "pad_type_id": 0,
    "pad_token": "!",
}
LOWER = {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]}
CASES: dict[str, Callable[[Path], None]] = {
    "as it is": lambda _: None,
    "truncation": changed(truncation=TRUNCATION),
    "padding": changed(padding=PADDING),
    "a template": changed(post_processor=TEMPLATE),
    "normalizers": changed(normalizer=LOWER),
    "vocab and merges": apart(),
    "added_tokens.json": apart(added_tokens={"<|endoftext|>": END, "<|user|>": END + 1}),
    "special_tokens_map.json": apart(special_tokens_map={"eos_token": "<|user|>", "unk_token": "<|user|>"}),
    "add_prefix_space": apart(
        tokenizer_config={"add_prefix_space": True, "tokenizer_class": "GPT2Tokenizer"}
    ),
    "added_tokens_decoder": apart(
        tokenizer_config={
            "tokenizer_class": "GPT2Tokenizer",
            "added_tokens_decoder": {f"{END + 1}": {**USER, "special": True}},
        }
    ),
    "add_bos_token": apart(tokenizer_config={"add_bos_token": True, "tokenizer_class": "GPT2Tokenizer"}),
    "split_special_tokens": apart(tokenizer_config={"split_special_tokens": True}),
}


@pytest.mark.parametrize("case", CASES)
def test_ids_are_those_of_auto_tokenizer(folder: Path, case: str) -> None:
    CASES[case](folder)
    theirs, loaded = AutoTokenizer.from_pretrained(folder), load_model(str(folder))
    for prompt in PROMPTS:
        trace = capture(prompt, loaded, new_tokens=1)
        assert trace["tokens"].tolist() == theirs(prompt)["input_ids"], prompt
        assert SPELT in {i.formula for i in check(trace)}
        assert [i.formula for i in check(trace) if not i.holds] == []


def test_merges_that_training_drops_out_are_made(folder: Path) -> None:
    whole = capture("What will be the answer", load_model(str(folder)), new_tokens=1)["tokens"]
    model = written(folder)["model"]
    changed(model={**model, "dropout": 0.9})(folder)
    loaded = load_model(str(folder))
    for _ in range(3):
        assert capture("What will be the answer", loaded, new_tokens=1)["tokens"].tolist() == whole.tolist()


def test_a_template_stands_in_no_place_of_the_prompt(folder: Path) -> None:
    CASES["a template"](folder)
    trace = capture("What will", load_model(str(folder)), new_tokens=1)
    assert trace["tokens"].tolist() == [END, 2061, 481]
    assert trace.meta.spelling.added == (0,)
    assert trace.meta.spans == ((0, 0), (0, 4), (4, 9))


def trained(tokenizer: Tokenizer, trainer: Any) -> Tokenizer:
    trainer.show_progress = False
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def wordpiece() -> Tokenizer:
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    trained(made, trainers.WordPieceTrainer(vocab_size=60, special_tokens=["[UNK]", "[CLS]", "[SEP]"]))
    ends = [("[CLS]", 1), ("[SEP]", 2)]
    made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return made


def lowered() -> Tokenizer:
    made = wordpiece()
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    return made


def unigram() -> Tokenizer:
    made = Tokenizer(models.Unigram())
    made.pre_tokenizer, made.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    special = ["<unk>", "<s>"]
    return trained(made, trainers.UnigramTrainer(vocab_size=80, unk_token="<unk>", special_tokens=special))


def llama() -> Tokenizer:
    made = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    made.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    names = ["<unk>", "<s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    trained(made, trainers.BpeTrainer(vocab_size=380, special_tokens=names))
    made.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    content = json.loads(made.to_str())
    del content["added_tokens"][2:]  # its bytes are entries like any other
    return Tokenizer.from_str(json.dumps(content))


def clip() -> Tokenizer:
    made = Tokenizer(models.BPE(unk_token="?", end_of_word_suffix="</w>"))
    made.pre_tokenizer, made.decoder = pre_tokenizers.WhitespaceSplit(), decoders.BPEDecoder()
    return trained(made, trainers.BpeTrainer(vocab_size=90, special_tokens=["?"], end_of_word_suffix="</w>"))


def with_tokenizer(tokenizer: Tokenizer) -> LoadedModel:
    return replace(tiny_model(vocab_size=400, n_positions=64), tokenizer=tokenizer)


@pytest.mark.parametrize("made", [wordpiece, lowered, unigram, llama, clip])
@pytest.mark.parametrize(
    "prompt", ["für die Sonne", "What  will be the answer", "walking 天 talking", "hello, Zürich 🎈!", "für"]
)
def test_an_honest_trace_holds_whatever_the_scheme(made: Callable[[], Tokenizer], prompt: str) -> None:
    trace = capture(prompt, with_tokenizer(made()), new_tokens=1)
    assert [i.formula for i in check(trace) if not i.holds] == []


def shown(trace: Trace) -> list[str]:
    return [(trace.token_bytes(int(token)) or b"?").decode() for token in trace["tokens"]]


def test_bytes_are_those_of_the_scheme() -> None:
    """No letter of a vocabulary that is not byte-level stands for a byte, as `ü` does in GPT-2's."""
    assert shown(capture("für", with_tokenizer(wordpiece()), new_tokens=1)) == ["[CLS]", "fü", "r", "[SEP]"]
    assert "".join(shown(capture("für die", with_tokenizer(unigram()), new_tokens=1))) == " für die"
    assert "".join(shown(capture("für die", with_tokenizer(llama()), new_tokens=1))) == "<s> für die"
    made = wordpiece()
    (piece,) = (i for text, i in made.get_vocab().items() if text == "##ü")
    assert capture([piece], with_tokenizer(made), new_tokens=1).token_bytes(piece) == "ü".encode()


def test_a_byte_that_is_named_is_that_byte() -> None:
    trace = capture("天", with_tokenizer(llama()), new_tokens=1)
    assert b"".join(trace.token_bytes(int(i)) or b"?" for i in trace["tokens"][2:]) == "天".encode()
    plain = Tokenizer(models.WordLevel({"<0xE6>": 0, "▁x": 1, "Ġy": 2, "?": 3}, unk_token="?"))
    trace = capture([0, 1, 2], with_tokenizer(plain), new_tokens=1)  # here they are words like any other
    assert [trace.token_bytes(i) for i in range(3)] == [b"<0xE6>", "▁x".encode(), "Ġy".encode()]


def test_an_id_without_an_entry_has_no_bytes(bundled: LoadedModel) -> None:
    first = bundled.card.vocabulary
    padded = replace(tiny_model(vocab_size=first + 63, n_positions=64), tokenizer=bundled.tokenizer)
    trace = capture([2061, first + 5, first + 62], padded, new_tokens=1)
    assert [trace.token_bytes(i) for i in (2061, first, first + 5, first + 62)] == [b"What", None, None, None]
    assert [i.formula for i in check(trace) if not i.holds] == []


def with_prompt(trace: Trace, prompt: str, **changes: Any) -> Trace:
    spelling = replace(trace.meta.spelling, **changes)
    tensors = {name: trace[name] for name in trace.names()}
    return Trace(tensors, replace(trace.meta, prompt=prompt, spans=(), spelling=spelling))


def fails(trace: Trace) -> bool:
    return SPELT in {i.formula for i in check(trace) if not i.holds}


def test_tokens_that_do_not_spell_the_prompt_are_noticed(trace: Trace) -> None:
    """With nothing that says why: a text that was cut off, changed, or has other white space."""
    assert not fails(trace)
    for prompt in ("What will be the answer", "what will be", "What will", "What  will be", "What will be "):
        assert fails(with_prompt(trace, prompt)), prompt
    assert fails(with_prompt(trace, "what will be", text="What will be"))  # no normalizer is named
    assert not fails(with_prompt(trace, "what will be", text="What will be", normalizers=("Titlecase",)))
    assert fails(with_prompt(trace, "What will be so", loose=True))


def test_an_unknown_token_stands_for_what_is_there_and_no_more(trace: Trace) -> None:
    unknown = int(trace["tokens"][1])  # " will"
    for prompt, wrong in (
        ("What can be", False),
        ("What be", True),
        ("What can do", True),
        ("That is be", True),
    ):
        assert fails(with_prompt(trace, prompt, unknown=unknown)) == wrong, prompt
