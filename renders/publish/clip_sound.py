"""The sound of a clip: cut out of the mastered track, at the samples on which its beats begin and end."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from renders.media.audio import read_sound, write_audio
from renders.publish.excerpt import Excerpt
from voiceover.loudness import RATE
from voiceover.speech import Samples

BITS = 96_000  # a second, of one channel
_FADE = 0.008  # seconds: no click where music or a breath is cut


def cut(excerpt: Excerpt, seconds: float) -> Samples:
    """The sound of a part, and silence until `seconds` are over; mono at `RATE`."""
    heard = read_sound(excerpt.edition.media, excerpt.start, excerpt.end)
    ramp = np.linspace(0.0, 1.0, round(_FADE * RATE), dtype=np.float32)
    heard[: len(ramp)] *= ramp
    heard[-len(ramp) :] *= ramp[::-1]
    whole = np.zeros(round(seconds * RATE), np.float32)
    whole[: len(heard)] = heard[: len(whole)]
    return whole


def write(excerpt: Excerpt, sound: Samples, to: Path) -> Path:
    """Writes such a sound; returns its path."""
    write_audio(to, sound, language=excerpt.edition.locale.iso639_2, channels=1, bits=BITS)
    return to
