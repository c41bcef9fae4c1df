"""What a page says, read again: its readings from the trace, its words and times from the lesson."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec

from renders.check.words import named
from renders.edition.edition import Edition
from renders.edition.rows import Row
from renders.errors import CheckError, LessonError
from renders.publish.card import DATED, Card, frame
from renders.publish.page import size_of, title_of
from renders.publish.page_data import page_data, told
from renders.publish.transcript import continuation
from renders.store import layout
from renders.terminal import clock
from scenes.reading import Reader
from scenes.template import without_names
from voiceover.plain import plain_text

_VOID = {"meta", "link", "img", "input", "br", "hr", "track", "source", "wbr"}
PAGES = ("index.html", "embed.html", "page.html", "post.html")  # what `publish` and `post` write
_SPOKEN = ("alt", "title", "aria-label", "placeholder")  # attributes that are read to people
_TOLD = re.compile(r"description|og:(title|description|image:alt)")  # and what is said of a page elsewhere
_ASIDE = {"h1", "h2", "h3", "time", "figcaption", "math", "video"}  # within what is said, and not said itself


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class _Page(HTMLParser):
    """A page's texts by what they claim to be."""

    readings: list[_Element] = field(default_factory=list)
    times: list[_Element] = field(default_factory=list)
    sizes: list[_Element] = field(default_factory=list)
    quoted: list[_Element] = field(default_factory=list)
    scripts: list[_Element] = field(default_factory=list)
    said: str = ""
    rest: list[str] = field(default_factory=list)
    address: str | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs})
        if "data-tensor" in element.attributes:
            self.readings.append(element)
        else:
            self.rest += [element.attributes[name] for name in _SPOKEN if name in element.attributes]
        if tag == "meta" and _TOLD.fullmatch(
            element.attributes.get("name") or element.attributes.get("property", "")
        ):
            self.rest.append(element.attributes.get("content", ""))
        if element.attributes.get("rel") == "canonical":
            self.address = element.attributes.get("href")
        kinds = {"time": self.times, "q": self.quoted, "script": self.scripts}
        if tag in kinds:
            kinds[tag].append(element)
        if "data-file" in element.attributes:
            self.sizes.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        tags = {element.tag for element in self._open}
        for element in self._open:
            element.text += data
        if tags & {"script", "style"} or not data.strip():
            return
        if any("data-said" in element.attributes for element in self._open) and not tags & _ASIDE:
            self.said += data
        if not any(
            element in ours for element in self._open for ours in (self.readings, self.times, self.sizes)
        ):
            self.rest.append(data)


def wrong_page(path: Path, edition: Edition) -> Iterator[str]:
    """Lines on what a page says that neither the trace nor the lesson bears out.

    Raises `CheckError` when it cannot be read.
    """
    try:
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        page.close()
    except (OSError, ValueError) as error:
        raise CheckError(f"{path}: cannot be read ({error}); publish the lesson again") from None
    for line in _wrong(page, edition, path.parent):
        yield f"{path.name}: {line}"


def _wrong(page: _Page, edition: Edition, folder: Path) -> Iterator[str]:
    yield from _wrong_readings(page, edition)
    yield from _wrong_said(page, edition)
    yield from _wrong_times(page, edition)
    yield from _wrong_data(page, edition)
    for element in page.sizes:
        file = folder / Path(element.attributes["data-file"]).name
        if file.is_file() and element.text != (size := size_of(file.stat().st_size, edition)):
            yield f"{file.name} is said to be {element.text!r}, and is {size!r}"
    yield from _other_numbers(page, edition)


def _wrong_readings(page: _Page, edition: Edition) -> Iterator[str]:
    read = Reader(edition.trace, edition.locale)
    for element in page.readings:
        tensor, index = (element.attributes.get(f"data-{part}", "") for part in ("tensor", "index"))
        try:
            places = [int(place) for place in index.split(",") if place]
            how, form = (element.attributes[f"data-{part}"] for part in ("how", "form"))
            said = {"where": "screen", "chapter": "page", "text": element.text}
            row = msgspec.convert(said | {"tensor": tensor, "index": places, "how": how, "form": form}, Row)
            text = plain_text(read.again(row.tensor, tuple(places), row.how, row.form))
        except (
            msgspec.ValidationError,
            KeyError,
            IndexError,
            TypeError,
            ValueError,
            AttributeError,
            OverflowError,
        ) as error:
            yield f"{tensor}[{index}]: cannot be read again ({error!r})"
            continue
        if plain_text(element.text) != text:
            yield f"{tensor}[{index}]: shown as {element.text!r}, the trace says {text!r}"


def _wrong_said(page: _Page, edition: Edition) -> Iterator[str]:
    """Where the words of a transcript first differ from the lesson's."""
    if not page.said:
        return
    beats = [(chapter.name, beat) for chapter, beat in edition.manifest.beats]
    meant = [(letter, *one) for one in beats for letter in "".join(plain_text(one[1].text).split())]
    found = "".join(page.said.split())
    for at, (letter, other) in enumerate(zip_longest(found, meant)):
        if other is None or letter != other[0]:
            chapter, beat = (other or meant[-1])[1:]
            says = found[max(0, at - 15) : at + 15]
            yield f"{named(chapter, beat.name, beat.start)}: says {says!r}, which the lesson does not"
            return


def _wrong_times(page: _Page, edition: Edition) -> Iterator[str]:
    starts = [chapter.start for chapter in edition.manifest.chapters]
    starts += [word[0] / 1000 for word in page_data(edition, told(edition))["sentences"]]
    known = {clock(start) for start in [*starts, edition.manifest.seconds]}
    yield from (
        f"{one.text} is the time of nothing in the lesson" for one in page.times if one.text not in known
    )


def _wrong_data(page: _Page, edition: Edition) -> Iterator[str]:
    """What the script is handed, against what this lesson hands it."""
    for script in page.scripts:
        own = script.attributes.get("id") in ("lesson", "cues")
        if not own and script.attributes.get("type") != "application/ld+json":
            continue
        try:
            found: Any = json.loads(script.text)
            if not isinstance(found, dict):
                raise ValueError("it is no object")
            address = str(found.get("contentUrl", "")).removesuffix(layout.VIDEO)
            meant = page_data(edition, told(edition)) if own else Card.of(edition, address).linked
        except (ValueError, LessonError) as error:
            yield f"its data cannot be read ({error})"
            continue
        parts = found if script.attributes.get("id") == "cues" else meant
        for part, there in ((part, meant.get(part)) for part in parts if part != DATED):
            if (said := found.get(part)) != there:
                yield f"its data on {part}: {_first_difference(said, there)}"


def _first_difference(found: Any, meant: Any) -> str:
    if not (isinstance(found, list) and isinstance(meant, list)):
        found, meant = [found], [meant]
    for one, other in zip_longest(found, meant):
        if one != other:
            says, lesson = (json.dumps(part, ensure_ascii=False) for part in (one, other))
            return f"says {says}, the lesson {lesson}"
    return "are others"


def _other_numbers(page: _Page, edition: Edition) -> Iterator[str]:
    """Digits that are no reading's, no time's and no name's; and names that are not the lesson's."""
    manifest = edition.manifest
    added = plain_text(continuation(edition.trace))
    for element in page.quoted:
        if not _same(element.text, added):
            yield f"the model is said to have gone on {element.text!r}, the trace says {added!r}"
    voice = manifest.voice
    names = [title_of(edition), manifest.model, added, *(chapter.title for chapter in manifest.chapters)]
    names += [voice.voice, voice.licence] if voice else []
    names += [frame(page.address)] if page.address else []
    known = sorted({plain_text(name) for name in names}, key=len, reverse=True)
    for text in page.rest:
        left = plain_text(text)
        for name in known:
            left = left.replace(name, " ") if name else left
        cut = left.partition("…")[0].rpartition("“")[2]  # a prompt that is too long for a heading
        if cut and any(name.startswith(cut) for name in known):
            left = left.replace(cut, " ")
        if number := re.search(r"\d+", without_names(left)):
            yield f"{number[0]} stands in {plain_text(text)!r}, and no reading has it"


def _same(shown: str, meant: str) -> bool:
    shown = plain_text(shown)
    return shown == meant or (shown.endswith("…") and meant.startswith(shown[:-1]))


def lesson_of(path: Path) -> Path:
    """The lesson's folder that a page was made of: its own, or the one around that.

    Raises `CheckError` where neither has the lesson and its trace.
    """
    for folder in (path.parent, path.parent.parent):
        if (folder / layout.LESSON).is_file() and (folder / layout.TRACE).is_file():
            return folder
    raise CheckError(
        f"{path}: there is no lesson beside it to read it again from; name its folder with --lesson"
    )


def pages_at(path: Path) -> list[Path]:
    """A page itself, or those in a lesson's folder, its article among them."""
    if path.suffix == ".html":
        return [path]
    there = (*(path / name for name in PAGES), path / "post" / layout.ARTICLES[0])
    return [page for page in there if page.is_file()]
