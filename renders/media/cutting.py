"""Parts of a finished video taken out of it by their packets, without decoding."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

from renders.errors import EncodeError
from renders.media.container import close_failed, named_errors, opened
from renders.store.atomic import atomic_file


def cut_picture(video: Path, first: int, last: int, to: Path) -> None:
    """Writes frames `first` up to `last` of a video as a silent segment of their own.

    Raises EncodeError when the video has no such frames, or does not begin a group of pictures at `first`.
    """
    with opened(video) as source, atomic_file(to) as aside, named_errors(to):
        stream = source.streams.video[0]
        rate = stream.average_rate or Fraction(1)
        container = av.open(str(aside), "w", format="mp4")
        try:
            out = container.add_stream_from_template(stream)
            source.seek(round(first / rate / (stream.time_base or 1)), stream=stream)
            number = 0
            for packet in source.demux(stream):
                frame = round((packet.pts or 0) * packet.time_base * rate)
                if not packet.size or frame < first:
                    continue
                if frame >= last:
                    break
                if number == 0 and not (frame == first and packet.is_keyframe):
                    raise EncodeError(
                        f"{video}: frame {first} is no key frame, so that nothing can begin there"
                    )
                packet.pts = packet.dts = number
                packet.duration, packet.time_base, packet.stream = 1, 1 / rate, out
                container.mux(packet)
                number += 1
            if number != last - first:
                raise EncodeError(f"{video}: has no frames {first} to {last}; make the lesson again")
            container.close()
        finally:
            close_failed(container)


def take_sound(media: Path, to: Path) -> None:
    """Writes the sound of a video, or of a file of sound, as an M4A of its own, sample for sample.

    Raises EncodeError when there is no sound in it.
    """
    with opened(media) as source, atomic_file(to) as aside, named_errors(to):
        if not source.streams.audio:
            raise EncodeError(f"{media}: has no sound; make the lesson again")
        stream = source.streams.audio[0]
        options = {"movie_timescale": str(stream.rate)}  # the edit list counts in samples, not milliseconds
        container = av.open(str(aside), "w", format="mp4", container_options=options)
        try:
            out = container.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if packet.size:
                    packet.stream = out
                    container.mux(packet)
            container.close()
        finally:
            close_failed(container)
