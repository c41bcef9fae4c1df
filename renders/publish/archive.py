"""A folder as a .zip that has the same bytes whenever it is made."""

from __future__ import annotations

import zipfile
from pathlib import Path

from renders.store.atomic import atomic_file

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a .zip knows
_PACKED = (".mp4", ".webp", ".png", ".m4a", ".mp3", ".jpg")  # these get no smaller


def archive(folder: Path, to: Path, folder_in_it: str) -> Path:
    """Writes all files of `folder`, but hidden ones, into a .zip, in the order of their names."""
    with atomic_file(to) as aside, zipfile.ZipFile(aside, "w") as made:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if not path.is_file() or any(part.startswith(".") for part in name.parts):
                continue
            entry = zipfile.ZipInfo(f"{folder_in_it}/{name.as_posix()}", _DATE)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if path.suffix in _PACKED else zipfile.ZIP_DEFLATED
            with path.open("rb") as source, made.open(entry, "w", force_zip64=True) as target:
                while content := source.read(1 << 20):
                    target.write(content)
    return to
