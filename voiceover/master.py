"""From sentences to a finished sound track: laid at their times, then brought to the web's loudness.

−16 LUFS is what podcast and video sites ask of speech; −1.5 dBTP leaves room for the players that resample.
"""

import itertools
import math
import warnings
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from voiceover.loudness import RATE, loudness, true_peak
from voiceover.speech import Samples, Speech

__all__ = ["PEAK", "TARGET", "assemble", "master", "mix", "resampled"]

TARGET = -16.0
"""LUFS, integrated (ITU-R BS.1770)."""
PEAK = -1.5
"""dBTP, the highest true peak of a file that ships."""
FADE_MS = 5
"""Fade at both ends of a speech, in milliseconds: no click, and no consonant cut."""
_HEADROOM = 8.0  # speech may pass full scale until it is mastered
_ALIGN = 4096  # samples of silence around the sound while it is filtered
_ROOM = 0.3  # dB that AAC may add to a peak
_PASSES = 6  # two are the rule; more only when the limiter has much to do
_FULL = float(2**31 - 1)


def assemble(placed: Sequence[tuple[float, Speech]], seconds: float) -> Samples:
    """Lay speeches on silence.

    `placed`: the second at which each speech starts, and the speech. Gives mono float32 at `RATE`, exactly
    round(seconds · 48000) samples; a speech starts at the sample nearest to its second, overlaps add up,
    and what lies outside the track is cut. Sample values may pass ±1; `master` brings them back.
    """
    track = np.zeros(round(seconds * RATE), np.float32)  # (n,)
    for start, speech in placed:
        sound = _faded(resampled(speech.samples, speech.rate))
        first = round(start * RATE)
        skipped = max(0, -first)
        part = sound[skipped : max(skipped, len(track) - first)]
        track[first + skipped : first + skipped + len(part)] += part
    return track


def resampled(samples: Samples, rate: int) -> Samples:
    """`samples` at `RATE`, with no delay: sample 0 stays at time 0."""
    if rate == RATE or not len(samples):
        return samples
    from scipy.signal import resample_poly

    common = math.gcd(rate, RATE)
    return np.asarray(resample_poly(samples.astype(np.float64), RATE // common, rate // common), np.float32)


def _faded(samples: Samples) -> Samples:
    """`samples` with a short fade in and a short fade out, same length; what lies between is untouched."""
    edge = FADE_MS * RATE // 1000
    if len(samples) < 2 * edge or not samples.any():
        return samples
    faded = samples.copy()
    faded[:edge] = _by_pydub(samples[:edge], "fade_in")
    faded[-edge:] = _by_pydub(samples[-edge:], "fade_out")
    return faded


def _by_pydub(samples: Samples, fade: str) -> Samples:
    """Whole milliseconds faded by pydub; it clips at full scale, so it gets 32-bit samples with headroom."""
    whole = np.clip(np.rint(samples.astype(np.float64) / _HEADROOM * _FULL), -_FULL, _FULL).astype("<i4")
    segment = _audio_segment()(data=whole.tobytes(), sample_width=4, frame_rate=RATE, channels=1)
    back = np.frombuffer(getattr(segment, fade)(FADE_MS).raw_data, "<i4")
    return np.asarray(back.astype(np.float64) * (_HEADROOM / _FULL), np.float32)


def _audio_segment() -> Any:
    """pydub's `AudioSegment`. Its import warns of a missing ffmpeg, which we never call, and of old code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment


def master(samples: Samples, *, channels: int = 1) -> Samples:
    """Speech at `TARGET` LUFS with true peaks of at most `PEAK`, same length, no delay.

    `samples`: mono float32 at `RATE`, shape (n,). `channels`: how many equal channels the file will have; two
    together are 3 dB louder, which BS.1770 counts. High-pass at 70 Hz, 3:1 compression, gain, limiter; the
    first pass measures what those leave, the next corrects the gain. Silence, and sound too quiet to have a
    loudness, comes back unchanged.
    """
    heard = loudness(samples)
    if not math.isfinite(heard):
        return samples
    target = TARGET - 10 * math.log10(channels)
    shaped = np.empty(len(samples), np.float32)
    _filter(samples, shaped, _shaping(target - 4 - heard))
    return _settled(shaped, target, gain=9.0)


def mix(speech: Samples, music: Samples, *, channels: int = 1) -> Samples:
    """Mastered speech with music under it, at `TARGET` and `PEAK` again; both mono at `RATE`, equally long.

    The music keeps its level against the speech (see `voiceover.bed`).
    """
    both = np.asarray(speech + music, np.float32)
    if not math.isfinite(loudness(both)):
        return both
    return _settled(both, TARGET - 10 * math.log10(channels), gain=0.0)


def _settled(samples: Samples, target: float, gain: float) -> Samples:
    """`samples` with the gain and under the ceiling that give the loudness and the peak wanted."""
    ceiling = PEAK - 0.7
    result = np.empty(len(samples), np.float32)
    for _ in range(_PASSES):
        _filter(samples, result, _levelling(gain, ceiling))
        short = target - loudness(result)
        over = true_peak(result) - (PEAK - _ROOM) if abs(short) < 0.15 else 0.0  # a peak is dear to measure
        if abs(short) < 0.15 and over <= 0:
            return result
        gain += 1.35 * short  # the limiter eats a part of every added decibel
        ceiling -= max(0.0, over)
    over = true_peak(result) - (PEAK - _ROOM)
    if over > 0:
        result *= np.float32(10 ** (-over / 20))
    return result


def _shaping(before: float) -> list[tuple[str, str]]:
    """`before` dB, high-pass, compressor."""
    return [
        ("volume", f"volume={before:.6f}dB:precision=double"),
        ("highpass", "f=70:poles=2"),
        ("acompressor", "threshold=-18dB:ratio=3:attack=12:release=180:knee=4:makeup=1"),
    ]


def _levelling(gain: float, ceiling: float) -> list[tuple[str, str]]:
    """`gain` dB, limiter at `ceiling` dBFS."""
    return [
        ("volume", f"volume={gain:.6f}dB:precision=double"),
        ("alimiter", f"limit={ceiling:.6f}dB:attack=5:release=60:level=disabled:latency=1"),
    ]


def _filter(samples: Samples, out: Samples, chain: Sequence[tuple[str, str]]) -> None:
    """Runs `samples` through a chain of filters into `out`, which is as long."""
    import av.filter

    graph = av.filter.Graph()
    source = f"sample_rate={RATE}:sample_fmt=dbl:channel_layout=mono:time_base=1/{RATE}"
    links = [
        graph.add("abuffer", source),
        *(graph.add(name, options) for name, options in chain),
        graph.add("aformat", "sample_fmts=dbl:channel_layouts=mono"),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*links).configure()
    out[:] = 0.0  # what the chain does not give back
    at = -_ALIGN
    for block in _through(graph, samples):
        kept = block[max(0, -at) : max(0, len(out) - at)]
        out[max(0, at) : max(0, at) + len(kept)] = kept
        at += len(block)


def _through(graph: Any, samples: Samples) -> Iterator[Samples]:
    """Push samples, with `_ALIGN` of silence at both ends, through a filter graph a second at a time and give
    what comes out."""
    import av

    done = (av.error.BlockingIOError, av.error.EOFError)
    silence = np.zeros(_ALIGN, np.float32)
    seconds = (samples[first : first + RATE] for first in range(0, len(samples), RATE))
    pushed = 0
    for block in itertools.chain([silence], seconds, [silence, None]):
        if block is None:
            graph.push(None)
        else:
            frame = av.AudioFrame.from_ndarray(
                block.astype(np.float64)[np.newaxis], format="dbl", layout="mono"
            )
            frame.sample_rate, frame.pts, frame.time_base = RATE, pushed, Fraction(1, RATE)
            graph.push(frame)
            pushed += len(block)
        while True:
            try:
                yield graph.pull().to_ndarray().reshape(-1).astype(np.float32)
            except done:
                break
