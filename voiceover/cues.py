"""When a word of a text is spoken: the second on which a picture that waits for it may move."""

from voiceover.speech import Speech
from voiceover.spoken import spoken, spoken_words

__all__ = ["begins"]


def begins(text: str, at: int, speech: Speech, language: str = "en") -> float:
    """Seconds from the start of `speech` until the word that stands at character `at` of `text` begins.

    `text` is in written form and `speech` is how it was spoken. The speech's own word times decide; where it
    has none, or they are of other words, time is shared out in proportion to spoken length.
    """
    before, after = (spoken(part, language) for part in (text[:at], text[at:]))
    words = [*spoken_words(before), *spoken_words(after)]
    index = len(spoken_words(before))
    if words == [word.text for word in speech.words] and index < len(words):
        return speech.words[index].start
    letters = len(before) + len(after)
    return speech.seconds * len(before) / letters if letters else 0.0
