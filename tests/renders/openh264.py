"""OpenH264's decoder, by its C interface: another one than FFmpeg's, which all else here decodes with.

Debian's Chromium brings the library. Source of the interface: codec_api.h and codec_app_def.h, OpenH264 2.3.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import (
    POINTER,
    Structure,
    byref,
    c_bool,
    c_char_p,
    c_int,
    c_long,
    c_ubyte,
    c_uint,
    c_ulonglong,
    c_void_p,
)
from ctypes.util import find_library
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

_INITIALIZE, _UNINITIALIZE, _DECODE, _FLUSH = 0, 1, 3, 5  # their places in the decoder's table of functions


class _Wanted(Structure):
    _fields_ = (
        ("restored", c_char_p),
        ("load", c_uint),
        ("layer", c_ubyte),
        ("conceals", c_int),  # 0: what is wrong is an error
        ("parses", c_bool),
        ("size", c_uint),
        ("kind", c_int),  # 0: AVC
    )


class _Got(Structure):
    _fields_ = (
        ("status", c_int),
        ("given", c_ulonglong),
        ("shown", c_ulonglong),
        ("width", c_int),
        ("height", c_int),
        ("format", c_int),
        ("stride", c_int * 2),
        ("planes", POINTER(c_ubyte) * 3),
    )


def luma(video: Path, since: float = 0.0) -> Iterator[tuple[float, np.ndarray]]:
    """The time of each frame, and its Y, (height, width) uint8: from the key frame at or before `since` on.

    Skips where OpenH264 is not there; fails where it complains.
    """
    found = find_library("openh264")
    if found is None:
        pytest.skip("no OpenH264 on this machine; bin/setup --dev installs Chromium, which brings it")
    library, decoder = ctypes.CDLL(found), c_void_p()
    assert library.WelsCreateDecoder(byref(decoder)) == 0
    try:
        wanted = _Wanted(conceals=0, parses=False, kind=0)
        assert _function(decoder, _INITIALIZE, c_long, POINTER(_Wanted))(decoder, byref(wanted)) == 0
        decode = _function(decoder, _DECODE, c_int, c_char_p, c_int, c_void_p, POINTER(_Got))
        flush = _function(decoder, _FLUSH, c_int, c_void_p, POINTER(_Got))
        times = []
        for at, stream in _streams(video, since):
            times.append(at)  # a frame comes out when the next goes in
            yield from _shown(
                times, video, lambda *out, stream=stream: decode(decoder, stream, len(stream), *out)
            )
        while times:
            yield from _shown(times, video, lambda *out: flush(decoder, *out), last=True)
    finally:
        _function(decoder, _UNINITIALIZE, c_long)(decoder)
        library.WelsDestroyDecoder(decoder)


def _shown(
    times: list[float], video: Path, decode: Callable[..., int], *, last: bool = False
) -> Iterator[tuple[float, np.ndarray]]:
    got, planes = _Got(), (POINTER(c_ubyte) * 3)()
    state = decode(ctypes.cast(planes, c_void_p), byref(got))
    assert state == 0, f"{video.name}, {times[-1]:.3f} s: OpenH264 says {state:#x}"
    assert got.status or not last, f"{video.name}: OpenH264 has no frame for {times[0]:.3f} s"
    if got.status:
        rows = np.ctypeslib.as_array(planes[0], (got.height, got.stride[0]))
        yield times.pop(0), rows[:, : got.width].copy()


def _function(decoder: c_void_p, place: int, answers: Any, *takes: Any) -> Any:
    table = ctypes.cast(decoder, POINTER(POINTER(c_void_p)))[0]
    return ctypes.CFUNCTYPE(answers, c_void_p, *takes)(table[place])


def _streams(video: Path, since: float) -> Iterator[tuple[float, bytes]]:
    """Each frame's time and its byte stream (annex B), with parameter sets where it is a key frame."""
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        turned = av.bitstream.BitStreamFilterContext("h264_mp4toannexb", stream)
        container.seek(round(since / (stream.time_base or 1)), stream=stream)
        for packet in container.demux(stream):
            for unit in turned.filter(packet) if packet.size else ():
                yield float((unit.pts or 0) * unit.time_base), bytes(unit)
