"""What is pasted and uploaded beside a video: title, description with chapters, captions, thumbnail.

YouTube's rules, as its help has them: titles of 100 characters and texts of 5,000, without < and >; chapters
are listed from 0:00 on, three or more, none shorter than ten seconds, or the list counts for nothing.
"""

from __future__ import annotations

import math
from pathlib import Path

from renders.edition.edition import Edition
from renders.publish.labels import label
from renders.publish.page import picture, title_of, voice_of
from renders.publish.pictures import framed
from renders.publish.transcript import continuation
from renders.store import layout, places
from renders.terminal import clock
from scenes.reading import Reader
from voiceover.captions import write_srt
from voiceover.plain import plain_text

_TITLE, _TEXT = 100, 5_000  # characters at most
_SHORTEST = 10  # seconds of a chapter
_FEWEST = 3  # chapters
_SIZE = (1280, 720)  # pixels of a thumbnail


def for_youtube(edition: Edition, folder: Path) -> tuple[Path, int]:
    """Writes all of it into `folder`; returns the text's path, and how many bytes all of it has.

    Raises `CheckError` for a lesson without a picture.
    """
    picture(edition)
    with places.atomic_folder(folder) as aside:
        for name, text in ((layout.TITLE, title(edition)), (layout.DESCRIPTION, description(edition))):
            (aside / name).write_text(text, encoding="utf-8", newline="\n")
        write_srt(
            [caption.said for _, beat in edition.manifest.beats for caption in beat.captions],
            aside / layout.SRT,
        )
        framed(edition, _SIZE).save(aside / layout.THUMBNAIL, "JPEG", quality=90, optimize=True)
        size = sum(file.stat().st_size for file in aside.iterdir())
    return folder / layout.DESCRIPTION, size


def title(edition: Edition) -> str:
    """The title, cut at a word where it is too long."""
    kicker = label(edition.locale, "page.kicker")
    room = _TITLE - len(kicker) - len(" “”")
    return f"{kicker} “{_cut(_plain(title_of(edition)), room)}”"


def description(edition: Edition) -> str:
    """The text below the video."""
    model = edition.trace.meta.model
    size = Reader(edition.trace, edition.locale)("meta.model.parameters", how="meta").rounded()
    went_on = label(edition.locale, "page.went_on", model=_plain(model.name), parameters=size)
    first = f"{label(edition.locale, 'page.kicker')} “{_cut(_plain(title_of(edition)), 600)}”."
    answer = f"{went_on} {_cut(_plain(continuation(edition.trace)), 300)}"
    listed = chapters(edition)
    times = [f"{clock(start)} {_cut(_plain(name), 100)}" for start, name in listed]
    parts = [
        first,
        answer,
        "\n".join(times),
        label(edition.locale, "youtube.made"),
        _plain(voice_of(edition)),
    ]
    return _cut("\n\n".join(part for part in parts if part), _TEXT) + "\n"


def chapters(edition: Edition) -> list[tuple[int, str]]:
    """Each chapter's second and title; a short one is part of the one before; none where too few remain.

    A second is rounded up, so that the chapter is on at that second.
    """
    manifest, kept = edition.manifest, list[tuple[int, str]]()
    starts = [0, *(math.ceil(start) for start, *_ in manifest.titles[1:])]
    ends = [*starts[1:], int(manifest.seconds)]
    for chapter, start, end in zip(manifest.chapters, starts, ends, strict=True):
        short = end - start < _SHORTEST or (kept and start - kept[-1][0] < _SHORTEST)
        if not (kept and short):
            kept.append((start, chapter.title))
    return kept if len(kept) >= _FEWEST else []


def _plain(text: str) -> str:
    return plain_text(text).replace("<", "‹").replace(">", "›")


def _cut(text: str, most: int) -> str:
    """A text of at most so many characters, cut behind a word."""
    if len(text) <= most:
        return text
    short = text[: most - 1]
    return (short.rpartition(" ")[0] or short).rstrip() + "…"
