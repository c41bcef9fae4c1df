"""Music under speech: brought to a quiet level, as long as the lesson, and quieter still under words.

Fades are laid sample by sample here and not by pydub, whose crossfade is linear (2.8 dB lower where noise is
repeated; ours 0.2) and whose fades climb in steps of a millisecond.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voiceover.errors import MusicMissingError, MusicSilentError, MusicUnreadableError
from voiceover.loudness import RATE, loudness
from voiceover.speech import Samples

__all__ = ["OPEN", "UNDER", "Music", "bed", "read_music"]

OPEN = -28.0
"""LUFS of the music where nobody speaks."""
UNDER = -34.0
"""LUFS under words: 18 below the speech."""
LONGEST = 600
"""Seconds of a file that are used; a longer lesson hears them again."""
_IN, _OUT = 1.5, 3.0  # seconds of fade at the lesson's ends
_DUCK, _RISE = 0.35, 0.9  # seconds in which it steps back before a word, and comes back after
_GAP = 1.2  # seconds: in a shorter pause it stays low, so that it does not pump
_CROSS = 2.0  # seconds in which a repetition is faded into the one before


@dataclass(frozen=True)
class Music:
    """A file's sound, mono at `RATE`, and what names the file in a lesson's record."""

    samples: Samples
    name: str
    sha256: str


def read_music(path: Path) -> Music:
    """The first `LONGEST` seconds of a file that PyAV can decode, its channels as one.

    Raises `MusicMissingError`, `MusicUnreadableError` when it holds no sound that can be read, and
    `MusicSilentError` when there is nothing to hear in it.
    """
    if not path.is_file():
        raise MusicMissingError.of(path)
    import av

    parts: list[Samples] = []
    left = LONGEST * RATE
    try:
        # absolute: FFmpeg takes what stands before a colon for a protocol
        with av.open(str(path.absolute())) as container:
            to_mono = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in container.decode(audio=0):
                for piece in to_mono.resample(frame):
                    parts.append(np.asarray(piece.to_ndarray(), np.float32).reshape(-1)[:left])
                    left -= len(parts[-1])
                if left <= 0:
                    break
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise MusicUnreadableError.of(path, error) from error
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    if not np.isfinite(samples).all():
        raise MusicUnreadableError.of(path, "it holds samples that are no numbers")
    if not math.isfinite(loudness(samples)):
        raise MusicSilentError.of(path)
    with path.open("rb") as file:
        return Music(samples, path.name, hashlib.file_digest(file, "sha256").hexdigest())


def bed(music: Music, length: int, spoken: Sequence[tuple[float, float]], *, channels: int = 1) -> Samples:
    """The music for a lesson of `length` samples, to be added to its speech; (length,), mono at `RATE`.

    `spoken`: from and to, in seconds, of each speech, in order. `channels`: how many equal channels the file
    will have, as in `voiceover.master.master`.
    """
    looped = _looped(music.samples, length)
    level = OPEN - 10 * math.log10(channels) - loudness(music.samples)
    return np.asarray(looped * _envelope(length, spoken) * np.float32(10 ** (level / 20)), np.float32)


def _looped(samples: Samples, length: int) -> Samples:
    """`samples` as long as asked for; a repetition begins under the end of the one before."""
    cross = min(round(_CROSS * RATE), len(samples) // 4)
    out = np.zeros(length, np.float32)
    rise = np.sin(np.linspace(0, np.pi / 2, cross, dtype=np.float32))  # equal power: sin² + cos² = 1
    part = samples.copy()
    part[len(part) - cross :] *= rise[::-1]
    first, start = True, 0
    while start < length:
        fitting = part[: length - start]
        out[start : start + len(fitting)] += fitting
        start += len(part) - cross
        if first and cross:
            part[:cross] *= rise
            first = False
    return out


def _envelope(length: int, spoken: Sequence[tuple[float, float]]) -> npt.NDArray[np.float32]:
    """The gain at each sample: 1 where nobody speaks, and falling to 0 at the lesson's ends."""
    low = 10 ** ((UNDER - OPEN) / 20)
    seconds = length / RATE
    times, gains = [0.0], [low if spoken and spoken[0][0] <= _DUCK else 1.0]
    for start, end in _joined(spoken):
        if start > _DUCK:
            times += [start - _DUCK, start]
            gains += [1.0, low]
        times += [end, end + _RISE]
        gains += [low, 1.0]
    at = np.arange(length, dtype=np.float32) / RATE
    envelope = np.interp(at, times, gains).astype(np.float32)
    fade_in, fade_out = min(_IN, seconds / 2), min(_OUT, seconds / 2)
    ends = np.minimum(at / max(fade_in, 1e-6), (seconds - at) / max(fade_out, 1e-6))
    return np.asarray(envelope * np.clip(ends, 0, 1), np.float32)


def _joined(spoken: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Speeches with the pauses between them in which the music would not come back."""
    joined: list[tuple[float, float]] = []
    for start, end in spoken:
        if joined and start - joined[-1][1] < max(_GAP, _DUCK + _RISE):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
