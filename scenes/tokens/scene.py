"""`tokens`: the text falls into boxes, and each box gets its number."""

from __future__ import annotations

from manim import DOWN, UP, FadeIn, FadeOut, LaggedStart, VGroup

from scenes import style
from scenes.focus import shown_positions, token
from scenes.page import BODY, fit
from scenes.parts.chips import Chip, gap, lines
from scenes.parts.label import number, sentence
from scenes.parts.prompt import prompt_with_blank
from scenes.stage import BeatClock, LessonScene

MOST = 40  # tokens that are drawn; a longer prompt is cut


class Tokens(LessonScene):
    chapter = "tokens"

    def lay_out(self) -> None:
        """The tokens as chips in as few lines as fit, and below each its id."""
        positions, left_out = shown_positions(self.read, MOST)
        few = len(positions) <= 20
        size = style.TITLE_SIZE * (0.85 if len(positions) <= 8 else 0.7 if few else 0.6)
        self.chips = [Chip(token(self.read, i).token(), size) for i in positions]
        id_size = style.LABEL_SIZE if few else style.SMALL_SIZE
        self.numbers = [number(token(self.read, i).id(), id_size, style.KEY) for i in positions]
        self.pieces: list[VGroup] = list(self.chips)
        if left_out:
            self.pieces.insert(1, gap(left_out, self.read.locale))
        place = BODY.inset(0.25, 0.6)
        self.rows = fit(lines(self.pieces, place.width, pitch=1.55 if few else 1.2), place)
        for label, chip in zip(self.numbers, self.chips, strict=True):
            label.next_to(chip, DOWN, buff=0.12)

    def cut(self, beat: BeatClock) -> None:
        text, _ = prompt_with_blank(self.read)
        text.move_to(self.rows)
        beat.play(FadeIn(self.heading()), FadeIn(text, shift=0.2 * UP), share=0.15)
        beat.play(FadeOut(text, shift=0.3 * DOWN), share=0.08, most=style.QUICK)
        falling = (FadeIn(piece, shift=0.9 * DOWN) for piece in self.pieces)
        beat.play(LaggedStart(*falling, lag_ratio=0.35), share=0.35, most=2.5)

    def ids(self, beat: BeatClock) -> None:
        count = self.read("meta.model.vocabulary", how="meta").integer()
        note = sentence(*self.phrase("vocabulary", count=count)).next_to(self.rows, DOWN, buff=0.9)
        falling = (FadeIn(label, shift=0.25 * DOWN) for label in self.numbers)
        beat.play(LaggedStart(*falling, lag_ratio=0.2), share=0.25, most=2.5)
        beat.play(FadeIn(note), FadeIn(self.source("tokens")), share=0.1)
        beat.hold(0.25)
        beat.play(*(chip.animate.set_opacity(style.FADED) for chip in self.chips), share=0.12)
        self.clear_all(beat)
