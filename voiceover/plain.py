"""Text as it may be shown: one line, and nothing in it that a reader cannot see."""

import unicodedata

__all__ = ["plain_text", "visible"]


def plain_text(text: str) -> str:
    """One line of visible text: no control characters, no marks that reverse its direction."""
    kept = (c if visible(c) else " " for c in unicodedata.normalize("NFC", text))
    return " ".join("".join(kept).split())


def visible(char: str) -> bool:
    """Not a space, a control character or a mark of direction; what joins letters and emoji stays."""
    return char in "\u200d\u200c" or unicodedata.category(char)[0] not in "CZ"
