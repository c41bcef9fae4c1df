"""The lesson as a page: a video with its captions, a transcript that follows the voice, and every number.

A page is a folder that needs no server, no network and no script to be read. It holds the lesson's own files
too, so that `llm-lesson check` proves it as it proves the lesson.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from babel.numbers import format_decimal

from renders.edition.edition import Edition
from renders.errors import CheckError
from renders.media.probe import picture_size
from renders.publish.captions import captions
from renders.publish.card import EMBED, Card, frame
from renders.publish.labels import label, words
from renders.publish.markup import rendered
from renders.publish.numbers import NUMBERS, numbers
from renders.publish.page_data import page_data, told
from renders.publish.pictures import poster_webp
from renders.publish.reading_text import Sentence
from renders.publish.transcript import continuation
from renders.store import layout
from renders.terminal import clock
from scenes.letters import shorten
from scenes.reading import Reader, Reading
from voiceover.plain import plain_text

PAGE, POSTER = "index.html", "poster.webp"
SCRIPTS = ("player.js", "page.js")
_PROMPT = 400  # characters of a prompt that a heading shows
_FILES = (
    (layout.VIDEO, "file.video"),
    (layout.VTT, "file.captions"),
    (NUMBERS, "file.numbers"),
    (layout.READINGS, "file.readings"),
    (layout.TRACE, "file.trace"),
)


@dataclass(frozen=True)
class Sibling:
    """The same prompt's lesson told at another level or in another language, and where its page is."""

    name: str
    href: str
    current: bool


def page(
    edition: Edition,
    folder: Path,
    *,
    trace: bool = True,
    base_url: str | None = None,
    levels: Sequence[Sibling] = (),
    **_options: Any,
) -> list[Path]:
    """Writes a page and all that it needs into `folder`; `trace`: with every tensor, which `check` needs.

    `base_url`: where the page will be, for the cards that other sites show of it.
    Raises `CheckError` for a lesson without a picture, or a file of it that lies elsewhere.
    """
    picture(edition)
    wanted = [layout.VIDEO, layout.READINGS, *[layout.TRACE] * trace]
    files = [Path(shutil.copyfile(own_file(edition, name), folder / name)) for name in wanted]
    files += [*captions(edition, folder), numbers(edition, folder)]
    files.append(folder / POSTER)
    files[-1].write_bytes(poster_webp(edition))
    card = Card.of(edition, base_url) if base_url else None
    if card:
        files += card.write(edition, folder)
    fields = context(edition) | {
        "poster": POSTER,
        "levels": levels,
        "single": None,
        "media": layout.VIDEO,
        "bytes": (folder / layout.VIDEO).stat().st_size,
        "card": card,
        "frame": frame(card.url) if card else None,
        "downloads": list(_downloads(edition, folder)),
        "checked": ".",
    }
    texts = {
        PAGE: rendered("page.html", **fields, style="page.css", scripts=SCRIPTS),
        EMBED: rendered("embed.html", **fields, style="embed.css", scripts=("player.js", "embed.js")),
    }
    for name, text in texts.items():
        files.append(folder / name)
        files[-1].write_text(text, encoding="utf-8", newline="\n")
    _take_down(edition, folder, files)
    return [*files, folder / layout.LESSON]


def _take_down(edition: Edition, folder: Path, files: Sequence[Path]) -> None:
    """Writes the lesson's manifest into the page's folder, with the digests of what is there."""
    kept = {name: sha for name, sha in edition.manifest.files.items() if (folder / name).is_file()}
    own = replace(edition, folder=folder, manifest=msgspec.structs.replace(edition.manifest, files=kept))
    own.holding(files, writers=edition.manifest.writers)


def picture(edition: Edition) -> Path:
    """The lesson's video; raises `CheckError` when it has none, `EncodeError` when it cannot be read."""
    if edition.manifest.media != layout.VIDEO:
        raise CheckError(f"{edition.folder}: is a lesson to listen to; make one to watch with 'make'")
    video = own_file(edition, layout.VIDEO)
    picture_size(video)  # or raises
    return video


def own_file(edition: Edition, name: str) -> Path:
    """A file of the lesson; raises `CheckError` when it is missing, or a link out of its folder."""
    path = edition.folder / name
    if not path.resolve().is_relative_to(edition.folder.resolve()):
        raise CheckError(f"{path}: is a link to another folder; put the file itself there")
    if not path.is_file():
        raise CheckError(f"{path}: no such file; make the lesson again")
    return path


def heading(edition: Edition) -> dict[str, Any]:
    """What stands on top of all that is read: the prompt, the model, and how it went on."""
    locale, prompt = edition.locale, shorten(title_of(edition), _PROMPT)
    return {
        "lang": locale.language,
        "title": label(locale, "page.kicker") + " “" + prompt + "”",
        "kicker": label(locale, "page.kicker"),
        "prompt": prompt,
        "went_on": _went_on(edition),
        "continuation": shorten(plain_text(continuation(edition.trace)), _PROMPT),
        "voice": voice_of(edition),
    }


def context(edition: Edition) -> dict[str, Any]:
    """What every form of the page says, ready for its template."""
    lesson, size = told(edition), edition.manifest.picture
    return heading(edition) | {
        "words": words(edition.locale, "page"),
        "width": size.width if size else 1920,
        "height": size.height if size else 1080,
        "captions": not (size and size.burned),
        "chapters": [
            {
                "t": _seconds(chapter.start),
                "clock": clock(chapter.start),
                "title": plain_text(chapter.title),
                "sentences": [_line(one) for beat in beats for one in beat],
            }
            for chapter, beats in lesson
        ],
        "data": page_data(edition, lesson),
    }


def title_of(edition: Edition) -> str:
    """The prompt on one line; of a prompt of ids, the ids."""
    if edition.trace.meta.prompt is None:
        return ", ".join(map(str, edition.trace["tokens"]))
    return plain_text(edition.manifest.title)


def _went_on(edition: Edition) -> list[str | Reading]:
    """Which model it was and how large, as words and readings."""
    model = plain_text(edition.trace.meta.model.name)
    size = Reader(edition.trace, edition.locale)("meta.model.parameters", how="meta").rounded()
    mark = "\0"
    words = label(edition.locale, "page.went_on", model=model, parameters=mark)
    before, _, after = words.partition(mark)
    return [before, size, after]


def voice_of(edition: Edition) -> str:
    """Whose voice it is and on what terms, in a sentence; nothing where the lesson does not say."""
    voice = edition.manifest.voice
    if voice is None:
        return ""
    fields = {"voice": plain_text(voice.voice), "licence": plain_text(voice.licence)}
    return label(edition.locale, "page.made.voice", **fields)


def _line(sentence: Sentence) -> dict[str, Any]:
    return {"t": _seconds(sentence.start), "clock": clock(sentence.start), "runs": sentence.runs}


def _seconds(seconds: float) -> str:
    """As a link has it: the next millisecond, so that the frame is on by then."""
    return f"{-(-round(seconds * 1e6) // 1000) / 1000:.3f}".rstrip("0").rstrip(".")


def _downloads(edition: Edition, folder: Path) -> list[dict[str, str]]:
    """The files to take along that are there, with their sizes as people say them."""
    found = []
    for name, word in _FILES:
        if (folder / name).is_file():
            size = size_of((folder / name).stat().st_size, edition)
            found.append({"name": name, "label": label(edition.locale, f"page.{word}"), "size": size})
    return found


def size_of(size: int, edition: Edition) -> str:
    """A file's size in its language: "2.1 MB", "38 kB"."""
    unit, name = (1e6, "MB") if size >= 1e6 else (1e3, "kB")
    return f"{format_decimal(size / unit, '#,##0.0' if unit == 1e6 else '0', edition.locale.babel)} {name}"
