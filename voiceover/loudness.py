"""How loud a sound is and how high it peaks, measured a few seconds at a time: length costs no memory.

After ITU-R BS.1770-4: loudness is the mean energy of K-weighted blocks of 400 ms that are loud enough to
count, true peak is the highest value of the signal between its samples too.
"""

import math

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from voiceover.speech import Samples

__all__ = ["RATE", "loudness", "true_peak"]

RATE = 48_000
"""Samples a second of everything that ships."""
_HOP = RATE // 10  # blocks of 400 ms start every 100 ms
_HOPS = 4  # in a block
_PIECE = 50 * _HOP  # samples that are measured at once
_SILENT = -70.0  # LUFS: a block below counts as silence
_QUIET = -10.0  # LU: so does one this far below the mean of the others
_OVER = 4  # values that are looked at for each sample
_REACH = 10  # samples to each side that a value between two of them is made of
_ROW = _HOP // 5  # samples that are oversampled together, or not
_BETWEEN = 2.25  # the most that they make of it: the sum of what their weights amount to is 2.2414
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
    from scipy.signal import sosfilt

    # A shelf for the head, a high-pass for the ear (annex 1), as pyloudnorm makes them for any rate.
    stages = [
        IIRfilter(4.0, 1 / math.sqrt(2), 1500.0, RATE, "high_shelf"),
        IIRfilter(0.0, 0.5, 38.0, RATE, "high_pass"),
    ]
    both = np.array([np.concatenate([stage.b, stage.a]) for stage in stages])  # (stage, 6)
    state = np.zeros((len(stages), 2))
    squares: list[float] = []  # the sum over each hop
    for first in range(0, len(samples), _PIECE):
        piece, state = sosfilt(both, samples[first : first + _PIECE].astype(np.float64), zi=state)
        squares += np.add.reduceat(np.square(piece), np.arange(0, len(piece), _HOP)).tolist()
    squares += [0.0] * (_HOPS - len(squares))
    blocks = max(1, round(len(samples) / _HOP) - _HOPS + 1)  # one that is cut short by less than half counts
    return np.convolve(squares, np.ones(_HOPS), "valid")[:blocks] / (_HOPS * _HOP)


def true_peak(samples: Samples) -> float:
    """True peak in dBTP: the highest absolute value after 4× oversampling (BS.1770-4, annex 2).

    What lies between samples is at most `_BETWEEN` times as high as the highest beside it: only where the
    samples come that near to the highest of all is anything oversampled.
    """
    from scipy.signal import firwin, resample_poly

    low_pass = firwin(2 * _REACH * _OVER + 1, 1 / _OVER, window=("kaiser", 5.0))  # as scipy's own
    highest = float(max(samples.max(initial=0.0), -samples.min(initial=0.0)))
    for first in range(0, len(samples), _PIECE):
        piece = np.zeros(_PIECE + 2 * _REACH, np.float32)
        there = samples[max(0, first - _REACH) : first + _PIECE + _REACH]
        begin = _REACH * (first == 0)
        piece[begin : begin + len(there)] = there
        rows = sliding_window_view(piece, _ROW + 2 * _REACH)[::_ROW]  # (row, sample), with those beside it
        near = rows[np.abs(rows).max(axis=1) * _BETWEEN > highest].astype(np.float64)
        if len(near):
            over = resample_poly(near, _OVER, 1, axis=1, window=low_pass)[:, _OVER * _REACH : -_OVER * _REACH]
            highest = max(highest, float(np.abs(over).max()))
    return 20 * math.log10(highest) if highest else -math.inf
