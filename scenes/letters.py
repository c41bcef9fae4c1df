"""Text that the fonts inside Typst can draw, and as Typst reads it. Imports nothing."""

from __future__ import annotations

# Blocks of Unicode that both fonts draw in full, or nearly; what lies outside is shown by its number.
_DRAWN = ((0x20, 0x7E), (0xA0, 0x17F), (0x386, 0x3CE), (0x400, 0x45F), (0x1E00, 0x1EFF))
_DRAWN_TOO = set("–—‘’“”…•‹›€→←↑↓↵⇥␣−×÷·≈≤≥√∞")


def drawable(text: str) -> str:
    """The text with every character that the fonts lack as its code point, ‹1F600›."""
    return "".join(c if _has(c) else f"‹{ord(c):X}›" for c in text)


def _has(char: str) -> bool:
    return char in _DRAWN_TOO or any(first <= ord(char) <= last for first, last in _DRAWN)


def literal(text: str) -> str:
    """A Typst string that means this text and nothing else."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def shorten(text: str, most: int = 14) -> str:
    """A text of at most so many characters, cut with an ellipsis where it is longer."""
    return text if len(text) <= most else text[: most - 1] + "…"
