"""What all containers share: errors that name the file, a failed end, chapters, and plain text in tags."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import av
from av.container import InputContainer, OutputContainer
from av.stream import Disposition
from PIL import Image

from renders.errors import EncodeError
from renders.store.atomic import cannot_write
from voiceover.plain import plain_text

_Packet: TypeAlias = "av.Packet[Any]"  # generic for the type checker only

MS = Fraction(1, 1000)
Chapter: TypeAlias = tuple[int, int, str]  # from, to (milliseconds), title
TimedText: TypeAlias = tuple[float, float, str]  # from, to (seconds), text


@contextlib.contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Errors of the encoder and the muxer, as OutputError when the disk is at fault, else EncodeError."""
    try:
        yield
    except av.FFmpegError as error:
        if isinstance(error, OSError):  # a full disk, a lost mount
            raise cannot_write(path, error) from error
        raise EncodeError(
            f"{path.name} cannot be encoded ({error.strerror}); choose another preset or size"
        ) from error


def close_failed(container: OutputContainer) -> None:
    """Close a container whose file is given up, so that its handle is free and the file can be removed."""
    with contextlib.suppress(Exception):
        container.close()


def opened(path: Path, *, packets: bool = False) -> InputContainer:
    """The video `path`, to read. Raises EncodeError when it is missing or no video.

    `packets`: of which only packets are wanted. Else FFmpeg decodes a picture as it opens, which takes longer
    than all the packets of a short segment.
    """
    try:
        # absolute: FFmpeg takes what stands before a colon for a protocol
        return av.open(str(path.absolute()), "r", options={"skip_frame": "all"} if packets else None)
    except av.FFmpegError as error:
        raise EncodeError(f"{path} cannot be read as a video ({error.strerror}); make it again") from error


def set_chapters(container: OutputContainer, chapters: Sequence[Chapter]) -> None:
    container.set_chapters(
        [
            {"id": i, "start": start, "end": end, "time_base": MS, "metadata": {"title": _short(title)}}
            for i, (start, end, title) in enumerate(chapters)
        ]
    )


def add_cover(container: OutputContainer, png: bytes) -> list[_Packet]:
    """A picture that belongs to the file as a whole: iTunes' `covr` in MP4 and M4A, ID3's `APIC` in MP3."""
    stream = container.add_stream("png", rate=1)
    stream.width, stream.height = Image.open(BytesIO(png)).size
    stream.pix_fmt = "rgb24"
    stream.disposition = Disposition.attached_pic
    stream.metadata.update({"title": "Cover", "comment": "Cover (front)"})  # ID3's kind of picture
    packet = av.Packet(png)
    packet.stream, packet.pts, packet.dts, packet.is_keyframe = stream, 0, 0, True
    return [packet]


def _short(title: str) -> str:
    title = plain_text(title)
    kept = title.encode()[: _TITLE_BYTES - 3].decode("utf-8", "ignore")
    return title if len(title.encode()) <= _TITLE_BYTES else kept + "…"


_TITLE_BYTES = 255  # of a chapter: its length is 8 bits wide in the list that old players read
