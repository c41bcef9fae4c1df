"""`position`: each place's learned vector is added to the token's."""

from __future__ import annotations

from manim import DOWN, LEFT, FadeIn, LaggedStart, Rectangle, TransformFromCopy, VGroup

from scenes import style
from scenes.focus import CELLS, agreeing_column
from scenes.parts.cells import Strip, legend, of_all_values
from scenes.parts.label import mono, number, words
from scenes.parts.token_column import token_column
from scenes.reading import slice_of
from scenes.stage import BeatClock, LessonScene

PARTS = ("token", "position", "sum")
CENTRES = (-2.75, 1.2, 5.15)


class Position(LessonScene):
    chapter = "position"

    def lay_out(self) -> None:
        """The tokens, and for each three vectors in a row: the token's, its place's and their sum."""
        self.tokens, self.chips = token_column(self.read, right=-4.85, y=0.1, room=1.35)
        bound = self.read("embed.sum", how="bound").value
        self.strips = {
            part: VGroup(
                *(
                    Strip(slice_of(self.trace, f"embed.{part}", i, (0, CELLS)), bound, 0.235, 0.42).move_to(
                        (centre, chip.get_y(), 0)
                    )
                    for i, chip in self.chips.items()
                )
            )
            for part, centre in zip(PARTS, CENTRES, strict=True)
        }
        top = self.strips["token"].get_top()[1] + 0.35
        self.names = {
            part: words(self.label(part), style.LABEL_SIZE, style.DIM).move_to((x, top, 0))
            for part, x in zip(PARTS, CENTRES, strict=True)
        }
        self.plus = self._signs("+", (CENTRES[0] + CENTRES[1]) / 2)
        self.equals = self._signs("=", (CENTRES[1] + CENTRES[2]) / 2)

    def seats(self, beat: BeatClock) -> None:
        beat.play(
            FadeIn(self.heading()),
            FadeIn(self.tokens),
            FadeIn(self.strips["token"]),
            FadeIn(self.names["token"]),
            share=0.15,
        )
        places = (
            number(self.read("tokens", i, how="place").ordinal(), style.SMALL_SIZE, style.DIM).next_to(
                chip, LEFT, buff=0.15
            )
            for i, chip in self.chips.items()
        )
        beat.play(LaggedStart(*(FadeIn(place) for place in places), lag_ratio=0.2), share=0.2, at="place")
        arriving = (FadeIn(strip, shift=0.3 * LEFT) for strip in self.strips["position"])
        beat.play(
            FadeIn(self.plus),
            FadeIn(self.names["position"]),
            LaggedStart(*arriving, lag_ratio=0.2),
            share=0.3,
            at="vector",
        )

    def addition(self, beat: BeatClock) -> None:
        shown = of_all_values(self.read, "embed.sum", CELLS)
        shown.move_to((0.6, style.BOTTOM, 0), aligned_edge=DOWN)
        aside = VGroup(shown, legend(self.read, "embed.sum"), self.source("embed.*"))
        beat.play(FadeIn(self.equals), FadeIn(self.names["sum"]), FadeIn(aside), share=0.1)
        merging = (
            move
            for token, place, total in zip(*(self.strips[part] for part in PARTS), strict=True)
            for move in (TransformFromCopy(token, total), TransformFromCopy(place, total.copy()))
        )
        beat.play(LaggedStart(*merging, lag_ratio=0.08), share=0.2, most=2.0, at="added")
        for part, example in self._example().items():
            beat.play(FadeIn(example, shift=0.15 * DOWN), share=0.1, at=part)

    def _signs(self, sign: str, x: float) -> VGroup:
        """A sign between the vectors of every token."""
        return VGroup(
            *(
                mono(sign, style.TEXT_SIZE, style.DIM).move_to((x, strip.get_y(), 0))
                for strip in self.strips["token"]
            )
        )

    def _example(self) -> dict[str, VGroup]:
        """One cell of the last token's sum: each part framed, with its number and the sign before it."""
        last = self.trace.length - 1
        column = agreeing_column(self.trace, last, 2, CELLS)
        example: dict[str, VGroup] = {}
        for part, x, signs in zip(PARTS, CENTRES, (None, self.plus, self.equals), strict=True):
            frame = Rectangle(width=0.33, height=0.52, color=style.HIGHLIGHT, stroke_width=3)
            frame.move_to(self.strips[part][-1][column])
            value = self.read(f"embed.{part}", last, column).decimal()
            figure = number(value, style.TEXT_SIZE).move_to((x, frame.get_y() - 0.65, 0))
            sign = [] if signs is None else [signs[0].copy().set_fill(style.INK).set_y(figure.get_y())]
            example[part] = VGroup(*sign, frame, figure)
        return example
