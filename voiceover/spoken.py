"""Written form → spoken form: `√d_k` → "the square root of d k", `3 %` → "three percent".

Captions show the written form; engines get the spoken one: only words and the marks . , ; : ! ? ' -
"""

from dataclasses import dataclass
from functools import lru_cache

from voiceover.rewriting import Rewritten, Span
from voiceover.rules import RULES

__all__ = ["VERSION", "Utterance", "spoken", "spoken_words", "utterance"]

VERSION = "6"
"""Part of a cached sound's key: change it whenever a rule changes."""


@dataclass(frozen=True)
class Utterance:
    """How a text is spoken: what an engine gets, and each of its words with the characters that it says."""

    written: str
    text: str
    words: tuple[tuple[str, Span], ...]


@lru_cache(maxsize=1024)
def utterance(text: str, language: str = "en") -> Utterance:
    """`text`, in written form, as a speaker of `language`, a key of `WORDINGS`, would say it.

    What comes out is plain words: a prompt cannot reach an engine's own markup (Piper's `[[phonemes]]`).
    """
    said = Rewritten.of(text).by(RULES[language])
    return Utterance(text, said.text, tuple(said.words()))


def spoken(text: str, language: str = "en") -> str:
    """The text of an `utterance`; empty when nothing of it can be spoken."""
    return utterance(text, language).text


def spoken_words(text: str) -> list[str]:
    """The words of a spoken text without their punctuation: what an engine gives times for."""
    return [word for part in text.split() if (word := part.strip(".,;:!?'-"))]
