"""A prompt in any script is drawn in a font of the machine, and by its numbers where none has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from llmtrace.trace import Trace
from scenes import letters, outlines, style
from scenes.locale import Locale
from scenes.page import Region
from scenes.parts.prompt import prompt_with_blank
from scenes.reading import Reader

pytestmark = pytest.mark.usefixtures("dry")

SCRIPTS = {
    "Noto Sans": "Ελληνικά и кириллица e\u0301",
    "Noto Sans Arabic": "سلام عليكم",
    "Noto Sans Hebrew": "שלום עולם",
    "Noto Sans Devanagari": "नमस्ते दुनिया",
    "Noto Sans Thai": "สวัสดีชาวโลก",
    "Noto Sans CJK SC": "日本語 中文 한국어",
    "Symbola": "🙂🚀",
}
CACHED = (letters.shown, letters._of_machine, letters.has, outlines.line)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without a font of its own."""
    for cached in CACHED:
        cached.cache_clear()
    monkeypatch.setattr(letters, "families", lambda: ())
    yield
    for cached in CACHED:
        cached.cache_clear()


@pytest.mark.parametrize(("family", "text"), SCRIPTS.items())
def test_a_script_is_drawn_in_a_font_of_the_machine(family: str, text: str) -> None:
    if family not in letters.families():
        pytest.skip(f"{family} is not installed")
    for face in (style.SERIF, style.MONO):
        assert letters.shown(text, face) == text
        assert outlines.line(text, face).width > 0
        assert len(outlines.line(text, face).outlines) >= len(text.split())
    assert letters.lacking(text) == ""


def test_what_no_font_has_is_its_code_point_also_among_many_fonts() -> None:
    """Which of their boxes stands for it is up to Typst."""
    for face in (style.SERIF, style.MONO):
        assert letters.shown("a\U00031000", face) == "a‹31000›"  # of CJK extension G
    assert letters.lacking("a\U00031000") == "\U00031000"


def test_letters_are_shaped() -> None:
    """Arabic letters join, so that two are not twice one."""
    if "Noto Sans Arabic" not in letters.families():
        pytest.skip("no Arabic font is installed")
    one, two = (outlines.line("ه" * count, style.SERIF) for count in (1, 2))
    assert not np.allclose(two.outlines[0].shape, one.outlines[0].shape)


@pytest.mark.usefixtures("bare")
def test_without_a_font_code_points_stand_there() -> None:
    assert letters.shown("a🙂日\u200d", style.SERIF) == "a‹1F642›‹65E5›‹200D›"
    assert letters.lacking("aé🙂日日\x07") == "🙂日"
    assert len(outlines.line(letters.shown("日", style.MONO), style.MONO).outlines) == 6


def test_what_means_nothing_alone_is_shown_by_its_number() -> None:
    assert letters.shown("\u202eabc\x07\ue000", style.SERIF) == "‹202E›abc‹7›‹E000›"
    assert letters.shown("a\u200d", style.SERIF) == "a‹200D›"
    assert letters.lacking("\u202e\x07") == ""


@pytest.mark.parametrize(
    ("text", "way"),
    [("سلام", True), ("  שלום abc", True), ("abc שלום", False), ("12 ", False), ("‹E0›", False), ("", False)],
)
def test_the_direction_is_that_of_the_first_letter(text: str, way: bool) -> None:
    assert letters.right_to_left(text) is way


def test_the_blank_stands_where_the_text_goes_on(traced: Callable[..., Trace]) -> None:
    trace = traced("one token")
    for prompt, left in (("سلام عليكم", True), ("What will be", False)):
        tensors = {name: trace[name] for name in trace.names()}
        read = Reader(Trace(tensors, replace(trace.meta, prompt=prompt)), Locale("en"))
        text, blank, _ = prompt_with_blank(read, Region(-6.5, 6.5, -2.4, 2.4))
        assert bool(blank.get_x() < text.get_x()) is left
