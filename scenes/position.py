"""`position`: each place's learned vector is added to the token's."""

from __future__ import annotations

from manim import DOWN, LEFT, FadeIn, LaggedStart, Rectangle, TransformFromCopy, VGroup

from scenes import style
from scenes.catalogue import label
from scenes.embedding import CELLS, token_column
from scenes.focus import agreeing_column
from scenes.parts.cells import Strip, legend, of_all_values
from scenes.parts.label import mono, number, words
from scenes.reading import cells, reading
from scenes.stage import LessonScene

PARTS = ("token", "position", "sum")
CENTRES = (-2.75, 1.2, 5.15)


class Position(LessonScene):
    chapter = "position"

    def construct(self) -> None:
        trace = self.trace
        last = trace.length - 1
        bound = reading(trace, "embed.sum", how="bound").value
        tokens, chips = token_column(self, right=-4.85, y=0.1, room=1.35)
        strips: dict[str, VGroup] = {}
        for part, centre in zip(PARTS, CENTRES, strict=True):
            strips[part] = VGroup(
                *(
                    Strip(cells(trace, f"embed.{part}", i, (0, CELLS)), bound, 0.235, 0.42).move_to(
                        (centre, chip.get_y(), 0)
                    )
                    for i, chip in chips.items()
                )
            )
        top = strips["token"].get_top()[1] + 0.35
        names = {
            part: words(label(f"position.{part}"), style.LABEL_SIZE, style.DIM).move_to((x, top, 0))
            for part, x in zip(PARTS, CENTRES, strict=True)
        }
        signs = [
            VGroup(
                *(
                    mono(sign, style.TEXT_SIZE, style.DIM).move_to((x, strip.get_y(), 0))
                    for strip in strips["token"]
                )
            )
            for sign, x in (("+", (CENTRES[0] + CENTRES[1]) / 2), ("=", (CENTRES[1] + CENTRES[2]) / 2))
        ]

        with self.beat("seats") as beat:
            beat.play(
                FadeIn(self.heading()),
                FadeIn(tokens),
                FadeIn(strips["token"]),
                FadeIn(names["token"]),
                share=0.15,
            )
            seats = VGroup(
                *(
                    number(
                        reading(trace, "tokens", i, how="place").ordinal(), style.SMALL_SIZE, style.DIM
                    ).next_to(chip, LEFT, buff=0.15)
                    for i, chip in chips.items()
                )
            )
            beat.play(LaggedStart(*(FadeIn(seat) for seat in seats), lag_ratio=0.2), share=0.2, at="place")
            arriving = (FadeIn(strip, shift=0.3 * LEFT) for strip in strips["position"])
            beat.play(
                FadeIn(signs[0]),
                FadeIn(names["position"]),
                LaggedStart(*arriving, lag_ratio=0.2),
                share=0.3,
                at="vector",
            )

        with self.beat("add") as beat:
            shown = of_all_values(trace, "embed.sum", CELLS)
            shown.move_to((0.6, style.BOTTOM, 0), aligned_edge=DOWN)
            aside = VGroup(shown, legend(trace, "embed.sum"), self.source("embed.*"))
            beat.play(FadeIn(signs[1]), FadeIn(names["sum"]), FadeIn(aside), share=0.1)
            summed = zip(strips["token"], strips["position"], strips["sum"], strict=True)
            beat.play(
                LaggedStart(
                    *(
                        move
                        for a, b, c in summed
                        for move in (TransformFromCopy(a, c), TransformFromCopy(b, c.copy()))
                    ),
                    lag_ratio=0.08,
                ),
                share=0.2,
                most=2.0,
                at="added",
            )
            column = agreeing_column(trace, last, 2, CELLS)
            frames = VGroup(
                *(
                    Rectangle(width=0.33, height=0.52, color=style.HIGHLIGHT, stroke_width=3).move_to(
                        strips[p][-1][column]
                    )
                    for p in PARTS
                )
            )
            figures = VGroup(
                *(
                    number(reading(trace, f"embed.{p}", last, column).decimal(), style.TEXT_SIZE).move_to(
                        (x, frame.get_y() - 0.65, 0)
                    )
                    for p, x, frame in zip(PARTS, CENTRES, frames, strict=True)
                )
            )
            maths = VGroup(*(sign[0].copy().set_fill(style.INK).set_y(figures.get_y()) for sign in signs))
            signed = [VGroup(), *maths]
            for part, *told in zip(PARTS, signed, frames, figures, strict=True):
                beat.play(FadeIn(VGroup(*told), shift=0.15 * DOWN), share=0.1, at=part)
            self.clear_all(beat)
