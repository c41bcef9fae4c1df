"""A lesson's files: as they were written, and as the lesson makes them again."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import msgspec

from renders.check.words import named
from renders.edition.edition import Edition
from renders.edition.manifest import EditionCaption, Manifest
from renders.errors import CheckError
from renders.listen import tags
from renders.media.audio import sound_seconds
from renders.media.container import TimedText
from renders.media.probe import probe, sound_tags
from renders.publish.cover import cover as drawn_cover
from renders.publish.products import TEXTS, writers
from renders.store import layout
from renders.store.cache import digest
from voiceover.plain import plain_text

_SOUND_SLACK = 0.1  # seconds: MP3 and AAC end on whole blocks
_MS_SLACK = 0.0021  # seconds: containers keep whole milliseconds, rounded to either side
_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d\d)(?:[.,](\d{3}))?")  # 00:01:02.345 and 1:02
_SAID = ("**", "<p><b>", "[")  # how a line of a transcript begins that is said


def proved_files(edition: Edition, unproved: list[str]) -> Iterator[str]:
    """What is wrong with the files of a folder; adds to `unproved` what cannot be said for want of evidence.

    Raises `CheckError` when the lesson's own file is missing.
    """
    sound = edition.manifest.media == layout.SOUND
    for name in (layout.SOUND, layout.SOUND_MP3) if sound else (layout.VIDEO,):
        if not (edition.folder / name).is_file():
            raise CheckError(f"{edition.folder / name}: no such file; make the lesson again")
    if edition.manifest.format == 1:
        unproved.append(
            f"{layout.LESSON} is of format 1, which has no word times and no digests: "
            "when each word is said, and that the files are those that were written"
        )
    yield from _wrong_digests(edition, unproved)
    yield from _wrong_texts(edition)
    yield from _wrong_sound(edition, unproved) if sound else _wrong_video(edition)


def _wrong_digests(edition: Edition, unproved: list[str]) -> Iterator[str]:
    for name, sha256 in edition.manifest.files.items():
        if not (edition.folder / name).is_file():
            unproved.append(f"{name}: is not there")
        elif digest(edition.folder / name) != sha256:
            yield f"{name}: is not as it was written: its SHA-256 is another"


def _wrong_texts(edition: Edition) -> Iterator[str]:
    """Makes every text of the folder again and compares: all of it, or what is said when others wrote it."""
    exact = edition.manifest.writers == writers()
    again = edition if edition.manifest.format > 1 else _with_whole_captions(edition)
    with tempfile.TemporaryDirectory(prefix="llm-lesson-") as place:
        for made in (
            file for product in TEXTS[edition.manifest.media] for file in product(again, Path(place))
        ):
            there = edition.folder / made.name
            if not there.is_file():  # said already, where the lesson had it
                continue
            found, meant = (path.read_text(encoding="utf-8", errors="replace") for path in (there, made))
            if found != meant and (line := _difference(found, meant, exact, edition.manifest)):
                yield f"{made.name}: {line}"


def _with_whole_captions(edition: Edition) -> Edition:
    """A lesson of format 1 as if each beat had one caption: then its texts have the same words."""
    chapters = []
    for chapter in edition.manifest.chapters:
        beats = (
            msgspec.structs.replace(
                b, captions=(EditionCaption(start=b.words_from, end=b.words_to, text=b.text),)
            )
            for b in chapter.beats
        )
        chapters.append(msgspec.structs.replace(chapter, beats=tuple(beats)))
    return replace(edition, manifest=msgspec.structs.replace(edition.manifest, chapters=tuple(chapters)))


def _difference(found: str, meant: str, exact: bool, manifest: Manifest) -> str | None:
    """Where two texts first differ, by chapter, beat and time; None when the same is said in both."""
    for one, other in zip_longest(_letters(found, exact), _letters(meant, exact)):
        if one is None or other is None or one[0] != other[0]:
            says, lesson = (letter[1] if letter else "nothing more" for letter in (one, other))
            at = (other or one or ("", "", 0.0))[2]
            beats = [(c.name, b.name) for c, b in manifest.beats if b.start <= at + _MS_SLACK]
            where = named(*beats[-1], at) if beats else "its heading"
            return f"{where}: says {says!r}, the lesson says {lesson!r}"
    return "is not what the lesson makes; its times or its marks are others" if exact else None


def _letters(text: str, exact: bool) -> Iterator[tuple[str, str, float]]:
    """Each letter that is said, with its word and the time that stands before it; spaces and breaks aside.

    The numbers and times of captions are left out; unless `exact`, a transcript's headings and times too.
    """
    lines, at = text.splitlines(), 0.0
    transcript = not any(" --> " in line for line in lines)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if " --> " in following or line == "WEBVTT":
            continue
        if (" --> " in line or line.startswith(_SAID)) and (time := _TIME.search(line)):
            hours, minutes, seconds, ms = (int(part or 0) for part in time.groups())
            at = hours * 3600 + minutes * 60 + seconds + ms / 1000
            at += transcript * 0.99  # its times are whole seconds, rounded down
        if " --> " in line or (transcript and not exact and not line.startswith(_SAID)):
            continue
        if transcript and not exact:
            line = line.partition(" ")[2]  # without its time
        for word in line.split():
            yield from ((letter, word, at) for letter in word)


def _wrong_video(edition: Edition) -> Iterator[str]:
    manifest = edition.manifest
    found = probe(edition.media)
    if abs(found.video_seconds - manifest.seconds) > 0.5 / manifest.fps:
        says = f"{layout.LESSON} says {manifest.seconds:.3f} s"
        yield f"{layout.VIDEO}: {found.video_seconds:.3f} s of picture, {says}"
    if found.audio_codec is None or abs(found.audio_seconds - manifest.seconds) > _SOUND_SLACK:
        yield f"{layout.VIDEO}: {found.audio_seconds:.3f} s of sound, {manifest.seconds:.3f} s of lesson"
    size = manifest.picture
    if size and (found.width, found.height) != (size.width, size.height):
        meant = f"{size.width}×{size.height}"
        yield f"{layout.VIDEO}: its picture is {found.width}×{found.height}, the lesson's {meant}"
    if manifest.title and found.title != plain_text(manifest.title):
        yield f"{layout.VIDEO}: its title is {found.title!r}, the lesson's {manifest.title!r}"
    yield from _wrong_chapters(layout.VIDEO, found.chapters, manifest)
    if size and not size.burned:
        shown = [(one.start, one.end, one.text) for _, beat in manifest.beats for one in beat.captions]
        yield from wrong_spans(f"{layout.VIDEO}: caption", found.captions, shown)


def _wrong_sound(edition: Edition, unproved: list[str]) -> Iterator[str]:
    manifest, cover = edition.manifest, edition.folder / layout.COVER
    same_code = manifest.writers == writers()
    png = cover.read_bytes() if cover.is_file() else None
    if png is not None and not same_code:
        unproved.append(f"{layout.COVER}: that it is drawn from the trace, for another version drew it")
    elif png is not None and png != drawn_cover(edition.trace).png:
        yield f"{layout.COVER}: is not the picture that the trace gives"
    for name in (layout.SOUND, layout.SOUND_MP3):
        lasts = sound_seconds(edition.folder / name)
        if abs(lasts - manifest.seconds) > _SOUND_SLACK:
            yield f"{name}: {lasts:.3f} s of sound, {layout.LESSON} says {manifest.seconds:.3f} s"
        found = sound_tags(edition.folder / name)
        yield from _wrong_chapters(name, found.chapters, manifest)
        if png is not None and found.cover != png:
            yield f"{name}: its cover is another picture than {layout.COVER}"
        if same_code:
            meant = tags(manifest.model, manifest.title, edition.locale)
            for tag, text in meant.items():
                if found.tags.get(tag) != plain_text(text):
                    yield f"{name}: its {tag} is {found.tags.get(tag)!r}, the lesson's {text!r}"


def _wrong_chapters(name: str, found: Sequence[TimedText], manifest: Manifest) -> Iterator[str]:
    yield from wrong_spans(f"{name}: chapter", found, manifest.titles)


def wrong_spans(what: str, found: Sequence[TimedText], meant: Sequence[TimedText]) -> Iterator[str]:
    """Spans of a file that are not those of the lesson, to the milliseconds that containers keep."""
    if len(found) != len(meant):
        yield f"{what}s: there are {len(found)}, the lesson has {len(meant)}"
        return
    for number, (one, other) in enumerate(zip(found, meant, strict=True), 1):
        if one[2].split() != plain_text(other[2]).split():
            yield f"{what} {number} at {other[0]:.1f} s: is {one[2]!r}, the lesson's {other[2]!r}"
        elif any(abs(a - b) > _MS_SLACK for a, b in zip(one[:2], other[:2], strict=True)):
            times = [f"{start:.3f} to {end:.3f} s" for start, end, _ in (one, other)]
            yield f"{what} {number}: is from {times[0]}, the lesson's from {times[1]}"
