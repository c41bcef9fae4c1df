"""A chapter's folder, loaded and checked: that its words and its script have the same beats.

That its scene has a method for each is checked where the scene is loaded (`scenes.stage.scene_class`),
which takes manim. Imports no manim.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import scenes
from scenes import own
from scenes.errors import ChapterError
from scenes.parts.space.stations import STATIONS
from scenes.script import Script
from scenes.texts import Texts, read_texts

WORDS = "words.toml"
_BEAT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}")


@dataclass(frozen=True)
class ChapterFolder:
    """What a chapter's folder says without manim; `place` is an own chapter's folder, and empty for ours."""

    name: str
    script: Script
    texts: Texts
    place: str = ""


def in_order(chapters: Sequence[str] | None) -> list[str]:
    """Chapters in the order in which they are told: in that of the path, or with own ones as they are named.

    `chapters`: names of ours and folders of own ones; None: all of ours.
    """
    if chapters is not None and any(map(own.is_folder, chapters)):
        return [one for one in chapters if own.is_folder(one) or one in scenes.CHAPTERS]
    return [name for name in scenes.CHAPTERS if chapters is None or name in chapters]


def load_chapter(chapter: str) -> ChapterFolder:
    """The chapter of a name of ours, or of a folder; raises `ChapterError` when its parts do not fit."""
    if not own.is_folder(chapter):
        return _ours(chapter)
    folder = own.resolved(Path(chapter))
    return _own(folder, own.digest(folder))


@cache
def _ours(name: str) -> ChapterFolder:
    module = importlib.import_module(f"scenes.{name}.script")
    if importlib.import_module(f"scenes.{name}").__file__ is None:
        raise ChapterError(f"scenes/{name}: has no __init__.py, without which what it imports is not checked")
    return _fitting(name, module)


@cache
def _own(folder: Path, _digest: str) -> ChapterFolder:
    module = own.module(folder, "script")
    with own.named(folder):
        found = _fitting(folder.name, module, str(folder))
    for beat in found.script.names:
        if not _BEAT.fullmatch(beat):
            raise ChapterError(
                f"{module.__file__}: {beat}: a beat's name is one of a-z, 0-9 and _, 50 at most"
            )
    return found


def _fitting(name: str, module: ModuleType, place: str = "") -> ChapterFolder:
    """What a chapter's modules say, where that fits its words."""
    script = getattr(module, "script", None)
    if not isinstance(script, Script):
        raise ChapterError(f"{module.__file__}: has no `script`, a scenes.script.Script")
    for station in (script.enters.station, script.leaves.station):
        if station and station not in STATIONS:
            raise ChapterError(
                f"{module.__file__}: no station is named {station!r}; there are {', '.join(STATIONS)}"
            )
    path = Path(str(module.__file__)).with_name(WORDS)
    texts = read_texts(path, own=bool(place))
    for beat in script.names:
        if beat not in texts.beats:
            raise ChapterError(f"{path}: has no words for {beat}, a beat of the script")
    for beat in texts.beats:
        if beat not in script.names:
            raise ChapterError(
                f"{path}: {beat} is no beat of the script; there are {', '.join(script.names)}"
            )
    return ChapterFolder(name, script, texts, place)
