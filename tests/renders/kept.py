"""A picture against the kept one of its name; `bin/test tests/renders --update-frames` renews them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renders.draw.camera import Picture

KEPT = Path(__file__).parent / "draw" / "pictures"
LEVELS = 24  # a pixel that differs by more is another pixel; less is another version's antialiasing
SHARE = 0.0005  # of all pixels that may be others


def hold(drawn: Picture, name: str, folder: Path, renew: bool) -> None:
    """Fails, and leaves the difference in `folder`, when `drawn`, (height, width, 3), is another picture."""
    path = KEPT / f"{name}.png"
    if renew:
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(drawn).save(path, optimize=True)
    assert path.is_file(), f"{path} is not kept; make it with --update-frames and look at it"
    kept = np.asarray(Image.open(path).convert("RGB"))
    gap = np.abs(drawn.astype(int) - kept.astype(int)).max(axis=-1)  # (height, width)
    others = float((gap > LEVELS).mean())
    if others > SHARE:
        difference = folder / f"{name}-difference.png"
        beside = [kept, drawn, np.repeat(gap[..., None].astype(np.uint8), 3, -1)]
        Image.fromarray(np.hstack(beside)).save(difference)
        pytest.fail(f"{others:.2%} of the pixels differ; kept, drawn and difference: {difference}")
