"""A video as WebM: AV1 and Opus, smaller than H.264 and AAC at the same quality, and slower to make."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import ColorRange
from av.video.reformatter import Colorspace as Matrix
from av.video.stream import VideoStream

from renders.media.container import close_failed, named_errors
from renders.media.decoding import frames
from renders.media.realtime import out_of_real_time
from renders.media.segment import SEEK_SECONDS
from renders.store.atomic import atomic_file
from voiceover.loudness import RATE
from voiceover.plain import plain_text
from voiceover.speech import Samples

# Quality and care of SVT-AV1; bits a second of sound. Beats of the default lesson at 1080p30 (PSNR of luma in
# dB beside its video: the mean, what 5 % of the frames fall below, the least):
#
#     CRF     qkv:one: kB   PSNR           overview:room: kB   PSNR
#     H.264           557                             1,098
#     35              590   51.2 42.2 38.5            1,002   50.0 43.5 38.9
#     42              413   48.6 41.1 37.2              640   47.9 42.4 38.4
#     48              295   46.0 40.1 36.1              435   46.2 41.6 37.4
_CRF, _PRESET, _OPUS = "42", "8", 64_000


def write_webm(
    video: Path,
    span: tuple[int, int],
    size: tuple[int, int],
    to: Path,
    *,
    fps: int,
    held: int,
    sound: Samples | None,
    title: str,
    told: Callable[[int], None],
) -> None:
    """Writes frames of a video at a size; the last one stays for `held` more. `sound`: mono at `RATE`.

    `told` is called with how many frames are done. Raises EncodeError and OutputError.
    """
    os.environ.setdefault("SVT_LOG", "1")  # or it tells standard error how it was built
    with atomic_file(to) as aside, named_errors(to):
        container = av.open(str(aside), "w", format="webm")
        try:
            picture = _picture(container, size, fps)
            heard = _heard(container) if sound is not None else None
            container.metadata["title"] = plain_text(title)
            with out_of_real_time():
                container.start_encoding()
            if sound is not None and heard is not None:
                _put_sound(container, heard, sound)
            shown = None
            for number, frame in enumerate(frames(video, *span)):
                shown = frame.reformat(*size, "yuv420p", dst_color_range=ColorRange.MPEG)
                _put(container, picture, shown, number, fps)
                told(number + 1)
            for number in range(span[1] - span[0], span[1] - span[0] + held):
                if shown is not None:
                    _put(container, picture, shown, number, fps)
            container.mux(picture.encode(None))
            container.close()
        finally:
            close_failed(container)


def _picture(container: OutputContainer, size: tuple[int, int], fps: int) -> VideoStream:
    options = {"crf": _CRF, "preset": _PRESET, "svtav1-params": "lp=2"}
    stream = container.add_stream("libsvtav1", rate=fps, options=options)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, fps)
    stream.codec_context.gop_size = SEEK_SECONDS * fps
    stream.codec_context.color_range, stream.codec_context.colorspace = ColorRange.MPEG, Matrix.ITU709
    return stream


def _heard(container: OutputContainer) -> AudioStream:
    stream = container.add_stream("libopus", rate=RATE)
    assert isinstance(stream, AudioStream)
    stream.bit_rate, stream.layout = _OPUS, "mono"
    return stream


def _put(container: OutputContainer, stream: VideoStream, frame: av.VideoFrame, at: int, fps: int) -> None:
    frame.pts, frame.time_base = at, Fraction(1, fps)
    container.mux(stream.encode(frame))


def _put_sound(container: OutputContainer, stream: AudioStream, sound: Samples) -> None:
    size = stream.codec_context.frame_size or RATE // 50
    for start in range(0, len(sound), size):
        piece = np.ascontiguousarray(sound[None, start : start + size])  # (channel, sample)
        frame = av.AudioFrame.from_ndarray(piece, format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
