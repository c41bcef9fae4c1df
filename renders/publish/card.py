"""What other sites show of a page that is linked to: Open Graph, and schema.org's VideoObject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from renders.edition.edition import Edition
from renders.errors import RequestError
from renders.publish.labels import label
from renders.publish.pictures import card_png
from renders.store import layout
from voiceover.plain import plain_text

CARD, EMBED = "card.png", "embed.html"
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")
_FRAME = 'width="100%" style="aspect-ratio:16/9;border:0" allow="fullscreen" loading="lazy"'


@dataclass(frozen=True)
class Card:
    """Absolute addresses of the page and its files, and the lesson as linked data."""

    url: str
    image: str
    video: str
    linked: dict[str, Any]

    @classmethod
    def of(cls, edition: Edition, base_url: str) -> Card:
        """Of a page that will be at `base_url`, a folder's address."""
        url = address(base_url)
        return cls(url, url + CARD, url + layout.VIDEO, _linked(edition, url))

    def write(self, edition: Edition, folder: Path) -> Path:
        """Writes the card's picture."""
        (folder / CARD).write_bytes(card_png(edition))
        return folder / CARD


def address(base_url: str) -> str:
    """A folder's address, percent-encoded; raises `RequestError` for what is none."""
    try:
        parts = urlsplit(base_url)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:  # of a bracket, or of a label that no name may have
        host = ""
    if not _HOST.fullmatch(host) or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise RequestError(
            f"--base-url {base_url}: takes the address of a folder, like https://example.org/lesson/"
        )
    return f"{parts.scheme}://{host}{quote(parts.path, safe='/%~')}".rstrip("/") + "/"


def frame(url: str) -> str:
    """What is pasted into a page to have the video of the page at `url` in it."""
    return f'<iframe src="{url}{EMBED}" {_FRAME}></iframe>'


def _linked(edition: Edition, url: str) -> dict[str, Any]:
    manifest, title = edition.manifest, plain_text(edition.manifest.title)
    named = f"{label(edition.locale, 'page.kicker')} “{title}”"
    clips = [
        {
            "@type": "Clip",
            "name": plain_text(chapter.title),
            "startOffset": round(chapter.start, 3),
            "endOffset": round(chapter.end, 3),
            "url": f"{url}?t={round(chapter.start, 3):g}",
        }
        for chapter in manifest.chapters
    ]
    return {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": named,
        "description": named,
        "thumbnailUrl": url + CARD,
        "contentUrl": url + layout.VIDEO,
        "duration": f"PT{manifest.seconds:.3f}S",
        "inLanguage": manifest.language,
        "transcript": " ".join(plain_text(beat.text) for _, beat in manifest.beats),
        "hasPart": clips,
    }
