"""The prompt as a paragraph, with a blank after it for what comes next."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, VGroup

from scenes import outlines, style
from scenes.focus import prompt
from scenes.letters import right_to_left, shown
from scenes.page import Region, fit
from scenes.parts.chips import Blank
from scenes.parts.label import Label, broken, words
from scenes.reading import Reader, Reading

_SIZES = (130, 110, 96, 84, 72, 62, 54, 47, 41, 36, 32, 28, 25, 22)  # of type
_WHOLE = 41  # up to here a word may be broken
_PITCH = 0.0205  # from line to line, by the size of type
_BLANK = 0.033  # the room that the blank takes, by the size of type


class Paragraph(VGroup):
    """Lines of text that together show one reading."""

    def __init__(self, lines: list[Label], reading: Reading) -> None:
        super().__init__(*lines)
        self.reading = reading


def prompt_with_blank(read: Reader, region: Region) -> tuple[VGroup, Blank, float]:
    """The prompt as large as fits into a region, the blank after its last word, and the size of its type."""
    written = prompt(read)
    if read.trace.meta.prompt is None:
        pieces = [read.locale.label("ids", count=written.text)]
    else:
        pieces = written.text.split(" ")
    for size in _SIZES:
        width = region.width - _BLANK * size
        rows = _rows(pieces, size, width)
        whole = size <= _WHOLE or all(_width(piece, size) <= width for piece in pieces)
        if whole and len(rows) * _PITCH * size <= region.height:
            break
    text = Paragraph([words(row, size) for row in rows], written)
    start, end = (RIGHT, LEFT) if right_to_left(written.text) else (LEFT, RIGHT)
    text.arrange(DOWN, buff=size * 0.005, aligned_edge=start)
    blank = Blank(size * 0.75)
    blank.next_to(text[-1], end, buff=size * 0.005)
    fit(VGroup(text, blank), region)
    return text, blank, size * text[-1].height / words(rows[-1], size).height


def _rows(pieces: list[str], size: float, width: float) -> list[str]:
    """The words in as few lines as fit."""
    rows, row = list[str](), ""
    for piece in (part for word in pieces for part in broken(word, size, width)):
        longer = f"{row} {piece}".strip()
        if row and _width(longer, size) > width:
            rows.append(row)
            longer = piece
        row = longer
    return [*rows, row]


def _width(text: str, size: float) -> float:
    return outlines.line(shown(text, style.SERIF), style.SERIF).width * size / outlines.SIZE
