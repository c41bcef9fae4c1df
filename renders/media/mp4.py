"""Silent segments, a sound track, captions and chapters in; one MP4 that starts to play at once out.

Nothing is encoded again: packets are copied, and those of the segments are counted and numbered through.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from renders.errors import EncodeError
from renders.media.container import MS, TimedText, add_cover, close_failed, named_errors, opened, set_chapters
from renders.media.h264 import IdrPictures
from renders.media.joining import Segment, fitting
from renders.store.atomic import atomic_file
from voiceover.loudness import RATE
from voiceover.plain import plain_text

COMMENT = "Every number seen or spoken is read from a real forward pass; made by llm-lesson."
_CUE_BYTES = 0xFFFF  # a caption's length is 16 bits wide (3GPP TS 26.245, 5.17)
# How captions look where a player does not decide: white, centred at the foot. The encoder makes the track's
# sample description of it; the captions themselves never pass through this format.
_CAPTION_STYLE = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, BackColour, Bold, Italic, Underline, Alignment
Style: Default,Sans,16,&Hffffff,&H0,0,0,0,2
"""

_Packet: TypeAlias = "av.Packet[Any]"  # generic for the type checker only


def mux(
    segments: Sequence[Path],
    sound: Sequence[Path],
    captions: Sequence[TimedText],
    chapters: Sequence[TimedText],
    out: Path,
    *,
    fps: int,
    title: str = "",
    language: str = "eng",
    comment: str = "",
    cover: bytes | None = None,
) -> None:
    """Join `segments` to the video `out`, an MP4 with its index in front; written aside, then renamed.

    `sound`: M4As of `audio.write_audio` that are together exactly as long as the picture, all but the last of
    whole AAC frames, each beginning and ending in silence; none for a silent video. `captions` and `chapters`
    are (from, to, text) in seconds, in order and apart; they are kept to the millisecond and end with the
    picture at the latest. A chapter's times are rounded up, so that a jump there shows its first frame. No
    text is markup, and what cannot be seen is left out. `language` is the three letters of ISO 639-2 for
    sound and captions. `cover`: the bytes of a PNG, shown where nothing plays.

    Raises EncodeError, naming the file or the text, when the parts do not fit together; OutputError when
    `out` cannot be written.
    """
    parts = fitting(segments, fps)
    length = Fraction(sum(part.frames for part in parts), fps)
    spoken = _whole_ms(captions, length, "caption", out, round)
    titled = _whole_ms(chapters, length, "chapter", out, _up)

    with atomic_file(out) as aside, named_errors(out), ExitStack() as sources:
        container = av.open(str(aside), "w", format="mp4", container_options={"movflags": "+faststart"})
        try:
            with opened(parts[0].path) as first:
                video = container.add_stream_from_template(first.streams.video[0])
            tracks = [_picture(video, parts, fps)]
            if sound:
                heard = [sources.enter_context(opened(path, packets=True)) for path in sound]
                _must_fit(heard, length, out)
                tracks.append(_sound(_add_sound(container, heard[0], language), heard))
            if spoken:
                tracks.append(_captions(_add_captions(container, language), spoken))
            picture = add_cover(container, cover) if cover else []
            container.metadata.update({"title": plain_text(title), "comment": plain_text(comment)})
            set_chapters(container, titled)
            container.start_encoding()
            for packet in picture:
                container.mux(packet)
            for packet in heapq.merge(*tracks, key=_decode_time):
                container.mux(packet)
            container.close()
        finally:
            close_failed(container)


def _must_fit(heard: Sequence[InputContainer], length: Fraction, out: Path) -> None:
    """Raises EncodeError unless the files of sound are as long as the picture."""
    lasts = Fraction(sum(map(_samples, heard)), RATE)
    if abs(lasts - length) > Fraction(1, RATE):
        raise EncodeError(
            f"{out.name}: the sound lasts {float(lasts):.3f} s, the picture {float(length):.3f} s; "
            "draw the chapters again for this sound"
        )


def _samples(source: InputContainer) -> int:
    track = source.streams.audio[0]
    return round((track.duration or 0) * (track.time_base or 0) * RATE)


def _whole_ms(
    spans: Sequence[TimedText], length: Fraction, what: str, out: Path, whole_number: Callable[[float], int]
) -> list[tuple[int, int, str]]:
    """`spans` in whole milliseconds, in order, within the picture."""
    last = math.floor(length * 1000)
    whole: list[tuple[int, int, str]] = []
    for number, (start, end, text) in enumerate(spans, 1):
        begin, until = whole_number(start * 1000), min(whole_number(end * 1000), last)
        if not (whole[-1][1] if whole else 0) <= begin < until:
            raise EncodeError(
                f"{out.name}: {what} {number} ({start:.3f} to {end:.3f} s) is empty, out of order "
                f"or past the end at {float(length):.3f} s; give each its own time"
            )
        text = "\n".join(map(plain_text, text.splitlines()))
        if len(text.encode()) > _CUE_BYTES:
            raise EncodeError(f"{out.name}: {what} {number} is longer than {_CUE_BYTES} bytes; split it")
        whole.append((begin, until, text))
    return whole


def _up(milliseconds: float) -> int:
    """The next whole number; one that a sum of floats missed by a hair is that number itself."""
    return math.ceil(round(milliseconds, 6))


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
    number, pictures = 0, IdrPictures(parts[0].header)
    for part in parts:
        with opened(part.path, packets=True) as container:
            for packet in container.demux(video=0):
                if packet.size:
                    joined = av.Packet(pictures.next(bytes(packet), packet.is_keyframe))
                    joined.pts = joined.dts = number
                    joined.duration, joined.time_base = 1, Fraction(1, fps)
                    joined.is_keyframe, joined.stream = packet.is_keyframe, video
                    number += 1
                    yield joined


def _sound(stream: AudioStream, heard: Sequence[InputContainer]) -> Iterator[_Packet]:
    """The packets of files of sound, one after the other.

    AAC's first stands before 0 by the encoder's delay: the muxer's edit list drops that of the first file. In
    its place the others have silence, which ends the file before.
    """
    begin = 0
    for source in heard:
        for packet in source.demux(audio=0):
            if packet.size and (not begin or (packet.pts or 0) >= 0):
                packet.pts = packet.dts = (packet.pts or 0) + begin
                packet.stream = stream
                yield packet
        begin += _samples(source)


def _captions(stream: SubtitleStream, captions: Sequence[tuple[int, int, str]]) -> Iterator[_Packet]:
    """3GPP timed text: a length and UTF-8. The muxer fills the time between captions with empty ones."""
    for start, end, text in captions:
        words = text.encode()
        packet = av.Packet(len(words).to_bytes(2, "big") + words)
        packet.pts = packet.dts = start
        packet.duration = end - start
        packet.time_base = MS
        packet.stream = stream
        yield packet


def _decode_time(packet: _Packet) -> float:
    """Seconds."""
    return (packet.dts or 0) * float(packet.time_base)
