"""One picture of each chapter against a kept one; `bin/test tests/renders --update-frames` renews them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from llmtrace.trace import Trace
from renders.draw.camera import Picture
from renders.draw.render import render
from renders.shot import Quality
from scenes.lesson import CHAPTERS, write_lesson

KEPT = Path(__file__).parent / "pictures"
SIZE = Quality(640, 360)
BEAT = 12  # frames: enough for every play of a beat to have some
LEVELS = 24  # a pixel that differs by more is another pixel; less is another version's antialiasing
SHARE = 0.0005  # of all pixels that may be others

# The beat at whose end a chapter is looked at; its last frames may be a fade, so the one before the last.
WHEN = {
    "opening": "model",
    "tokens": "cut",
    "embedding": "lookup",
    "position": "seats",
    "attention": "mask",
    "output": "softmax",
    "loop": "step3",
}


def picture_of(trace: Trace, chapter: str, when: str) -> Picture:
    """The last picture of a beat, (height, width, 3)."""
    beats = [beat.name for beat in write_lesson(trace).chapter(chapter).beats]
    wanted, frame = (beats.index(when) + 1) * BEAT - 1, 0
    found: list[Picture] = []

    def keep(picture: Picture, repeat: int, _changed: object = None) -> None:
        nonlocal frame
        if frame <= wanted < frame + repeat:
            found.append(picture[..., :3].copy())
        frame += repeat

    render(trace, chapter, dict.fromkeys(beats, BEAT), SIZE, 30, keep)
    assert frame == len(beats) * BEAT
    return found[0]


def test_every_chapter_has_a_picture() -> None:
    assert set(WHEN) == set(CHAPTERS)


@pytest.mark.parametrize("chapter", WHEN)
def test_picture(chapter: str, example: Trace, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    drawn = picture_of(example, chapter, WHEN[chapter])
    path = KEPT / f"{chapter}.png"
    if request.config.getoption("--update-frames"):
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(drawn).save(path, optimize=True)
    assert path.is_file(), f"{path} is not kept; make it with --update-frames and look at it"
    kept = np.asarray(Image.open(path).convert("RGB"))
    gap = np.abs(drawn.astype(int) - kept.astype(int)).max(axis=-1)  # (height, width)
    others = float((gap > LEVELS).mean())
    if others > SHARE:
        difference = tmp_path / f"{chapter}-difference.png"
        Image.fromarray(np.hstack([kept, drawn, np.repeat(gap[..., None].astype(np.uint8), 3, -1)])).save(
            difference
        )
        pytest.fail(f"{others:.2%} of the pixels differ; kept, drawn and difference: {difference}")
