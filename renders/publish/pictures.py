"""The pictures that stand for a lesson on pages: its poster, and the card that other sites show."""

from __future__ import annotations

import io

from PIL import Image

from renders.edition.edition import Edition
from renders.errors import CheckError
from renders.media.poster import poster
from renders.store import layout
from scenes import style

CARD = (1200, 630)  # pixels: what link cards are cut to


def poster_webp(edition: Edition) -> bytes:
    """The lesson's poster, as small as it looks the same."""
    file = io.BytesIO()
    _poster(edition).save(file, "WEBP", quality=85)
    return file.getvalue()


def card_png(edition: Edition) -> bytes:
    """The poster on our ground, in the shape of a link card."""
    picture, file = _poster(edition), io.BytesIO()
    picture.thumbnail(CARD)
    card = Image.new("RGB", CARD, style.GROUND)
    card.paste(picture, ((CARD[0] - picture.width) // 2, (CARD[1] - picture.height) // 2))
    card.save(file, "PNG", optimize=True)
    return file.getvalue()


def _poster(edition: Edition) -> Image.Image:
    path = edition.folder / layout.POSTER
    try:
        content = path.read_bytes() if path.is_file() else poster([edition.media])
        return Image.open(io.BytesIO(content)).convert("RGB")
    except (OSError, Image.DecompressionBombError):
        raise CheckError(f"{path}: is no picture; make the lesson again") from None
