"""Many small matrices of one kind beside each other: all heads of all blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from manim import Rectangle

from llmtrace.trace import Array
from scenes import style
from scenes.parts.texture import Assembly, Paint, Texture
from scenes.reading import Slice


class SmallMultiples(Assembly):
    """A grid of matrices of one size; `at[row, column]` are their textures, row by row from the top left.

    They share one paint, so that they can be compared.
    """

    def __init__(
        self,
        slices: Sequence[Sequence[Slice]],
        paint: Paint,
        side: float,
        gap: float,
        arrange: Callable[[Array], Array] | None = None,
    ) -> None:
        self.side, self.gap = side, gap
        self.at: dict[tuple[int, int], Texture] = {}
        for row, beside in enumerate(slices):
            for column, drawn in enumerate(beside):
                texture = Texture(drawn, paint, side, side, arrange)
                pitch = side + gap
                self.at[row, column] = texture.move_to((column * pitch, -row * pitch, 0.0))
        super().__init__(*self.at.values())
        self.move_to((0, 0, 0))

    def row(self, row: int) -> list[Texture]:
        return [texture for (at, _), texture in self.at.items() if at == row]

    def column(self, column: int) -> list[Texture]:
        return [texture for (_, at), texture in self.at.items() if at == column]

    def others(self, *lit: tuple[int, int]) -> Iterator[Texture]:
        """All but these: what is dimmed when they are meant."""
        return (texture for place, texture in self.at.items() if place not in lit)

    def frame(self, row: int, column: int, color: str | None = None, width: float = 3.0) -> Rectangle:
        """A line around one of them, in the middle of the gaps at most."""
        inside = self.at[row, column]
        room = min(self.gap, 0.14 * self.side) * inside.width / self.side
        around = Rectangle(width=inside.width + room, height=inside.height + room)
        return around.set_stroke(color or style.HIGHLIGHT, width).move_to(inside)
