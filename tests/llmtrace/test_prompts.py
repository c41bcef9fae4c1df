"""Text ↔ ids ↔ bytes: whatever the prompt, its tokens' bytes are the prompt's, in order and complete."""

from __future__ import annotations

import json
import unicodedata
from itertools import pairwise

import pytest

from llmtrace import capture, tokens
from llmtrace.errors import EmptyPromptError, NotTextError, TooLongError
from llmtrace.loading import LoadedModel
from llmtrace.meta import BUNDLED_FOLDER
from llmtrace.tokens import Scheme
from llmtrace.visible import visible

HOSTILE = [
    "What will be",
    " leading and trailing ",
    "x",
    "<|endoftext|>",
    "before <|endoftext|> after",
    "😀 and 👩‍👩‍👧",
    "日本語のテキスト",
    "e\u0301 is not \u00e9",
    "tab\tnewline\nreturn\r\nnull\x00bell\x07escape\x1b[31m",
    "\ufeffbyte order mark",
    "\u202eright to left",
    "שלום עולם, مرحبا",
    "zero\u200bwidth",
    "*bold* #let x = 1 $y^2$ \\n <b>html</b> {0} %s",
    "pneumonoultramicroscopicsilicovolcanoconiosis",
    "don't they're WE'LL 1234567890 !?…",
    "\U0010ffff",
]


@pytest.mark.parametrize("prompt", HOSTILE, ids=ascii)
def test_tokens_bytes_are_the_prompts(bundled: LoadedModel, prompt: str) -> None:
    trace = capture(prompt, bundled, new_tokens=1)
    ids, raw = [int(i) for i in trace["tokens"]], prompt.encode()
    assert b"".join(trace.token_bytes(i) or b"" for i in ids) == raw
    assert [raw[start:end] for start, end in trace.meta.spans] == [trace.token_bytes(i) for i in ids]
    edges = [0, *(end for _, end in trace.meta.spans)]
    assert list(trace.meta.spans) == list(pairwise(edges))
    assert edges[-1] == len(raw)
    assert trace.meta.prompt == prompt


def test_a_special_token_written_out_is_that_token(bundled: LoadedModel) -> None:
    """As transformers' own tokenizers read it."""
    end = bundled.model.config.eos_token_id
    trace = capture("so <|endoftext|> it", bundled, new_tokens=1)
    assert trace["tokens"].tolist().count(end) == 1
    assert trace.token_bytes(end) == b"<|endoftext|>"


@pytest.mark.parametrize("prompt", ["", " ", "\n\t  \r", "\u2003"], ids=ascii)
def test_blank_prompts(bundled: LoadedModel, prompt: str) -> None:
    with pytest.raises(EmptyPromptError, match="the prompt is empty"):
        capture(prompt, bundled)


@pytest.mark.parametrize(("prompt", "place"), [("\ud800", 1), ("ab\udcff", 3), ("\udc80 x", 1)], ids=ascii)
def test_text_that_is_not_unicode(bundled: LoadedModel, prompt: str, place: int) -> None:
    with pytest.raises(NotTextError, match=f"not valid Unicode at character {place};"):
        capture(prompt, bundled)


def test_the_context_is_the_limit(bundled: LoadedModel) -> None:
    full = capture(" a" * 256, bundled, new_tokens=5)
    assert (full.length, len(full["generated.token"])) == (256, 1)
    with pytest.raises(TooLongError, match=r"257 tokens long, and gpt2-pocket reads at most 256; shorten it"):
        capture(" a" * 257, bundled)


def test_every_byte_has_its_letter() -> None:
    table = tokens.byte_of_letter()
    assert sorted(table.values()) == list(range(256))
    assert {table[c] for c in "Aa0~"} == set(b"Aa0~")
    assert (table["Ġ"], table["Ċ"], table["ĉ"]) == (0x20, 0x0A, 0x09)  # as GPT-2's own vocabulary writes them


def test_the_vocabulary_is_complete(bundled: LoadedModel) -> None:
    """Every single byte is an entry, so that every text can be written, and no entry is there twice."""
    assert bundled.tokenizer is not None
    entries = tokens.vocabulary(bundled.tokenizer, Scheme.of(bundled.content), bundled.card.vocabulary)
    assert len(entries) == bundled.card.vocabulary
    assert {bytes([b]) for b in range(256)} <= set(entries)
    assert len(set(entries)) == len(entries)
    written = json.loads((BUNDLED_FOLDER / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    assert entries[written["Ġthe"]] == b" the"


def test_an_id_beyond_the_tokenizer_has_no_bytes(bundled: LoadedModel) -> None:
    assert bundled.tokenizer is not None
    entries = tokens.vocabulary(bundled.tokenizer, Scheme.of(bundled.content), bundled.card.vocabulary + 2)
    assert entries[-2:] == [b"", b""]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b" be", "␣be"),
        (b"\n\n", "↵↵"),
        (b"\t", "⇥"),
        (b"\xe2\x80", "‹E2›‹80›"),
        ("é日😀".encode(), "é日😀"),
        (b"\x00\x1b\x7f", "‹00›‹1B›‹7F›"),
        ("\u200b\u202e\u00a0".encode(), "‹200B›‹202E›‹A0›"),
        (b"a\xffb", "a‹FF›b"),
        (b"", ""),
    ],
)
def test_visible(raw: bytes, shown: str) -> None:
    assert visible(raw) == shown


def test_visible_text_has_nothing_unseen() -> None:
    for code in [*range(0x3000), 0xFEFF, 0xE0001, 0x1F600]:
        for char in visible(chr(code).encode()):
            assert unicodedata.category(char)[0] not in "CZ", hex(code)
