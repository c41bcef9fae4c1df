"""Written text, spoken words and their times, brought together once: what cues and captions are laid by."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from voiceover.rewriting import Span
from voiceover.speech import Word
from voiceover.spoken import utterance

__all__ = ["SpokenWord", "TimedText", "timed_text"]

_PAUSES = {",": 3, ";": 5, ":": 5, ".": 7, "!": 7, "?": 7}  # a pause, in letters of speech


@dataclass(frozen=True)
class SpokenWord:
    """A spoken word: `written` is what it says, as characters of its text; `start` and `end` in seconds."""

    text: str
    written: Span
    start: float
    end: float


@dataclass(frozen=True)
class TimedText:
    """A text in written form and the words that it is spoken in, in seconds from its speech's start.

    `words` is empty when nothing of the text can be spoken. `seconds`: how long its speech is.
    """

    text: str
    language: str
    seconds: float
    words: tuple[SpokenWord, ...]

    def begins(self, at: int) -> float:
        """When the word that stands at character `at` of the text begins; the end when none does."""
        return next((word.start for word in self.words if word.written[1] > at), self.seconds)


def timed_text(text: str, seconds: float, words: Sequence[Word] = (), language: str = "en") -> TimedText:
    """`text`, in written form, with the times of a speech of it that lasts `seconds`.

    `words`: the speech's own times, which decide. Where there are none, or they are of other words, the time
    is shared out in proportion to spoken length.
    """
    said = utterance(text, language)
    if [word for word, _ in said.words] == [word.text for word in words]:
        times = [(word.start, word.end) for word in words]
    else:
        times = _by_length(said.text, [word for word, _ in said.words], seconds)
    placed = zip(said.words, times, strict=True)
    return TimedText(text, language, seconds, tuple(SpokenWord(*word, *time) for word, time in placed))


def _by_length(said: str, words: Sequence[str], seconds: float) -> list[tuple[float, float]]:
    """(start, end) of each word of a spoken text; pauses stand between them."""
    edges = [0.0]  # in letters: start, end, start, end, …
    at = 0
    for word in words:
        at = said.index(word, at) + len(word)
        mark = said[at : at + 1]
        end = edges[-1] + len(word)
        edges += [end, end + 1 + _PAUSES.get(mark, 0)]
    scale = seconds / edges[-2] if words else 0.0  # the last word ends the speech
    return [(start * scale, end * scale) for start, end in list(pairwise(edges))[::2]]
