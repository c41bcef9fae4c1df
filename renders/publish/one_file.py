"""The page as one file that holds its video inside itself: to be sent, or carried on a stick."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

from markupsafe import Markup

from renders.edition.edition import Edition
from renders.errors import RequestError
from renders.media.shrinking import shrink
from renders.progress import NullReporter, Reporter, Stages
from renders.publish.markup import rendered
from renders.publish.page import SCRIPTS, context, picture
from renders.publish.pictures import poster_webp
from renders.store import layout
from renders.store.atomic import atomic_file, ends_with

LARGEST = 30_000_000  # bytes of the file: more makes browsers slow to open it
_MOST = f"{LARGEST / 1e6:.0f} MB"
_HEIGHTS = (540, 480, 360)  # pixels, tried in this order where the lesson's own video is too large
_TEXT = 1_000_000  # bytes kept for all that is no video


def one_file(edition: Edition, out: Path, reporter: Reporter | None = None) -> Path:
    """Writes the page to `out`, an .html; `reporter` is told when its picture is smaller than the lesson's.

    Raises `CheckError` for a lesson without a picture, `RequestError` where no size of it is small enough.
    """
    ends_with(out, ".html", "--out")
    video = picture(edition)
    with tempfile.TemporaryDirectory(prefix="llm-lesson-") as place, atomic_file(out) as aside:
        content = _fitting(edition, video, Path(place), reporter or NullReporter())
        fields = context(edition) | {
            "poster": f"data:image/webp;base64,{_base64(poster_webp(edition))}",
            "levels": (),
            "single": Markup(_base64(content)),
            "media": "",
            "bytes": len(content),
            "card": None,
            "downloads": [],
            "checked": out.name,
        }
        aside.write_text(rendered("page.html", **fields, style="page.css", scripts=SCRIPTS), "utf-8")
    return out


def _fitting(edition: Edition, video: Path, place: Path, reporter: Reporter) -> bytes:
    """The lesson's video, or a smaller one of it, that fits."""
    most = (LARGEST - _TEXT) * 3 // 4  # base64 has four letters for three bytes
    if video.stat().st_size <= most:
        return video.read_bytes()
    own = edition.manifest.picture.height if edition.manifest.picture else max(_HEIGHTS) + 1
    small = place / "small.mp4"
    for height in _HEIGHTS:
        if height <= own and _shrunk(edition, small, height, most, reporter):
            reporter.note(f"the picture is {height} pixels high in it, so that the file stays under {_MOST}")
            return small.read_bytes()
    raise RequestError(
        f"{video}: is too long for one file of {_MOST}; publish it as a folder, without --one-file"
    )


def _shrunk(edition: Edition, to: Path, height: int, most: int, reporter: Reporter) -> bool:
    """Writes the video at a height; False where it would not fit, or look poor."""
    frames = round(edition.manifest.seconds * edition.manifest.fps)
    with Stages(reporter).running("frames"):
        reporter.total(frames, exact=True)
        return shrink(
            edition.media, to, height, most, lambda share: reporter.drawn(layout.VIDEO, round(share * frames))
        )


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
