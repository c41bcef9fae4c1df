"""Some beats in a row of a chapter of an edition: what a clip or a still is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec

from llmtrace.suggest import did_you_mean
from renders.edition.edition import Edition
from renders.edition.manifest import EditionBeat, EditionChapter
from renders.edition.rows import Row
from renders.errors import RequestError
from renders.publish.page import own_file
from renders.store import layout, places
from renders.timeline import DEPARTURE
from scenes import CHAPTERS
from scenes.chapter import load_chapter
from voiceover.captions import Caption
from voiceover.speech import Word

_FORM = re.compile(r"(?P<chapter>[^:.\s]+)(?::(?P<first>[^:.\s]+)(?:\.\.(?P<last>[^:.\s]+))?)?")


def parted(what: str) -> tuple[str, str | None, str | None]:
    """CHAPTER, CHAPTER:BEAT or CHAPTER:BEAT..BEAT → the chapter, and the first and the last beat."""
    found = _FORM.fullmatch(what.strip())
    if found is None:
        raise RequestError(
            f"{what!r}: is no part of a lesson; name a chapter, or beats of one, like attention:mask..arcs"
        )
    return found["chapter"], found["first"], found["last"] or found["first"]


_PROMPT = 24  # characters of the prompt in a file's name


@dataclass(frozen=True)
class Excerpt:
    """Beats of one chapter; their times are the lesson's."""

    edition: Edition
    chapter: EditionChapter
    beats: tuple[EditionBeat, ...]

    @classmethod
    def of(cls, edition: Edition, what: str) -> Excerpt:
        """The part that `what` names; raises `RequestError` where the lesson has none."""
        name, first, last = parted(what)
        chapters = {chapter.name: chapter for chapter in edition.manifest.chapters}
        chapter = chapters.get(name)
        if chapter is None:
            hint = did_you_mean(name, list(chapters), f"it has {', '.join(chapters)}")
            raise RequestError(f"{edition.folder}: has no chapter {name!r}; {hint}")
        names = [beat.name for beat in chapter.beats]
        for beat in filter(None, (first, last)):
            if beat not in names:
                hint = did_you_mean(beat, names, f"it has {', '.join(names)}")
                raise RequestError(f"{what}: {name} has no beat {beat!r}; {hint}")
        start = names.index(first) if first else 0
        end = names.index(last) + 1 if last else len(names)
        if start >= end:
            raise RequestError(f"{what}: {last} comes before {first}; name them in the order of the lesson")
        return cls(edition, chapter, chapter.beats[start:end])

    @property
    def whole(self) -> bool:
        """Whether it is all of the chapter."""
        return len(self.beats) == len(self.chapter.beats)

    @property
    def start(self) -> float:
        return self.beats[0].start

    @property
    def end(self) -> float:
        return self.beats[-1].end

    @property
    def seconds(self) -> float:
        return self.end - self.start

    @property
    def span(self) -> tuple[int, int]:
        """The lesson's frames that it begins on, and ends before."""
        fps = self.edition.manifest.fps
        return round(self.start * fps), round(self.end * fps)

    @property
    def name(self) -> str:
        """As it was asked for, shortest: attention, attention:mask, attention:mask..arcs."""
        if self.whole:
            return self.chapter.name
        ends = dict.fromkeys((self.beats[0].name, self.beats[-1].name))
        return f"{self.chapter.name}:{'..'.join(ends)}"

    @property
    def slug(self) -> str:
        """How files of it begin: a few words of the prompt, the chapter, the beats; [a-z0-9-] alone."""
        words = places.slug(self.edition.manifest.title)[:_PROMPT].strip("-")
        part = places.slug(self.name.replace("..", " "))
        return f"{words}-{part}"[: places.LONGEST].strip("-")

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """What is shown and said in it."""
        names = {beat.name for beat in self.beats}
        return tuple(r for r in self.edition.rows if r.chapter == self.chapter.name and r.beat in names)

    @property
    def captions(self) -> list[Caption]:
        """Its captions, in seconds from its start."""
        by = -self.start
        return [_moved(caption.said, by) for beat in self.beats for caption in beat.captions]

    @property
    def shifted(self) -> tuple[EditionBeat, ...]:
        """Its beats with all their times from its start."""
        return tuple(_shifted(beat, self.start) for beat in self.beats)

    def ending(self) -> Iterator[int]:
        """The last frame of each beat, first of that on which most readings are."""
        for beat in sorted(self.beats, key=lambda beat: -self._readings(beat)):
            yield self.last_frame(beat)

    def last_frame(self, beat: EditionBeat) -> int:
        """A beat's last frame; of a chapter that another follows, the last before its picture is put away."""
        manifest = self.edition.manifest
        last, name = round(beat.end * manifest.fps) - 1, self.chapter.name
        leaves = name in CHAPTERS and load_chapter(name).script.leaves.station
        if leaves and beat is self.chapter.beats[-1] and self.chapter is not manifest.chapters[-1]:
            last -= round(DEPARTURE * manifest.fps)
        return max(last, round(beat.start * manifest.fps))

    def _readings(self, beat: EditionBeat) -> int:
        """How many readings are on a beat's last frame."""
        at = self.last_frame(beat) / self.edition.manifest.fps - beat.start
        rows = (row for row in self.rows if row.beat == beat.name and row.where == "screen" and row.text)
        return sum(row.start <= at < row.end for row in rows)

    def require_picture(self, *files: str) -> None:
        """Raises `RequestError` where the lesson is to be heard, `CheckError` where one of these files of it
        is missing, or a link out of its folder.
        """
        if self.edition.manifest.media != layout.VIDEO:
            raise RequestError(
                f"{self.edition.folder}: is a lesson to listen to and has no picture; make it with 'make'"
            )
        for name in files:
            own_file(self.edition, name)


def _moved(caption: Caption, by: float) -> Caption:
    words = tuple(Word(w.text, _at(w.start, by), _at(w.end, by)) for w in caption.words)
    return Caption(_at(caption.start, by), _at(caption.end, by), caption.text, words)


def _at(seconds: float, by: float) -> float:
    return max(0.0, round(seconds + by, 6))


def _shifted(beat: EditionBeat, start: float) -> EditionBeat:
    times = {name: _at(getattr(beat, name), -start) for name in ("start", "end", "words_from", "words_to")}
    return msgspec.structs.replace(beat, captions=(), segment=None, **times)
