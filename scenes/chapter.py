"""A chapter's folder, loaded and checked: that its words and its script have the same beats.

That its scene has a method for each is checked where the scene is loaded (`scenes.stage.scene_class`),
which takes manim. Imports no manim.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scenes.errors import ChapterError
from scenes.parts.space.stations import STATIONS
from scenes.script import Script
from scenes.texts import Texts, read_texts

WORDS = "words.toml"


@dataclass(frozen=True)
class ChapterFolder:
    """What a chapter's folder says without manim."""

    name: str
    script: Script
    texts: Texts


@cache
def load_chapter(name: str) -> ChapterFolder:
    """The chapter of a name in `scenes.CHAPTERS`; raises `ChapterError` when its parts do not fit."""
    module = importlib.import_module(f"scenes.{name}.script")
    if importlib.import_module(f"scenes.{name}").__file__ is None:
        raise ChapterError(f"scenes/{name}: has no __init__.py, without which what it imports is not checked")
    script = getattr(module, "script", None)
    if not isinstance(script, Script):
        raise ChapterError(f"{module.__file__}: has no `script`, a scenes.script.Script")
    for place in (script.enters.station, script.leaves.station):
        if place and place not in STATIONS:
            raise ChapterError(
                f"{module.__file__}: no station is named {place!r}; there are {', '.join(STATIONS)}"
            )
    path = Path(str(module.__file__)).with_name(WORDS)
    texts = read_texts(path)
    for beat in script.names:
        if beat not in texts.beats:
            raise ChapterError(f"{path}: has no words for {beat}, a beat of the script")
    for beat in texts.beats:
        if beat not in script.names:
            raise ChapterError(
                f"{path}: {beat} is no beat of the script; there are {', '.join(script.names)}"
            )
    return ChapterFolder(name, script, texts)
