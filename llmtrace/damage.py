"""What is wrong with a file: another thing under its name, or safetensors that are cut off or damaged."""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from pathlib import Path
from typing import Any

# Bytes a number of safetensors' types.
SIZES = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0"), 1),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 2),
    **dict.fromkeys(("U32", "I32", "F32"), 4),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 8),
}
_LONGEST = 100_000_000  # bytes of a header that safetensors reads
_PICKLES = (b"PK\x03\x04", b"\x80")


def stand_in(path: Path) -> str | None:
    """What a file is instead of what its name says, with the next step; None where it may be that."""
    with path.open("rb") as file:
        head = file.read(512)
    text = head.lstrip().lower()
    if not head:
        return "is empty; download it again"
    if head.startswith(b"version https://git-lfs"):
        size = path.stat().st_size
        return (
            f"is a Git LFS pointer of {size} bytes and not the file itself; run 'git lfs pull' in its folder"
        )
    if head.startswith((b"/annex/", b".git/annex/", b"../.git/annex/")):
        return "is a git-annex pointer and not the file itself; run 'git annex get' in its folder"
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "is a web page, as a failed download leaves it; download it again"
    if head.startswith(b"GGUF"):
        return "is a GGUF file under another name; download the model in safetensors"
    if head.startswith(_PICKLES):
        return "is pickled, and pickles are not read; convert it with transformers' save_pretrained first"
    return None


def unreadable(error: Exception) -> str:
    """Why a text file of a model cannot be read, with the next step."""
    if isinstance(error, json.JSONDecodeError):
        return f"is damaged at line {error.lineno}, character {error.colno}; download it again"
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8 text; download it again"
    why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return f"cannot be read ({why}); see who may read it, or download it again"


def diagnosis(path: Path, kinds: Collection[str] = tuple(SIZES)) -> str | None:
    """What is wrong with a safetensors file, as far as that can be said; None where it cannot.

    `kinds`: the types that its tensors may have. Such a file is the length of its header (8 bytes), the
    header as JSON, then the tensors' bytes.
    """
    try:
        with path.open("rb") as file:
            there = file.seek(0, 2)
            file.seek(0)
            size = int.from_bytes(file.read(8), "little")
            if there < 8 or size > _LONGEST:
                return "it is no safetensors file"
            if 8 + size > there:
                return f"it is cut off in its header, after {counted(there, 'byte')}"
            entries = json.loads(file.read(size))
        entries.pop("__metadata__", None)
        return _misfit(entries, there, 8 + size, kinds)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "its header is damaged"


def _misfit(entries: dict[str, Any], there: int, start: int, kinds: Collection[str]) -> str | None:
    """What a table says that is not so: `there` bytes are in the file, its tensors begin at `start`."""
    ends = {name: start + int(entry["data_offsets"][1]) for name, entry in entries.items()}
    if cut := sorted((end, name) for name, end in ends.items() if end > there):
        rest = f" and {len(cut) - 1} more" if cut[1:] else ""
        return f"it is cut off: {there:,} bytes of {cut[-1][0]:,}, so that {cut[0][1]}{rest} cannot be read"
    for name, entry in entries.items():
        kind, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        if kind not in kinds:
            return f"{name} is of type {kind}, which is not read here"
        if end - begin != SIZES[kind] * math.prod(shape):
            return f"{name} has {counted(end - begin, 'byte')}, which is not the size of {shape} in {kind}"
    if ends and max(ends.values()) < there:
        return f"it is {there:,} bytes long, and its tensors end at {max(ends.values()):,}"
    return None


def counted(number: int, what: str) -> str:
    """A number of things: "1 byte", "1,024 bytes"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
