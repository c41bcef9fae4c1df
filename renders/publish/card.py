"""What other sites show of a page that is linked to: Open Graph, schema.org's VideoObject, and oEmbed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from renders.edition.edition import Edition
from renders.errors import RequestError
from renders.publish.labels import label
from renders.publish.pictures import CARD_SIZE, card_png
from renders.store import layout
from voiceover.plain import plain_text

CARD, EMBED, OEMBED = "card.png", "embed.html", "oembed.json"
DATED = "uploadDate"  # of the lesson's file: no reading, and no part of what a page is proved by
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")
_FRAME = 'width="100%" style="aspect-ratio:16/9;border:0" allow="fullscreen" loading="lazy"'
_FRAME_STYLE = 'style="border:0" allow="fullscreen" loading="lazy"'
FRAMED = 640, 360  # pixels of a frame whose size others decide


@dataclass(frozen=True)
class Card:
    """Absolute addresses of the page and its files, and the lesson as linked data."""

    url: str
    image: str
    video: str
    oembed: str
    linked: dict[str, Any]

    @classmethod
    def of(cls, edition: Edition, base_url: str) -> Card:
        """Of a page that will be at `base_url`, a folder's address."""
        url = address(base_url)
        return cls(url, url + CARD, url + layout.VIDEO, url + OEMBED, _linked(edition, url))

    def write(self, edition: Edition, folder: Path) -> list[Path]:
        """Writes the card's picture, and what sites ask for that embed the page by its address."""
        (folder / CARD).write_bytes(card_png(edition))
        (folder / OEMBED).write_text(oembed(edition, self.url), encoding="utf-8", newline="\n")
        return [folder / CARD, folder / OEMBED]


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


def oembed(edition: Edition, url: str) -> str:
    """The page at `url` as oEmbed 1.0 has a video, JSON; its size is what most columns have room for."""
    width, height = FRAMED
    source = f'<iframe src="{url}{EMBED}" width="{width}" height="{height}" {_FRAME_STYLE}></iframe>'
    about = {
        "version": "1.0",
        "type": "video",
        "title": _named(edition),
        "provider_name": "llm-lesson",
        "html": source,
        "width": width,
        "height": height,
        "thumbnail_url": url + CARD,
        "thumbnail_width": CARD_SIZE[0],
        "thumbnail_height": CARD_SIZE[1],
    }
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"


def _named(edition: Edition) -> str:
    return f"{label(edition.locale, 'page.kicker')} “{plain_text(edition.manifest.title)}”"


def _linked(edition: Edition, url: str) -> dict[str, Any]:
    manifest, named = edition.manifest, _named(edition)
    made = (edition.folder / layout.LESSON).stat().st_mtime
    clips = [
        {
            "@type": "Clip",
            "name": plain_text(title),
            "startOffset": start,
            "endOffset": end,
            "url": f"{url}?t={start}",
        }
        for start, end, title in manifest.titles
    ]
    return {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": named,
        "description": named,
        "thumbnailUrl": url + CARD,
        "contentUrl": url + layout.VIDEO,
        DATED: datetime.fromtimestamp(made, UTC).isoformat(timespec="seconds"),
        "duration": f"PT{manifest.seconds:.3f}S",
        "inLanguage": manifest.language,
        "transcript": " ".join(plain_text(beat.text) for _, beat in manifest.beats),
        "hasPart": clips,
    }
