"""When each beat starts and ends, in whole frames: speech sets the time, pictures and sound follow it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from scenes.lesson import Beat, Chapter, Lesson, ScheduledBeat, ScheduledChapter
from scenes.script import Handover, origin
from scenes.style import FLIGHT
from voiceover.captions import Caption, captions_for
from voiceover.loudness import RATE
from voiceover.speech import Speech
from voiceover.timing import TimedText, timed_text

LEAD = 0.2  # seconds of picture before a beat's words
TAIL = 0.25  # and after them
LEAST = 2.0  # seconds that a beat lasts at least, so that its picture can be seen
ARRIVAL = 0.7  # seconds from the machine to a close-up, after the flight to its station
DEPARTURE = 0.5  # and back to the machine
SOUND_FRAME = 1024  # samples that AAC encodes together
_STEP = 0.6  # seconds: the most that a chapter's end is put off to fall between two of them


@dataclass(frozen=True)
class SpokenBeat:
    """A beat with its speech and its frames, from `start` up to `end`; its words begin at a second.

    `words`: its text with the times of its words. `cues`: on which of its frames, counted from 0, each cue's
    word begins.
    """

    beat: Beat
    speech: Speech
    words: TimedText
    start: int
    end: int
    words_at: float
    cues: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def captions(self) -> list[Caption]:
        """Its words as they are shown, each with its time, in seconds of the whole lesson."""
        return captions_for(self.words, self.words_at)


@dataclass(frozen=True)
class SpokenChapter:
    """A chapter of a lesson with its times, and what the one before it leaves, if there is one.

    `arrival`, `departure`: as a `ScheduledChapter` has them.
    """

    chapter: Chapter
    beats: tuple[SpokenBeat, ...]
    before: Handover | None = None
    arrival: int = 0
    departure: int = 0

    @property
    def start(self) -> int:
        return self.beats[0].start

    @property
    def end(self) -> int:
        return self.beats[-1].end

    @property
    def captions(self) -> list[Caption]:
        return [one for spoken in self.beats for one in spoken.captions]

    @property
    def scheduled(self) -> ScheduledChapter:
        """What its scene is handed: the same without its sound."""
        beats = (ScheduledBeat(spoken.beat, spoken.end - spoken.start, spoken.cues) for spoken in self.beats)
        return ScheduledChapter(self.chapter, tuple(beats), self.before, self.arrival, self.departure)


@dataclass(frozen=True)
class Timeline:
    """The whole lesson's times at a rate of `fps` frames a second."""

    fps: int
    chapters: tuple[SpokenChapter, ...]

    @property
    def seconds(self) -> float:
        return self.chapters[-1].end / self.fps

    @property
    def titles(self) -> list[tuple[float, float, str]]:
        """Each chapter's start and end, in seconds, and its title.

        They are rounded up to the millisecond, which is all that files of chapters and captions keep: any
        less, and a player that jumps there shows the last frame of the chapter before.
        """
        return [(self._ms_up(c.start), self._ms_up(c.end), c.chapter.title) for c in self.chapters]

    @property
    def finished(self) -> list[int]:
        """Each beat's last frame, from its start; of a chapter's last beat that before it is put back."""
        return [
            beat.end - beat.start - 1 - chapter.departure * (beat is chapter.beats[-1])
            for chapter in self.chapters
            for beat in chapter.beats
        ]

    def _ms_up(self, frame: int) -> float:
        return -(-frame * 1000 // self.fps) / 1000


def journey(chapter: Chapter, before: Handover | None, *, follows: bool, fps: int) -> tuple[int, int]:
    """The frames of a chapter's arrival and of its departure; `follows`: whether another comes after it."""
    arrival = departure = 0.0
    if chapter.enters and chapter.enters.station:
        arrival = ARRIVAL + FLIGHT * (origin(before, chapter.enters) != chapter.enters.station)
    if follows and chapter.leaves and chapter.leaves.station:
        departure = DEPARTURE
    return round(arrival * fps), round(departure * fps)


def schedule(
    lesson: Lesson, speeches: Mapping[str, Speech], fps: int, *, pause: float = 0.0, seen: bool = True
) -> Timeline:
    """The timeline of a lesson; `speeches` has the speech of each beat's text."""
    return Timeline(fps, tuple(timed(lesson, speeches.__getitem__, fps, pause=pause, seen=seen)))


def timed(
    lesson: Lesson, speak: Callable[[str], Speech], fps: int, *, pause: float = 0.0, seen: bool = True
) -> Iterator[SpokenChapter]:
    """Lays the beats end to end; gives each chapter as soon as `speak` has spoken its texts.

    `pause`: seconds of silence more at the end of each chapter. `seen`: whether there is a picture, which
    takes its time from chapter to chapter.
    """
    frame, before = 0, None
    for chapter in lesson.chapters:
        follows = chapter is not lesson.chapters[-1]
        arrival, departure = journey(chapter, before, follows=follows, fps=fps) if seen else (0, 0)
        beats = []
        for beat in chapter.beats:
            first, last = beat is chapter.beats[0], beat is chapter.beats[-1]
            speech = speak(beat.text)
            rest = TAIL + pause * last
            ahead = arrival * first
            length = math.ceil(max(LEAD + speech.seconds + rest, LEAST) * fps) + ahead + departure * last
            if seen and last and follows:
                length += -(frame + length) % _step(fps)
            words = timed_text(beat.text, speech.seconds, speech.words, lesson.locale.language)
            cues = {cue.name: ahead + round((LEAD + words.begins(cue.at)) * fps) for cue in beat.cues}
            start = (frame + ahead) / fps + LEAD
            beats.append(SpokenBeat(beat, speech, words, frame, frame + length, start, cues))
            frame += length
        yield SpokenChapter(chapter, tuple(beats), before, arrival, departure)
        before = chapter.leaves


def _step(fps: int) -> int:
    """Every how many frames a chapter may begin: where the sound's frames begin too, if that is often.

    So is a chapter's sound the same wherever it stands in the lesson, and need not be encoded again.
    """
    both = math.lcm(SOUND_FRAME * fps, RATE) // RATE
    return both if both <= _STEP * fps else 1


def still_to_come(lesson: Lesson, chapters: Sequence[SpokenChapter]) -> int:
    """About how many frames the chapters have that come after these, by the length of their texts."""
    letters = [sum(len(beat.text) for beat in chapter.beats) for chapter in lesson.chapters]
    here, rest = sum(letters[: len(chapters)]), sum(letters[len(chapters) :])
    return round(chapters[-1].end / max(here, 1) * rest)
