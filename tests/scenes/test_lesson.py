"""What is said: every digit in it is a reading's, and every reading says the same when it is read again."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from prompts import NUMBERS, PROMPTS

from llmtrace.errors import FamilyError
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from scenes import CHAPTERS
from scenes.focus import focus, shown_positions, token
from scenes.lesson import Beat, Cue, Lesson, told, write_lesson
from scenes.locale import Locale
from scenes.reading import Reader, Reading
from scenes.template import parsed

Traced = Callable[..., Trace]
EN = Locale("en")
DRAWN = Sampling(temperature=1.2, top_k=50, seed=3)


@pytest.fixture(params=[*PROMPTS, NUMBERS, "drawn", "one new token", "six new tokens", "ids only"])
def trace(request: pytest.FixtureRequest, traced: Traced) -> Trace:
    if request.param == "ids only":
        return request.getfixturevalue("ids_only")
    settings: dict[str, tuple[str, int, Sampling]] = {
        "drawn": ("seven tokens", 4, DRAWN),
        "one new token": ("three tokens", 1, Sampling()),
        "six new tokens": ("seven tokens", 6, DRAWN),
    }
    return traced(*settings[request.param]) if request.param in settings else traced(request.param)


def beats(lesson: Lesson) -> list[Beat]:
    return [beat for chapter in lesson.chapters for beat in chapter.beats]


def test_every_digit_that_is_said_is_a_readings(trace: Trace) -> None:
    for beat in beats(write_lesson(trace, EN)):
        left = beat.text
        for text in sorted({one.text for one in beat.readings}, key=len, reverse=True):
            assert text in left, (beat.name, text)
            left = left.replace(text, "\x00")
        assert not re.search(r"\d", re.sub(r"GPT-[23]", "", left)), (beat.name, left)


def test_every_reading_reads_the_same_again(trace: Trace) -> None:
    for beat in beats(write_lesson(trace, EN)):
        for one in beat.readings:
            assert Reader(trace, EN).again(one.source, one.index, one.how, one.form) == one.text


def test_all_chapters_are_there_and_all_beats_have_words(trace: Trace) -> None:
    lesson = write_lesson(trace, EN)
    assert [chapter.name for chapter in lesson.chapters] == list(CHAPTERS)
    for chapter in lesson.chapters:
        names = [beat.name for beat in chapter.beats]
        assert len(set(names)) == len(names) > 0
        assert all(beat.text.strip() == beat.text != "" for beat in chapter.beats)
        assert all(
            "{" not in b.text and "  " not in b.text for b in chapter.beats if "{0}" not in lesson.prompt
        )


def test_the_loop_has_a_beat_for_each_later_token(trace: Trace) -> None:
    steps = len(trace["generated.token"])
    loop = write_lesson(trace, EN).chapter("loop")
    said = [beat for beat in loop.beats if beat.name.startswith("step")]
    assert [beat.name for beat in said] == [f"step{s}" for s in range(1, steps)]
    for step, beat in enumerate(said, start=1):
        assert token(Reader(trace, EN), trace.length + step).word().text in beat.text


def test_the_lesson_says_where_the_model_ends_its_text(traced: Traced) -> None:
    trace = traced("three tokens")
    last = int(trace["generated.token"][-1])
    over = replace(trace.meta, model=replace(trace.meta.model, ends=(last,)))
    ended = Trace({name: trace[name] for name in trace.names()}, over)
    for one, says in ((trace, False), (ended, True)):
        assert ("ends its text" in write_lesson(one, EN).chapter("loop").beats[-1].text) is says
        assert ("beendet" in write_lesson(one, Locale("de")).chapter("loop").beats[-1].text) is says


def test_the_prompt_is_quoted_exactly(traced: Traced) -> None:
    lesson = write_lesson(traced("hostile"), EN)
    assert lesson.prompt == PROMPTS["hostile"]
    assert f"“{PROMPTS['hostile']}”" in lesson.chapter("opening").beats[0].text


def test_the_lesson_says_what_the_tensors_hold(traced: Traced) -> None:
    """Against numbers that are computed here, not through readings."""
    trace = traced("three tokens")
    lesson = write_lesson(trace, EN)
    probability = trace["generated.probability"][0]
    likeliest = int(probability.argmax())
    softmax = next(b for b in lesson.chapter("output").beats if b.name == "softmax").text
    assert f"{100 * probability[likeliest]:.1f}%" in softmax
    assert (trace.token_bytes(likeliest) or b"").decode().strip() in softmax
    f = focus(trace)
    score = float(trace[f"block.{f.block:02d}.attn.scores"][f.head, f.query, f.key])
    scores = next(b for b in lesson.chapter("attention").beats if b.name == "dot").text
    assert f"{score:.1f}".replace("-", "−") in scores


def test_greedy_and_drawn_choices_are_told_apart(traced: Traced) -> None:
    one, other = (
        write_lesson(traced("seven tokens", 4, sampling), EN).chapter("output").beats[-1].text
        for sampling in (Sampling(), DRAWN)
    )
    assert "drawn" in other
    assert "drawn" not in one


def test_chapters_can_be_chosen(traced: Traced) -> None:
    lesson = write_lesson(traced("three tokens"), EN, ["output", "tokens"])
    assert [chapter.name for chapter in lesson.chapters] == ["tokens", "output"]
    everything = write_lesson(traced("three tokens"), EN)
    assert lesson.chapters == (everything.chapter("tokens"), everything.chapter("output"))


def test_a_number_in_the_template_is_refused(made_up: Trace) -> None:
    read = Reader(made_up, EN)
    n, m = read("tokens", 0).id(), read("tokens", 1).id()
    with pytest.raises(ValueError, match="a number must be a reading"):
        told("x", "It has 12 heads.", {}, EN)
    with pytest.raises(ValueError, match="a number must be a reading"):
        told("x", "GPT-4 and {n}", {"n": n}, EN)
    beat = told("x", "GPT-2 has {n} heads.", {"n": n, "m": m}, EN)
    assert (beat.text, len(beat.readings)) == ("GPT-2 has 3 heads.", 1)


def test_a_cue_is_the_place_of_the_word_after_it_and_is_not_said(made_up: Trace) -> None:
    n = Reader(made_up, EN)("tokens", 0).id()
    beat = told("x", "It {*has}has {*n}{n} of {{braces}}.", {"n": n}, EN)
    assert (beat.text, beat.cues) == ("It has 3 of {braces}.", (Cue("has", 3), Cue("n", 7)))


@pytest.mark.parametrize(("language", "said"), [("en", "3 birds, 1 bird"), ("de", "3 Vögel, 1 Vogel")])
def test_a_word_goes_with_its_count(made_up: Trace, language: str, said: str) -> None:
    locale = Locale(language)
    many, one = (Reader(made_up, locale)("tokens", i).integer() for i in (0, 1))
    template = {
        "en": "{a} {a:bird|birds}, {b} {b:bird|birds}",
        "de": "{a} {a:Vogel|Vögel}, {b} {b:Vogel|Vögel}",
    }
    beat = told("x", template[language], {"a": many, "b": one}, locale)
    assert (beat.text, beat.readings) == (said, (many, one))


def test_a_readings_text_is_never_a_template(traced: Traced) -> None:
    assert "{0}" in write_lesson(traced("hostile"), EN).chapter("opening").beats[0].text


def test_the_focus_is_the_strongest_key_of_the_last_token(trace: Trace) -> None:
    f = focus(trace)
    assert (f.block, f.head) == trace.best_head
    assert f.query == trace.length - 1
    row = trace[f.tensor("pattern")][f.head, f.query]
    assert row[f.key] == row.max()


@pytest.mark.parametrize("limit", [7, 20, 40])
def test_positions_that_are_shown(trace: Trace, limit: int) -> None:
    for first in (0, trace.length // 2, trace.length - 1):
        positions, left_out = shown_positions(Reader(trace, EN), limit, first)
        assert positions == sorted(set(positions))
        assert first in positions
        assert trace.length - 1 in positions
        if left_out is None:
            assert positions == list(range(trace.length))
        else:
            assert len(positions) == limit - 1  # and a mark for the others
            assert int(left_out.text) == trace.length - len(positions)


def test_words_need_neither_manim_nor_torch() -> None:
    code = (
        "import sys, scenes.lesson\n"
        "for name in scenes.CHAPTERS: scenes.lesson.load_chapter(name)\n"
        "print(sorted({'manim', 'torch', 'transformers', 'tokenizers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_lesson_is_of_a_gpt2(traced: Traced) -> None:
    trace = traced("three tokens")
    card = replace(trace.meta.model, name="smol", family="llama")
    other = Trace({"tokens": trace["tokens"]}, replace(trace.meta, model=card))
    with pytest.raises(FamilyError, match=r"smol: a lesson is of a GPT-2.*family 'llama'"):
        write_lesson(other, EN)


@pytest.mark.parametrize(
    ("language", "template", "text"),
    [
        ("de", "{key} mit {key!d} an {key!a}. {key} ist da. Bei {key!d}: {key}.",
         "Ein Punkt mit einem Punkt an einen Punkt. Ein Punkt ist da. Bei einem Punkt: ein Punkt."),
        ("en", "{key} with {key!d}. {key} …",
         "A full stop with a full stop. A full stop …"),
    ],
)  # fmt: skip
def test_a_mark_has_its_article_and_its_case(language: str, template: str, text: str) -> None:
    locale = Locale(language)
    mark = Reading(str(locale.named(".")), "tokens", (0,), "at", "word")
    assert told("beat", template, {"key": mark}, locale).text == text


def test_a_case_that_no_language_has_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"\{key!x\} is in no case; there are !a, !d"):
        list(parsed("with {key!x}"))
