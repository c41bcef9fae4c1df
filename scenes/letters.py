"""Text that a scene can draw, and as Typst reads it. Imports no manim.

Our own words are set with the fonts inside Typst alone. Of a prompt's text, `shown` keeps what those fonts
lack and a font of the machine has (`MACHINE`): such a text is set in that one, shaped and in its direction.
What no font has stands there as its code point, ‹1F600›.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import accumulate

import typst

from scenes import style

# Where a face is looked for: what the first of them lacks is set in the next that has it.
_FACES = {style.SERIF: (style.SERIF, "New Computer Modern Math", style.MONO)}
_NOWHERE = "\U0010fffd"  # for private use: no font has it
MACHINE = ("Noto Sans", "Symbola", "Noto Emoji", "Noto Serif")  # families, or how their names begin
_NOT = ("Mono CJK", "Display")  # parts of names of those that are no use
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"  # say how the letter before them is drawn
_HAN = (  # by what else stands in a text, whose forms of the characters that China, Japan and Korea share
    (re.compile("[\u3040-\u30ff]"), "Noto Sans CJK JP"),
    (re.compile("[\u1100-\u11ff\uac00-\ud7af]"), "Noto Sans CJK KR"),
    (re.compile(""), "Noto Sans CJK SC"),
)
_RIGHT_TO_LEFT = ("R", "AL")


def faces(font: str, *more: str) -> str:
    """A face and those that stand in for it, as Typst takes them for `font`."""
    names = ", ".join(map(literal, (*_FACES.get(font, (font,)), *more)))
    return f"({names},)"


@lru_cache(maxsize=4000)
def drawable(text: str, font: str) -> str:
    """The text with every character that a face lacks as its code point, ‹1F600›."""
    return "".join(c if has(c, font) else _code(c) for c in text)


@lru_cache(maxsize=4000)
def shown(text: str, font: str) -> str:
    """The text as a scene draws it: a character that neither a face nor the machine has is its code point."""
    made = ""
    for before, char in zip(("", *text), text, strict=False):
        joins = char in _JOINERS and before and not has(before, font) and _of_machine(before)
        made += char if joins or has(char, font) or _of_machine(char) else _code(char)
    return made


def plain(text: str, font: str) -> bool:
    """Whether a text is set with the fonts inside Typst alone."""
    return all(has(char, font) for char in text)


def right_to_left(text: str) -> bool:
    """Whether a text runs from the right, as its first letter does (Unicode's rule P2, UAX 9)."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind in _RIGHT_TO_LEFT for kind in kinds if kind in ("L", *_RIGHT_TO_LEFT)), False)


@cache
def families() -> tuple[str, ...]:
    """The machine's fonts that stand in for ours, in the order in which they are asked."""
    found = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).families()
    chosen = [name for name in found if name.startswith(MACHINE) and not any(part in name for part in _NOT)]
    return tuple(
        sorted(chosen, key=lambda name: (name not in MACHINE, not name.startswith(MACHINE[0]), name))
    )


def machine_faces(text: str, font: str) -> str:
    """The faces of a text that ours are not enough for, as Typst takes them for `font`."""
    han = next(name for kind, name in _HAN if kind.search(text))
    ordered = sorted(families(), key=lambda name: (name not in MACHINE, name != han))
    return faces(font, *ordered)


def lacking(text: str) -> str:
    """The characters of a text that no font here has, each once; without those that nothing could draw."""
    seen = dict.fromkeys(text)
    return "".join(c for c in seen if c.isprintable() and not has(c, style.SERIF) and not _of_machine(c))


def is_han(char: str) -> bool:
    """Whether a character is one of China, Japan or Korea, whose fonts are a package of their own."""
    return unicodedata.name(char, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))


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


@lru_cache(maxsize=20_000)
def _of_machine(char: str) -> bool:
    """Whether a font of the machine draws a character that is not to be had otherwise."""
    if unicodedata.category(char)[0] == "C" or not families():
        return False
    names = machine_faces(char, style.MONO)
    glyphs = _set(char, names, machine_compiler())
    return bool(glyphs) and not glyphs & _boxes(names)


@cache
def _boxes(names: str) -> set[bytes]:
    """What stands where no face of the machine has a character: any of them may give its box for it."""
    return _set(_NOWHERE, names, machine_compiler())


def _code(char: str) -> str:
    return f"‹{ord(char):X}›"


def _glyphs(char: str, font: str) -> set[bytes]:
    """Names of the outlines that a character is set with. One that is nowhere gets the first face's box."""
    return _set(char, faces(font), _compiler())


def _set(char: str, names: str, compiler: typst.Compiler) -> set[bytes]:
    page = f"#set text(font: {names}, fallback: false)\n#box({literal(char)})"
    svg = compiler.compile(page.encode(), format="svg")
    assert isinstance(svg, bytes)
    return set(re.findall(rb'<symbol id="(\w+)"', svg))


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


@cache
def machine_compiler() -> typst.Compiler:
    """One that knows the machine's fonts too; it takes a second to make, so only where a text needs it."""
    return typst.Compiler()


def literal(text: str) -> str:
    """A Typst string that means this text and nothing else."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def shorten(text: str, most: int = 14) -> str:
    """A text of at most so many columns, cut with an ellipsis where it is longer.

    A character has one column, a wide one, such as those of China, two (Unicode's UAX 11).
    """
    ends = list(accumulate(1 + (unicodedata.east_asian_width(char) in ("W", "F")) for char in text))
    if not ends or ends[-1] <= most:
        return text
    return text[: sum(end <= most - 1 for end in ends)] + "…"
