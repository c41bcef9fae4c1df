"""Text on screen is the text that was given: never markup, never lost, as long as it may be."""

from __future__ import annotations

import numpy as np
import pytest

from scenes import outlines, style
from scenes.letters import _glyphs, drawable, shorten
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


@pytest.mark.parametrize("font", [style.SERIF, style.MONO])
def test_what_no_font_has_is_shown_by_its_number(font: str) -> None:
    assert drawable("a😀é日\x07", font) == "a‹1F600›é‹65E5›‹7›"
    assert drawable(drawable("😀", font), font) == drawable("😀", font)
    assert drawable("\u200d\ue000\n\u202e", font) == "‹200D›‹E000›‹A›‹202E›"
    assert drawable("\u1680\u0378", font) == "‹1680›‹378›"  # a space that needs ink, and no character at all


@pytest.mark.parametrize("font", [style.SERIF, style.MONO])
def test_what_a_font_has_is_drawn(font: str) -> None:
    (box,) = outlines.line("\U0010fffd", font).outlines  # what Typst sets for what is nowhere
    for char in "„“”‚‘’«»‹›≤≥≈≠∞∂∑√←→↦␣ßÉőſαЖ€…–—•¿":
        assert drawable(char, font) == char
        shown = outlines.line(char, font).outlines
        assert shown
        assert not any(glyph.shape == box.shape and np.allclose(glyph, box) for glyph in shown), char
    spaces = " \u00a0\u2009\u202f\u3000"
    assert drawable(spaces, font) == spaces
    assert all(_glyphs(chr(code), font) for code in range(0x21, 0x7F))  # they are not asked for


def test_each_face_has_its_own_table() -> None:
    assert drawable("𝔸ℵ", style.SERIF) == "𝔸ℵ"  # from the face of formulas
    assert drawable("𝔸", style.MONO) == "‹1D538›"


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
    assert shorten("日" * 7, 14) == "日" * 7
    assert shorten("日" * 8, 14) == "日" * 6 + "…"  # a wide character takes two columns


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
