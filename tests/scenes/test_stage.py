"""Beats last as long as they are told, to the frame, and what was on screen is known with its times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from manim import AnimationGroup, FadeIn, FadeOut, LaggedStart, Square, VGroup
from manim.renderer.cairo_renderer import CairoRenderer

from llmtrace.trace import Trace
from scenes import CHAPTERS
from scenes.errors import ChapterError
from scenes.lesson import Beat, Chapter, Cue, ScheduledBeat, ScheduledChapter, paced, write_lesson
from scenes.locale import Locale
from scenes.parts.label import number
from scenes.parts.space.boxes import Box, Space, plain
from scenes.parts.space.flight import Flight
from scenes.parts.space.projector import View
from scenes.reading import Reading
from scenes.stage import LessonScene, at_reading_pace, scene_class

pytestmark = pytest.mark.usefixtures("dry")
Traced = Callable[..., Trace]
EN = Locale("en")


class Two(LessonScene):
    """Two beats: an id comes, and is replaced by another, which leaves."""

    chapter = "tokens"

    def lay_out(self) -> None:
        self.first, self.second = (number(self.read("tokens", i).id()) for i in (0, 1))

    def cut(self, beat: Any) -> None:
        beat.play(FadeIn(VGroup(self.first)), share=0.3)
        beat.hold(0.2)

    def ids(self, beat: Any) -> None:
        beat.play(FadeOut(self.first), FadeIn(self.second), share=0.5, most=0.2)


def lasting(trace: Trace, **frames: int) -> ScheduledChapter:
    """The chapter `tokens` with those of its beats that are named, of so many frames."""
    chapter = write_lesson(trace, EN, ["tokens"]).chapter("tokens")
    beats = tuple(beat for beat in chapter.beats if beat.name in frames)
    return paced(replace(chapter, beats=beats), lambda beat: frames[beat.name])


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
    trace = traced("three tokens")
    scene = Two(trace=trace, scheduled=lasting(trace, cut=cut, ids=ids))
    scene.render()
    assert (scene.now, sum(drawn)) == (cut + ids, cut + ids)


def test_a_real_chapter_too(traced: Traced, drawn: list[int]) -> None:
    trace = traced("three tokens")
    scene = scene_class("tokens")(trace=trace, scheduled=lasting(trace, cut=13, ids=17))
    scene.render()
    assert (scene.now, sum(drawn)) == (30, 30)


def names_at_the_end(scene: LessonScene) -> list[str]:
    return sorted(s.what.text for s in scene.shown() if isinstance(s.what, Reading) and s.end == scene.now)


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_a_beat_that_is_too_short_for_its_plays_ends_as_they_do(
    frames: int, traced: Traced, drawn: list[int]
) -> None:
    trace, ends = traced("three tokens"), list[list[str]]()
    for lasts in (60, frames):
        drawn.clear()
        scheduled = lasting(trace, cut=lasts, grow=lasts, listed=lasts, ids=lasts)
        scene = scene_class("tokens")(trace=trace, scheduled=scheduled)
        scene.render()
        assert (scene.now, sum(drawn)) == (4 * lasts, 4 * lasts)
        assert all(0 <= one.start < one.end <= scene.now for one in scene.shown())
        ends.append(names_at_the_end(scene))
    assert ends[0] == ends[1] != []


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.usefixtures("undrawn")
def test_no_word_is_spoken_too_late(chapter: str, traced: Traced) -> None:
    """Another voice may say them all at the end of a beat: what they bring is there, and nothing fails."""
    trace, ends = traced("three tokens"), list[list[str]]()
    for late in (0.0, 0.95):
        scheduled = at_reading_pace(trace, chapter, EN, 30)
        beats = tuple(
            replace(one, cues={cue.name: round(late * one.frames) for cue in one.beat.cues})
            for one in scheduled.beats
        )
        scheduled = replace(scheduled, beats=beats)
        scene = scene_class(chapter)(trace=trace, scheduled=scheduled, skip_animations=True)
        scene.render()
        ends.append(names_at_the_end(scene))
    assert ends[0] == ends[1]


def test_without_a_voice_beats_last_as_long_as_reading_takes(traced: Traced) -> None:
    trace = traced("three tokens")
    scene = Two(trace=trace)
    assert [one.beat.name for one in scene.scheduled.beats] == ["cut", "grow", "listed", "ids"]
    for one in scene.scheduled.beats:
        words = len(one.beat.text.split())
        assert words / 4 < one.frames / 30 < words / 2 + 1


def test_what_was_shown_and_when(traced: Traced) -> None:
    trace = traced("three tokens")
    scene = Two(trace=trace, scheduled=lasting(trace, cut=40, ids=60), skip_animations=True)
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

    def cut(self, beat: Any) -> None:
        self.seen: list[int] = []
        type(self).fill(beat, self.seen)

    def ids(self, beat: Any) -> None:
        pass


CUES = ("one", "two", "late")


def waits(
    traced: Traced, cues: dict[str, int], fill: Callable[[Any, list[int]], None], frames: int = 60
) -> list[int]:
    """Plays the beat, whose text has `CUES`, and returns the frames that `fill` took down."""
    scene_class = type("Filled", (Waiting,), {"fill": staticmethod(fill)})
    cut = Beat("cut", "One, two, late.", (), tuple(Cue(name, 0) for name in CUES))
    ids = Beat("ids", "And so on.", ())
    beats = ScheduledBeat(cut, frames, cues), ScheduledBeat(ids, 20)
    scheduled = ScheduledChapter(Chapter("tokens", EN, "Tokens", (cut, ids)), beats)
    scene = scene_class(trace=traced("three tokens"), scheduled=scheduled, skip_animations=True)
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


@pytest.mark.parametrize("cues", [{}, {"one": 12}])
def test_a_cue_that_the_text_does_not_have_is_an_error(traced: Traced, cues: dict[str, int]) -> None:
    with pytest.raises(ChapterError, match=r"tokens, beat cut: .* no cue 'won'; there are one, two, late"):
        waits(traced, cues, lambda beat, _: beat.play(move(), share=0.1, at="won"))


def still_and_moving(scene: LessonScene, *animations: Any) -> tuple[set[int], set[int]]:
    moving, still = scene.get_moving_and_static_mobjects(animations)
    return set(map(id, moving)), set(map(id, still))


def test_what_stands_still_is_painted_once(traced: Traced) -> None:
    scene = Two(trace=traced("three tokens"), skip_animations=True)
    one, other, follower = Square(), Square(), Square()
    scene.add(one, other, follower)
    assert still_and_moving(scene, FadeIn(one)) == ({id(one)}, {id(other), id(follower)})
    follower.add_updater(lambda m: m.move_to(one))
    assert still_and_moving(scene, FadeIn(one)) == ({id(one), id(follower)}, {id(other)})


def test_what_comes_one_after_the_other_moves_beside_another(traced: Traced) -> None:
    """A group of animations names only what was there before."""
    scene = Two(trace=traced("three tokens"), skip_animations=True)
    one, other, third, still = Square(), Square(), Square(), Square()
    scene.add(one, other, third, still)
    moving = {id(one), id(other), id(third)}
    coming = LaggedStart(FadeIn(one), AnimationGroup(FadeIn(other)), lag_ratio=0.5)
    assert still_and_moving(scene, coming, FadeIn(third)) == (moving, {id(still)})
    assert still_and_moving(scene, LaggedStart(FadeIn(one), FadeOut(other))) == (
        {id(one), id(other)},
        {id(third), id(still)},
    )


def test_where_a_part_of_a_space_moves_everything_is_painted(traced: Traced) -> None:
    """Of its parts one hides another, and what is flat lies above them."""
    scene = Two(trace=traced("three tokens"), skip_animations=True)
    boxes = [
        Box(name, (x, 0, 0), (1, 1, 1), {"z": plain("#FFFFFF", "z")}) for name, x in (("a", 0), ("b", 2))
    ]
    space, label = Space(boxes, View()), Square()
    scene.add(space, label)
    everything = {id(side) for box in boxes for side in box.submobjects} | {id(label)}
    assert still_and_moving(scene, Flight(space, View(azimuth=20))) == (everything, set())
    assert still_and_moving(scene, FadeOut(boxes[0])) == (everything, set())
    assert still_and_moving(scene, FadeOut(label)) == ({id(label)}, everything - {id(label)})
