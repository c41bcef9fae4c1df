"""A lesson that shows itself in a notebook: its first chapter is inside the page, the rest is linked."""

from __future__ import annotations

import base64
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renders.edition.edition import Edition
from renders.edition.manifest import EditionChapter
from renders.errors import LessonError
from renders.publish.clip import Clip, ClipOptions, clip
from renders.publish.excerpt import Excerpt
from renders.publish.labels import words
from renders.publish.markup import rendered
from renders.publish.page import heading
from renders.store import layout
from renders.terminal import clock
from voiceover.plain import plain_text

LARGEST = 5_000_000  # bytes of a video inside a notebook: more, and programs refuse to open or to share it
_HEIGHT = 480  # pixels of that video
_LONGEST = 12.0  # seconds of the picture that moves where a video is taken out


@dataclass(frozen=True)
class Lesson(Edition):
    """An edition that a notebook shows as a video with captions and chapters, and not as a name."""

    @classmethod
    def of(cls, edition: Edition) -> Lesson:
        """The same edition."""
        return cls(edition.folder, edition.manifest, edition.rows)

    def _repr_html_(self) -> str:
        link = os.path.relpath(self.media)  # as a notebook finds it, from where it runs
        fields: dict[str, Any] = {
            **heading(self),
            "words": words(self.locale, "notebook"),
            "link": Path(link).as_posix(),
            "heard": self.manifest.media == layout.SOUND,
            "chapters": [(clock(one.start), plain_text(one.title)) for one in self.manifest.chapters],
            "first": None,
        }
        if self.manifest.media == layout.VIDEO:
            with tempfile.TemporaryDirectory(prefix="llm-lesson-") as place:
                fields["first"] = _first(self, Path(place))
        return rendered("notebook.html", **fields)


def _first(edition: Edition, place: Path) -> dict[str, Any]:
    """The first chapter as addresses that hold their own content."""
    chapter = edition.manifest.chapters[0]
    options = ClipOptions(height=_HEIGHT, loop=False, snippets=False)
    made = clip(edition, chapter.name, place / "clip", options)
    video = made.video
    fits = video is not None and video.stat().st_size <= LARGEST
    return {
        "video": _held(video, "video/mp4") if fits else None,
        "poster": _held(made.poster, "image/png"),
        "captions": _held(made.file("vtt"), "text/vtt") if made.about.sound else None,
        "moving": _moving(edition, chapter, place),
        "title": plain_text(chapter.title),
        "alt": made.about.alt,
        "whole": len(edition.manifest.chapters) == 1,
    }


def _moving(edition: Edition, chapter: EditionChapter, place: Path) -> str | None:
    """A GIF of the beat that shows most readings; None where none is short enough."""
    beats = [beat for beat in chapter.beats if beat.end - beat.start <= _LONGEST]
    if not beats:
        return None
    parts = [f"{chapter.name}:{beat.name}" for beat in beats]
    fullest = max(parts, key=lambda part: len(Excerpt.of(edition, part).rows))
    try:
        made: Clip = clip(edition, fullest, place / "gif", ClipOptions("email", snippets=False))
    except LessonError:  # the video is what counts
        return None
    return _held(made.file("gif"), "image/gif")


def _held(path: Path | None, kind: str) -> str | None:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}" if path else None
