"""`clip.json`: what a clip says of itself, as one validated type that `llm-lesson check` proves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from renders.edition import parsing
from renders.edition.manifest import MusicCredit, Name, Seconds, Sha256, VoiceCredit
from renders.edition.rows import Row
from renders.errors import CheckError

CLIP = "clip.json"
FORMAT = 1

Kind = Literal["mp4", "webm", "webp", "gif", "poster", "vtt", "srt", "text", "alt", "snippet"]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
# Of a file in the folder: what could lead out of it does not stand in it.
Inside = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$", max_length=200)
]


Pixel = Annotated[int, Meta(ge=0, le=8192)]


class ClipFile(Struct, frozen=True, kw_only=True):
    """A file of a clip's folder. `width`, `height` in pixels and `seconds` of what is seen alone.

    `inset`: left, top, width and height of the lesson's picture in it, where it is not all of it.
    """

    kind: Kind
    bytes: Annotated[int, Meta(ge=0)]
    sha256: Sha256
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    inset: tuple[Pixel, Pixel, Pixel, Pixel] | None = None


class ClipSource(Struct, frozen=True, kw_only=True):
    """The lesson that it was cut out of; `trace`: the SHA-256 of its trace's file."""

    title: str
    prompt: str | None
    model: str
    model_sha256: str
    trace: Sha256
    language: str
    level: str


class ClipBeat(Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """A beat with its times in the clip, in seconds, and what is said."""

    name: Name
    start: Seconds
    end: Seconds
    text: str


class ClipManifest(Struct, frozen=True, kw_only=True):
    """All of `clip.json`.

    `name`: how its files begin. `start`: the second of the lesson at which it begins. `seconds`: how long it
    plays, of which its last picture stays on for `held` more. `flashes`: what FFmpeg's filter
    `photosensitivity` measured while it played twice. `writers`: the digest of the code that wrote its texts.
    `numbers`: the readings that are seen, said, or in the alternative text ("alt"), with their times in their
    beats.
    """

    format: int
    name: Slug
    place: str | None
    source: ClipSource
    chapter: Name
    title: str
    beats: Annotated[tuple[ClipBeat, ...], Meta(min_length=1)]
    fps: Annotated[int, Meta(ge=1, le=1000)]
    start: Seconds
    seconds: Seconds
    held: Seconds
    sound: bool
    loop: bool
    voice: VoiceCredit | None
    music: MusicCredit | None
    alt: str
    flashes: float
    writers: str
    numbers: tuple[Row, ...]
    files: dict[Inside, ClipFile]

    def save(self, folder: Path) -> None:
        """Writes `clip.json`."""
        parsing.write(folder / CLIP, self)

    @classmethod
    def load(cls, folder: Path) -> ClipManifest:
        """Reads `clip.json`; raises `CheckError` when it is missing, damaged or of another format."""
        path = folder / CLIP
        found = parsing.parsed(parsing.read(path), cls, path)
        if found.format != FORMAT:
            raise CheckError(f"{path}: format {found.format}, this version reads {FORMAT}; make it again")
        return found

    def first(self, *kinds: Kind) -> str | None:
        """The name of the first file that is of one of these kinds, in their order; None where none is."""
        return next((n for kind in kinds for n, file in self.files.items() if file.kind == kind), None)
