"""`embedding`: each id picks its row of the learned table."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    LaggedStart,
    Line,
    Rectangle,
    TransformFromCopy,
    VGroup,
)

from scenes import style
from scenes.catalogue import label, line
from scenes.focus import shown_positions, token
from scenes.parts.cells import Strip, legend, of_all_values
from scenes.parts.chips import Chip, column, gap, longest_in
from scenes.parts.label import number, sentence, words
from scenes.reading import cells, reading
from scenes.stage import LessonScene

ROWS = 7  # tokens that are shown below each other
CELLS = 12  # of each vector
PITCH = 0.7
LEAST = 0.7  # what a column of wide tokens may be scaled to


def token_column(scene: LessonScene, right: float, y: float, room: float) -> tuple[VGroup, dict[int, Chip]]:
    """The tokens as chips below each other, `room` wide, with a mark for those left out of a long prompt.

    Returns all of it, and the chips by position.
    """
    positions, left_out = shown_positions(scene.trace, ROWS)
    chips = {i: Chip(token(scene.trace, i).token(), longest=longest_in(room / LEAST)) for i in positions}
    wide = max(chip.width for chip in chips.values())
    for chip in chips.values():
        chip.scale(min(1.0, room / wide))
    things: list[VGroup] = list(chips.values())
    if left_out:
        things.insert(1, gap(left_out))
    return column(things, right, y + (len(things) - 1) * PITCH / 2, PITCH), chips


class Embedding(LessonScene):
    chapter = "embedding"

    def construct(self) -> None:
        trace = self.trace
        bound = reading(trace, "embed.token", how="bound").value
        size = reading(trace, "meta.model.vocabulary", how="meta")
        tokens, chips = token_column(self, right=-4.3, y=0.15, room=2.25)
        table = Rectangle(
            width=1.5,
            height=4.6,
            stroke_color=style.DIM,
            stroke_width=2,
            fill_color=style.PANEL,
            fill_opacity=1,
        )
        table.move_to((-1.6, 0.15, 0))
        table_note = (
            VGroup(
                words(label("embedding.table"), style.SMALL_SIZE, style.DIM),
                sentence(*line("embedding.rows", count=size.integer()), size=style.SMALL_SIZE),
            )
            .arrange(DOWN, buff=0.06)
            .next_to(table, DOWN, buff=0.18)
        )
        shares = {i: int(trace["tokens"][i]) / size.value for i in chips}
        rows = {
            i: Line(table.get_left(), table.get_right(), color=style.KEY, stroke_width=3).move_to(
                table.get_top() + share * table.height * DOWN
            )
            for i, share in shares.items()
        }
        strips = {
            i: Strip(cells(trace, "embed.token", i, (0, CELLS)), bound, 0.42, 0.44).move_to(
                (1.15, chips[i].get_y(), 0), aligned_edge=LEFT
            )
            for i in chips
        }

        with self.beat("lookup") as beat:
            beat.play(FadeIn(self.heading()), FadeIn(tokens, shift=0.2 * RIGHT), share=0.15)
            beat.play(FadeIn(table), FadeIn(table_note), share=0.15)
            wires = {
                i: Line(
                    chips[i].get_right() + 0.1 * RIGHT, rows[i].get_left(), color=style.KEY, stroke_width=1.5
                )
                for i in chips
            }
            beat.play(
                LaggedStart(*(Create(wire) for wire in wires.values()), lag_ratio=0.2),
                *(FadeIn(r) for r in rows.values()),
                share=0.3,
                at="row",
            )
            taken = (TransformFromCopy(rows[i], strips[i]) for i in strips)
            beat.play(LaggedStart(*taken, lag_ratio=0.15), share=0.3, most=2.2)

        with self.beat("vector") as beat:
            first = strips[0]
            shown = of_all_values(trace, "embed.token", CELLS)
            shown.next_to(VGroup(*strips.values()), DOWN, buff=0.25).align_to(first, LEFT)
            scale = legend(trace, "embed.token")
            beat.play(FadeIn(shown), FadeIn(scale), FadeIn(self.source("embed.token")), share=0.12)
            others = [part for i, part in strips.items() if i] + list(tokens[1:])
            beat.play(
                *(part.animate.set_opacity(style.FADED) for part in others),
                *(w.animate.set_opacity(0.1) for w in wires.values()),
                share=0.1,
            )
            figures = VGroup(
                *(number(reading(trace, "embed.token", 0, c).decimal(), style.LABEL_SIZE) for c in range(3))
            )
            figures.arrange(RIGHT, buff=0.35).next_to(first, UP, buff=0.42).align_to(first, LEFT)
            leads = VGroup(
                *(
                    Line(
                        first[c].get_top(),
                        figures[c].get_bottom(),
                        color=style.DIM,
                        stroke_width=1.5,
                        buff=0.04,
                    )
                    for c in range(3)
                )
            )
            beat.play(
                LaggedStart(
                    *(
                        FadeIn(VGroup(f, lead), shift=0.1 * UP)
                        for f, lead in zip(figures, leads, strict=True)
                    ),
                    lag_ratio=0.5,
                ),
                share=0.3,
                at="first",
            )
            self.clear_all(beat)
