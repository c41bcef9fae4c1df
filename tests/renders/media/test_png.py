from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from renders.media.png import png

PICTURES = Path(__file__).parents[1] / "draw" / "pictures"


@pytest.mark.parametrize("name", ["mlp-bend.png", "overview-room.png"])
def test_a_frame_is_the_same_and_smaller(name: str) -> None:
    with Image.open(PICTURES / name) as picture:
        frame = picture.convert("RGB")
    by_zlib = io.BytesIO()
    frame.save(by_zlib, "PNG", optimize=True)
    made = png(frame)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(made))), np.asarray(frame))
    assert len(made) < 0.95 * len(by_zlib.getvalue())


def test_a_picture_of_few_colours_keeps_its_channels() -> None:
    assert Image.open(io.BytesIO(png(Image.new("RGB", (90, 50), "black")))).mode == "RGB"


def test_what_can_be_seen_through_stays_so() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 4), dtype=np.uint8)
    made = Image.open(io.BytesIO(png(Image.fromarray(pixels))))
    assert np.array_equal(np.asarray(made.convert("RGBA")), pixels)


def test_words_stay_in_it() -> None:
    text = PngInfo()
    text.add_itxt("Description", "„Was“ 天 <b>")
    assert Image.open(io.BytesIO(png(Image.new("RGB", (9, 9)), text))).text == {"Description": "„Was“ 天 <b>"}
