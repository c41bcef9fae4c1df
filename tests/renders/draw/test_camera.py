"""Our camera draws what manim's own draws, pixel by pixel, and says truly which part of a picture changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from llmtrace.trace import Trace
from renders.bench.drawing import ManimsRenderer
from renders.draw.camera import Picture
from renders.draw.render import render
from renders.media.yuv import Box
from renders.shot import Quality
from scenes import CHAPTERS
from scenes.lesson import ScheduledChapter, paced, write_lesson
from scenes.locale import Locale
from scenes.parts.space.corner import CornerMap
from scenes.parts.texture import Cells, Pixels

SIZE = Quality(320, 180)
BEAT = 20  # frames
LEVELS = 2  # of 255, that a pixel may be off


IN_SPACE = ("opening", "loop", "overview")  # whose narrow faces have no outline: test_space.py looks at those


@pytest.fixture
def unseen_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells are drawn otherwise than by manim, on purpose (test_textures.py): here, only what is around."""
    picture = Cells.picture

    def unseen(cells: Cells, down: int = 1, across: int = 1) -> Pixels:
        drawn = picture(cells, down, across).copy()
        drawn[..., 3] = 0
        return drawn

    monkeypatch.setattr(Cells, "picture", unseen)
    mapped = CornerMap.__init__

    def unmapped(self: CornerMap, *arguments: Any) -> None:
        mapped(self, *arguments)
        for box in self.boxes:
            box.outline.set_stroke(opacity=0)
            for side in box.sides.values():
                side.set_opacity(0)

    monkeypatch.setattr(CornerMap, "__init__", unmapped)


def scheduled(chapter: str, example: Trace) -> ScheduledChapter:
    return paced(write_lesson(example, Locale("en")).chapter(chapter), lambda _: BEAT)


def drawn(chapter: str, example: Trace) -> list[tuple[Picture, int]]:
    """Our pictures of a chapter, and how often each is shown; what is said to have changed in them has."""
    pictures: list[tuple[Picture, int]] = []
    boxes = 0

    def keep(picture: Picture, repeat: int, changed: Box | None = None) -> None:
        nonlocal boxes
        if changed is not None:
            boxes += 1
            left, top, right, bottom = changed
            outside = np.ones(picture.shape[:2], bool)
            outside[top:bottom, left:right] = False
            assert (picture[outside] == pictures[-1][0][outside]).all()
        pictures.append((picture.copy(), repeat))

    render(example, scheduled(chapter, example), SIZE, 30, keep)
    assert boxes
    return pictures


@pytest.mark.parametrize("chapter", [chapter for chapter in CHAPTERS if chapter not in IN_SPACE])
@pytest.mark.usefixtures("unseen_cells")
def test_pictures_are_manims(chapter: str, example: Trace) -> None:
    ours = drawn(chapter, example)
    manims: list[tuple[Picture, int]] = []
    render(
        example,
        scheduled(chapter, example),
        SIZE,
        30,
        lambda p, n, _=None: manims.append((p.copy(), n)),
        renderer=ManimsRenderer,
    )
    assert [repeat for _, repeat in ours] == [repeat for _, repeat in manims]
    gaps = [np.abs(a.astype(int) - b).max() for (a, _), (b, _) in zip(ours, manims, strict=True)]
    assert max(gaps) <= LEVELS


@pytest.mark.parametrize("chapter", IN_SPACE)
def test_what_is_said_to_change_in_space_has(chapter: str, example: Trace) -> None:
    assert drawn(chapter, example)
