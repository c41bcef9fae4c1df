"""The prompt's tokens as boxes that fill the page: in lines, as large as fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from manim import DOWN, RIGHT, VGroup

from scenes import style
from scenes.focus import shown_positions, token
from scenes.page import BODY, fit
from scenes.parts.chips import Chip, gap, lines
from scenes.parts.label import number
from scenes.reading import Reader
from scenes.tokens.runs import MOST

SIZES = (110, 96, 84, 74, 64, 56, 50, 44, 39, 35, 31, 28, 25, 22, 20)  # of type
LEAST = 20  # of what stands above and below
HIGH = 0.0215  # of a chip, by the size of type
TALL = 0.0165  # of a line of text
BETWEEN = 0.0018  # chips, by the size of type
_WIDE = BODY.width - 0.2


class Boxes(VGroup):
    """`chips` by their positions, and with them in `pieces` the mark for those that are left out.

    `braced`: there is room for what stands above some of them; below each there is room for its number.
    """

    def __init__(self, read: Reader, braced: bool) -> None:
        positions, left_out = shown_positions(read, MOST)
        plain = [Chip(token(read, i).token(), LEAST) for i in positions]
        widths = [chip.width / LEAST for chip in plain]
        if left_out:
            widths.insert(1, gap(left_out, read.locale).width / LEAST)
        self.size = next((size for size in SIZES if self._fits(widths, size, braced)), SIZES[-1])
        self.id_size, self.brace_size = _below(self.size), _above(self.size)
        self.chips = {i: Chip(token(read, i).token(), self.size) for i in positions}
        self.pieces: list[VGroup] = list(self.chips.values())
        if left_out:
            self.pieces.insert(1, gap(left_out, read.locale, min(self.size, style.SMALL_SIZE)))
        self.rows = lines(self.pieces, _WIDE, self._pitch(self.size, braced), BETWEEN * self.size)
        fit(self.rows, BODY)
        super().__init__(*self.pieces)

    def join(self) -> None:
        """Brings the tokens together as one text, without boxes; each chip's `target` is where it was."""
        for row in self.rows:
            texts = [chip.label if isinstance(chip, Chip) else chip for chip in row]
            for chip in row:
                chip.generate_target()
            tight = VGroup(*(text.copy() for text in texts)).arrange(RIGHT, buff=0.0004 * self.size)
            tight.move_to(row)
            for chip, text in zip(row, tight, strict=True):
                if isinstance(chip, Chip):
                    chip.label.move_to(text)
                    chip.box.stretch_to_fit_width(text.width).move_to(text).set_opacity(0)
                else:
                    chip.move_to(text)

    def numbers(self, read: Reader) -> VGroup:
        """The id of each token, below it."""
        return VGroup(
            *(
                number(token(read, i).id(), self.id_size).next_to(chip, DOWN, buff=0.1)
                for i, chip in self.chips.items()
            )
        )

    def together(self, positions: Sequence[int]) -> Iterator[VGroup]:
        """The chips of positions that follow each other, line by line; none where some are left out."""
        if not all(i in self.chips for i in positions):
            return
        chips = [self.chips[i] for i in positions]
        for row in self.rows:
            if here := [chip for chip in chips if chip in row.submobjects]:
                yield VGroup(*here)

    def around(self, at: int, size: float, width: float = 9.6) -> list[int]:
        """The positions around one whose chips in a size fit into a line."""
        room = width / size
        widths = {i: chip.width / self.size + 0.12 / size for i, chip in self.chips.items()}
        first = last = at
        used = widths[at]
        while True:
            ahead = [i for i in (last + 1, first - 1) if i in widths and used + widths[i] <= room]
            if not ahead:
                return list(range(first, last + 1))
            used += widths[ahead[0]]
            first, last = min(first, ahead[0]), max(last, ahead[0])

    @classmethod
    def _fits(cls, widths: list[float], size: float, braced: bool) -> bool:
        wide = [width * size for width in widths]
        rows, used = 1, 0.0
        for width in wide:
            if used and used + BETWEEN * size + width > _WIDE:
                rows, used = rows + 1, 0.0
            used += width + BETWEEN * size * bool(used)
        return max(wide) <= _WIDE and rows * cls._pitch(size, braced) <= BODY.height

    @staticmethod
    def _pitch(size: float, braced: bool) -> float:
        below = 0.1 + TALL * _below(size)
        above = 0.23 + TALL * _above(size) if braced else 0.0
        return HIGH * size + below + above + 0.0035 * size


def _below(size: float) -> float:
    """The size of the numbers below chips of a size."""
    return max(LEAST, min(40.0, 0.62 * size))


def _above(size: float) -> float:
    return max(LEAST, min(40.0, 0.6 * size))
