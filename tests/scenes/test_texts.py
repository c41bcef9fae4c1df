"""A `words.toml` that lacks something is refused when it is loaded, in one line that says where."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import scenes
from scenes import CHAPTERS
from scenes.errors import ChapterError
from scenes.locale import LANGUAGES, Locale
from scenes.template import fields, own_number
from scenes.texts import Texts, read_texts

WHOLE = """
title = { en = "Test", de = "Probe" }

[beats.one]
en = "The {*first}first is {value}."
en_heard = "It is {value} and {other}."
de = "Der {*first}erste ist {value}."
de_heard = "Es ist {value} und {other}."

[beats.two.single]
en = "{count} {count:thing|things}."
en_heard = "Only {count}."
de = "{count} {count:Ding|Dinge}."
de_heard = "Nur {count}."

[labels]
name = { en = "name {n}", de = "Name {n}" }
"""


def read(tmp_path: Path, content: str) -> Texts:
    path = tmp_path / "words.toml"
    path.write_text(content, encoding="utf-8")
    return read_texts(path)


def test_a_text_is_found_by_language_level_and_ear(tmp_path: Path) -> None:
    texts = read(tmp_path, WHOLE + "\n[beats.three]\n" + "\n".join(
        f'{key} = "{key}"' for key in ("en", "en_story", "en_heard", "de", "de_story", "de_heard")
    ))  # fmt: skip
    for locale, found in (
        (Locale("de"), "de"),
        (Locale("de", "math"), "de"),
        (Locale("de", "story"), "de_story"),
        (Locale("en", "story", heard=True), "en_heard"),
    ):
        assert texts.template("three", "", locale) == found
    assert texts.template("two", "single", Locale("en", heard=True)) == "Only {count}."
    assert texts.labels["name"]["de"] == "Name {n}"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("title = {", "titel = {", "title: is missing"),
        ('de = "Probe"', 'fr = "Essai"', "title: 'fr' is none of en, de"),
        (', de = "Probe"', "", "title: has no de"),
        ('de = "Der {*first}erste ist {value}."', "", "beats.one: has no de"),
        ("erste ist {value}", "erste ist {number}", "de and en have other fields: number, value"),
        ("Der {*first}erste", "Der {*last}erste", "de and en have other cues: first, last"),
        ("Nur {count}", "Nur", "de_heard and en_heard have other fields: count"),
        ('de_heard = "Nur {count}."', "", "beats.two.single: has no de_heard"),
        ("Only {count}", "Only {*n}{count}", "en_heard has a cue"),
        ("{count:Ding|Dinge}", "{count:Ding|Dinge|Dinger}", "count has 3 forms, and the language has 2"),
        ("The {*first}", "The 1 {*first}", "holds a number"),
        ("The {*first}", " The {*first}", "begins or ends with a space"),
        ("The {*first}first", "The {*first", "en: "),
        ("[labels]", "[label]", "label: no such part"),
        ('en = "The', 'en_full = "', "'en_full' is none of"),
        ('de = "Name {n}"', 'de = "Name {m}"', "labels.name: de and en have other fields: m, n"),
        ("[labels]", "[labels", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    assert old in WHOLE
    with pytest.raises(ChapterError) as error:
        read(tmp_path, WHOLE.replace(old, new, 1))
    assert wrong in str(error.value)
    assert str(tmp_path / "words.toml") in str(error.value)
    assert "\n" not in str(error.value)


def test_a_level_keeps_the_cues_that_the_picture_waits_for(tmp_path: Path) -> None:
    story = 'en_story = "The first is {value}."\nde_story = "Der erste ist {value}."\n'
    with pytest.raises(ChapterError, match=r"beats\.one: en_story and en have other cues: first"):
        read(tmp_path, WHOLE.replace('en_heard = "It', story + 'en_heard = "It', 1))


def test_no_file_no_chapter(tmp_path: Path) -> None:
    with pytest.raises(ChapterError, match="no such file"):
        read_texts(tmp_path / "words.toml")


def house_texts() -> Iterator[tuple[str, dict[str, str]]]:
    content = tomllib.loads((Path(scenes.__file__).parent / "words.toml").read_text("utf-8"))
    for part in ("labels", "tokens"):
        yield from content[part].items()


def test_a_token_is_named_with_its_article_in_every_case() -> None:
    content = tomllib.loads((Path(scenes.__file__).parent / "words.toml").read_text("utf-8"))
    for names in content["tokens"].values():
        article, noun = names["de"].split()
        assert article in ("ein", "eine", "das")
        cases = {"ein": ("ein", "einen"), "eine": ("eine",), "das": ("das",)}[article]
        dative = {"ein": "einem", "eine": "einer", "das": "dem"}[article]
        assert names["de_accusative"] in [f"{case} {noun}" for case in cases]
        assert names["de_dative"] == f"{dative} {noun}"


def test_words_that_are_no_chapters_own_are_there_in_every_language() -> None:
    for key, texts in house_texts():
        assert tuple(language for language in texts if "_" not in language) == LANGUAGES, key
        for text in texts.values():
            assert fields(text) == fields(texts["en"]), key
            assert text.strip() == text != ""
            assert not own_number(text)


GOVERNS = {
    "d": "aus|bei|mit|nach|seit|von|zu|vom|beim|zum",
    "a": "durch|für|gegen|ohne|um|auf|an|über",
}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_token_after_a_german_preposition_stands_in_its_case(chapter: str) -> None:
    """ "Mit ein Punkt" would be said otherwise: `{word!d}` is "einem Punkt"."""
    written = (Path(scenes.__file__).parent / chapter / "words.toml").read_text("utf-8")
    for line in re.findall(r"(?m)^de\w* = .*$", written):
        for case, words in GOVERNS.items():
            token = r"(?:\{\*\w+\})?\{(?:word|query|key|other|likeliest)[^}]*\}"
            for found in re.findall(rf"\b(?i:{words}) {token}", line):
                assert found.endswith(f"!{case}}}"), line
