"""`LessonScene`: a chapter's scene, where time belongs to beats.

    class Softmax(LessonScene):
        chapter = "softmax"

        def construct(self):
            with self.beat("scores") as beat:
                beat.play(FadeIn(bars), share=0.5)

A beat lasts as long as its words, counted in frames. A play takes a share of it, and what is left when the
block ends is held still, so that pictures and speech cannot part. A play can wait for a word that the beat's
text marks: `beat.play(FadeIn(key), share=0.1, at="key")` begins on the frame on which that word is spoken.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from manim import DOWN, LEFT, RIGHT, UP, Animation, FadeOut, Mobject, Scene, VGroup, config
from manim.utils.family import extract_mobject_family_members

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from scenes import style
from scenes.catalogue import line
from scenes.lesson import Chapter, write_lesson
from scenes.parts.label import sentence, words
from scenes.reading import Reading, Shown

WORDS_A_SECOND = 2.6  # the pace of a beat when no voice has said how long it is


class LessonScene(Scene):
    """The scene of one chapter, drawn from a trace.

    Plain `manim` makes it with no arguments: then the trace is the file that `LLMTRACE` names, or the bundled
    example, beats last as long as their words take to read, and no play waits for a word.
    """

    chapter: ClassVar[str]

    def __init__(
        self,
        trace: Trace | None = None,
        frames: Mapping[str, int] | None = None,
        cues: Mapping[str, Mapping[str, int]] | None = None,
        **kwargs: Any,
    ) -> None:
        """`frames`: each beat's length; `cues`: on which of a beat's frames its marked words begin."""
        super().__init__(**kwargs)
        self.trace = trace or Trace.load(os.environ.get("LLMTRACE", EXAMPLE))
        self.script: Chapter = write_lesson(self.trace, [self.chapter]).chapter(self.chapter)
        self.fps = round(config.frame_rate)
        self.frames = frames or {beat.name: self._reading_time(beat.text) for beat in self.script.beats}
        self.cues = cues or {}
        self.now = 0  # frames since the start
        self._since: dict[int, tuple[Mobject, int]] = {}
        self._gone: list[Shown] = []

    def setup(self) -> None:
        camera: Any = self.camera
        camera.background_color = style.GROUND

    @contextmanager
    def beat(self, name: str) -> Iterator[Beat]:
        """The time of one beat; it ends on its frame whatever was played in it."""
        beat = Beat(self, self.now, self.frames[name], self.cues.get(name, {}))
        yield beat
        beat.finish()

    def shown(self) -> list[Shown]:
        """All readings and slices that were on screen, with their frames; complete after `construct`."""
        still_there = [Shown(_what(mobject), start, self.now) for mobject, start in self._since.values()]
        return sorted([*self._gone, *still_there], key=lambda s: s.start)

    def heading(self, *aside: str | Reading) -> VGroup:
        """The chapter's title at the top left, and words and readings dimmed beside it."""
        title = words(self.script.title, style.TITLE_SIZE)
        title.move_to((style.LEFT, style.TOP, 0.0), aligned_edge=UP + LEFT)
        if not aside:
            return VGroup(title)
        beside = sentence(*aside, size=style.LABEL_SIZE).next_to(title, RIGHT, buff=0.5)
        return VGroup(title, beside.align_to(title, DOWN).shift(0.04 * UP))

    def source(self, *names: str) -> VGroup:
        """The line at the bottom right that says which tensors the picture was read from."""
        where = words("".join(line("source", tensors=", ".join(names))), style.SMALL_SIZE, style.DIM)
        return VGroup(where.move_to((style.RIGHT, style.BOTTOM, 0.0), aligned_edge=DOWN + RIGHT))

    def clear_all(self, beat: Beat) -> None:
        """Holds the picture until the beat is nearly over, then fades everything out: a chapter's end."""
        beat.close(*(FadeOut(mobject) for mobject in self.mobjects))

    def get_moving_and_static_mobjects(
        self, animations: Iterable[Animation]
    ) -> tuple[list[Mobject], list[Mobject]]:
        """What moves is what the animations name, and nothing that was merely added after it.

        Manim redraws all that lies above the first moving object in every frame. Chapters lay things out side
        by side, so here the still ones are painted once and the moving ones drawn over them. In a hold, where
        nothing is named, manim would draw everything twice, and what is faint would come out stronger.
        """
        animated: list[Any] = [animation.mobject for animation in animations]
        named = extract_mobject_family_members(animated)
        everything = extract_mobject_family_members(self.mobjects, only_those_with_points=True)
        moving = set(map(id, named))
        if not moving:
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
            self._gone.append(Shown(_what(mobject), since, self.now))
        for key, mobject in present.items():
            self._since.setdefault(key, (mobject, start))

    def _reading_time(self, text: str) -> int:
        return round((len(text.split()) / WORDS_A_SECOND + 0.6) * self.fps)


class Beat:
    """One beat's frames while they are filled."""

    def __init__(self, scene: LessonScene, start: int, frames: int, cues: Mapping[str, int]) -> None:
        self._scene, self._start, self._frames, self._cues = scene, start, frames, cues

    @property
    def left(self) -> int:
        """The frames that are not filled yet."""
        return self._start + self._frames - self._scene.now

    def until(self, cue: str) -> None:
        """Holds the picture until a marked word begins; not at all when it has begun, or no voice says when.

        At least two frames are left: one for what the word brings, one for the end of the beat.
        """
        if cue in self._cues:
            self._wait(min(self._start + self._cues[cue] - self._scene.now, self.left - 2))

    def play(
        self,
        *animations: Any,
        share: float,
        most: float = style.CALM,
        at: str | None = None,
        **options: Any,
    ) -> None:
        """Plays for a share of the beat, at most `most` seconds, and never past its end.

        With `at`, it begins on that cue and leaves a quarter of what is left to the rest of the beat. In any
        case it is over when the next marked word begins, so that no play makes another one late.
        """
        frames = min(int(share * self._frames), round(most * self._scene.fps))
        if at is not None:
            self.until(at)
            frames = min(frames, self.left - self.left // 4 - 1)
        ahead = [frame for cue in self._cues.values() if (frame := self._start + cue - self._scene.now) > 0]
        frames = min(max(1, min([frames, *ahead])), self.left)
        if frames < 1:
            raise RuntimeError(f"{type(self._scene).__name__}: a beat of {self._frames} frames is full")
        start = self._scene.now
        # Manim draws a play's frames at 0, 1/fps, … while they are before its end: half a frame less makes
        # their number certain.
        self._scene.play(*animations, run_time=(frames - 0.5) / self._scene.fps, **options)
        self._scene.now += frames
        self._scene.note_shown(start)

    def hold(self, share: float) -> None:
        """Holds the picture for a share of the beat."""
        self._wait(min(int(share * self._frames), self.left))

    def close(self, *animations: Any) -> None:
        """Holds the picture, then plays in the last half second of the beat."""
        last = max(1, min(round(style.QUICK / 2 * self._scene.fps), self.left // 2))
        self._wait(self.left - last)
        self.play(*animations, share=1.0)

    def finish(self) -> None:
        self._wait(self.left)

    def _wait(self, frames: int) -> None:
        if frames > 0:
            start = self._scene.now
            self._scene.wait((frames + 0.5) / self._scene.fps)  # manim rounds a wait down to whole frames
            self._scene.now += frames
            self._scene.note_shown(start)


def _telling(mobject: Mobject) -> Iterator[Mobject]:
    """An object and its members, as far as they show a reading or a slice."""
    if _what(mobject) is not None:
        yield mobject
    for member in mobject.submobjects:
        yield from _telling(member)


def _what(mobject: Mobject) -> Any:
    return getattr(mobject, "reading", None) or getattr(mobject, "drawn", None)
