"""Speech: a sound and the times of its words, the one type that engines give and later stages take."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Samples", "Speech", "Word"]

Samples = npt.NDArray[np.float32]
"""Mono sound, shape (n,): 0 is silence, ±1 is full scale."""


@dataclass(frozen=True)
class Word:
    """One spoken word without its punctuation; `start` and `end` in seconds from its speech's start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class Speech:
    """A spoken text.

    `samples`: float32, mono, shape (n,), made read-only. `rate`: samples a second.
    `words`: in order, no overlaps, all within the sound; empty when the engine cannot time words.
    Raises `ValueError` when one of these does not hold, so that no later stage has to ask.
    """

    samples: Samples
    rate: int
    words: tuple[Word, ...] = ()

    def __post_init__(self) -> None:
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            raise ValueError(f"samples are {self.samples.dtype} {self.samples.shape}, not float32 (n,)")
        if self.rate <= 0:
            raise ValueError(f"rate is {self.rate}, not a positive number of samples a second")
        if not np.isfinite(self.samples).all():
            raise ValueError("samples hold a value that is not finite")
        before = 0.0
        for word in self.words:
            if not before <= word.start <= word.end <= self.seconds + 1e-9:
                where = f"{word.start}–{word.end} s of {self.seconds} s"
                raise ValueError(f"word '{word.text}' is out of order or outside the sound: {where}")
            before = word.end
        self.samples.setflags(write=False)

    @property
    def seconds(self) -> float:
        """Length of the sound."""
        return len(self.samples) / self.rate
