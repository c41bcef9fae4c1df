"""`Edition`: what a build leaves in its folder. Every product is made of it, with no build of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import msgspec

from llmtrace.trace import Trace
from renders.edition import rows
from renders.edition.manifest import EditionBeat, Manifest
from renders.edition.rows import Row
from renders.errors import CheckError
from renders.media import cutting
from renders.store import layout
from renders.store.cache import ArtifactCache, digest
from scenes.locale import LANGUAGES, LEVELS, Locale
from scenes.palette import THEMES


@dataclass(frozen=True)
class Edition:
    """A lesson's folder, read and validated: its words with their times, what was on screen, its files.

    `Edition.load(folder)` reads it again, wherever the folder was moved to. Segments come from the cache,
    or, where that was cleared, out of the lesson's own file, without decoding.
    """

    folder: Path
    manifest: Manifest
    rows: tuple[Row, ...]
    own: Mapping[str, str] = field(default_factory=dict)  # folders of chapters, where some were given

    @classmethod
    def load(cls, folder: Path) -> Edition:
        """Reads a folder; raises `CheckError` when a file of it is missing or damaged."""
        manifest = Manifest.load(folder)
        for what, said, known in (
            ("language", manifest.language, LANGUAGES),
            ("level", manifest.level, LEVELS),
            ("theme", manifest.theme, THEMES),
        ):
            if said not in known:
                raise CheckError(f"{folder}: {what} {said!r}, this version knows {', '.join(known)}")
        return cls(folder, manifest, rows.load(folder, manifest))

    @cached_property
    def trace(self) -> Trace:
        """The tensors; raises `TraceFileError` when their file is missing or damaged."""
        return Trace.load(self.folder / layout.TRACE)

    @property
    def locale(self) -> Locale:
        """What its words are told in."""
        heard = self.manifest.media == layout.SOUND
        return Locale(self.manifest.language, self.manifest.level, heard)

    @property
    def theme(self) -> str:
        """What its pictures are drawn in, and what is made of them."""
        return self.manifest.theme

    @property
    def media(self) -> Path:
        """The lesson itself: a video, or sound alone."""
        return self.folder / self.manifest.media

    def segment(self, beat: EditionBeat, to: Path) -> Path:
        """Puts a beat's silent picture at `to`. Raises `CheckError` when the lesson has none."""
        fps = self.manifest.fps
        if self.manifest.media != layout.VIDEO:
            raise CheckError(
                f"{self.folder}: is a lesson to listen to and has no picture; make it with 'make'"
            )
        if beat.segment is None or ArtifactCache("segments").get(beat.segment, to) is None:
            cutting.cut_picture(self.media, round(beat.start * fps), round(beat.end * fps), to)
        return to

    def track(self, to: Path) -> Path:
        """Puts the whole mastered sound at `to`, an M4A."""
        cutting.take_sound(self.media, to)
        return to

    def holding(self, files: Iterable[Path], *, writers: str) -> Edition:
        """Writes down the digests of files of the folder, and that of the code that wrote the texts."""
        found = {file.relative_to(self.folder).as_posix(): digest(file) for file in files}
        manifest = msgspec.structs.replace(
            self.manifest, files=dict(sorted((self.manifest.files | found).items())), writers=writers
        )
        manifest.save(self.folder)
        return replace(self, manifest=manifest)
