"""One of a thing is not several, and of a word that stands twice it is said which one is meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from llmtrace import capture
from llmtrace.loading import LoadedModel
from llmtrace.trace import Trace
from scenes.alt import alternative
from scenes.chapter import load_chapter
from scenes.focus import focus
from scenes.lesson import Chapter, write_lesson
from scenes.locale import LANGUAGES, LEVELS, Locale
from scenes.reading import Reader

Traced = Callable[..., Trace]
SIDE_BY_SIDE = re.compile(r"\d(\s?%)?,? −?\d")
PLURALS = re.compile(
    r"(?<![.,\d])1 (learned |gelernten? )?(blocks|heads|values|tokens|products|numbers|neurons|pages|rows|"
    r"others|Blöcken?|Köpfen?|Werten?|Tokens|Produkte|Zahlen|Neuronen|Seiten|Zeilen|andere|are|make|sind|ergeben)\b"
)
SHAPES = [(1, 4, 4), (4, 1, 8), (1, 1, 8)]  # blocks, heads and width: of the first, a head has one number


def text(chapter: Chapter, beat: str) -> str:
    return next(one.text for one in chapter.beats if one.name == beat)


@pytest.mark.parametrize(
    ("language", "heard", "said"),
    [
        ("en", False, ("has 1 head for that", "This model has 1 block of two")),
        (
            "en",
            True,
            (
                "in 1 block, and this block has 1 attention head.",
                "has 1 head that",
                "After 1 block, the list",
            ),
        ),
        ("de", False, ("hat das Modell 1 Kopf:", "Dieses Modell hat 1 Block aus")),
        (
            "de",
            True,
            ("auf 1 Block, und dieser Block hat 1 Attention-Kopf.", "hat 1 Kopf,", "Nach 1 Block wird die"),
        ),
    ],
)
def test_one_of_a_thing(one_of_each: Trace, language: str, heard: bool, said: tuple[str, ...]) -> None:
    lesson = write_lesson(one_of_each, Locale(language, heard=heard))
    whole = " ".join(beat.text for chapter in lesson.chapters for beat in chapter.beats)
    for part in said:
        assert part in whole
    assert not PLURALS.search(whole)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_of_whatever_a_model_has_one_its_word_says_so(
    shaped: Traced, shape: tuple[int, int, int], language: str
) -> None:
    for locale in [*(Locale(language, level) for level in LEVELS), Locale(language, heard=True)]:
        for chapter in write_lesson(shaped(*shape), locale).chapters:
            for beat in chapter.beats:
                assert not PLURALS.search(beat.text), (locale, beat.text)


LABELS: dict[tuple[str, str], dict[tuple[str, ...], tuple[str, str]]] = {  # by counts: what is on screen
    ("attention", "eyes"): {
        ("heads=4", "blocks=1"): ("4 heads in 1 block", "4 Köpfe in 1 Block"),
        ("heads=1", "blocks=4"): ("1 head in each of 4 blocks", "je 1 Kopf in 4 Blöcken"),
        ("heads=6", "blocks=6"): ("6 heads in each of 6 blocks", "je 6 Köpfe in 6 Blöcken"),
    },
    ("attention", "dimmed"): {
        ("width=1",): (
            "the 1 value, as strong as its weight is of the largest",
            "der 1 Wert, so kräftig wie sein Gewicht gegen das größte",
        ),
        ("width=32",): (
            "all 32 values, as strong as their weight is of the largest",
            "alle 32 Werte, so kräftig wie ihr Gewicht gegen das größte",
        ),
    },
    ("attention", "products"): {
        ("count=1",): ("its 1 product", "sein 1 Produkt"),
        ("count=32",): ("all 32 products, end to end", "alle 32 Produkte, aneinandergelegt"),
    },
    ("softmax", "others"): {
        ("count=1", "share=3%"): ("1 other: 3%", "1 anderes: 3%"),
        ("count=2", "share=3%"): ("2 others: 3%", "2 andere: 3%"),
    },
    ("mlp", "above"): {
        ("above=1",): ("neuron is above zero", "Neuron ist über null"),
        ("above=1024",): ("neurons are above zero", "Neuronen sind über null"),
    },
    ("overview", "fold"): {
        ("fold=1",): ("1 time this model", "1-mal dieses Modell"),
        ("fold=112",): ("112 times this model", "112-mal dieses Modell"),
    },
}


@pytest.mark.parametrize(("chapter", "label"), LABELS)
def test_labels_go_with_their_counts(chapter: str, label: str) -> None:
    for counts, wanted in LABELS[chapter, label].items():
        readings = dict(one.split("=") for one in counts)
        for language, said in zip(LANGUAGES, wanted, strict=True):
            template = load_chapter(chapter).texts.labels[label][language]
            assert "".join(Locale(language).filled(template, readings)) == said


FIRING = {  # by locale: of one neuron, and of two
    Locale("en"): ("1 of 1,024 is above zero.", "2 of 1,024 are above zero."),
    Locale("en", "story"): ("1 of 1,024 speaks.", "2 of 1,024 speak."),
    Locale("en", heard=True): ("1 of 1,024 is positive. It is its", "2 of 1,024 are positive. They are its"),
    Locale("de"): ("ist 1 von 1.024 über null.", "sind 2 von 1.024 über null."),
    Locale("de", "story"): ("spricht 1 von 1.024.", "sprechen 2 von 1.024."),
    Locale("de", heard=True): ("ist 1 von 1.024 über null. Es ist", "sind 2 von 1.024 über null. Sie sind"),
}


@pytest.mark.parametrize("above", [1, 2])
def test_a_single_neuron_that_fires(traced: Traced, above: int) -> None:
    trace = traced("seven tokens")
    name, query = focus(trace).beside("mlp.act"), focus(trace).query
    acts = trace[name].copy()
    acts[query] = -0.1
    acts[query, :above] = 1.0
    trace = Trace({name: trace[name] for name in trace} | {name: acts}, trace.meta)
    for locale, said in FIRING.items():
        assert said[above - 1] in text(write_lesson(trace, locale, ["mlp"]).chapter("mlp"), "firing")
    for language, said in (("en", ("neurons is", "neurons are")), ("de", ("ist 1 von", "sind 2 von"))):
        picture = alternative("mlp", Reader(trace, Locale(language)), {"firing"})
        assert picture is not None
        assert said[above - 1] in picture.text


def test_a_single_token_that_reaches_a_share() -> None:
    """How many top-p would keep, where more than these few are left to draw from."""
    for language, one, several in (
        ("en", "which is 1 this time.", "which are 4 this time."),
        ("de", "das ist diesmal 1.", "das sind diesmal 4."),
    ):
        locale = Locale(language, heard=True)
        template = load_chapter("output").texts.template("mass", "cuts", locale)
        for n, said in (("1", one), ("4", several)):
            assert "".join(locale.filled(template, {"p": "90%", "n": n})).endswith(said)


def test_a_single_id(model: LoadedModel) -> None:
    trace = capture([2061], replace(model, tokenizer=None), new_tokens=1, surroundings=True)
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
    assert re.match(f"(So )?{query} .* {key}\\.", text(chapter, "arcs"))


def test_a_token_that_asks_itself(traced: Traced) -> None:
    trace = traced("one token")
    said = [text(write_lesson(trace, Locale(one)).chapter("attention"), "dot") for one in LANGUAGES]
    assert "“Once” asks with its query, and answers itself" in said[0]
    assert "„Once“ fragt mit seiner Query und antwortet sich" in said[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prompt", ["one token", "three tokens", "twenty tokens", "repeated", "forty tokens"])
def test_no_two_numbers_stand_side_by_side(traced: Traced, prompt: str, language: str) -> None:
    """An ear would hear one: "„dog“ an Platz 8 25 %"."""
    locales = [*(Locale(language, level) for level in LEVELS), Locale(language, heard=True)]
    for locale in locales:
        for chapter in write_lesson(traced(prompt), locale).chapters:
            for beat in chapter.beats:
                assert not SIDE_BY_SIDE.search(beat.text), (locale, beat.text)


def guesses(trace: Trace, *names: str) -> Trace:
    """The trace with other guesses by the lens, block after block: tokens of its prompt, by place."""
    lens = {f"lens.{block:02d}.token": trace[f"lens.{block:02d}.token"].copy() for block in range(len(names))}
    final = int(trace["generated.logits"][0].argmax())
    for tokens, name in zip(lens.values(), names, strict=True):
        tokens[0] = final if name == "final" else int(trace["tokens"][int(name)])
    return Trace({name: trace[name] for name in trace} | lens, trace.meta)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("final",) * 6, "the guess stays: after the first it would already be {final}."),
        (("0", "1", *["final"] * 4), "forms: {early} after the first, {final} from block 3 on."),
        (
            ("0", *["1"] * 4, "final"),
            "{early} after the first, and only the last makes it {final}.",
        ),
        (
            ("final", "0", *["final"] * 4),
            "{final} after the first. Then it wavers, and from block 3",
        ),
    ],
)
def test_how_the_guess_forms(traced: Traced, names: tuple[str, ...], said: str) -> None:
    trace, locale = guesses(traced("seven tokens"), *names), Locale("en")
    final = Reader(trace, locale)("generated.logits", 0, 0, how="ranked").word().text
    early = Reader(trace, locale)("tokens", 0).word().text
    lesson = write_lesson(trace, locale)
    assert said.format(final=final, early=early) in text(lesson.chapter("blocks"), "guess")
    math = write_lesson(trace, Locale("en", "math"))
    assert ("On the way" in text(math.chapter("overview"), "stack")) is (len(set(names)) > 1)


def test_a_token_alone_is_not_said_to_meet_others(traced: Traced) -> None:
    for language, own in (("en", "can only look at itself"), ("de", "nur sich selbst ansehen")):
        chapter = write_lesson(traced("one token"), Locale(language)).chapter("attention")
        assert own in text(chapter, "head")


def test_a_token_that_is_no_word_of_letters_grew_from_bytes(traced: Traced) -> None:
    for prompt, own in (("seven tokens", "grew from letters"), ("日本語の文", "grew from bytes")):
        assert own in text(write_lesson(traced(prompt), Locale("en")).chapter("tokens"), "grow")
