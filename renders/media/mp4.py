"""Silent segments, a sound track, captions and chapters in; one MP4 that starts to play at once out.

Nothing is encoded again: packets are copied, and those of the segments are counted and numbered through.
"""

import heapq
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from renders.store.atomic import atomic_file
from renders.media.audio import MS, plain, set_chapters
from renders.media.segment import close_failed, named_errors
from renders.errors import EncodeError
from renders.media.joining import Segment, fitting, opened
from voiceover.loudness import RATE

_CUE_BYTES = 0xFFFF  # a caption's length is 16 bits wide (3GPP TS 26.245, 5.17)
# How captions look where a player does not decide: white, centred at the foot. The encoder makes the track's
# sample description of it; the captions themselves never pass through this format.
_CAPTION_STYLE = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, BackColour, Bold, Italic, Underline, Alignment
Style: Default,Sans,16,&Hffffff,&H0,0,0,0,2
"""

Cue = tuple[float, float, str]  # from, to (seconds), text
_Packet: TypeAlias = "av.Packet[Any]"  # generic for the type checker only


def mux(
    segments: Sequence[Path],
    sound: Path | None,
    cues: Sequence[Cue],
    chapters: Sequence[Cue],
    out: Path,
    *,
    fps: int,
    title: str = "",
    language: str = "eng",
    comment: str = "",
) -> None:
    """Join `segments` to the video `out`, an MP4 with its index in front; written aside, then renamed.

    `sound` is an M4A of `renders.media.audio.write_audio`, exactly as long as the picture, or None for a silent
    video. `cues` and `chapters` are (from, to, text) in seconds, in order, not overlapping; they are kept to
    the millisecond and end with the picture at the latest. Their text is plain. `language` is the three
    letters of ISO 639-2 for sound and captions.

    Raises EncodeError, naming the file or the cue, when the parts do not fit together; OutputError when `out`
    cannot be written.
    """
    parts = fitting(segments, fps)
    length = Fraction(sum(part.frames for part in parts), fps)
    spoken = _whole_ms(cues, length, "caption", out)
    titled = _whole_ms(chapters, length, "chapter", out)

    with atomic_file(out) as aside, named_errors(out), ExitStack() as sources:
        container = av.open(str(aside), "w", format="mp4", container_options={"movflags": "+faststart"})
        try:
            with av.open(str(parts[0].path)) as first:
                video = container.add_stream_from_template(first.streams.video[0])
            tracks = [_picture(video, parts, fps)]
            if sound is not None:
                source = sources.enter_context(opened(sound))
                tracks.append(_sound(_add_sound(container, source, language), _fitting(source, length, out)))
            if spoken:
                tracks.append(_captions(_add_captions(container, language), spoken))
            container.metadata.update({"title": plain(title), "comment": plain(comment)})
            set_chapters(container, titled)
            container.start_encoding()
            for packet in heapq.merge(*tracks, key=_decode_time):
                container.mux(packet)
            container.close()
        finally:
            close_failed(container)


def _fitting(source: InputContainer, length: Fraction, out: Path) -> InputContainer:
    """The file of sound, when it is as long as the picture."""
    track = source.streams.audio[0]
    lasts = Fraction(track.duration or 0) * (track.time_base or 0)
    if abs(lasts - length) > Fraction(1, RATE):
        raise EncodeError(
            f"{out.name}: the sound lasts {float(lasts):.3f} s, the picture {float(length):.3f} s; "
            "draw the chapters again for this sound"
        )
    return source


def _whole_ms(spans: Sequence[Cue], length: Fraction, what: str, out: Path) -> list[tuple[int, int, str]]:
    """`spans` in whole milliseconds, in order, within the picture."""
    last = math.floor(length * 1000)
    whole: list[tuple[int, int, str]] = []
    for number, (start, end, text) in enumerate(spans, 1):
        begin, until = round(start * 1000), min(round(end * 1000), last)
        if not (whole[-1][1] if whole else 0) <= begin < until:
            raise EncodeError(
                f"{out.name}: {what} {number} ({start:.3f} to {end:.3f} s) is empty, out of order "
                f"or past the end at {float(length):.3f} s; give each its own time"
            )
        text = plain(text)
        if len(text.encode()) > _CUE_BYTES:
            raise EncodeError(f"{out.name}: {what} {number} is longer than {_CUE_BYTES} bytes; split it")
        whole.append((begin, until, text))
    return whole


def _add_sound(container: OutputContainer, source: InputContainer, language: str) -> AudioStream:
    stream = container.add_stream_from_template(source.streams.audio[0])
    stream.metadata["language"] = language
    return stream


def _add_captions(container: OutputContainer, language: str) -> SubtitleStream:
    stream = container.add_stream("mov_text")
    stream.codec_context.subtitle_header = _CAPTION_STYLE
    stream.codec_context.time_base = stream.time_base = MS
    stream.metadata["language"] = language
    stream.disposition = Disposition.default  # shown without asking, and can be switched off
    return stream


def _picture(video: VideoStream, parts: Sequence[Segment], fps: int) -> Iterator[_Packet]:
    """The segments' packets, numbered through: they stand in the order in which they are shown."""
    number = 0
    for part in parts:
        with opened(part.path) as container:
            for packet in container.demux(video=0):
                if packet.size:
                    packet.pts = packet.dts = number
                    packet.duration = 1
                    packet.time_base = Fraction(1, fps)
                    packet.stream = video
                    number += 1
                    yield packet


def _sound(stream: AudioStream, source: InputContainer) -> Iterator[_Packet]:
    """The packets of a file of sound. AAC's first stands before 0 by the encoder's delay; the muxer's edit
    list drops it.
    """
    for packet in source.demux(audio=0):
        if packet.size:
            packet.stream = stream
            yield packet


def _captions(stream: SubtitleStream, cues: Sequence[tuple[int, int, str]]) -> Iterator[_Packet]:
    """3GPP timed text: a length and UTF-8. The muxer fills the time between captions with empty ones."""
    for start, end, text in cues:
        plain = text.encode()
        packet = av.Packet(len(plain).to_bytes(2, "big") + plain)
        packet.pts = packet.dts = start
        packet.duration = end - start
        packet.time_base = MS
        packet.stream = stream
        yield packet


def _decode_time(packet: _Packet) -> Fraction:
    return (packet.dts or 0) * packet.time_base


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
    cues: tuple[Cue, ...]
    chapters: tuple[Cue, ...]
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
        spans: dict[int, list[tuple[Fraction, Fraction]]] = {s.index: [] for s in container.streams}
        cues: list[Cue] = []
        for packet in container.demux():
            if packet.pts is None or not packet.size:
                continue
            start = packet.pts * packet.time_base
            end = start + (packet.duration or 0) * packet.time_base
            spans[packet.stream_index].append((start, end))
            if text is not None and packet.stream_index == text.index and text.name == "mov_text":
                data = bytes(packet)
                words = data[2 : 2 + int.from_bytes(data[:2], "big")].decode("utf-8", "replace")
                if words:
                    cues.append((float(start), float(end), words))
        seconds = {i: max((end for _, end in s), default=Fraction(0)) for i, s in spans.items()}
        first = min((start for start, _ in spans[video.index]), default=Fraction(0))
        frames = len(spans[video.index])
        shown = seconds[video.index] - first
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
            cues=tuple(cues),
            chapters=tuple(
                (float(c["start"] * unit), float(c["end"] * unit), c["metadata"].get("title", ""))
                for c in container.chapters()
                if (unit := c["time_base"])
            ),
            title=container.metadata.get("title", ""),
            faststart=_index_first(path),
        )


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
