"""`readings.json`: a row for every number that was shown or said, and for every slice that was drawn.

A row of the screen is made once, by the worker that draws its beat, and is cached and written as it was made.
Its times count seconds from the start of its beat, so that they hold wherever the beat is played.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from renders.edition import parsing
from renders.edition.manifest import FORMAT, Manifest, Name, Sha256, of_format
from renders.store import layout

# A tensor, two with a sign between, what the trace says of itself, or a published model: no attribute of
# Python's own.
Tensor = Annotated[
    str, Meta(pattern=r"^(?!.*__)(published\.GPT-[0-9A-Za-z ]+|[a-z][a-z0-9_. ×]*)$", max_length=200)
]
Form = Annotated[str, Meta(pattern=r"^[a-z]+(:[0-9]{1,2})?$")]


class Row(Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """One row: a reading has its `text`, `how` and `form`, a slice the `sha256` of its values.

    `where`: "screen", "speech" or "cover"; a cover's rows have no beat and no time.
    """

    where: str
    chapter: Name
    beat: Name | None = None
    start: float = 0.0
    end: float = 0.0
    tensor: Tensor
    index: tuple[int | tuple[int, int], ...]
    text: str | None = None
    how: str = "at"
    form: Form = "id"
    sha256: Sha256 | None = None

    def __post_init__(self) -> None:
        if (self.text is None) == (self.sha256 is None):
            raise ValueError(f"{self.tensor}: a row has a text or a sha256, one of the two")
        if not (math.isfinite(self.start) and self.start <= self.end < math.inf):
            raise ValueError(f"{self.tensor}: is shown from {self.start} to {self.end}")


class _File(Struct):
    readings: tuple[Row, ...]


def save(folder: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Writes rows as they were made."""
    parsing.write(folder / layout.READINGS, {"format": FORMAT, "trace": layout.TRACE, "readings": rows})


def load(folder: Path, manifest: Manifest) -> tuple[Row, ...]:
    """The rows of a lesson's folder; raises `CheckError` when they are missing or damaged."""
    path = folder / layout.READINGS
    content = parsing.read(path)
    found = parsing.parsed(content, _File, path).readings
    return tuple(_placed(row, manifest) for row in found) if of_format(content, path) == 1 else found


def _placed(row: Row, manifest: Manifest) -> Row:
    """A row of format 1, whose times are the lesson's, in the beat in which it begins."""
    chapter = next((c for c in manifest.chapters if c.name == row.chapter), None)
    if chapter is None:
        return row
    beat = next((b for b in reversed(chapter.beats) if b.start <= row.start + 1e-6), chapter.beats[0])
    return msgspec.structs.replace(
        row, beat=beat.name, start=row.start - beat.start, end=row.end - beat.start
    )
