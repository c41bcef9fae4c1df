"""A beat's frames while a scene fills them: plays take a share of it or wait for a word, the rest is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scenes import style
from scenes.errors import ChapterError
from scenes.lesson import Beat

if TYPE_CHECKING:
    from scenes.stage import LessonScene


class BeatClock:
    """One beat's frames from now on while they are filled; `cues` are counted from there too."""

    def __init__(
        self, scene: LessonScene, beat: Beat, frames: int, cues: Mapping[str, int] | None = None
    ) -> None:
        self._scene, self._start, self._frames = scene, scene.now, frames
        self._beat, self._cues = beat, cues or {}

    @property
    def number(self) -> int:
        """Which of its part's beats this is, from 1, where a part is done several times."""
        return self._beat.number

    @property
    def left(self) -> int:
        """The frames that are not filled yet."""
        return self._start + self._frames - self._scene.now

    def until(self, cue: str) -> None:
        """Holds the picture until a cue's word begins; not at all when it has begun, or no voice says when.

        At least two frames are left: one for what the word brings, one for the end of the beat. Raises
        `ChapterError` for a cue that the beat's text does not have.
        """
        if cue not in (known := [one.name for one in self._beat.cues]):
            raise ChapterError(
                f"chapter {self._scene.chapter}, beat {self._beat.name}: its text has no cue {cue!r}; "
                f"there are {', '.join(known) or 'none'}"
            )
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
        case it is over when the next cue's word begins, so that no play makes another one late. Only a share
        of 1 takes the last frame: where that alone is left, a play is over at once, and it shows how it ends.
        """
        frames = min(int(share * self._frames), round(most * self._scene.fps))
        if at is not None:
            self.until(at)
            frames = min(frames, self.left - self.left // 4 - 1)
        ahead = [frame for cue in self._cues.values() if (frame := self._start + cue - self._scene.now) > 0]
        frames = min(max(1, min([frames, *ahead])), self.left if share >= 1 else self.left - 1)
        if frames < 1:
            _end(self._scene, *animations, **options)
            return
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


def _end(scene: LessonScene, *animations: Any, **options: Any) -> None:
    """Brings what a scene would play to its end, between two frames."""
    for animation in scene.compile_animations(*animations, **options):
        scene.add_mobjects_from_animations([animation])
        animation._setup_scene(scene)
        animation.begin()
        animation.finish()
        animation.clean_up_from_scene(scene)
    scene.note_shown(scene.now)
