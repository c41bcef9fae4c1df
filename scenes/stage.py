"""`LessonScene`: a chapter's scene, where time belongs to beats.

    class Tokens(LessonScene):
        chapter = "tokens"

        def lay_out(self):
            self.ids = …

        def cut(self, beat):
            beat.play(FadeIn(self.ids), share=0.3, at="number")

The scene is handed the scheduled chapter and calls a method for each of its beats, in their order; what
several beats need is made in `lay_out`. A beat lasts as long as its words, counted in frames. A play takes
a share of it, and what is left when the method returns is held still, so that pictures and speech cannot
part. A play can wait for a word that the beat's text marks: with `at="number"` it begins on the frame on
which that word is spoken.
"""

from __future__ import annotations

import importlib
import inspect
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from manim import DOWN, LEFT, RIGHT, UP, Animation, AnimationGroup, FadeOut, Mobject, Scene, VGroup, config
from manim.utils.exceptions import EndSceneEarlyException
from manim.utils.family import extract_mobject_family_members

import scenes
from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from scenes import style
from scenes.chapter import load_chapter
from scenes.clock import BeatClock
from scenes.errors import ChapterError
from scenes.journey import Journey
from scenes.lesson import Beat, ScheduledChapter, paced, write_lesson
from scenes.locale import Locale
from scenes.own import module as own_module
from scenes.own import named
from scenes.page import FOOT, TITLE, fit
from scenes.parts.label import sentence, words
from scenes.parts.space.boxes import Space
from scenes.parts.space.corner import CornerMap
from scenes.reading import Reader, Reading, Shown
from scenes.script import Handover, origin

WORDS_A_SECOND = 2.6  # the pace of a beat when no voice has said how long it is

_Part = TypeVar("_Part")


class LessonScene(Scene):
    """The scene of one chapter, drawn from a trace.

    Plain `manim` makes it with no arguments: then the trace is the file that `LLMTRACE` names, or the bundled
    example, the words are English, beats last as long as they take to read, and no play waits for a word.
    """

    chapter: ClassVar[str]  # its folder's name
    close_up: ClassVar[bool] = True  # whether it is told on a flat ground before the machine, or in it
    trace: Trace
    read: Reader
    scheduled: ScheduledChapter
    now: int  # frames since the start

    def __init__(
        self, trace: Trace | None = None, scheduled: ScheduledChapter | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.trace = trace or Trace.load(os.environ.get("LLMTRACE", EXAMPLE))
        self.fps = round(config.frame_rate)
        self.scheduled = scheduled or at_reading_pace(self.trace, self._source(), Locale("en"), self.fps)
        self.read = Reader(self.trace, self.scheduled.chapter.locale)
        self.now = 0
        self.watchers: list[Callable[[int], None]] = []  # called after each play, with its first frame
        self._since: dict[int, tuple[Mobject, int]] = {}
        self._gone: list[Shown] = []

    @classmethod
    def _source(cls) -> str:
        """What its chapter is loaded by: its name, or its own folder."""
        return (
            cls.chapter
            if cls.chapter in scenes.CHAPTERS
            else str(Path(inspect.getfile(cls)).resolve().parent)
        )

    def construct(self) -> None:
        """Plays all beats; an error of a chapter that is not ours is told with its file and line."""
        ended: EndSceneEarlyException | None = None
        with named(Path(self.scheduled.chapter.place)) if self.scheduled.chapter.place else nullcontext():
            try:
                self._play_all()
            except EndSceneEarlyException as error:  # all frames that are wanted are there
                ended = error
        if ended is not None:
            raise ended

    def _play_all(self) -> None:
        """Makes what all beats need, then plays them; each ends on its frame whatever was played in it."""
        self.lay_out()
        chapter, beats = self.scheduled, self.scheduled.beats
        self._arrive()
        for beat in beats:
            taken = chapter.arrival * (beat is beats[0])
            left = chapter.departure * (beat is beats[-1])
            cues = {name: frame - taken for name, frame in beat.cues.items()}
            clock = BeatClock(self, beat.beat, beat.frames - taken - left, cues)
            play: Callable[[BeatClock], None] = getattr(self, beat.beat.part)
            play(clock)
            clock.finish()
        self._depart()

    def _arrive(self) -> None:
        """Comes from where the chapter before ended to this one's station; a close-up gets its ground."""
        here = self.scheduled.chapter.enters
        if here is None or not here.station:
            return
        clock = BeatClock(self, self.scheduled.beats[0].beat, self.scheduled.arrival)
        if clock.left or not self.close_up:
            self._fly(clock, here)
        if self.close_up:
            small = CornerMap(self.trace, here.station)
            if clock.left:
                clock.close(*self.journey.close_up(small))
                self.remove(self.journey.machine, self.journey.veil)
            self.add(small)
        clock.finish()

    def _fly(self, clock: BeatClock, here: Handover) -> None:
        """Brings the machine to a station: by a flight from another one, where there is time for it."""
        start = origin(self.scheduled.before, here) if clock.left else here.station
        self.journey.stand(start)
        self.add(self.journey.machine)
        if start != here.station:
            clock.play(*self.journey.fly(here.station), share=1.0, most=style.FLIGHT)

    def _depart(self) -> None:
        """Puts the close-up back: the machine stands there as the next chapter finds it."""
        there = self.scheduled.chapter.leaves
        if not (frames := self.scheduled.departure) or there is None:
            return
        clock = BeatClock(self, self.scheduled.beats[-1].beat, frames)
        machine, flat = self.journey.machine, list(self.mobjects)
        if machine in flat:  # no close-up stands before it
            leaving = (FadeOut(mobject) for mobject in flat if mobject is not machine)
            clock.play(*self.journey.fly(there.station), *leaving, share=1.0)
            return
        self.journey.stand(there.station)
        self.add(machine, self.journey.veil)
        clock.play(*self.journey.put_back(flat), share=1.0)

    @cached_property
    def journey(self) -> Journey:
        return Journey(self.trace)

    def lay_out(self) -> None:
        """Makes what several beats need; a chapter has its own."""

    def setup(self) -> None:
        camera: Any = self.camera
        if camera.background_opacity:  # without a ground there is none that letters could be mixed with
            camera.background_color = style.GROUND

    def shown(self) -> list[Shown]:
        """All readings and slices that were on screen, with their frames; complete after `construct`."""
        still_there = [Shown(_what(mobject), start, self.now) for mobject, start in self._since.values()]
        return sorted([*self._gone, *still_there], key=lambda s: s.start)

    @property
    def story(self) -> bool:
        """Whether this is the level without formulas, symbols and shapes."""
        return self.read.locale.level == "story"

    @property
    def flat(self) -> list[Mobject]:
        """What the chapter itself has put on screen, in order: neither the map nor what a wait leaves."""
        there = (mobject for mobject in self.mobjects if not isinstance(mobject, CornerMap))
        return [mobject for mobject in there if mobject.family_members_with_points()]

    def label(self, key: str, **counts: Reading) -> str:
        """A label of the chapter's that shows no reading; its words may go with counts."""
        return "".join(map(str, self.phrase(key, **counts)))

    def phrase(self, key: str, **readings: _Part) -> list[str | _Part]:
        """A label of the chapter's with readings among its words, in the language's order."""
        return self.read.locale.filled(self.scheduled.chapter.labels[key], readings)

    def heading(self, *aside: str | Reading) -> VGroup:
        """The chapter's title at the top left, and words and readings dimmed beside it."""
        title = words(self.scheduled.chapter.title, style.TITLE_SIZE)
        fit(title, TITLE, UP + LEFT)
        if not aside:
            return VGroup(title)
        beside = sentence(*aside, size=style.LABEL_SIZE).next_to(title, RIGHT, buff=0.5)
        return VGroup(title, beside.align_to(title, DOWN).shift(0.04 * UP))

    def source(self, *names: str) -> VGroup:
        """The line at the bottom right that says which tensors the picture was read from."""
        text = self.read.locale.label("source", tensors=", ".join(names))
        where = words(text, style.SMALL_SIZE, style.DIM)
        return VGroup(fit(where, FOOT, DOWN + RIGHT))

    def get_moving_and_static_mobjects(
        self, animations: Iterable[Animation]
    ) -> tuple[list[Mobject], list[Mobject]]:
        """What moves is what the animations name, and nothing that was merely added after it.

        Manim redraws all that lies above the first moving object in every frame. Chapters lay things out side
        by side, so here the still ones are painted once and the moving ones drawn over them. In a hold, where
        nothing is named, manim would draw everything twice, and what is faint would come out stronger.

        What an updater changes moves too; and where a part of a space does, all is drawn: one hides another.
        """
        animated = list(_moved(animations))
        family = [member for mobject in self.mobjects for member in mobject.get_family()]
        animated += [member for member in family if member.updaters]
        named = extract_mobject_family_members(animated)
        everything = extract_mobject_family_members(self.mobjects, only_those_with_points=True)
        moving = set(map(id, named))
        spaces = [member for member in family if isinstance(member, Space)]
        held = not any(len(mobject.points) for mobject in named)  # a wait moves an object without any
        if not moving or (held and spaces):
            return everything, []
        if any(not moving.isdisjoint(map(id, space.get_family())) for space in spaces):
            return everything, []
        return (
            [mobject for mobject in everything if id(mobject) in moving],
            [mobject for mobject in everything if id(mobject) not in moving],
        )

    def note_shown(self, start: int) -> None:
        """Takes down which readings and slices are on screen since `start`, and which have left."""
        present = {id(m): m for mobject in self.mobjects for m in _telling(mobject)}
        for key in [key for key in self._since if key not in present]:
            mobject, since = self._since.pop(key)
            if since < self.now:
                self._gone.append(Shown(_what(mobject), since, self.now))
        for key, mobject in present.items():
            self._since.setdefault(key, (mobject, start))
        for watch in self.watchers:
            watch(start)


def _moved(animations: Iterable[Animation]) -> Iterator[Any]:
    """What animations move. A group names no object that comes with one of its animations; those do."""
    for animation in animations:
        if isinstance(animation, AnimationGroup):
            yield from _moved(animation.animations)
        yield animation.mobject


def scene_class(source: str) -> type[LessonScene]:
    """The scene of a chapter, by name or folder; raises `ChapterError` when it does not fit its script."""
    folder = load_chapter(source)
    chapter = folder.name
    if folder.place:
        module = own_module(Path(folder.place), "scene")
    else:
        module = importlib.import_module(f"scenes.{chapter}.scene")
    found = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, LessonScene) and one is not LessonScene
    ]
    if len(found) != 1 or getattr(found[0], "chapter", None) != chapter:
        raise ChapterError(f'{module.__file__}: has no single LessonScene with `chapter = "{chapter}"`')
    (scene,) = found
    for part in folder.script.names:
        if hasattr(LessonScene, part) or part in LessonScene.__annotations__:
            raise ChapterError(
                f"{module.__file__}: every scene has {part} already; give that beat another name"
            )
        if not callable(getattr(scene, part, None)):
            raise ChapterError(
                f"{module.__file__}: {scene.__name__} has no method {part}, a beat of the script"
            )
    return scene


def at_reading_pace(trace: Trace, source: str, locale: Locale, fps: int) -> ScheduledChapter:
    """A chapter without a voice: each beat as long as its words take to read."""

    def frames(beat: Beat) -> int:
        return round((len(beat.text.split()) / WORDS_A_SECOND + 0.6) * fps)

    (chapter,) = write_lesson(trace, locale, [source]).chapters
    return paced(chapter, frames)


def _telling(mobject: Mobject) -> Iterator[Mobject]:
    """An object and its members, as far as they show a reading or a slice."""
    if _what(mobject) is not None:
        yield mobject
    for member in mobject.submobjects:
        yield from _telling(member)


def _what(mobject: Mobject) -> Any:
    return getattr(mobject, "reading", None) or getattr(mobject, "drawn", None)
