"""Pictures that move by themselves where no video plays: GIF and WebP.

The first picture is the finished one, held for a second: some programs show no other, and where a reader has
asked for no motion it is the still. Then all plays from its start, and again.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.container import OutputContainer
from av.filter import Graph
from av.video.stream import VideoStream
from PIL import Image

from renders.media import graphs
from renders.media.container import close_failed, named_errors
from renders.media.decoding import Pixels
from renders.store.atomic import atomic_file

HELD = 1.0  # seconds that the finished picture stands first
RATE, SLOW, SLOWEST = (
    Fraction(25, 2),
    Fraction(10),
    Fraction(5),
)  # pictures a second: GIF counts in hundredths of a second
_HUNDREDTH, _MS = Fraction(1, 100), Fraction(1, 1000)
_BINS = 1 << 15  # colours by five bits of each channel
_FIRST = 30  # pictures that the finished one counts for: it stands for long, and some see no other
_TRIES = "4"  # how hard a WebP's encoder does

Source = Callable[[], Iterator[Pixels]]  # the pictures, from the first again at every call


def sampled(frames: int, fps: int, rate: Fraction) -> list[int]:
    """Which of the frames are shown at `rate` pictures a second."""
    return [min(round(n * fps / rate), frames - 1) for n in range(max(1, int(frames * rate / fps)))]


def write_webp(finished: Pixels, source: Source, rate: Fraction, to: Path, quality: int) -> None:
    """Writes (height, width, 4) RGBA pictures as a WebP that repeats for ever; `quality` is of 100."""
    options = {"quality": str(quality), "compression_level": _TRIES}
    with atomic_file(to) as aside, named_errors(to):
        at = 0
        with _file(aside, "webp", "libwebp_anim", finished, "bgra", _MS, options) as (container, stream):
            shown = stepped(finished, source(), round(rate), _unseen(quality))
            for at, picture in _timed(finished, shown, rate, _MS):
                frame = graphs.frame_of(picture, at, _MS).reformat(format="bgra")
                frame.pts, frame.time_base = at, _MS
                container.mux(stream.encode(frame))
        aside.write_bytes(_ending(aside.read_bytes(), at + round(1 / rate / _MS)))


def _unseen(quality: int) -> int:
    """How many levels of 255 a WebP's encoder takes for no change (libwebp, `QualityToMaxDiff`)."""
    share = math.sqrt(quality / 100)
    return int(31 * (1 - share) + share + 0.5)


def stepped(before: Pixels, pictures: Iterable[Pixels], ahead: int, unseen: int) -> Iterator[Pixels]:
    """The pictures, with no pixel further than `unseen` levels from its own, and no change of as few.

    An encoder that leaves such changes out would leave out all of a slow fade, and what was there stays on.
    Here it comes in steps that are seen; the last goes to where the pixel is `ahead` pictures on.
    """
    for own, later in _with_later(pictures, ahead):
        wanted = np.where(_near(own, later, unseen), later, own)
        kept = np.where(_near(own, before, unseen), before, own)
        before = np.where(_near(wanted, before, unseen), kept, wanted)
        yield before


def _with_later(pictures: Iterable[Pixels], ahead: int) -> Iterator[tuple[Pixels, Pixels]]:
    """Each picture with that which comes `ahead` after it, or with the last."""
    coming = deque[Pixels]()
    for later in pictures:
        coming.append(later)
        if len(coming) > ahead:
            yield coming.popleft(), later
    while coming:
        yield coming.popleft(), later


def _near(one: Pixels, other: Pixels, levels: int) -> npt.NDArray[np.bool_]:
    """Where two (height, width, 4) pictures differ by so many levels at most, in each channel: (…, 1)."""
    channels = np.maximum(one, other) - np.minimum(one, other) <= levels
    near: npt.NDArray[np.bool_] = channels.view(np.uint32) == 0x01010101  # all four are
    return near


def write_gif(finished: Pixels, source: Source, rate: Fraction, to: Path, colours: int) -> None:
    """Writes (height, width, 4) RGBA pictures as a GIF that repeats for ever, of one palette."""
    palette = _palette(finished, source(), colours)
    graph = Graph()
    buffer = graphs.source(graph, finished.shape[1], finished.shape[0], _HUNDREDTH)
    colour = graphs.source(graph, palette.width, palette.height, _HUNDREDTH)
    use = graph.add("paletteuse", "diff_mode=rectangle:dither=none")
    buffer.link_to(use, 0, 0)
    colour.link_to(use, 0, 1)
    use.link_to(graph.add("buffersink"))
    graph.configure()
    colour.push(palette)
    colour.push(None)
    with (
        atomic_file(to) as aside,
        named_errors(to),
        _file(aside, "gif", "gif", finished, "pal8", _HUNDREDTH, {}) as (container, stream),
    ):

        def put() -> None:
            for done in graphs.pulled(graph):
                for packet in stream.encode(done):
                    packet.duration = round(1 / rate / _HUNDREDTH)  # of the last: none follows that ends it
                    container.mux(packet)

        for at, picture in _timed(finished, source(), rate, _HUNDREDTH):
            buffer.push(graphs.frame_of(picture, at, _HUNDREDTH))
            put()
        buffer.push(None)
        put()


@contextmanager
def _file(
    to: Path, kind: str, codec: str, finished: Pixels, pixels: str, unit: Fraction, options: dict[str, str]
) -> Iterator[tuple[OutputContainer, VideoStream]]:
    """A file that repeats for ever, of one stream; whole when the block ends well."""
    container = av.open(str(to), "w", format=kind, container_options={"loop": "0"})
    try:
        stream = container.add_stream(codec, rate=1 / unit, options=options)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = finished.shape[:2]
        stream.pix_fmt, stream.codec_context.time_base = pixels, unit
        yield container, stream
        container.mux(stream.encode(None))
        container.close()
    finally:
        close_failed(container)


def _palette(finished: Pixels, pictures: Iterator[Pixels], colours: int) -> av.VideoFrame:
    """The colours of all pictures as FFmpeg's filter takes them, 16 × 16; what follows them is transparent.

    The ground keeps its own. Of the others those that cover most are chosen, then moved to the means of what
    they stand for. They weigh the root of their pixels: or a small thing's, which may stand for a number, is
    lost among those of a wall.
    """
    counts, means = _counted(finished, pictures)
    ground = counts.argmax()
    weights = np.ceil(np.sqrt(counts)).astype(int)
    weights[ground] = 0
    shown = Image.fromarray(np.repeat(means, weights, axis=0)[None])
    covering = Image.Quantize.MAXCOVERAGE
    chosen = shown.quantize(colours - 2, covering, kmeans=1, dither=Image.Dither.NONE).getpalette() or []
    table = np.zeros((256, 4), np.uint8)
    table[:-1] = (*means[ground], 255)
    table[1 : colours - 1, :3] = np.resize(chosen, (colours - 2, 3))
    return graphs.frame_of(table.reshape(16, 16, 4), 0, _HUNDREDTH)


def _counted(finished: Pixels, pictures: Iterator[Pixels]) -> tuple[npt.NDArray[np.float64], Pixels]:
    """How many pixels each of n colours has, and (n, 3) RGB; of what stays as it was, once."""
    counts, sums = np.zeros(_BINS), np.zeros((_BINS, 3))

    def count(new: Pixels, weight: int) -> None:
        bins = (new >> 3).astype(np.int32) @ np.array([1 << 10, 1 << 5, 1], np.int32)
        counts[:] += weight * np.bincount(bins, minlength=_BINS)
        for channel in range(3):
            sums[:, channel] += weight * np.bincount(bins, new[:, channel], _BINS)

    count(finished[..., :3].reshape(-1, 3), _FIRST)
    before = finished
    for picture in pictures:
        count(picture[(picture != before).any(axis=2), :3], 1)
        before = picture
    there = counts > 0
    return counts[there], np.rint(sums[there] / counts[there, None]).astype(np.uint8)


def _timed(
    finished: Pixels, pictures: Iterator[Pixels], rate: Fraction, unit: Fraction
) -> Iterator[tuple[int, Pixels]]:
    """Each picture with when it is shown, in so many parts of a second."""
    yield 0, finished
    for number, picture in enumerate(pictures):
        yield round((Fraction(HELD) + number / rate) / unit), picture


def _ending(webp: bytes, end: int) -> bytes:
    """The file with its last picture shown until `end` milliseconds; its encoder guesses how long that is.

    A picture is a chunk "ANMF", whose times are three bytes at 12 (WebP Container Specification).
    """
    at, shown, last = 12, 0, None  # past RIFF's own header
    while at + 8 <= len(webp):
        size = int.from_bytes(webp[at + 4 : at + 8], "little")
        if webp[at : at + 4] == b"ANMF":
            last = at + 8 + 12
            lasts = int.from_bytes(webp[last : last + 3], "little")
            shown += lasts
        at += 8 + size + size % 2
    if last is None:
        return webp
    return webp[:last] + (end - shown + lasts).to_bytes(3, "little") + webp[last + 3 :]
