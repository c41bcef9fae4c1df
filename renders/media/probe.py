"""What a video file holds, read from its packets."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer

from renders.errors import EncodeError
from renders.media.container import TimedText, named_errors, opened


@dataclass(frozen=True)
class Probe:
    """What a video file holds, by its packets rather than by what its header promises."""

    video_codec: str
    profile: str | None
    pix_fmt: str | None
    width: int
    height: int
    fps: float
    video_frames: int
    video_seconds: float
    audio_codec: str | None
    audio_rate: int  # Hz; 0 when there is no sound, like the two below
    audio_channels: int
    audio_seconds: float  # heard: what the encoder put before time 0 is not counted
    subtitle_codec: str | None
    captions: tuple[TimedText, ...]
    chapters: tuple[TimedText, ...]
    title: str
    faststart: bool  # the index stands before the data


def probe(path: Path) -> Probe:
    """Read every packet of `path`, decoding nothing. Raises EncodeError when it is no video."""
    with opened(path) as container, named_errors(path):
        if not container.streams.video:
            raise EncodeError(f"{path} has no picture; make it again")
        video = container.streams.video[0]
        audio = next(iter(container.streams.audio), None)
        text = next(iter(container.streams.subtitles), None)
        bases = {stream.index: stream.time_base or Fraction(0) for stream in container.streams}
        starts, ends = ({index: list[int]() for index in bases} for _ in range(2))  # in ticks of the base
        captions: list[TimedText] = []
        for packet in container.demux():
            if packet.pts is None or not packet.size:
                continue
            index, start, end = packet.stream_index, packet.pts, packet.pts + (packet.duration or 0)
            starts[index].append(start)
            ends[index].append(end)
            if text is not None and index == text.index and text.name == "mov_text":
                data = bytes(packet)
                words = data[2 : 2 + int.from_bytes(data[:2], "big")].decode("utf-8", "replace")
                if words:
                    captions.append((float(start * bases[index]), float(end * bases[index]), words))
        seconds = {index: max(ends[index], default=0) * base for index, base in bases.items()}
        frames = len(starts[video.index])
        shown = seconds[video.index] - min(starts[video.index], default=0) * bases[video.index]
        return Probe(
            video_codec=video.codec_context.name,
            profile=video.profile,
            pix_fmt=video.codec_context.pix_fmt,
            width=video.width,
            height=video.height,
            fps=float(frames / shown) if shown else 0.0,
            video_frames=frames,
            video_seconds=float(shown),
            audio_codec=audio.codec_context.name if audio else None,
            audio_rate=audio.codec_context.sample_rate if audio else 0,
            audio_channels=audio.codec_context.channels if audio else 0,
            audio_seconds=float(seconds[audio.index]) if audio else 0.0,
            subtitle_codec=text.name if text else None,
            captions=tuple(captions),
            chapters=_chapters(container),
            title=container.metadata.get("title", ""),
            faststart=_index_first(path),
        )


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of a video's picture, in pixels. Raises EncodeError when it is no video."""
    with opened(path) as container:
        if not container.streams.video:
            raise EncodeError(f"{path} has no picture; make it again")
        return container.streams.video[0].width, container.streams.video[0].height


def _index_first(path: Path) -> bool:
    """Whether the box `moov` precedes `mdat` (boxes: ISO/IEC 14496-12, 4.2)."""
    with path.open("rb") as file:
        while len(head := file.read(16)) == 16:
            size, kind = int.from_bytes(head[:4], "big"), head[4:8]
            if kind in (b"moov", b"mdat"):
                return kind == b"moov"
            size = int.from_bytes(head[8:], "big") if size == 1 else size
            if size < 8:
                break
            file.seek(size - 16, 1)
    return False


@dataclass(frozen=True)
class SoundTags:
    """What a file of sound says of itself; `cover`: the bytes of its picture, empty when it has none."""

    tags: dict[str, str]
    chapters: tuple[TimedText, ...]
    cover: bytes


def sound_tags(path: Path) -> SoundTags:
    """Reads them; raises EncodeError when it cannot."""
    with opened(path) as container, named_errors(path):
        pictures = (bytes(packet) for packet in container.demux(container.streams.video) if packet.size)
        cover = next(pictures, b"") if container.streams.video else b""
        return SoundTags(dict(container.metadata), _chapters(container), cover)


def _chapters(container: InputContainer) -> tuple[TimedText, ...]:
    return tuple(
        (float(c["start"] * unit), float(c["end"] * unit), c["metadata"].get("title", ""))
        for c in container.chapters()
        if (unit := c["time_base"])
    )
