"""What of a run is looked at: a head, a query and a key, chosen by place or by word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from llmtrace import Look, SettingError, Trace, capture, check
from llmtrace.loading import LoadedModel

PROMPT = "My cat sleeps on the warm keyboard"
PIECES = [b"My", b" cat", b" sleep", b"s", b" on", b" the", b" warm", b" key", b"board", b" the"]


def test_a_chosen_heads_weights_are_kept_and_the_choice_travels_in_the_file(
    bundled: LoadedModel, tmp_path: Path
) -> None:
    look = Look((4, 1), "cat", "My")
    made = capture(PROMPT, bundled, new_tokens=1, look=look, to=tmp_path / "t.safetensors")
    again = Trace.load(tmp_path / "t.safetensors")
    assert again.shown_head == (4, 1) != again.best_head
    assert (again.meta.query, again.meta.key) == (1, 0)
    assert all(identity.holds for identity in check(made))  # among them that of its queries, through its W_Q
    plain = capture(PROMPT, bundled, new_tokens=1)
    assert plain.shown_head == plain.best_head
    assert (plain.meta.query, plain.meta.key) == (None, None)
    assert not np.array_equal(plain["weight.q"], again["weight.q"])


@pytest.mark.parametrize(
    ("word", "place"), [("cat", 1), ("CAT", 1), ("sleeps", 3), ("sleep", 2), ("keyboard", 8), ("key", 7)]
)
def test_a_word_is_the_token_that_it_ends_with(bundled: LoadedModel, word: str, place: int) -> None:
    assert Look(query=word).placed(PIECES, bundled.card) == (place, None)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (Look(head=(6, 0)), "head 7.1: gpt2-pocket has blocks 1 to 6, and in each heads 1 to 8"),
        (Look(head=(0, 8)), "head 1.9: gpt2-pocket has blocks 1 to 6, and in each heads 1 to 8"),
        (Look(query=10), "query 11: the prompt has tokens 1 to 10 (1 My, 2 cat, 3 sleep, 4 s, 5 on"),
        (Look(query="dog"), "query 'dog': no such word; the prompt has tokens 1 to 10 (1 My, 2 cat"),
        (Look(key="the"), "key 'the': stands more than once; name its place, one of 6, 10"),
        (
            Look(query="cat", key="warm"),
            "key 7: comes after the query, token 2, which sees only what is up to",
        ),
    ],
)
def test_what_is_not_there_is_said_with_what_is(bundled: LoadedModel, look: Look, said: str) -> None:
    with pytest.raises(SettingError) as refused:
        look.placed(PIECES, bundled.card)
    assert str(refused.value).startswith(said)


def test_without_words_places_alone_are_told(bundled: LoadedModel) -> None:
    with pytest.raises(SettingError, match="query 'cat': no such word; the prompt has tokens 1 to 2"):
        Look(query="cat").placed([None, None], bundled.card)
