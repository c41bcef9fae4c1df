"""A clip's folder: that it says and shows what its lesson does, and its numbers what the trace has."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from renders.check.clip_shown import wrong_pictures
from renders.check.words import named, number_without_reading, other_word, when_shown, wrong_row
from renders.edition.edition import Edition
from renders.errors import CheckError, RequestError
from renders.publish.clip_file import CLIP, ClipManifest
from renders.publish.clip_texts import text_of, write_texts
from renders.publish.excerpt import Excerpt
from renders.publish.products import writers
from renders.publish.snippets.writing import write_snippets
from renders.store import layout
from renders.store.cache import digest
from scenes.reading import Reader
from scenes.template import without_names
from voiceover.plain import plain_text

_ABOVE = 4  # folders above a clip's that its lesson is looked for in
_SLACK = 1e-6  # seconds


def source_of(folder: Path, about: ClipManifest, lesson: Path | None) -> Edition:
    """The lesson that a clip was cut out of: `lesson`, or a folder above the clip's.

    Raises `CheckError` where none of them has its trace.
    """
    above = [lesson] if lesson else list(folder.absolute().parents)[:_ABOVE]
    for place in above:
        trace = place / layout.TRACE
        if (place / layout.LESSON).is_file() and trace.is_file() and digest(trace) == about.source.trace:
            return Edition.load(place)
    where = f"{lesson}: is not the lesson" if lesson else f"{folder}: no folder above has the lesson"
    raise CheckError(f"{where} that {CLIP} was cut out of; name that with --lesson DIR")


def wrong_clip(folder: Path, about: ClipManifest, edition: Edition, unproved: list[str]) -> Iterator[str]:
    """What is wrong with a clip; adds to `unproved` what cannot be said for want of evidence."""
    yield from _wrong_numbers(about, edition)
    yield from _wrong_alt(about)
    yield from _wrong_digests(folder, about, unproved)
    yield from _wrong_source(about, edition)
    try:
        excerpt = _excerpt(about, edition)
    except RequestError as error:
        yield f"{CLIP}: {error}"
        return
    yield from _wrong_beats(about, excerpt)
    yield from _wrong_texts(folder, about, excerpt, unproved)
    yield from wrong_pictures(folder, about, excerpt)


def _excerpt(about: ClipManifest, edition: Edition) -> Excerpt:
    ends = (about.beats[0].name, about.beats[-1].name)
    return Excerpt.of(edition, f"{about.chapter}:{'..'.join(ends)}")


def _wrong_numbers(about: ClipManifest, edition: Edition) -> Iterator[str]:
    """Readings that the trace does not bear out, numbers that are none, and readings that are left out."""
    read, beats = Reader(edition.trace, edition.locale), {beat.name: beat for beat in about.beats}
    for row in about.numbers:
        beat = beats.get(row.beat or "")
        if beat is None and row.where != "alt":
            yield f"{about.chapter}, {row.beat}: has a reading, and the clip has no such beat"
            continue
        where = named(about.chapter, beat.name, beat.start + row.start) if beat else "alternative text"
        if line := wrong_row(read, row):
            yield f"{where}: {row.tensor}{list(row.index)}: {line}"
    for name, beat in beats.items():
        said = [r.text for r in about.numbers if r.where == "speech" and r.beat == name and r.text]
        if number := number_without_reading(beat.text, said):
            yield f"{named(about.chapter, name, beat.start)}: {number} is said, and no reading has it"
    there = {row for row in about.numbers if row.where != "alt"}
    for row in edition.rows:
        if row.chapter == about.chapter and row.beat in beats and row.text is not None and row not in there:
            yield f"{about.chapter}, {row.beat}: {CLIP} lacks the reading {row.text!r} of {row.tensor}"


def _wrong_alt(about: ClipManifest) -> Iterator[str]:
    """The alternative text's readings stand in it in their order, and no other number does."""
    rest, at = about.alt, 0
    for row in (row for row in about.numbers if row.where == "alt" and row.text):
        text = plain_text(row.text or "")
        found = rest.find(text, at)
        if found < 0:
            yield f"alternative text: {row.tensor}{list(row.index)} is {text!r}, and it does not say so"
            continue
        rest, at = rest[:found] + " " + rest[found + len(text) :], found + 1
    if number := re.search(r"\d+", without_names(rest)):
        yield f"alternative text: {number[0]} is said, and no reading has it"


def _wrong_digests(folder: Path, about: ClipManifest, unproved: list[str]) -> Iterator[str]:
    for name, file in about.files.items():
        path = folder / name
        if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            unproved.append(f"{name}: is not there")
        elif path.stat().st_size != file.bytes or digest(path) != file.sha256:
            yield f"{name}: is not as it was written: its bytes are others"


def _wrong_source(about: ClipManifest, edition: Edition) -> Iterator[str]:
    manifest = edition.manifest
    for name in ("title", "prompt", "model", "model_sha256", "language", "level"):
        says, meant = getattr(about.source, name), getattr(manifest, name)
        if says != meant:
            yield f"{CLIP}: says that the {name} is {says!r}, the lesson's is {meant!r}"
    if about.sound and about.voice != manifest.voice:
        yield f"{CLIP}: its voice and licence are not those of the lesson"


def _wrong_beats(about: ClipManifest, excerpt: Excerpt) -> Iterator[str]:
    if (
        abs(about.start - excerpt.start) > _SLACK
        or abs(about.seconds - excerpt.seconds - about.held) > _SLACK
    ):
        yield f"{CLIP}: it is from {about.start:.3f} s for {about.seconds:.3f} s, and its beats are not"
    if about.title != excerpt.chapter.title:
        yield f"{CLIP}: its title is {about.title!r}, the chapter's {excerpt.chapter.title!r}"
    for told, beat in zip_longest(about.beats, excerpt.shifted):
        if told is None or beat is None or told.name != beat.name:
            yield f"{CLIP}: its beats are not those of the lesson in a row"
            return
        where = named(about.chapter, beat.name, beat.start)
        if told.text != beat.text:
            says, meant = other_word(told.text, beat.text)
            yield f"{where}: says {says!r}, the lesson says {meant!r}"
        if abs(told.start - beat.start) > _SLACK or abs(told.end - beat.end) > _SLACK:
            yield f"{where}: is from {told.start:.3f} to {told.end:.3f} s, in the lesson it is not"


def _wrong_texts(folder: Path, about: ClipManifest, excerpt: Excerpt, unproved: list[str]) -> Iterator[str]:
    """Writes its texts again and compares them, word by word."""
    if about.writers != writers():
        unproved.append(f"{CLIP}: another version wrote its texts: what is of no beat is not compared")
    with tempfile.TemporaryDirectory(prefix="llm-lesson-") as place:
        texts = list(write_texts(excerpt, about.alt, about.name, Path(place), srt=True))
        if about.writers == writers():
            texts += [("snippet", made) for made in write_snippets(about, text_of(excerpt), Path(place))]
        for kind, made in texts:
            name = made.relative_to(place).as_posix()
            if not (folder / name).is_file():
                continue
            found, meant = (p.read_text(encoding="utf-8", errors="replace") for p in (folder / name, made))
            if kind == "text" and about.writers != writers():  # its last line is of no beat
                found, meant = (text.rstrip().rpartition("\n")[0] for text in (found, meant))
            if found != meant:
                says, right = other_word(found, meant)
                when = when_shown(found[: found.find(says)])
                yield ": ".join(filter(None, (name, when, f"says {says!r}, the lesson says {right!r}")))
