"""The products of an edition that lie beside it, and how they are added to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import renders
import scenes
import voiceover
from renders.edition.edition import Edition
from renders.publish.captions import captions
from renders.publish.transcript import transcript, transcript_pages
from renders.store import layout
from renders.store.cache import digest, key
from renders.store.fingerprint import sources, versions


class Product(Protocol):
    """Makes files of an edition in a folder, which is there, and returns them."""

    def __call__(self, edition: Edition, folder: Path, **options: Any) -> list[Path]: ...


# What is only text: `llm-lesson check` makes it again and compares. By the lesson's own file.
TEXTS: dict[str, tuple[Product, ...]] = {
    layout.VIDEO: (captions, transcript),
    layout.SOUND: (captions, transcript, transcript_pages),
}


def publish(edition: Edition, *products: Product) -> Edition:
    """Makes products, by default the texts, in the edition's own folder, and takes down their digests."""
    made = products or TEXTS[edition.manifest.media]
    files = [file for product in made for file in product(edition, edition.folder)]
    return edition.holding(files, writers=writers())


def writers() -> str:
    """The digest of the code and the words that texts and covers are made by."""
    rooms = (
        Path(renders.__file__).parent / "publish",
        Path(voiceover.__file__).parent,
        Path(scenes.__file__).parent,
    )
    labels = Path(scenes.__file__).with_name("words.toml")
    return key("writers", [sources(room) for room in rooms], digest(labels), versions(("typst",)))
