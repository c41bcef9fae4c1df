"""How loud a sound is and how high it peaks, measured a few seconds at a time: length costs no memory.

After ITU-R BS.1770-4: loudness is the mean energy of K-weighted blocks of 400 ms that are loud enough to
count, true peak is the highest value of the signal between its samples too.
"""

import math

import numpy as np
import numpy.typing as npt

from voiceover.speech import Samples

__all__ = ["RATE", "loudness", "true_peak"]

RATE = 48_000
"""Samples a second of everything that ships."""
_HOP = RATE // 10  # blocks of 400 ms start every 100 ms
_HOPS = 4  # in a block
_PIECE = 50 * _HOP  # samples that are measured at once
_SILENT = -70.0  # LUFS: a block below counts as silence
_QUIET = -10.0  # LU: so does one this far below the mean of the others
_OFFSET = -0.691  # dB: makes a full-scale 997 Hz sine in one channel −3.01 LUFS


def loudness(samples: Samples) -> float:
    """Integrated loudness in LUFS of one channel at `RATE`, −inf when it is too quiet to have one.

    `samples`: shape (n,). Sound shorter than a block is followed by silence. pyloudnorm measures the same to
    0.01 LU, but on float64 copies of the whole: 300 MB for five minutes.
    """
    energies = _energies(samples)
    levels = _OFFSET + 10 * np.log10(np.maximum(energies, 1e-30))
    heard = levels >= _SILENT
    if not heard.any():
        return -math.inf
    gate = _OFFSET + 10 * math.log10(energies[heard].mean()) + _QUIET
    return float(_OFFSET + 10 * math.log10(energies[heard & (levels > gate)].mean()))


def _energies(samples: Samples) -> npt.NDArray[np.float64]:
    """The mean square of each block of 400 ms after K-weighting."""
    from pyloudnorm import IIRfilter
    from scipy.signal import lfilter

    # A shelf for the head, a high-pass for the ear (annex 1), as pyloudnorm makes them for any rate.
    stages = [
        IIRfilter(4.0, 1 / math.sqrt(2), 1500.0, RATE, "high_shelf"),
        IIRfilter(0.0, 0.5, 38.0, RATE, "high_pass"),
    ]
    states = [np.zeros(2) for _ in stages]
    squares: list[float] = []  # the sum over each hop
    for first in range(0, len(samples), _PIECE):
        piece = samples[first : first + _PIECE].astype(np.float64)
        for number, stage in enumerate(stages):
            piece, states[number] = lfilter(stage.b, stage.a, piece, zi=states[number])
        squares += np.add.reduceat(np.square(piece), np.arange(0, len(piece), _HOP)).tolist()
    squares += [0.0] * (_HOPS - len(squares))
    blocks = max(1, round(len(samples) / _HOP) - _HOPS + 1)  # one that is cut short by less than half counts
    return np.convolve(squares, np.ones(_HOPS), "valid")[:blocks] / (_HOPS * _HOP)


def true_peak(samples: Samples) -> float:
    """True peak in dBTP: the highest absolute value after 4× oversampling (BS.1770-4, annex 2)."""
    from scipy.signal import resample_poly

    edge, highest = 64, 0.0  # samples beside a piece that the oversampling filter reaches
    for first in range(0, len(samples), _PIECE):
        piece = samples[max(0, first - edge) : first + _PIECE + edge]
        if piece.any():
            highest = max(highest, float(np.abs(resample_poly(piece.astype(np.float64), 4, 1)).max()))
    return 20 * math.log10(highest) if highest else -math.inf
