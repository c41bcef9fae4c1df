"""What falls apart, and how a token grows: as the trace has it, for any text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from manim import VGroup

from llmtrace.loading import LoadedModel
from llmtrace.trace import Trace
from scenes.locale import Locale
from scenes.page import BODY
from scenes.parts.label import Label
from scenes.reading import Reader
from scenes.tokens.growth import Growth
from scenes.tokens.layout import Boxes
from scenes.tokens.runs import grown, split_characters, word_in_pieces
from scenes.tokens.scene import GROWS

Traced = Callable[..., Trace]

pytestmark = pytest.mark.usefixtures("dry")


def spelled(trace: Trace, start: int, stop: int) -> str:
    read = Reader(trace, Locale("en"))
    return str(read("tokens", start, stop, how="spelled").value)


def test_split_characters_are_found_with_the_marks_on_them(traced: Traced) -> None:
    trace = traced("so 🙂 नमस्ते é")
    runs = split_characters(trace)
    texts = [spelled(trace, *run).strip() for run in runs]
    assert texts[:2] == ["🙂", "न"]
    assert texts[2:5] == ["म", "स्", "ते"]
    assert all(run.stop - run.start > 1 for run in runs)
    assert split_characters(traced("What will be")) == []


def test_a_word_in_pieces_is_the_one_of_the_most(traced: Traced) -> None:
    trace = traced("the extraordinarily unhappy dog and the cat")
    run = word_in_pieces(trace)
    assert run is not None
    assert spelled(trace, *run).strip() == "extraordinarily"
    assert word_in_pieces(traced("What will be")) is None
    assert word_in_pieces(traced("a1b2 3c4 ???!!! (x)")) is None  # no word of letters


def test_a_word_that_has_a_token_of_its_own_is_not_in_pieces(model: LoadedModel, traced: Traced) -> None:
    """Of ids a text can be made that its own tokenizer would not make."""
    from llmtrace import capture

    whole = traced(" will")
    assert whole.length == 1
    letters = [int(capture(letter, model, new_tokens=1)["tokens"][0]) for letter in (" w", "ill")]
    assert word_in_pieces(capture(letters, model, new_tokens=1)) is None


@pytest.mark.parametrize("prompt", ["the extraordinarily unhappy dog", "Once", "It looked strange"])
def test_a_token_grows_from_its_letters(prompt: str, traced: Traced) -> None:
    trace = traced(prompt)
    read = Reader(trace, Locale("en"))
    place = grown(read)
    assert place is not None
    growth = Growth(read, place, GROWS, "letters", lambda rank: ["rule ", rank])
    whole = read("tokens", place).token().text
    lines = [[piece.label.reading.text for piece in line] for line in growth.lines]
    assert lines[0] == list(whole)
    assert lines[-1] == [whole]
    for line in lines:
        assert "".join(line) == whole
    for line, made in enumerate(growth.lit, start=1):
        before, after = lines[line - 1], lines[line]
        (at,) = [n for n, piece in enumerate(growth.lines[line]) if piece is made]
        assert before[at] + before[at + 1] == after[at]
        assert before[:at] + before[at + 2 :] == after[:at] + after[at + 1 :]
    ranks = [
        int(label.reading.text.replace(",", ""))
        for name in growth.names[1:]
        for label in name
        if isinstance(label, Label) and label.reading
    ]
    assert ranks == [step + 1 for step in trace["tokens.merges"][trace["tokens.merges"][:, 0] == place, 2]]
    assert growth.width <= GROWS.width + 0.01


@pytest.mark.parametrize("prompt", ["one token", "three tokens", "twenty tokens", "forty tokens"])
def test_boxes_fill_the_page(prompt: str, traced: Traced) -> None:
    boxes = Boxes(Reader(traced(prompt), Locale("en")), braced=True)
    assert boxes.width <= BODY.width
    assert boxes.height <= BODY.height
    assert boxes.width > 0.66 * BODY.width or boxes.height > BODY.height / 3
    assert boxes.size >= 20
    homes = {i: chip.get_center() for i, chip in boxes.chips.items()}
    boxes.join()
    for i, chip in boxes.chips.items():
        assert chip.target.get_center() == pytest.approx(homes[i])
    first: VGroup = boxes.rows[0]
    assert first.width < sum(chip.target.width for chip in first)  # one text without boxes
