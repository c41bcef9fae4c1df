"""Chapters and beats, written from a trace: what is said, in written form. Imports no manim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from llmtrace.errors import FamilyError
from llmtrace.trace import Trace
from scenes import own
from scenes.chapter import WORDS, ChapterFolder, in_order, load_chapter
from scenes.errors import ChapterError
from scenes.focus import prompt
from scenes.locale import Locale
from scenes.reading import Reader, Reading
from scenes.script import Handover, Said
from scenes.template import CuePoint, own_number, parsed


@dataclass(frozen=True)
class Cue:
    """A word that the picture waits for: its name, and where in its beat's text it begins."""

    name: str
    at: int


@dataclass(frozen=True)
class Beat:
    """A few sentences and the picture that goes with them. Its numbers are all in `readings`."""

    part: str  # its function in script.py, and its method in scene.py
    text: str
    readings: tuple[Reading, ...]
    cues: tuple[Cue, ...] = ()
    number: int = 0  # from 1, where the part is done several times

    @property
    def name(self) -> str:
        return f"{self.part}{self.number or ''}"


@dataclass(frozen=True)
class Chapter:
    """A chapter's words in one locale: what is said, beat by beat, and what its picture is labelled with."""

    name: str
    locale: Locale
    title: str
    beats: tuple[Beat, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    enters: Handover | None = None
    leaves: Handover | None = None
    place: str = ""  # of an own chapter, its folder

    @property
    def source(self) -> str:
        """What it is loaded by: its name, or the folder of an own one."""
        return self.place or self.name


@dataclass(frozen=True)
class Lesson:
    prompt: str
    locale: Locale
    chapters: tuple[Chapter, ...]

    def chapter(self, name: str) -> Chapter:
        return next(chapter for chapter in self.chapters if chapter.name == name)


@dataclass(frozen=True)
class ScheduledBeat:
    """A beat with how many frames it has, and on which of them, counted from 0, its cues fall.

    Without a voice no frame is known for any.
    """

    beat: Beat
    frames: int
    cues: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ScheduledChapter:
    """What a scene is handed: its beats with their times, and what the chapter before it leaves.

    `arrival`: frames of its first beat that are for the way to its station in the machine; `departure`: those
    of its last one that are for putting its close-up back.
    """

    chapter: Chapter
    beats: tuple[ScheduledBeat, ...]
    before: Handover | None = None
    arrival: int = 0
    departure: int = 0

    @property
    def frames(self) -> int:
        return sum(beat.frames for beat in self.beats)

    def start(self, name: str) -> int:
        """The frame of the chapter on which the beat of a name begins."""
        names = [beat.beat.name for beat in self.beats]
        return sum(beat.frames for beat in self.beats[: names.index(name)])


def write_lesson(trace: Trace, locale: Locale, chapters: Sequence[str] | None = None) -> Lesson:
    """The lesson of a trace: all chapters, or those named, in the order of the path (`in_order`).

    Raises `ChapterError` where a script does not fit its words.
    """
    model = trace.meta.model
    if model.family != "gpt2":  # the pictures and the words are those of its parts
        raise FamilyError(
            f"{model.name}: a lesson is of a GPT-2, and this model is of the family {model.family!r}; "
            "'llm-lesson trace' and 'inspect' take it"
        )
    read = Reader(trace, locale)
    folders = map(load_chapter, in_order(chapters))
    return Lesson(prompt(read).text, locale, tuple(_told(folder, read) for folder in folders))


def paced(chapter: Chapter, frames: Callable[[Beat], int]) -> ScheduledChapter:
    """A chapter without a voice, whose beats last as long as `frames` says."""
    return ScheduledChapter(chapter, tuple(ScheduledBeat(beat, frames(beat)) for beat in chapter.beats))


def _told(folder: ChapterFolder, read: Reader) -> Chapter:
    if not folder.place:
        return _written(folder, read)
    if (language := read.locale.language) not in folder.texts.title:
        has = ", ".join(folder.texts.title)
        raise ChapterError(f"{folder.place}/{WORDS}: has no {language!r}; write it, or take --language {has}")
    with own.named(Path(folder.place)):
        return _written(folder, read)


def _written(folder: ChapterFolder, read: Reader) -> Chapter:
    texts, locale = folder.texts, read.locale
    beats: list[Beat] = []
    for writer in folder.script.beats:
        written = writer(read)
        if isinstance(written, Said):
            beats.append(_beat(folder, writer.__name__, written, locale))
        else:
            beats += [
                _beat(folder, writer.__name__, one, locale, number)
                for number, one in enumerate(written, start=1)
            ]
    labels = {key: text[locale.language] for key, text in texts.labels.items()}
    title = texts.title[locale.language]
    script = folder.script
    way = script.enters, script.leaves
    return Chapter(folder.name, locale, title, tuple(beats), labels, *way, folder.place)


def _beat(folder: ChapterFolder, part: str, said: Said, locale: Locale, number: int = 0) -> Beat:
    try:
        template = " ".join(folder.texts.template(part, text, locale) for text in said.texts)
        return told(part, template, said.readings, locale, number)
    except KeyError as error:
        known = ", ".join(filter(None, folder.texts.beats[part]))
        raise ChapterError(
            f"chapter {folder.name}, beat {part}: no text and no reading is named {error.args[0]!r}; "
            f"texts: {known or 'its own alone'}; readings: {', '.join(said.readings) or 'none'}"
        ) from None


def told(part: str, template: str, readings: Mapping[str, Reading], locale: Locale, number: int = 0) -> Beat:
    """A beat from a template (`scenes.template`) with a reading for each of its fields."""
    if own_number(template):
        raise ValueError(f"beat {part}: a number must be a reading, not part of the text: {template}")
    text, used, cues = "", list[Reading](), list[Cue]()
    for piece in parsed(template):
        if isinstance(piece, str):
            text += piece
        elif isinstance(piece, CuePoint):
            cues.append(Cue(piece.name, len(text)))
        elif piece.forms:
            text += locale.plural(readings[piece.name].text, piece.forms)
        else:
            first = not text or text.rstrip()[-1:] in (".", "!", "?", "…")
            text += locale.placed(readings[piece.name].text, piece.case, first)
            used.append(readings[piece.name])
    return Beat(part, text, tuple(used), tuple(cues), number)
