"""`lesson.json`: what a lesson's folder says of itself, as one validated type.

Format 2 has word times, the digest of every file, and all that it takes to draw a beat again. Format 1 is
read: what it lacks is then None or empty, and `llm-lesson check` says what it cannot prove for want of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from renders.edition import parsing
from renders.errors import CheckError
from renders.store import layout
from voiceover.captions import Caption
from voiceover.speech import Word

FORMAT = 2
Name = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]  # of a chapter or a beat
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Seconds = Annotated[float, Meta(ge=0, le=1e6)]
_SPAN = {"start": "from", "end": "to"}


class _Span(Struct, frozen=True, kw_only=True, rename=_SPAN):
    start: Seconds
    end: Seconds

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"it ends ({self.end}) before it begins ({self.start})")


class TimedWord(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A written word or words that are spoken in one go, and when, in seconds of the whole lesson."""

    text: str
    start: Seconds
    end: Seconds


class EditionCaption(_Span, frozen=True, kw_only=True):
    """A caption as it is shown, of one or two lines; its words, joined by spaces and breaks, are its text."""

    text: str
    words: tuple[TimedWord, ...] = ()

    @property
    def said(self) -> Caption:
        """As captions are written and drawn."""
        return Caption(
            self.start, self.end, self.text, tuple(Word(w.text, w.start, w.end) for w in self.words)
        )


class EditionBeat(_Span, frozen=True, kw_only=True):
    """A beat's words and times, in seconds of the whole lesson.

    `captions`: written as "cues", as WebVTT calls them. `marks`: on which of its frames, counted from 0, each
    word begins that the picture waits for.
    `segment`: the key under which its silent segment is cached; None when it has no picture, or in format 1.
    """

    name: Name
    text: str
    words_from: Seconds
    words_to: Seconds
    captions: tuple[EditionCaption, ...] = field(default=(), name="cues")
    marks: dict[str, Annotated[int, Meta(ge=0)]] = {}
    segment: Sha256 | None = None


class EditionChapter(_Span, frozen=True, kw_only=True):
    """A chapter and its beats, which follow each other without a gap."""

    name: Name
    title: str
    beats: Annotated[tuple[EditionBeat, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        ends = [self.start, *(time for beat in self.beats for time in (beat.start, beat.end)), self.end]
        if any(abs(one - other) > 1e-6 for one, other in zip(ends[::2], ends[1::2], strict=True)):
            raise ValueError(f"the beats of {self.name} do not follow each other from its start to its end")


class VoiceCredit(Struct, frozen=True, kw_only=True):
    engine: str
    voice: str
    licence: str


class MusicCredit(Struct, frozen=True, kw_only=True):
    file: str
    sha256: str


class PictureSize(Struct, frozen=True, kw_only=True):
    """How the picture was drawn and encoded; `burned`: with captions in it. Older ones are dark."""

    width: Annotated[int, Meta(ge=2, le=8192)]
    height: Annotated[int, Meta(ge=2, le=8192)]
    preset: str
    burned: bool
    theme: str = "dark"


class Manifest(Struct, frozen=True, kw_only=True):
    """All of `lesson.json`. Times are seconds; a beat's frame n is shown at its start + n / fps.

    `title`: the prompt as a title; of a prompt of ids, how many there are. `media`: the lesson's own file.
    `writers`: the digest of the code that wrote the texts of the folder. `files`: the SHA-256 of each file
    beside this one.
    """

    format: int
    media: str = layout.VIDEO
    prompt: str | None
    title: str = ""
    model: str
    model_sha256: str = ""
    level: str = "full"
    language: str = "en"  # lessons of version 0.1 are in English and do not say so
    voice: VoiceCredit | None = None
    music: MusicCredit | None = None
    fps: Annotated[int, Meta(ge=1, le=1000)]
    seconds: Seconds
    picture: PictureSize | None = None
    writers: str = ""
    chapters: Annotated[tuple[EditionChapter, ...], Meta(min_length=1)]
    files: dict[str, Sha256] = {}

    def __post_init__(self) -> None:
        if self.media not in (layout.VIDEO, layout.SOUND):
            raise ValueError(f"media is {self.media!r}, not {layout.VIDEO} or {layout.SOUND}")
        if any(one.end - other.start > 1e-6 for one, other in pairwise(self.chapters)):
            raise ValueError("its chapters overlap")
        for name in self.files:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise ValueError(f"files: {name!r} is not in this folder")

    @property
    def theme(self) -> str:
        """What its pictures are drawn in, and what is made of them."""
        return self.picture.theme if self.picture else "dark"

    @property
    def beats(self) -> Iterator[tuple[EditionChapter, EditionBeat]]:
        """Each beat, in order, with its chapter."""
        for chapter in self.chapters:
            for beat in chapter.beats:
                yield chapter, beat

    @property
    def titles(self) -> list[tuple[float, float, str]]:
        """Each chapter's start and end, rounded up to the millisecond as files keep them, and its title."""
        return [(self._ms_up(c.start), self._ms_up(c.end), c.title) for c in self.chapters]

    def _ms_up(self, seconds: float) -> float:
        return -(-round(seconds * self.fps) * 1000 // self.fps) / 1000

    def frames(self, beat: EditionBeat) -> int:
        """How many frames a beat has."""
        return round(beat.end * self.fps) - round(beat.start * self.fps)

    def save(self, folder: Path) -> None:
        """Writes `lesson.json`."""
        parsing.write(folder / layout.LESSON, self)

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Reads `lesson.json`, of this format or the one before; raises `CheckError` when it cannot be."""
        path = folder / layout.LESSON
        content = parsing.read(path)
        of_format(content, path)
        manifest = parsing.parsed(content, cls, path)
        return manifest if manifest.title else msgspec.structs.replace(manifest, title=_title(manifest))


class _Head(Struct):
    format: int


def of_format(content: bytes, path: Path) -> int:
    """The format of a file; raises `CheckError` for one that this version does not read."""
    found = parsing.parsed(content, _Head, path).format
    if not 1 <= found <= FORMAT:
        raise CheckError(f"{path}: format {found}, this version reads 1 to {FORMAT}; make it again")
    return found


def _title(manifest: Manifest) -> str:
    return " ".join((manifest.prompt or "").split())
