"""What an H.264 stream's headers say, as FFmpeg's own parser reads them."""

from __future__ import annotations

from pathlib import Path

import av
import av.bitstream
import av.logging


def said(path: Path, field: str) -> list[list[int]]:
    """The values of a field of H.264's syntax: first those in the file's own header, then each packet's."""
    values = []
    av.logging.set_level(av.logging.INFO)
    try:
        with av.open(str(path)) as container:
            video = container.streams.video[0]
            with av.logging.Capture() as lines:
                reader = av.bitstream.BitStreamFilterContext("trace_headers", video)
            values.append(_values(lines, field))
            for packet in container.demux(video):
                if packet.size:
                    with av.logging.Capture() as lines:
                        reader.filter(packet)
                    values.append(_values(lines, field))
    finally:
        av.logging.set_level(None)
    return values


def _values(lines: list[tuple[int, str, str]], field: str) -> list[int]:
    return [int(line.split()[-1]) for *_, line in lines if field in line]
