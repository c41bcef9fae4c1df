"""How each language says numbers, marks and symbols: a table a language, which `voiceover.spoken` applies."""

from voiceover.languages.base import Wording
from voiceover.languages.english import ENGLISH
from voiceover.languages.german import GERMAN

__all__ = ["WORDINGS", "Wording"]

WORDINGS: dict[str, Wording] = {one.language: one for one in (ENGLISH, GERMAN)}
"""By the two letters of ISO 639-1."""
