"""What a viewer could not read is found while a chapter is gone through, with the frame that it stands on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from manim import DOWN, UP, FadeIn, FadeOut, Mobject, Rectangle, VGroup

from llmtrace.trace import Trace
from renders.draw.look import SMALL, Look
from renders.draw.render import configured
from renders.draw.renderer import Renderer
from scenes import style
from scenes.clock import BeatClock
from scenes.locale import Locale
from scenes.parts.label import words
from scenes.stage import LessonScene, at_reading_pace

FPS = 10
BEAT = 40  # frames
Play = Callable[[BeatClock, LessonScene], None]


def looked_at(trace: Trace, play: Play, first: int = 0) -> list[tuple[int, str]]:
    """What is found in a scene of one beat that `play` fills; it is not drawn."""

    class One(LessonScene):
        chapter = "tokens"

        def construct(self) -> None:
            clock = BeatClock(self, self.scheduled.beats[0].beat, BEAT)
            play(clock, self)
            clock.finish()

    with configured(SMALL, FPS):
        scheduled = at_reading_pace(trace, "tokens", Locale("en"), FPS)
        scene = One(trace, scheduled, renderer=Renderer(lambda *_: None, first=10_000))
        watched = Look(scene, first)
        scene.render()
    return [(fault.frame, fault.what) for fault in watched.found]


def standing(*things: Mobject) -> Play:
    """Things that come in half a second and stay."""

    def play(beat: BeatClock, _scene: LessonScene) -> None:
        beat.play(*(FadeIn(thing) for thing in things), share=0.125)

    return play


def on(colour: str, ink: str) -> VGroup:
    return VGroup(Rectangle(width=5, height=2, fill_color=colour, fill_opacity=1), words("score", color=ink))


FAULTS: dict[str, tuple[Callable[[], Any], int, str]] = {
    "two texts": (lambda: [words("one"), words("two")], 4, "'one' and 'two' overlap"),
    "outside": (lambda: [words("away").shift(3.9 * DOWN)], 4, "leaves the picture"),
    "faint": (lambda: [words("score", color=style.LINE)], BEAT - 1, "'score' has a contrast of 1.8"),
    "on its like": (lambda: [on(style.INK, style.INK)], BEAT - 1, "'score' has a contrast of 1.0"),
    "never there in full": (lambda: [words("score").set_opacity(0.3)], BEAT - 1, "'score' has a contrast of"),
    "small": (lambda: [words("score", 14)], BEAT - 1, "'score' is set at 19.7 pixels"),
    "small and turned": (lambda: [words("score", 14).rotate(0.4)], BEAT - 1, "'score' is set at 19.7 pixels"),
    "nothing": (list, BEAT - 1, "nothing has been in the picture for 4.0 s"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_with_its_frame(name: str, example: Trace) -> None:
    things, frame, line = FAULTS[name]
    made = things()
    found = looked_at(example, standing(*made) if made else lambda *_: None)
    assert [at for at, what in found if line in what] == [frame], found
    assert len(found) == 1


def test_what_reads_is_no_fault(example: Trace) -> None:
    fine = [
        words("one").shift(UP),
        on(style.INK, style.COUNTER_INK).shift(DOWN),
        words("turned").rotate(0.4).shift(3 * UP),
    ]
    assert looked_at(example, standing(*fine)) == []


def test_what_is_dimmed_after_it_was_there_is_no_fault(example: Trace) -> None:
    def play(beat: BeatClock, _scene: LessonScene) -> None:
        text = words("score")
        beat.play(FadeIn(text), share=0.1)
        beat.play(text.animate.set_opacity(style.FADED), share=0.1)
        beat.hold(0.3)

    assert looked_at(example, play) == []


def test_what_is_on_its_way_may_be_faint_and_small(example: Trace) -> None:
    def play(beat: BeatClock, _scene: LessonScene) -> None:
        ground, text = on(style.INK, style.COUNTER_INK)
        beat.play(FadeIn(ground), FadeIn(text), share=0.1)
        beat.play(FadeOut(ground), text.animate.scale(0.3), share=0.1)
        beat.play(FadeOut(text), FadeIn(words("next")), share=0.1)

    assert looked_at(example, play) == []


def test_a_picture_may_be_empty_for_less_than_a_second(example: Trace) -> None:
    def play(beat: BeatClock, _scene: LessonScene) -> None:
        beat.hold(0.2)  # of 4 s
        beat.play(FadeIn(words("one")), share=0.1)

    assert looked_at(example, play) == []


def test_what_was_played_before_is_another_ones_to_tell(example: Trace) -> None:
    def play(beat: BeatClock, _scene: LessonScene) -> None:
        two = [words("one"), words("two")]
        beat.play(*(FadeIn(one) for one in two), share=0.2)
        beat.play(FadeOut(two[0]), share=0.2)

    assert [at for at, _ in looked_at(example, play)] == [7]
    assert looked_at(example, play, first=8) == []
