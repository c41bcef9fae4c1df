"""Segments read through by their packets, without decoding: what they hold, and whether they join."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from renders.errors import EncodeError
from renders.media.container import opened


@dataclass(frozen=True)
class Segment:
    """What a segment's packets say of it."""

    path: Path
    frames: int
    width: int
    height: int
    header: bytes  # SPS and PPS, as avcC: equal when two segments can share one header


def read_segment(path: Path, fps: int) -> Segment:
    """Read a segment through, without decoding it.

    Raises EncodeError when it cannot be read, is not one H.264 track, or is not at `fps` frames a second.
    """
    with opened(path, packets=True) as container:
        if [stream.type for stream in container.streams] != ["video"]:
            raise EncodeError(f"{path} is not one silent video track; draw its chapter again")
        video = container.streams.video[0]
        packets = [(p.pts, p.time_base, p.is_keyframe) for p in container.demux(video) if p.size]
        if video.codec_context.name != "h264" or not packets or not packets[0][2]:
            raise EncodeError(f"{path} is not a whole H.264 segment; draw its chapter again")
        shown = [pts * unit * fps for pts, unit, _ in packets if pts is not None]  # in frames
        if shown != list(range(len(packets))):
            raise EncodeError(
                f"{path} is not one picture every 1/{fps} s; draw its chapter again at that rate"
            )
        header = video.codec_context.extradata
        return Segment(path, len(packets), video.width, video.height, header or b"")


def fitting(paths: Sequence[Path], fps: int) -> list[Segment]:
    """The segments, read through, or EncodeError naming the first that cannot stand beside the others."""
    if not paths:
        raise EncodeError("there is no segment to join; draw at least one chapter")
    parts = [read_segment(path, fps) for path in paths]
    first = parts[0]
    for part in parts[1:]:
        if (part.width, part.height) != (first.width, first.height):
            raise EncodeError(
                f"{part.path} is {part.width}×{part.height} and {first.path.name} is "
                f"{first.width}×{first.height}; draw both at one size"
            )
        if part.header != first.header:
            raise EncodeError(
                f"{part.path} and {first.path.name} were encoded with different settings; draw both again"
            )
    return parts
