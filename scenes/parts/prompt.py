"""The prompt as a paragraph, with a blank after it for what comes next."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, VGroup

from scenes import style
from scenes.focus import prompt
from scenes.letters import drawable
from scenes.parts.chips import Blank
from scenes.parts.label import Label, broken, words
from scenes.reading import Reader, Reading


class Paragraph(VGroup):
    """Lines of text that together show one reading."""

    def __init__(self, lines: list[Label], reading: Reading) -> None:
        super().__init__(*lines)
        self.reading = reading


def prompt_with_blank(read: Reader, width: float = 12.0) -> tuple[VGroup, Blank]:
    """The prompt in as few lines as fit, and the blank after its last word; together centred."""
    shown = prompt(read)
    if read.trace.meta.prompt is None:
        pieces = [read.locale.label("ids", count=shown.text)]
    else:
        pieces = shown.text.split(" ")
    drawn = sum(len(drawable(piece, style.SERIF)) + 1 for piece in pieces)
    size = 60 if drawn <= 31 else 44 if drawn <= 91 else 34
    lines: list[Label] = []
    row = ""
    parts = [part for piece in pieces for part in broken(piece, size, width)]
    for piece in parts:
        longer = f"{row} {piece}".strip()
        if row and words(longer, size).width > width:
            lines.append(words(row, size))
            longer = piece
        row = longer
    lines.append(words(row, size))
    text = Paragraph(lines, shown).arrange(DOWN, buff=size * 0.005, aligned_edge=LEFT)
    blank = Blank(size * 0.75)
    blank.next_to(lines[-1], RIGHT, buff=0.3)
    VGroup(text, blank).move_to((0, 0, 0))
    return text, blank
