"""What was probably meant by a name that is none."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], most: int = 1, cutoff: float = 0.6) -> list[str]:
    """The known names that are most like a word, likest first; `cutoff`: 0, any, to 1, itself."""
    return get_close_matches(word, list(known), n=most, cutoff=cutoff)


def did_you_mean(word: str, known: Iterable[str], otherwise: str, most: int = 1, cutoff: float = 0.6) -> str:
    """Asks for the known names that are most like a word, at most so many; else `otherwise`."""
    near = nearest(word, known, most, cutoff)
    return f"did you mean {' or '.join(near)}?" if near else otherwise
