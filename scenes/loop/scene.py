"""`loop`: round and round through the whole machine, a token at a time, each with its own distribution."""

from __future__ import annotations

from manim import LEFT, UP, Animation, FadeIn, FadeOut, ReplacementTransform, VGroup

from scenes import style
from scenes.clock import BeatClock
from scenes.journey import REST
from scenes.page import Region, fit
from scenes.parts.bars import Bars
from scenes.parts.chips import Blank, Chip
from scenes.parts.growing import sentence_line
from scenes.parts.label import sentence
from scenes.parts.space.flight import Flight, Lighting, Wave
from scenes.stage import LessonScene

SHOWN = 6  # tokens in a distribution
LONGEST = 8  # characters of such a token
PANEL = Region(style.LEFT, -3.1, -2.9, 1.4)  # of the distribution, beside the machine
FRAME = (-2.75, -3.1, style.RIGHT, 1.75)  # left, low, right, high: of the machine
GROUPS = 14  # of boxes, that light goes through one after another


class Loop(LessonScene):
    chapter = "loop"
    close_up = False

    def lay_out(self) -> None:
        self.steps = len(self.trace["generated.token"])
        self.chips, _, self.blank = self._line(0)
        self.panel = VGroup()  # the distribution that is on screen
        machine = self.journey.machine
        self.small = machine.framed(self.journey.view("whole"), FRAME)
        along = sorted(machine.boxes, key=lambda box: float(box.low[0]))
        each = -(-len(along) // GROUPS)
        self.groups = [
            [box.name for box in along[first : first + each]] for first in range(0, len(along), each)
        ]

    def append(self, beat: BeatClock) -> None:
        chips = (FadeIn(chip) for chip in self.chips.values())
        moving = Flight(self.journey.machine, self.small), self._rested()
        source = self.source("generated.probability", "generated.token")
        beat.play(*moving, FadeIn(self.heading()), *chips, share=0.35, most=style.FLIGHT)
        beat.play(FadeIn(self.blank, shift=0.2 * LEFT), FadeIn(source), share=0.12)
        beat.play(Wave(self.journey.machine, self.groups), share=0.4, most=1.6, at="round")

    def step(self, beat: BeatClock) -> None:
        """Light goes through all of it, the likeliest tokens appear, and one joins the sentence."""
        step = beat.number
        beat.play(FadeOut(self.panel), self._rested(), share=0.1, most=0.3)
        beat.play(Wave(self.journey.machine, self.groups), share=0.3, most=1.2)
        title, bars = self._panel(step)
        self.panel = VGroup(title, bars)
        beat.play(FadeIn(title), FadeIn(bars.names), bars.growing(), FadeIn(bars.numbers), share=0.25)
        longer, new, blank = self._line(step)
        flying = bars.names[bars.chosen].copy()
        beat.play(
            *self._moving(longer, new),
            FadeOut(self.blank),
            ReplacementTransform(flying, new.label),
            FadeIn(new.box),
            share=0.25,
        )
        self.remove(*longer.values(), new.label, new.box)
        self.add(*longer.values())
        if step < self.steps - 1:
            beat.play(FadeIn(blank, shift=0.2 * LEFT), share=0.08, most=0.3)
        self.chips, self.blank = longer, blank

    def end(self, beat: BeatClock) -> None:
        leaving = [FadeOut(self.blank)] if self.steps == 1 else []
        whole = self.journey.view("whole")
        beat.play(*leaving, FadeOut(self.panel), share=0.1, most=0.4)
        beat.play(Wave(self.journey.machine, self.groups), share=0.2, most=1.0)
        smaller = self.journey.machine.framed(whole, (style.LEFT, FRAME[1], style.RIGHT, FRAME[3]))
        beat.play(Flight(self.journey.machine, smaller), share=0.4, most=style.FLIGHT)

    def _rested(self) -> Lighting:
        """All of the machine dimmed, for light to go through it."""
        return Lighting(self.journey.machine, {}, rest=REST)

    def _panel(self, step: int) -> tuple[VGroup, Bars]:
        """A step's title and bars, beside the machine."""
        bars = Bars(self.read, step, SHOWN, width=0.95, pitch=0.5, size=style.LABEL_SIZE, longest=LONGEST)
        place = self.read("generated.token", step, how="place").ordinal()
        title = sentence(*self.phrase("new", place=place), size=style.LABEL_SIZE)
        title.next_to(bars, UP, buff=0.3).align_to(bars, LEFT)
        fit(VGroup(title, bars), PANEL, LEFT)
        return title, bars

    def _moving(self, after: dict[int, VGroup], new: Chip) -> list[Animation]:
        """From this sentence to the next: what is in both moves, the rest comes or goes; but not `new`."""
        before = self.chips
        return [
            *(ReplacementTransform(before[key], after[key]) for key in before if key in after),
            *(FadeOut(part) for key, part in before.items() if key not in after),
            *(FadeIn(part) for key, part in after.items() if key not in before and part is not new),
        ]

    def _line(self, step: int) -> tuple[dict[int, VGroup], Chip, Blank]:
        """The sentence when a step has added its token: all of it, that token, marked, and the next blank."""
        chips, blank = sentence_line(self.read, self.trace.length + step + 1)
        new = chips[self.trace.length + step]
        assert isinstance(new, Chip)
        new.box.set_stroke(style.PROBABILITY)
        return chips, new, blank
