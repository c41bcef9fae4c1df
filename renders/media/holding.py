"""A picture that stays on at the end of a segment, without encoding anything again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

from renders.media.container import close_failed, named_errors, opened
from renders.media.h264 import FrameNumbers, same_header
from renders.media.x264 import Settings, header, repeat
from renders.store.atomic import atomic_file


def hold(segment: Path, frames: int, settings: Settings, to: Path) -> bool:
    """Writes a silent segment whose last picture stays for so many more frames.

    The segment's packets are copied, and those added skip all. False, and nothing is written, where the
    segment was not encoded with these `settings`, so that no such packet would be understood.
    """
    with opened(segment) as source:
        stream = source.streams.video[0]
        if not same_header(stream.codec_context.extradata or b"", header(settings)):
            return False
        with atomic_file(to) as aside, named_errors(to):
            container = av.open(str(aside), "w", format="mp4")
            try:
                out = container.add_stream_from_template(stream)
                number, since_key, unit = 0, 0, Fraction(1, settings.fps)

                def put(content: bytes, key: bool) -> None:
                    nonlocal number
                    packet = av.Packet(content)
                    packet.pts = packet.dts = number
                    packet.duration, packet.time_base = 1, unit
                    packet.is_keyframe, packet.stream = key, out
                    container.mux(packet)
                    number += 1

                for packet in source.demux(stream):
                    if packet.size:
                        since_key = 0 if packet.is_keyframe else since_key + 1
                        put(bytes(packet), packet.is_keyframe)
                numbers = FrameNumbers(header(settings), repeat(settings), since_key)
                for _ in range(frames):
                    put(_with_lengths(numbers.repeated()), False)
                container.close()
            finally:
                close_failed(container)
    return True


def _with_lengths(stream: bytes) -> bytes:
    """The units of a byte stream (annex B), each behind its length, as MP4 keeps them."""
    units = [unit.rstrip(b"\0") for unit in stream.split(b"\0\0\1") if unit.strip(b"\0")]
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)
