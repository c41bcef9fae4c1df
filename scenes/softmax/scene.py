"""`softmax`: a row of scores becomes gaps, heights on a curve, and shares of one whole."""

from __future__ import annotations

from functools import partial

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    GrowFromEdge,
    LaggedStart,
    MoveToTarget,
    Rectangle,
    Restore,
    Transform,
    TransformFromCopy,
    VGroup,
)

from scenes import style
from scenes.clock import BeatClock
from scenes.focus import token
from scenes.page import BODY
from scenes.parts.bars import full
from scenes.parts.chips import chip_label
from scenes.parts.label import formula, number, sentence, words
from scenes.softmax.rows import STRIP, STRIP_HEIGHT, STRIP_Y, ScoreRows
from scenes.softmax.script import TEMPERATURES, cell
from scenes.stage import LessonScene

LISTED = 5  # tokens at each temperature
PANELS = (-4.55, 0.0, 4.55)
LARGE, LARGEST = 1.35, 2.0  # how much larger the table stands alone at most, and the scores before it
ALONE = (12.4, 4.4)  # the room that either has


class Softmax(LessonScene):
    chapter = "softmax"

    def lay_out(self) -> None:
        """The row's figures in columns; the curve above them is drawn later."""
        self.row = ScoreRows(self.read, partial(cell, self.read))
        self.score_head, self.gap_head, self.height_head = self.row.heads(
            self.label("score"), self.label("gap")
        )
        self.raw = 0.72 * (STRIP[1] - STRIP[0])  # how long the heights are before they fill the whole

    def gaps(self, beat: BeatClock) -> None:
        f, rows = self.row.focus, self.row.rows
        heading = self.heading(*self.phrase("asks", query=token(self.read, f.query).word()))
        heading[1].set_fill(style.QUERY)
        zero = self.row.zero()
        bars = VGroup(*(row.gap_bar[0] for row in rows if len(row.gap_bar)))
        figures = VGroup(*(row.gap_figure for row in rows))
        columns = VGroup(*(VGroup(row.name, row.score) for row in rows))
        if self.row.digits:
            columns.add(self.score_head)
        self.table = VGroup(columns, self.gap_head, zero, bars, figures)
        self.home, self.grown = self.table.get_center(), _growth(self.table, LARGE)
        self.table.scale(self.grown).move_to((0, -0.4, 0))  # it has the page, as long as there is no curve
        source = self.source(f.tensor("masked"), f.tensor("pattern"))
        columns.save_state()  # until the gaps come the scores have the middle
        columns.scale(_growth(columns, LARGEST)).move_to(self.table)
        beat.play(FadeIn(heading), FadeIn(columns), FadeIn(source), share=0.18)
        growing = LaggedStart(*(GrowFromEdge(bar, RIGHT) for bar in bars), FadeIn(figures), lag_ratio=0.15)
        gaps = AnimationGroup(FadeIn(zero), FadeIn(self.gap_head), growing)
        beat.play(LaggedStart(Restore(columns), gaps, lag_ratio=0.5), share=0.4, most=2.4, at="gap")
        name = chip_label(token(self.read, f.key).token(), style.LABEL_SIZE, style.KEY, 11)
        self.largest = VGroup(words(self.label("largest"), style.LABEL_SIZE, style.DIM), name)
        self.largest.arrange(DOWN, buff=0.1).next_to(zero, UP, buff=0.2)
        beat.play(FadeIn(self.largest, shift=0.15 * DOWN), share=0.15, at="largest")

    def curve(self, beat: BeatClock) -> None:
        rows, curve = self.row.rows, self.row.curve
        top = curve.at(0.0, 1.0)
        self.largest.generate_target()
        self.largest.target.arrange(DOWN, buff=0.08, aligned_edge=LEFT).next_to(top, RIGHT, buff=0.45)
        self.largest.target.shift(min(0.0, BODY.top - 0.1 - self.largest.target.get_top()[1]) * UP)
        down = self.table.animate.scale(1 / self.grown).move_to(self.home)
        beat.play(down, MoveToTarget(self.largest), share=0.12)
        leads = VGroup(*(part for row in rows for part in row.gap_bar[1:]))
        rule = formula(f'e^"{self.label("gap")}"', 50)
        rule.move_to(curve.at(curve.across[0] * 0.5, 0.0)).set_y(top[1] - 0.5)
        written = [] if self.story else [FadeIn(rule)]
        beat.play(FadeIn(curve.axes[0]), Create(curve.line), *written, share=0.2, at="curve")
        head = [] if self.story else [FadeIn(self.height_head)]
        beat.play(FadeIn(leads), *head, share=0.08)
        best = self.row.strongest
        others = [row for row in rows if row is not best]
        beat.play(GrowFromEdge(best.bar, DOWN), FadeIn(best.height_figure), share=0.12, at="one")
        rising = [GrowFromEdge(row.bar, DOWN) for row in others if len(row.bar)]
        figures = [FadeIn(row.height_figure) for row in others]
        if others:
            beat.play(LaggedStart(*rising, *figures, lag_ratio=0.12), share=0.3, at="next")

    def shares(self, beat: BeatClock) -> None:
        f, rows = self.row.focus, self.row.rows
        total = self.read(f.tensor("masked"), f.head, f.query, how="heights").decimal(2)
        self.total = sentence(*self.phrase("end_to_end", total=total), size=style.LABEL_SIZE)
        self.total.move_to((STRIP[0] - 0.25, STRIP_Y + 0.17 * bool(self.row.hidden), 0), aligned_edge=RIGHT)
        strip, whole = self.row.strip(self.raw), self.row.strip(STRIP[1] - STRIP[0])
        frame = Rectangle(width=STRIP[1] - STRIP[0], height=STRIP_HEIGHT, color=style.DIM, stroke_width=1.5)
        frame.move_to((STRIP[0], STRIP_Y, 0), aligned_edge=LEFT)
        falling = [
            TransformFromCopy(row.bar[0], piece) if len(row.bar) else FadeIn(piece)
            for row, piece in zip(rows, strip, strict=False)
        ]
        falling += [FadeIn(piece) for piece in strip[len(rows) :]]
        beat.play(LaggedStart(*falling, lag_ratio=0.15), FadeIn(self.total), share=0.3, most=2.4, at="end")
        beat.play(FadeIn(frame), Transform(strip, whole), share=0.2, at="whole")
        self.big = self._outcome()
        beat.play(FadeIn(self._written(whole)), FadeIn(self.big, shift=0.15 * UP), share=0.15, at="share")

    def shift(self, beat: BeatClock) -> None:
        kept = VGroup(*(words(self.label(key), style.TEXT_SIZE) for key in ("same_gaps", "same_shares")))
        kept.arrange(DOWN, buff=0.18, aligned_edge=LEFT).move_to(self.big[1:], aligned_edge=UP + LEFT)
        lifted = VGroup(*(row.score if self.row.digits else row.name for row in self.row.rows))
        beat.play(lifted.animate.shift(0.12 * UP), FadeOut(self.big[1:]), share=0.2)
        beat.play(lifted.animate.shift(0.12 * DOWN), FadeIn(kept), share=0.25)

    def temperature(self, beat: BeatClock) -> None:
        kept = self.heading()
        leaving = [FadeOut(mobject) for mobject in self.flat]
        middle = self._panel(1)
        beat.play(*leaving, FadeIn(kept), share=0.12)
        count = self.read("logits", how="count").integer()
        note = sentence(*self.phrase("vocabulary", count=count), size=style.LABEL_SIZE)
        note.move_to((style.LEFT, style.BOTTOM, 0), aligned_edge=DOWN + LEFT)
        source = self.source("generated.logits")
        beat.play(FadeIn(middle), FadeIn(note), FadeIn(source), share=0.15)
        for which, cue in ((0, "cold"), (2, "hot")):
            panel = self._panel(which)
            away = RIGHT if which < 1 else LEFT
            beat.play(FadeIn(panel, shift=-0.6 * away), share=0.2, at=cue)

    def _outcome(self) -> VGroup:
        """The largest share as the one big number, and what it says."""
        f = self.row.focus
        query, key = (token(self.read, place).word() for place in (f.query, f.key))
        share = self.read(f.tensor("pattern"), f.head, f.query, f.key).percent()
        lines = VGroup(
            number(share, 62, style.PROBABILITY),
            words(self.label("of_attention"), style.LABEL_SIZE),
            sentence(*self.phrase("of_query", query=query), size=style.LABEL_SIZE),
            sentence(*self.phrase("goes_to", answer=key), size=style.LABEL_SIZE),
        ).arrange(DOWN, buff=0.14, aligned_edge=LEFT)
        return lines.move_to((style.LEFT, 2.6, 0), aligned_edge=UP + LEFT)

    def _written(self, strip: VGroup) -> VGroup:
        """Names and shares on the pieces that have room for them; what the hidden ones have together."""
        f, made = self.row.focus, VGroup()
        for row, piece in zip(self.row.rows, strip, strict=False):
            share = self.read(f.tensor("pattern"), f.head, f.query, row.key).percent()
            ink = style.ink_on(piece.get_fill_color().to_hex())
            name = chip_label(token(self.read, row.key).token(), style.SMALL_SIZE, ink, 11)
            lines = VGroup(name, number(share, style.SMALL_SIZE, ink)).arrange(DOWN, buff=0.02)
            if lines.width < piece.width - 0.1:
                made.add(lines.move_to(piece))
            elif lines[1].width < piece.width - 0.06:
                made.add(lines[1].move_to(piece))
        if self.row.hidden:
            hidden = self.row.hidden
            rest = self.read(f.tensor("pattern"), f.head, f.query, *self.row.keys, how="rest").percent()
            count = self.read("tokens", 0, len(hidden), how="span").integer()
            said = sentence(*self.phrase("others", count=count, share=rest), size=style.SMALL_SIZE)
            made.add(said.next_to(self.total, DOWN, buff=0.1).align_to(self.total, RIGHT))
        return made

    def _panel(self, which: int) -> VGroup:
        """The likeliest next tokens at one temperature: names, bars on one scale, shares."""
        tenths, source = TEMPERATURES[which], "generated.logits"
        hottest = self.read(source, 0, 0, how="ranked").value
        unit = 1.75 / full(float(self.read(source, 0, hottest, TEMPERATURES[0], how="tempered").value))
        value = self.read(source, tenths, how="tenths").decimal(1 if tenths % 10 else 0)
        made = VGroup(
            sentence(*self.phrase("temperature", value=value), size=style.TEXT_SIZE, color=style.INK)
        )
        made.move_to((0.2, 2.25, 0))
        for rank in range(min(LISTED, self.trace["logits"].size)):
            ranked = self.read(source, 0, rank, how="ranked")
            share = self.read(source, 0, ranked.value, tenths, how="tempered")
            y = 1.25 - 0.82 * rank
            name = chip_label(ranked.token(), style.LABEL_SIZE, style.INK, 9)
            bar = Rectangle(
                width=max(unit * float(share.value), 0.02),
                height=0.5,
                stroke_width=0,
                fill_color=style.PROBABILITY if rank == 0 else style.mix(style.GROUND, style.SHARE, 0.6),
                fill_opacity=1,
            ).move_to((-0.55, y, 0), aligned_edge=LEFT)
            figure = number(share.percent(1), style.LABEL_SIZE)
            made.add(
                VGroup(
                    name.move_to((-0.7, y, 0), aligned_edge=RIGHT), bar, figure.next_to(bar, RIGHT, buff=0.12)
                )
            )
        return made.shift((PANELS[which], 0, 0))


def _growth(alone: VGroup, most: float) -> float:
    """How many times larger a part stands on the page that it has for itself."""
    return max(1.0, min(most, ALONE[0] / alone.width, ALONE[1] / alone.height))
