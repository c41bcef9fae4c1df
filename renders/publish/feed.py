"""Lessons to listen to as a podcast: RSS 2.0 with Apple's and Podcasting 2.0's names, chapters, transcripts.

The namespaces are http://www.itunes.com/dtds/podcast-1.0.dtd and https://podcastindex.org/namespace/1.0;
chapters are JSON as the latter describes them (version 1.2.0).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from email.utils import formatdate
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from renders.edition.edition import Edition
from renders.errors import CheckError, RequestError
from renders.publish.captions import captions
from renders.publish.card import address
from renders.publish.labels import label
from renders.publish.page import own_file
from renders.publish.transcript import continuation
from renders.store import layout, places
from renders.store.atomic import atomic_file
from scenes.letters import shorten
from voiceover.plain import plain_text

FEED, CHAPTERS = "feed.xml", "chapters.json"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST = "https://podcastindex.org/namespace/1.0"
_ATOM = "http://www.w3.org/2005/Atom"
_TITLE = 200  # characters


def feed(editions: Sequence[Edition], out: Path, *, base_url: str, title: str) -> Path:
    """Writes `feed.xml` and a folder for each lesson into `out`; all of it belongs at `base_url`.

    Raises `RequestError` for an address that is not https, or two lessons that are the same; `CheckError` for
    a lesson that is not one to listen to.
    """
    url = address(base_url)
    if urlsplit(url).scheme != "https":
        raise RequestError(f"--base-url {base_url}: podcast directories take https:// alone")
    named = {_identity(edition): edition for edition in editions}
    if len(named) < len(editions):
        raise RequestError("two of the folders hold the same lesson; leave one of them out")
    for name, element in (("itunes", _ITUNES), ("podcast", _PODCAST), ("atom", _ATOM)):
        ElementTree.register_namespace(name, element)
    rss = ElementTree.Element("rss", version="2.0")
    channel = _channel(rss, editions[0], url, title)
    with places.atomic_folder(out) as aside:
        for identity, edition in named.items():
            name = f"{places.slug(edition.manifest.title)[:40].strip('-')}-{identity[:8]}"
            (aside / name).mkdir()
            _copied(edition, aside / name)
            _episode(channel, edition, identity, aside / name, f"{url}{quote(name)}/")
        _add(channel, f"{{{_ITUNES}}}image", href=f"{url}{quote(_first(aside))}/{layout.COVER}")
        _replaced(aside, out)
        ElementTree.indent(rss)
        with atomic_file(aside / FEED) as file:
            ElementTree.ElementTree(rss).write(file, encoding="utf-8", xml_declaration=True)
    return out / FEED


def _first(aside: Path) -> str:
    return next(path.name for path in sorted(aside.iterdir()) if path.is_dir())


def _replaced(aside: Path, out: Path) -> None:
    """Takes away what an earlier feed left under the same names, since folders are put there whole."""
    for made in aside.iterdir():
        if made.is_dir() and (out / made.name).is_dir():
            places.remove(out / made.name)


def _identity(edition: Edition) -> str:
    """What stays the same however often a lesson is made again."""
    manifest = edition.manifest
    told = [manifest.model, manifest.model_sha256, manifest.prompt, manifest.level, manifest.language]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _copied(edition: Edition, folder: Path) -> None:
    if edition.manifest.media != layout.SOUND:
        raise CheckError(f"{edition.folder}: is a lesson to watch; make one to listen to with 'listen'")
    for name in (layout.SOUND_MP3, layout.COVER):
        shutil.copyfile(own_file(edition, name), folder / name)
    captions(edition, folder)
    marks = [
        {"startTime": round(chapter.start, 3), "title": plain_text(chapter.title)}
        for chapter in edition.manifest.chapters
    ]
    content = json.dumps({"version": "1.2.0", "chapters": marks}, ensure_ascii=False, indent=1)
    (folder / CHAPTERS).write_text(content + "\n", "utf-8")


def _channel(rss: ElementTree.Element, edition: Edition, url: str, title: str) -> ElementTree.Element:
    channel = ElementTree.SubElement(rss, "channel")
    about = label(edition.locale, "feed.about")
    for name, text in (
        ("title", shorten(plain_text(title), _TITLE)),
        ("link", url),
        ("description", about),
        ("language", edition.manifest.language),
        ("generator", "llm-lesson"),
        (f"{{{_ITUNES}}}author", shorten(plain_text(title), _TITLE)),
        (f"{{{_ITUNES}}}explicit", "false"),
    ):
        _add(channel, name, text)
    _add(channel, f"{{{_ATOM}}}link", href=url + FEED, rel="self", type="application/rss+xml")
    _add(channel, f"{{{_ITUNES}}}category", text="Education")
    return channel


def _episode(channel: ElementTree.Element, edition: Edition, identity: str, folder: Path, url: str) -> None:
    manifest, item = edition.manifest, ElementTree.SubElement(channel, "item")
    prompt = shorten(plain_text(manifest.title), _TITLE)
    named = f"{label(edition.locale, 'page.kicker')} “{prompt}”"
    made = (edition.folder / layout.LESSON).stat().st_mtime
    _add(item, "title", named)
    _add(item, "description", f"{named}: {plain_text(continuation(edition.trace))}")
    _add(item, "guid", identity, isPermaLink="false")
    _add(item, "pubDate", formatdate(made, usegmt=True))
    size = str((folder / layout.SOUND_MP3).stat().st_size)
    _add(item, "enclosure", url=url + layout.SOUND_MP3, length=size, type="audio/mpeg")
    _add(item, f"{{{_ITUNES}}}duration", str(round(manifest.seconds)))
    _add(item, f"{{{_ITUNES}}}explicit", "false")
    _add(item, f"{{{_ITUNES}}}image", href=url + layout.COVER)
    for name, kind in ((layout.VTT, "text/vtt"), (layout.SRT, "application/x-subrip")):
        _add(item, f"{{{_PODCAST}}}transcript", url=url + name, type=kind, language=manifest.language)
    _add(item, f"{{{_PODCAST}}}chapters", url=url + CHAPTERS, type="application/json+chapters")


def _add(parent: ElementTree.Element, name: str, content: str | None = None, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = content
