"""The pictures that stand for a lesson on pages: its poster, and the card that other sites show."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from renders.edition.edition import Edition
from renders.errors import CheckError
from renders.media.png import png
from renders.media.poster import poster
from renders.store import layout
from scenes import style

CARD_SIZE = (1200, 630)  # pixels: what link cards are cut to


def poster_webp(edition: Edition) -> bytes:
    """The lesson's poster, as small as it looks the same."""
    file = io.BytesIO()
    _poster(edition).save(file, "WEBP", quality=85)
    return file.getvalue()


def card_png(edition: Edition) -> bytes:
    """The poster on our ground, in the shape of a link card."""
    return png(framed(edition, CARD_SIZE))


def framed(edition: Edition, size: tuple[int, int]) -> Image.Image:
    """The whole poster on our ground, as large as fits."""
    picture = ImageOps.contain(_poster(edition), size, Image.Resampling.LANCZOS)
    with style.themed(edition.theme):
        whole = Image.new("RGB", size, style.GROUND)
    whole.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    return whole


def _poster(edition: Edition) -> Image.Image:
    path = edition.folder / layout.POSTER
    try:
        content = path.read_bytes() if path.is_file() else poster([(edition.media, _last_frame(edition))])
        return Image.open(io.BytesIO(content)).convert("RGB")
    except (OSError, Image.DecompressionBombError):
        raise CheckError(f"{path}: is no picture; make the lesson again") from None


def _last_frame(edition: Edition) -> int:
    return round(edition.manifest.seconds * edition.manifest.fps) - 1
