"""The merges of a token, played from single bytes, give the token; and they are those of the tokenizer."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_prompts import HOSTILE
from tokenizers import Tokenizer
from tokenizers.models import BPE, WordLevel

from llmtrace import capture, tokens
from llmtrace.loading import LoadedModel
from llmtrace.merges import Step, merge_ranks, merges, steps, steps_at
from llmtrace.tokens import written
from llmtrace.trace import Trace


def played(trace: Trace, position: int) -> bytes:
    """What a scene does: from the token's single bytes, each step joins two pieces side by side."""
    token = trace.token_bytes(int(trace["tokens"][position])) or b""
    story = steps_at(trace, position)
    pieces = [bytes([byte]) for byte in token] if story else [token]
    for step in story:
        assert pieces[step.at] == trace.token_bytes(step.left)
        assert pieces[step.at + 1] == trace.token_bytes(step.right)
        pieces[step.at : step.at + 2] = [trace.token_bytes(step.joined) or b""]
    (whole,) = pieces
    return whole


@pytest.mark.parametrize(
    "prompt", [*HOSTILE, "שלום עולם", "مرحبا بالعالم", "\x00\x01\x02", "a" * 50], ids=ascii
)
def test_from_single_bytes_to_the_token(bundled: LoadedModel, prompt: str, tmp_path: Path) -> None:
    trace = capture(prompt, bundled, new_tokens=1)
    read = Trace.load(trace.save(tmp_path / "t.safetensors"))
    raw = prompt.encode()
    assert [played(read, i) for i in range(read.length)] == [raw[a:b] for a, b in read.meta.spans]


def test_every_token_of_the_vocabulary_has_a_story(bundled: LoadedModel) -> None:
    assert bundled.tokenizer is not None
    assert bundled.entries is not None
    special = set(bundled.tokenizer.get_added_tokens_decoder())
    for token, entry in enumerate(bundled.entries):
        made = steps(bundled.tokenizer, bundled.merge_ranks, token)
        assert len(made) == (0 if token in special else len(entry) - 1), entry


def test_the_order_is_that_of_the_encoder() -> None:
    """Of two pairs the one higher in the list is joined first, wherever it stands; of equal ones the left."""
    letters = ["a", "b", "c", "ab", "bc", "abc", "aa", "aaaa", "abbc"]
    vocab = {text: i for i, text in enumerate(letters)}
    listed = [("b", "c"), ("a", "b"), ("a", "bc"), ("a", "a"), ("aa", "aa"), ("ab", "bc")]
    tokenizer = Tokenizer(BPE(vocab, listed))
    ranks = merge_ranks(written(tokenizer))
    assert tokenizer.encode("abc").ids == [vocab["abc"]]
    assert steps(tokenizer, ranks, vocab["abc"]) == [Step(1, 0, 1, 2, 4), Step(0, 2, 0, 4, 5)]
    four = [Step(0, 3, 0, 0, 6), Step(1, 3, 0, 0, 6), Step(0, 4, 6, 6, 7)]
    assert steps(tokenizer, ranks, vocab["aaaa"]) == four
    mixed = [Step(2, 0, 1, 2, 4), Step(0, 1, 0, 1, 3), Step(0, 5, 3, 4, 8)]
    assert steps(tokenizer, ranks, vocab["abbc"]) == mixed


def test_what_was_not_built_by_merging_has_no_merges() -> None:
    unreachable = Tokenizer(BPE({"a": 0, "b": 1, "ab": 2}, []))
    assert (
        steps(unreachable, merge_ranks(written(unreachable)), 2) == []
    )  # in the vocabulary, and no merge makes it
    assert steps(unreachable, merge_ranks(written(unreachable)), 99) == []
    words = Tokenizer(WordLevel({"a": 0, "ab": 1}, unk_token="a"))
    assert steps(words, merge_ranks(written(words)), 1) == []


def test_a_prompt_of_single_bytes_has_no_merges(bundled: LoadedModel, tmp_path: Path) -> None:
    trace = capture([220, 220], bundled, new_tokens=1)
    read = Trace.load(trace.save(tmp_path / "t"))
    assert read["tokens.merges"].shape == (0, 6)
    assert steps_at(read, 1) == []


def test_without_a_tokenizer_there_are_none(tiny_trace: Trace) -> None:
    assert "tokens.merges" not in tiny_trace
    with pytest.raises(KeyError, match=r"tokens\.merges"):
        steps_at(tiny_trace, 0)


def test_merges_of_several_tokens_follow_one_another(bundled: LoadedModel) -> None:
    assert bundled.tokenizer is not None
    ids = tokens.encode(bundled.tokenizer, "What will be").ids
    stored = merges(bundled.tokenizer, bundled.merge_ranks, ids)
    assert stored[:, 0].tolist() == [0] * 3 + [1] * 4 + [2] * 2  # one fewer than bytes
    told = [steps(bundled.tokenizer, bundled.merge_ranks, token) for token in ids]
    assert stored[:, 2].tolist() == [step.rank for story in told for step in story]
