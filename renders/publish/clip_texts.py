"""What a clip says in words: captions, alternative text, and all that is said as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from renders.edition.rows import Row
from renders.publish.clip_file import Kind
from renders.publish.excerpt import Excerpt
from renders.store.atomic import atomic_file
from scenes.alt import LONGEST, alternative
from scenes.letters import shorten
from scenes.reading import Reader
from voiceover.captions import write_srt, write_vtt
from voiceover.plain import plain_text

_PROMPT = 200  # characters of a prompt: what a clip is of, not a document
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def alt_of(excerpt: Excerpt) -> tuple[str, tuple[Row, ...]]:
    """The alternative text of a part, of one line, and the readings that it is told from.

    It is a line of the chapter's, or, where its beats are not all there, what is said, as far as it fits.
    """
    names = [beat.name for beat in excerpt.beats]
    line = alternative(excerpt.chapter.name, Reader(excerpt.edition.trace, excerpt.edition.locale), names)
    if line is not None:
        rows = [{"where": "alt", "chapter": excerpt.chapter.name, **r.row()} for r in line.readings]
        return plain_text(line.text), tuple(msgspec.convert(row, Row) for row in rows)
    text = excerpt.chapter.title
    for sentence in (s for beat in excerpt.beats for s in _SENTENCE.split(beat.text)):
        longer = f"{text}{':' if text == excerpt.chapter.title else ''} {plain_text(sentence)}"
        if len(longer) > LONGEST:
            break
        text = longer
    return plain_text(text), tuple(_told(excerpt, plain_text(text)))


def _told(excerpt: Excerpt, text: str) -> Iterator[Row]:
    """The readings that are said in a text, in its order."""
    at = 0
    for row in excerpt.rows:
        if row.where == "speech" and row.text and (found := text.find(plain_text(row.text), at)) >= 0:
            at = found + 1
            yield msgspec.structs.replace(row, where="alt", beat=None, start=0.0, end=0.0)


def text_of(excerpt: Excerpt) -> str:
    """The text alternative: all that is said, in paragraphs, and what it is of."""
    manifest, label = excerpt.edition.manifest, excerpt.edition.locale.label
    paragraphs = [excerpt.chapter.title, *(beat.text for beat in excerpt.beats)]
    paragraphs.append(label("clip.of", prompt=shorten(manifest.title, _PROMPT), model=manifest.model))
    return "\n\n".join(map(plain_text, paragraphs)) + "\n"


def write_texts(
    excerpt: Excerpt, alt: str, name: str, folder: Path, *, srt: bool
) -> Iterator[tuple[Kind, Path]]:
    """Writes all of them; yields each with its kind in `clip.json`."""
    vtt = folder / f"{name}.vtt"
    write_vtt(excerpt.captions, vtt)
    yield "vtt", vtt
    if srt:
        path = folder / f"{name}.srt"
        write_srt(excerpt.captions, path)
        yield "srt", path
    texts: tuple[tuple[Kind, str, str], ...] = (
        ("text", f"{name}.txt", text_of(excerpt)),
        ("alt", f"{name}.alt.txt", alt + "\n"),
    )
    for kind, file, text in texts:
        path = folder / file
        with atomic_file(path) as aside:
            aside.write_text(text, encoding="utf-8", newline="\n")
        yield kind, path
