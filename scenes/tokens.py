"""`tokens`: the text falls into boxes, and each box gets its number."""

from __future__ import annotations

from manim import DOWN, UP, FadeIn, FadeOut, LaggedStart, VGroup

from scenes import style
from scenes.catalogue import line
from scenes.focus import shown_positions, token
from scenes.opening import prompt_with_blank
from scenes.parts.chips import Chip, gap, lines
from scenes.parts.label import number, sentence
from scenes.reading import reading
from scenes.stage import LessonScene

MOST = 40  # tokens that are drawn; a longer prompt is cut


class Tokens(LessonScene):
    chapter = "tokens"

    def construct(self) -> None:
        positions, left_out = shown_positions(self.trace, MOST)
        few = len(positions) <= 20
        size = style.TITLE_SIZE * (0.85 if len(positions) <= 8 else 0.7 if few else 0.6)
        chips = [Chip(token(self.trace, i).token(), size) for i in positions]
        id_size = style.LABEL_SIZE if few else style.SMALL_SIZE
        ids = [number(token(self.trace, i).id(), id_size, style.KEY) for i in positions]
        things: list[VGroup] = list(chips)
        if left_out:
            things.insert(1, gap(left_out))
        rows = lines(things, width=12.6, pitch=1.55 if few else 1.2)
        rows.move_to((0, -0.1, 0))
        if rows.height > 4.6:
            rows.scale(4.6 / rows.height)
        for label, chip in zip(ids, chips, strict=True):
            label.next_to(chip, DOWN, buff=0.12)

        with self.beat("cut") as beat:
            heading = self.heading()
            text, _ = prompt_with_blank(self)
            text.move_to(rows)
            beat.play(FadeIn(heading), FadeIn(text, shift=0.2 * UP), share=0.15)
            pieces = LaggedStart(*(FadeIn(chip, shift=0.9 * DOWN) for chip in things), lag_ratio=0.35)
            beat.play(FadeOut(text, shift=0.3 * DOWN), share=0.08, most=style.QUICK)
            beat.play(pieces, share=0.35, most=2.5)

        with self.beat("ids") as beat:
            count = reading(self.trace, "meta.model.vocabulary", how="meta").integer()
            note = sentence(*line("tokens.vocabulary", count=count)).next_to(rows, DOWN, buff=0.9)
            source = self.source("tokens")
            falling = LaggedStart(*(FadeIn(label, shift=0.25 * DOWN) for label in ids), lag_ratio=0.2)
            beat.play(falling, share=0.25, most=2.5)
            beat.play(FadeIn(note), FadeIn(source), share=0.1)
            beat.hold(0.25)
            beat.play(*(chip.animate.set_opacity(style.FADED) for chip in chips), share=0.12)
            self.clear_all(beat)
