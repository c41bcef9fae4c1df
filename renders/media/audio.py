"""Sound and chapters as they stand in a file: an MP4's track, and files of sound alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import OutputContainer

from renders.errors import EncodeError, RequestError
from renders.media.container import Chapter, add_cover, close_failed, named_errors, opened, set_chapters
from renders.store.atomic import atomic_file
from voiceover.loudness import RATE
from voiceover.plain import plain_text
from voiceover.speech import Samples

SOUND_BITS = 160_000  # bits a second, for both channels
# At this rate the encoder's quick search comes as near to a voice-like minute (28.7 dB) as its thorough one
# (28.3 dB), in 0.7 s of one core instead of 2.0.
# Both channels are alike: as middle and side, the side costs nothing (1.4 times as fast, at the same size).
# What a low rate is helped by only harms here: without intensity stereo, noise substitution and temporal
# noise shaping a minute of the lesson's voice comes back at 47.9 dB instead of 35.5, with fewer bytes.
_AAC = {"aac_coder": "fast", "aac_ms": "1", "aac_is": "0", "aac_pns": "0", "aac_tns": "0"}
_QUIET = 1e-5  # a sample below is silence to the encoder
_AROUND = 4  # frames of silence to each side of a seam: what is heard there hangs on no other frame

LAME_SCALE = 0.95  # LAME makes all that it is given quieter by this (measured: 0.446 dB at any level)
_BEFORE = 0.2  # seconds: AAC's blocks overlap, so that the first after a jump is not yet whole

_Packet: TypeAlias = "av.Packet[Any]"  # generic for the type checker only


@dataclass(frozen=True)
class _Kind:
    format: str
    codec: str
    options: Mapping[str, str]  # the container's
    gain: float = 1.0  # of what the encoder is given


KINDS = {
    ".wav": _Kind("wav", "pcm_s16le", {}),
    # An M4A is an MP4 with another brand. Its edit list counts in samples: in milliseconds, as is usual, it
    # would cut the last one short. ID3 2.3 is what every player of MP3 reads.
    ".m4a": _Kind("mp4", "aac", {"movflags": "+faststart", "brand": "M4A ", "movie_timescale": str(RATE)}),
    ".mp3": _Kind("mp3", "libmp3lame", {"id3v2_version": "3"}, gain=1 / LAME_SCALE),
}


def kind_of(path: Path) -> _Kind:
    """The kind of a sound file by its ending; raises `RequestError` for one that cannot be written."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise RequestError(
            f"{path.name}: sound is written as {', '.join(KINDS)}; choose one of these endings"
        )
    return kind


def write_audio(
    path: Path,
    sound: Samples,
    chapters: Sequence[Chapter] = (),
    tags: Mapping[str, str] | None = None,
    cover: bytes | None = None,
    language: str = "eng",
    *,
    channels: int = 2,
    bits: int = SOUND_BITS,
) -> None:
    """Write mono `sound` at `RATE` as a file of the kind that `path` ends with; aside, then renamed.

    `chapters`, `tags` (title, artist, album, comment, …) and `cover`, the bytes of a PNG, are for M4A and
    MP3. `language` is three letters of ISO 639-2. `channels`: 1, or 2 that are alike; `bits` a second has the
    encoder for them. Raises `RequestError` for another ending, `EncodeError` for
    a sound of another form, `OutputError` when the file cannot be written.
    """
    kind = kind_of(path)
    if sound.ndim != 1 or sound.dtype != np.float32:
        raise EncodeError(f"{path.name}: the sound is {sound.dtype} {sound.shape}; make it mono float32")
    if not len(sound):
        raise EncodeError(f"{path.name}: there is no sound to write; choose a chapter with words")
    if not np.isfinite(sound).all():
        raise EncodeError(f"{path.name}: the sound has samples that are no numbers; speak it again")
    with atomic_file(path) as aside, named_errors(path):
        container = av.open(str(aside), "w", format=kind.format, container_options=dict(kind.options))
        try:
            stream = _add_sound(container, kind.codec, language, channels, bits)
            picture = add_cover(container, cover) if cover else []
            container.metadata.update({name: plain_text(text) for name, text in (tags or {}).items()})
            set_chapters(container, chapters)
            container.start_encoding()
            for packet in picture:
                container.mux(packet)
            for packet in _encoded(stream, sound, kind.gain):
                container.mux(packet)
            container.close()
        finally:
            close_failed(container)


def sound_seconds(path: Path) -> float:
    """How long the sound of a file lasts, by its decoded samples. Raises `EncodeError` when it is none."""
    try:
        with av.open(str(path.absolute())) as container:
            return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    except (av.FFmpegError, IndexError) as error:
        raise EncodeError(f"{path} cannot be read as sound ({error}); make it again") from error


def read_sound(media: Path, start: float, end: float) -> Samples:
    """The sound of a file from one second up to another, as the mean of its channels; after its end silence.

    Raises `EncodeError` when there is no sound in it, or it cannot be read.
    """
    first, last = round(start * RATE), round(end * RATE)
    heard = np.zeros(last - first, np.float32)
    with opened(media) as container, named_errors(media):
        if not container.streams.audio:
            raise EncodeError(f"{media}: has no sound; make the lesson again")
        stream = container.streams.audio[0]
        unit = stream.time_base or Fraction(1, RATE)
        container.seek(max(0, round((start - _BEFORE) / unit)), stream=stream)
        for frame in container.decode(stream):
            at = round((frame.pts or 0) * unit * RATE) - first
            if at >= len(heard):
                break
            samples = frame.to_ndarray().astype(np.float32).mean(axis=0)
            begin, until = max(0, at), min(len(heard), at + len(samples))
            if begin < until:
                heard[begin:until] = samples[begin - at : until - at]
    return heard


def _add_sound(
    container: OutputContainer, codec: str, language: str, channels: int, bits: int
) -> AudioStream:
    options = _AAC if codec == "aac" else {}
    stream = container.add_stream(codec, rate=RATE, options=options)
    assert isinstance(stream, AudioStream)
    if codec != "pcm_s16le":
        stream.bit_rate = bits
    stream.layout = "stereo" if channels == 2 else "mono"
    stream.metadata["language"] = language
    return stream


def _encoded(stream: AudioStream, samples: Samples, gain: float) -> Iterator[_Packet]:
    """The encoder's packets of `samples`, (n,), in all channels alike.

    AAC's first stands before 0 by the encoder's delay; the muxer's edit list drops it. It is encoded in two
    threads, by halves that meet in silence, where there is one: so are the bytes the same on any machine.
    """
    if stream.codec_context.name != "aac" or not (seam := _seam(samples, stream.codec_context.frame_size)):
        yield from _part(stream.codec_context, stream, samples, 0, gain)
        return
    delay, before = stream.codec_context.frame_size, seam - _AROUND * stream.codec_context.frame_size
    with ThreadPoolExecutor() as beside:
        other = beside.submit(_part, _twin(stream.codec_context), stream, samples[before:], before, gain)
        halves = _part(stream.codec_context, stream, samples[: seam + delay], 0, gain), other.result()
    yield from (packet for packet in halves[0] if (packet.pts or 0) < seam)
    yield from (packet for packet in halves[1] if (packet.pts or 0) >= seam)


def _seam(samples: Samples, size: int) -> int:
    """The sample nearest to the middle at which a frame begins amid silence; 0 where there is none."""
    frames = len(samples) // size
    framed = samples[: frames * size].reshape(frames, size)
    quiet = np.maximum(framed.max(axis=1, initial=0.0), -framed.min(axis=1, initial=0.0)) < _QUIET
    loud = np.concatenate([[0], np.cumsum(~quiet)])  # frames before each one
    amid = np.flatnonzero(loud[2 * _AROUND :] == loud[: -2 * _AROUND]) + _AROUND
    return int(amid[np.abs(amid - frames // 2).argmin()]) * size if len(amid) else 0


def _twin(encoder: AudioCodecContext) -> AudioCodecContext:
    """Another encoder of the same settings."""
    twin = av.CodecContext.create(encoder.name, "w")
    assert isinstance(twin, AudioCodecContext)
    twin.sample_rate, twin.layout, twin.format = encoder.sample_rate, encoder.layout, encoder.format
    twin.bit_rate, twin.options, twin.time_base = encoder.bit_rate, _AAC, Fraction(1, encoder.sample_rate)
    return twin


def _part(
    encoder: AudioCodecContext, stream: AudioStream, samples: Samples, first: int, gain: float
) -> list[_Packet]:
    """All of an encoder's packets of samples, of which the first is number `first` of the whole."""
    packets, size = list[_Packet](), encoder.frame_size or RATE
    for start in range(0, len(samples), size):
        piece = samples[start : start + size] * np.float32(gain)
        planes = np.stack([piece] * encoder.channels)  # (channel, sample)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=encoder.layout.name)
        frame.sample_rate, frame.pts, frame.time_base = RATE, first + start, Fraction(1, RATE)
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    for packet in packets:
        packet.stream = stream
    return packets
