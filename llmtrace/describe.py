"""A trace for the eye: in a line, and as a table for a notebook."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from llmtrace.damage import counted
from llmtrace.meta import Info, Meta
from llmtrace.names import along_the_path
from llmtrace.visible import visible

_PROMPT = 60  # letters of a prompt in a line


def headline(meta: Meta, tokens: int, tensors: Iterable[Info]) -> str:
    """Prompt, model, tokens, tensors, size: in one line."""
    prompt = "ids" if meta.prompt is None else visible(meta.prompt.encode()).replace("␣", " ")
    if len(prompt) > _PROMPT:
        prompt = prompt[: _PROMPT - 1] + "…"
    listed = list(tensors)
    parts = (
        prompt if meta.prompt is None else f"“{prompt}”",
        meta.model.name,
        counted(tokens, "token"),
        counted(len(listed), "tensor"),
        size_of(sum(tensor.bytes for tensor in listed)),
        meta.dtype,
        f"format {meta.format}",
    )
    return " · ".join(parts)


def size_of(size: float) -> str:
    """A number of bytes for people: "1.6 GB", "2.1 MB", "12.3 kB", "96 B"."""
    for unit, scale, least in (("GB", 1e9, 1e9), ("MB", 1e6, 1e5), ("kB", 1e3, 1e3)):
        if size >= least:
            return f"{size / scale:,.1f} {unit}"
    return f"{size:.0f} B"


def table(line: str, tensors: Iterable[Info]) -> str:
    """HTML: a trace's line, and its tensors along the path, alike ones of all blocks in one row."""
    groups: dict[str, list[Info]] = {}
    for tensor in sorted(tensors, key=lambda tensor: along_the_path(tensor.name)):
        groups.setdefault(re.sub(r"\.\d+(?=\.)", ".*", tensor.name), []).append(tensor)
    titles = ("tensor", "", "axes", "shape", "type", "size", "what it is")
    return (
        f"<p>{html.escape(line)}</p><table><thead><tr>{_cells('th', titles)}</tr></thead><tbody>"
        + "".join(f"<tr>{_cells('td', _row(name, alike))}</tr>" for name, alike in groups.items())
        + "</tbody></table>"
    )


def _row(name: str, alike: list[Info]) -> tuple[str, ...]:
    first = alike[0]
    sizes = [sorted(set(along)) for along in zip(*(tensor.shape for tensor in alike), strict=True)]
    shape = " × ".join(str(size[0]) if len(size) == 1 else f"{size[0]}–{size[-1]}" for size in sizes)
    many = f"{len(alike)} ×" if len(alike) > 1 else ""
    size = size_of(sum(tensor.bytes for tensor in alike))
    return name, many, " ".join(first.axes), shape, first.dtype, size, first.about


def _cells(kind: str, texts: Iterable[str]) -> str:
    return "".join(f"<{kind}>{html.escape(text)}</{kind}>" for text in texts)
