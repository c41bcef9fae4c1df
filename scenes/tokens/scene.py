"""`tokens`: the text falls into boxes; one grows from its letters; each has a number in a list."""

from __future__ import annotations

from collections.abc import Iterator

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    MoveToTarget,
    Restore,
    Transform,
    VGroup,
    VMobject,
)

from scenes import style
from scenes.clock import BeatClock
from scenes.focus import token
from scenes.letters import shorten, shown
from scenes.page import FOOT, Region, fit
from scenes.parts.chips import Chip
from scenes.parts.label import number, words
from scenes.stage import LessonScene
from scenes.tokens.growth import Growth, bracket
from scenes.tokens.layout import Boxes
from scenes.tokens.listing import Listing
from scenes.tokens.runs import Run, grown, spaced, split_characters, word_in_pieces
from scenes.tokens.script import parts

LINE_Y, LINE_SIZE = 2.2, 30  # where the sentence is while one of its tokens grows, and its type
ALONE = (-4.4, -0.6, 0.0)  # where a token is that did not grow
WORD = 24  # characters of a word that comes in pieces
GROWS = Region(style.LEFT, 2.35, style.BOTTOM + 0.3, 1.7)
LIST = Region(2.95, style.RIGHT, style.BOTTOM + 0.1, 1.75)


class Tokens(LessonScene):
    chapter = "tokens"

    def lay_out(self) -> None:
        """The tokens as chips, as large as fits, with room for what is above and below them."""
        word = word_in_pieces(self.trace)
        self.word = [word] if word else []
        self.split = split_characters(self.trace)
        self.boxes = Boxes(self.read, braced=bool(self.word or self.split))
        self.chips = self.boxes.chips
        self.place = grown(self.read)
        self.brackets = VGroup()
        self.growth: Growth | None = None
        self.listing: Listing | None = None
        self.near: list[Chip] = []

    def cut(self, beat: BeatClock) -> None:
        """The text in one piece, as it is written; then boxes part it."""
        self.boxes.join()
        beat.play(FadeIn(self.heading()), FadeIn(self.boxes), share=0.12, most=style.QUICK)
        parting = (MoveToTarget(piece) for piece in self.boxes.pieces)
        beat.play(LaggedStart(*parting, lag_ratio=0.15), share=0.3, most=2.2, at="cut")
        marks = [self.chips[i].label[0] for i in spaced(self.trace) if i in self.chips]
        if marks and self.read.locale.level == "full":
            beat.play(*(mark.animate.set_fill(style.INK) for mark in marks), share=0.1, at="space")

    def pieces(self, beat: BeatClock) -> None:
        for cue, runs in (("word", self.word), ("bytes", self.split)):
            made = VGroup(*(part for run in runs for part in self._bracketed(run)))
            if made:
                self.brackets.add(*made)
                arriving = (FadeIn(one, shift=0.15 * DOWN) for one in made)
                beat.play(LaggedStart(*arriving, lag_ratio=0.3), share=0.25, at=cue)

    def grow(self, beat: BeatClock) -> None:
        """The token's letters, and line by line what each merge makes of them."""
        assert self.place is not None
        first = self.label(parts(self.read, self.place))
        self.growth = grow = Growth(
            self.read, self.place, GROWS, first, lambda rank: self.phrase("rule", rank=rank)
        )
        aside = []
        if self.read.locale.level == "math":
            cited = words(self.label("cited"), 20, style.DIM)
            self.growth.add(fit(cited, FOOT, DOWN + LEFT))
            aside = [FadeIn(cited)]
        beat.play(*self._gathered(), share=0.12, most=style.QUICK)
        letters = (FadeIn(piece, shift=0.2 * DOWN) for piece in grow.lines[0])
        beat.play(LaggedStart(*letters, lag_ratio=0.2), FadeIn(grow.names[0]), *aside, share=0.12)
        merges = (
            FadeIn(VGroup(link, line, name), shift=0.4 * grow.pitch * DOWN)
            for line, link, name in zip(grow.lines[1:], grow.links, grow.names[1:], strict=True)
        )
        beat.play(LaggedStart(*merges, lag_ratio=0.8), share=0.7, most=6, at="merge")

    def listed(self, beat: BeatClock) -> None:
        """The list of all tokens around one's number."""
        at = 0 if self.place is None else self.place
        region = LIST if self.place is not None else Region(0.0, 4.0, LIST.bottom, LIST.top)
        self.listing = listing = Listing(self.read, at, region, self.phrase)
        first = [] if self.place is not None else self._gathered()
        beat.play(*first, FadeIn(listing.header), FadeIn(listing.others), share=0.2, at="list")
        listing.connect(self.growth.whole.box if self.growth else self.chips[at].box)
        beat.play(FadeIn(listing.own), Create(listing.wire), share=0.2, at="line")

    def ids(self, beat: BeatClock) -> None:
        leaving = (FadeOut(part) for part in (self.growth, self.listing) if part)
        returning = [Restore(chip) for chip in self.near]
        others = [FadeIn(part) for part in self.boxes.pieces if part not in self.near]
        beat.play(*leaving, *returning, *others, share=0.2)
        numbers = self.boxes.numbers(self.read)
        falling = (FadeIn(label, shift=0.25 * DOWN) for label in numbers)
        beat.play(LaggedStart(*falling, lag_ratio=0.15), share=0.3, most=2.2, at="numbers")

    def _bracketed(self, run: Run) -> Iterator[VGroup]:
        """What a run of tokens is together, above them; in several lines where the chips are."""
        reading = self.read("tokens", *run, how="spelled").name()
        text = shorten(shown(reading.text, style.MONO), WORD)
        label: VMobject | None = number(reading, self.boxes.brace_size, text=text) if text else None
        for over in self.boxes.together(range(*run)):
            yield bracket(over, label)
            label = None

    def _gathered(self) -> list[Animation]:
        """The line around the token that grows moves up, and lights that token; all others leave."""
        at = 0 if self.place is None else self.place
        if self.place is None:
            around, line = [at], {at: Chip(token(self.read, at).token(), 74).move_to(ALONE)}
        else:
            around = self.boxes.around(at, LINE_SIZE)
            line = {i: Chip(token(self.read, i).token(), LINE_SIZE) for i in around}
            row = VGroup(*line.values()).arrange(RIGHT, buff=0.12)
            row.move_to((style.LEFT, LINE_Y, 0), aligned_edge=LEFT)
        self.near = [self.chips[i] for i in around]
        moves: list[Animation] = []
        for i in around:
            self.chips[i].save_state()
            if i != at:
                line[i].box.set_stroke(style.mix(style.GROUND, style.DIM, 0.75), 1.4)
                line[i].label.set_fill(style.DIM)
            moves.append(Transform(self.chips[i], line[i]))
        leaving = [
            part for part in (*self.boxes.pieces, self.brackets) if part not in self.near and len(part)
        ]
        return [*moves, *(FadeOut(part) for part in leaving)]
