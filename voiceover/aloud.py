"""For people who read a text aloud: the numbers and signs in it, and the words that they are read in."""

import unicodedata

from voiceover.phrases import pieces_of
from voiceover.timing import timed_text

__all__ = ["aloud"]

_PLAIN = ".,;:!?…'’‘“”„\"«»()-–—\u00a0 "  # marks that are read as pauses or not at all


def aloud(text: str, language: str = "en") -> list[tuple[str, str]]:
    """What of `text` is not read as it stands, each with its words, in order and once:

    "37 % of √d_k" → ("37 %", "thirty-seven percent"), ("√d_k", "the square root of d k").
    """
    timed = timed_text(text, 1.0, language=language)
    words, told = list(timed.words), list[tuple[str, str]]()
    for first, last in pieces_of(timed):
        own = [word.text for word in words if word.written[0] < last]
        words = words[len(own) :]
        written = " ".join(text[first:last].strip(_PLAIN).split())
        if own and any(unicodedata.category(c)[0] in "NSP" and c not in _PLAIN for c in written):
            told.append((written, " ".join(own)))
    return list(dict.fromkeys(told))
