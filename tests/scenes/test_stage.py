"""Beats last as long as they are told, to the frame, and what was on screen is known with its times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from manim import FadeIn, FadeOut, Square, VGroup
from manim.renderer.cairo_renderer import CairoRenderer

from llmtrace.trace import Trace
from scenes.lesson import write_lesson
from scenes.parts.label import number
from scenes.reading import reading
from scenes.stage import LessonScene
from scenes.tokens import Tokens

pytestmark = pytest.mark.usefixtures("dry")
Traced = Callable[..., Trace]


class Two(LessonScene):
    """Two beats: an id comes, and is replaced by another, which leaves."""

    chapter = "tokens"

    def construct(self) -> None:
        first, second = (number(reading(self.trace, "tokens", i).id()) for i in (0, 1))
        with self.beat("cut") as beat:
            beat.play(FadeIn(VGroup(first)), share=0.3)
            beat.hold(0.2)
        with self.beat("ids") as beat:
            beat.play(FadeOut(first), FadeIn(second), share=0.5, most=0.2)
            self.clear_all(beat)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many frames each call handed on."""
    counts: list[int] = []
    monkeypatch.setattr(
        CairoRenderer, "add_frame", lambda _self, _frame, num_frames=1, **_: counts.append(num_frames)
    )
    return counts


@pytest.mark.parametrize(("cut", "ids"), [(1, 2), (2, 3), (7, 11), (30, 45), (31, 100)])
def test_as_many_frames_are_drawn_as_beats_have(cut: int, ids: int, traced: Traced, drawn: list[int]) -> None:
    scene = Two(trace=traced("three tokens"), frames={"cut": cut, "ids": ids})
    scene.render()
    assert (scene.now, sum(drawn)) == (cut + ids, cut + ids)


def test_a_real_chapter_too(traced: Traced, drawn: list[int]) -> None:
    scene = Tokens(trace=traced("three tokens"), frames={"cut": 13, "ids": 17})
    scene.render()
    assert (scene.now, sum(drawn)) == (30, 30)


@pytest.mark.usefixtures("drawn")
def test_a_beat_that_has_no_frame_left_says_so(traced: Traced) -> None:
    scene = Tokens(trace=traced("three tokens"), frames={"cut": 1, "ids": 17})
    with pytest.raises(RuntimeError, match="Tokens: a beat of 1 frames is full"):
        scene.render()


def test_without_a_voice_beats_last_as_long_as_reading_takes(traced: Traced) -> None:
    trace = traced("three tokens")
    scene = Two(trace=trace)
    for beat in write_lesson(trace, ["tokens"]).chapters[0].beats:
        assert len(beat.text.split()) / 4 < scene.frames[beat.name] / 30 < len(beat.text.split()) / 2 + 1


def test_what_was_shown_and_when(traced: Traced) -> None:
    trace = traced("three tokens")
    scene = Two(trace=trace, frames={"cut": 40, "ids": 60}, skip_animations=True)
    scene.render()
    shown: dict[str, Any] = {s.what.text: (s.start, s.end) for s in scene.shown()}
    first, second = (str(trace["tokens"][i]) for i in (0, 1))
    assert set(shown) == {first, second}
    assert shown[first] == (0, 46)  # its fade ends six frames into the second beat
    assert shown[second] == (40, 100)


def test_a_trace_comes_from_the_environment(
    traced: Traced, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = traced("seven tokens").save(tmp_path / "t.safetensors")
    monkeypatch.setenv("LLMTRACE", str(path))
    assert Two().trace.length == 7
    monkeypatch.delenv("LLMTRACE")
    assert Two().trace.meta.model.name == "gpt2-pocket"  # the bundled example


class Waiting(LessonScene):
    """One beat of a chapter, filled as a test says."""

    chapter = "tokens"
    fill: Callable[[Any, list[int]], None]

    def construct(self) -> None:
        self.seen: list[int] = []
        with self.beat("cut") as beat:
            type(self).fill(beat, self.seen)
        with self.beat("ids"):
            pass


def waits(
    traced: Traced, cues: dict[str, int], fill: Callable[[Any, list[int]], None], frames: int = 60
) -> list[int]:
    """Plays the beat and returns the frames that `fill` took down."""
    scene_class = type("Filled", (Waiting,), {"fill": staticmethod(fill)})
    scene = scene_class(
        trace=traced("three tokens"),
        frames={"cut": frames, "ids": 20},
        cues={"cut": cues},
        skip_animations=True,
    )
    scene.render()
    assert scene.now == frames + 20
    seen: list[int] = scene.seen
    return seen


def move() -> FadeIn:
    return FadeIn(VGroup(Square()))


def test_a_play_begins_on_its_cue_and_is_over_by_the_next(traced: Traced) -> None:
    def fill(beat: Any, seen: list[int]) -> None:
        beat.play(move(), share=0.9)
        seen.append(beat.left)  # cut short: the word is due
        beat.play(move(), share=0.9, at="one")
        seen.append(beat.left)
        beat.play(move(), share=0.1, at="two")
        seen.append(beat.left)

    assert waits(traced, {"one": 12, "two": 30}, fill) == [48, 30, 24]


def test_a_cue_that_is_past_waits_for_nothing(traced: Traced) -> None:
    def fill(beat: Any, seen: list[int]) -> None:
        beat.until("two")
        seen.append(beat.left)
        beat.until("one")
        seen.append(beat.left)

    assert waits(traced, {"one": 12, "two": 30}, fill) == [30, 30]


@pytest.mark.parametrize("cue", [57, 58, 59, 60, 500])
def test_a_late_cue_leaves_room_for_what_it_brings(traced: Traced, cue: int) -> None:
    def fill(beat: Any, seen: list[int]) -> None:
        beat.play(move(), share=1.0, at="late")
        seen.append(beat.left)
        beat.close(move())
        seen.append(beat.left)

    left, end = waits(traced, {"late": cue}, fill)
    assert left >= 1
    assert end == 0


def test_without_a_voice_shares_alone_decide(traced: Traced) -> None:
    def fill(beat: Any, seen: list[int]) -> None:
        beat.play(move(), share=0.5, most=9, at="one")
        seen.append(beat.left)

    assert waits(traced, {}, fill) == [30]
