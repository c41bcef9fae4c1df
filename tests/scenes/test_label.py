"""Text on screen is the text that was given: never markup, never lost, as long as it may be."""

from __future__ import annotations

import pytest

from scenes.letters import drawable, shorten
from scenes.parts.chips import LONGEST, Chip, longest_in
from scenes.parts.label import mono, number, sentence, words
from scenes.reading import Reading

pytestmark = pytest.mark.usefixtures("dry")


def token(text: str) -> Reading:
    return Reading(text, "tokens", (0,), "at", "token")


def glyphs(text: str) -> int:
    return sum(glyph.has_points() for glyph in mono(text).submobjects[:-2])


@pytest.mark.parametrize(
    "text",
    [
        "#strong[x]",
        "*b*_i_",
        "$x^2$",
        r"\n\u{41}",
        '"q"',
        "<a>&amp;</a>",
        "// none",
        "= x",
        "@ref",
        "`raw`",
        "~-",
    ],
)
def test_nothing_is_markup(text: str) -> None:
    marks = 2 * text.count('"')  # a double quote is two strokes, which may be one glyph
    assert len(text.replace(" ", "")) <= glyphs(text) <= len(text.replace(" ", "")) + marks


def test_what_no_font_has_is_shown_by_its_number() -> None:
    assert drawable("a😀é日\x07") == "a‹1F600›é‹65E5›‹7›"
    assert drawable(drawable("😀")) == drawable("😀")
    assert glyphs("日") == glyphs("‹65E5›") == 6


def test_every_mark_that_we_use_has_a_glyph() -> None:
    for mark in "␣↵⇥‹›−∞≤≥…·×√→":
        assert glyphs(mark) >= 1, mark


def test_empty_text_takes_the_line_but_no_room() -> None:
    assert mono("").height == pytest.approx(mono("x").height)
    assert mono("").width == 0


def test_lines_of_one_size_are_of_one_height() -> None:
    """So that centring two of them puts their letters on one baseline."""
    heights = [words(text, 30).height for text in ("H", "x", "Hp", "…", "a.")]
    assert heights == pytest.approx([heights[0]] * 5)
    assert words("Hp", 60).height == pytest.approx(2 * heights[0])


def test_shorten() -> None:
    assert shorten("a" * 14, 14) == "a" * 14
    assert shorten("a" * 15, 14) == "a" * 13 + "…"


def test_a_number_keeps_its_reading() -> None:
    one = token("␣be")
    assert number(one).reading is one
    assert number(one).copy().reading is one
    line = sentence("of ", one, " values")
    assert [part.reading for part in line] == [None, one, None]


@pytest.mark.parametrize("text", ["W" * 40, "日" * 40, "‹00›" * 9, "a"])
def test_a_chip_is_no_wider_than_its_letters_may_be(text: str) -> None:
    for longest in (4, 9, LONGEST):
        chip = Chip(token(text), longest=longest)
        assert longest_in(chip.width + 1e-3) <= longest
        assert chip.label.width < chip.box.width
