"""Silence as long as a reader needs: for tests, and for lessons that have captions only."""

import numpy as np

from voiceover.errors import NothingToSayError
from voiceover.speech import Speech, Word

__all__ = ["SilentEngine", "unspoken"]

WORDS_A_SECOND = 2.6
"""An easy pace for a voice that explains: 156 words a minute."""
LETTERS_A_WORD = 4.7
"""Mean length of an English word in running text; a longer word takes longer."""
PAUSES = {",": 0.2, ":": 0.3, ";": 0.3, ".": 0.45, "!": 0.45, "?": 0.45}
"""Seconds of rest after a word that ends with this mark."""
_RATE = 48_000
_GLANCE, _STUDY = 1.0, 7.0  # seconds that marks without words are shown
_SIGNS_A_SECOND = 20


class SilentEngine:
    """Silence timed by a reading-speed model; the words' times come from that model."""

    name = "silent"
    voice = "silence"
    remarks = ()
    licence = "no voice: silence made by llm-lesson itself (MIT)"

    def __init__(self, language: str = "en", *, rate: int = _RATE, speed: float = 1.0) -> None:
        """`rate`: samples a second. `speed`: 1.5 reads half as fast again."""
        self.language, self.rate, self.speed = language, rate, speed

    @property
    def fingerprint(self) -> str:
        """The model's numbers."""
        return f"silent/1/{self.rate}/{self.speed}/{WORDS_A_SECOND}/{LETTERS_A_WORD}/{sorted(PAUSES.items())}"

    def load(self) -> None:
        """Nothing: there is nothing to load."""

    def speak(self, text: str) -> Speech:
        """Silence for `text`: half of a word's time is fixed, half grows with its letters."""
        words: list[Word] = []
        now = 0.0
        for part in text.split():
            if not (word := part.strip(".,;:!?'-")):
                continue
            end = now + (0.5 + 0.5 * len(word) / LETTERS_A_WORD) / WORDS_A_SECOND / self.speed
            words.append(Word(word, now, end))
            now = end + PAUSES.get(part[-1], 0.0) / self.speed
        if not words:
            raise NothingToSayError.of(text)
        return Speech(np.zeros(round(now * self.rate) + 1, np.float32), self.rate, tuple(words))


def unspoken(text: str) -> Speech:
    """Silence in which a text without a word, such as 63 brackets, can be looked at."""
    seconds = min(max(len(text) / _SIGNS_A_SECOND, _GLANCE), _STUDY)
    return Speech(np.zeros(round(seconds * _RATE), np.float32), _RATE)
