"""Text that the fonts inside Typst can draw, and as Typst reads it. Imports no manim."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import typst

from scenes import style

# Where a face is looked for: what the first of them lacks is set in the next that has it.
_FACES = {style.SERIF: (style.SERIF, "New Computer Modern Math", style.MONO)}
_NOWHERE = "\U0010fffd"  # for private use: no font has it


def faces(font: str) -> str:
    """A face and those that stand in for it, as Typst takes them for `font`."""
    names = ", ".join(map(literal, _FACES.get(font, (font,))))
    return f"({names},)"


@lru_cache(maxsize=4000)
def drawable(text: str, font: str) -> str:
    """The text with every character that a face lacks as its code point, ‹1F600›."""
    return "".join(c if has(c, font) else f"‹{ord(c):X}›" for c in text)


@lru_cache(maxsize=20_000)
def has(char: str, font: str) -> bool:
    """Whether a face, or one that stands in for it, draws a character; as the fonts' own tables have it.

    A space needs no ink, which every other character does.
    """
    if " " <= char <= "~":  # in every face: to ask for each takes a worker a tenth of a second
        return True
    kind = unicodedata.category(char)
    if kind[0] == "C":  # what controls, or means nothing to others
        return False
    glyphs = _glyphs(char, font)
    return not glyphs & _glyphs(_NOWHERE, font) and (bool(glyphs) or kind == "Zs")


def _glyphs(char: str, font: str) -> set[bytes]:
    """Names of the outlines that a character is set with. One that is nowhere gets the first face's box."""
    page = f"#set text(font: {faces(font)}, fallback: false)\n#box({literal(char)})"
    svg = _compiler().compile(page.encode(), format="svg")
    assert isinstance(svg, bytes)
    return set(re.findall(rb'<symbol id="(\w+)"', svg))


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


def literal(text: str) -> str:
    """A Typst string that means this text and nothing else."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def shorten(text: str, most: int = 14) -> str:
    """A text of at most so many characters, cut with an ellipsis where it is longer."""
    return text if len(text) <= most else text[: most - 1] + "…"
