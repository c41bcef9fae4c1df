"""One of a thing is not several, and of a word that stands twice it is said which one is meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from llmtrace import capture
from llmtrace.loading import LoadedModel
from llmtrace.trace import Trace
from scenes.focus import focus
from scenes.lesson import Chapter, write_lesson
from scenes.locale import LANGUAGES, Locale

Traced = Callable[..., Trace]
PLURALS = re.compile(r"\b1 (\w+ )?(blocks|heads|values|tokens|Blöcken?|Köpfen?|Werten?|Tokens)\b")


def text(chapter: Chapter, beat: str) -> str:
    return next(one.text for one in chapter.beats if one.name == beat)


@pytest.mark.parametrize(
    ("language", "heard", "said"),
    [
        ("en", False, ("a GPT-2 of 1 block, with 1 head in it,", "has 1 head for that", "After 1 block,")),
        ("en", True, ("in 1 block, and this block has 1 attention head.", "has 1 head that", "has 1 block,")),
        ("de", False, ("mit 1 Block, je 1 Kopf und", "hat das Modell 1 Kopf:", "Nach 1 Block wird")),
        ("de", True, ("auf 1 Block, und dieser Block hat 1 Attention-Kopf.", "hat 1 Kopf,", "hat 1 Block,")),
    ],
)
def test_one_of_a_thing(one_of_each: Trace, language: str, heard: bool, said: tuple[str, ...]) -> None:
    lesson = write_lesson(one_of_each, Locale(language, heard=heard))
    whole = " ".join(beat.text for chapter in lesson.chapters for beat in chapter.beats)
    for part in said:
        assert part in whole
    assert not PLURALS.search(whole)


def test_a_single_id(model: LoadedModel) -> None:
    trace = capture([2061], replace(model, tokenizer=None), new_tokens=1)
    said = [text(write_lesson(trace, Locale(one)).chapter("opening"), "sentence") for one in LANGUAGES]
    assert said[0].startswith("1 token, given as an id …")
    assert said[1].startswith("1 Token, als Nummer gegeben …")


@pytest.mark.parametrize(
    ("language", "place", "does"),
    [("en", " in place ", ("asks", "answers")), ("de", " an Platz ", ("fragt", "antwortet"))],
)
def test_a_word_that_stands_twice(traced: Traced, language: str, place: str, does: tuple[str, str]) -> None:
    trace, locale = traced("repeated"), Locale(language)
    f = focus(trace)
    words = [(trace.token_bytes(int(i)) or b"").decode().strip(" ") for i in trace["tokens"]]
    assert f.query != f.key
    assert words.count(words[f.query]) > 1 < words.count(words[f.key])
    query, key = (f"{locale.quoted(words[p])}{place}{p + 1}" for p in (f.query, f.key))
    chapter = write_lesson(trace, locale).chapter("attention")
    assert re.search(f"{query} {does[0]} .*, {key} {does[1]} ", text(chapter, "dot"))
    assert re.match(f"So (richtet )?{query} .* {key}\\.", text(chapter, "arcs"))


def test_a_token_that_asks_itself(traced: Traced) -> None:
    trace = traced("one token")
    said = [text(write_lesson(trace, Locale(one)).chapter("attention"), "dot") for one in LANGUAGES]
    assert "“Once” asks with its query, and itself answers" in said[0]
    assert "„Once“ fragt mit seiner Query und antwortet sich" in said[1]
