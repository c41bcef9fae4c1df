"""What every engine offers."""

from typing import Protocol

from voiceover.speech import Speech

__all__ = ["Engine"]


class Engine(Protocol):
    """A voice that is ready to speak: equal texts and fingerprints give equal samples, bit for bit."""

    @property
    def name(self) -> str:
        """The engine: "piper", "silent"."""

    @property
    def voice(self) -> str:
        """The voice within the engine, such as "en_US-joe-medium"."""

    @property
    def language(self) -> str:
        """The language that it speaks, by the two letters of ISO 639-1."""

    @property
    def licence(self) -> str:
        """One line on the terms of the engine and the voice, as it is shown and kept with a lesson."""

    @property
    def fingerprint(self) -> str:
        """All that decides the sound beside the text: versions, the model's sha256, noise, speed, pauses."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know before hearing it, a line each; none for most voices."""

    def load(self) -> None:
        """Loads what the first words would load, if anything; may run in another thread meanwhile."""

    def speak(self, text: str) -> Speech:
        """Speak `text`, which is in spoken form (see `voiceover.spoken`).

        Raises `NothingToSayError` when the text holds no word and `VoiceFailedError` when no sound comes out.
        """
