"""What of a lesson lies at a path, told by names alone: nothing is loaded for it."""

from __future__ import annotations

from pathlib import Path

from renders.publish.clip_file import CLIP
from renders.store import layout


def article(path: Path) -> Path:
    """The article in a folder that is only an article's, else the path itself."""
    if (path / layout.LESSON).is_file():
        return path
    return next((post for name in layout.ARTICLES if (post := path / name).is_file()), path)


def is_pack(folder: Path) -> bool:
    """Whether it is what is pasted into YouTube, and no lesson."""
    return (folder / layout.DESCRIPTION).is_file() and not (folder / layout.LESSON).is_file()


def is_product(path: Path) -> bool:
    """Whether it is made of a lesson that lies elsewhere: a clip, a page, an article, a pack of texts."""
    path = article(path)
    named = path.suffix == ".html" or path.name in layout.ARTICLES
    return named or (path / CLIP).is_file() or is_pack(path)
