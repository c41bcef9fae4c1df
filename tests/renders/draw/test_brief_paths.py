"""Outlines of an SVG in fewer letters are the same outlines."""

from __future__ import annotations

import numpy as np
import pytest
from svgelements import Path

from renders.draw.brief_paths import brief

LETTER = (
    "M 112.402344 60.5625 C 113.1 60.2 114.35 60.9 114.136719 61.144531 L 110.004 83.004 "
    "C 109 82 108 81 107 80 Z M 120.5 70.25 L 121.123456 70.1 L 121 69 Z M 120.5 70.25 "
)


def along(outline: str) -> np.ndarray:
    path = Path(outline)
    return np.array([[path.point(at).x, path.point(at).y] for at in np.linspace(0, 1, 50)])


@pytest.mark.parametrize(("scale", "off"), [(1.0, 0.01), (0.02, 0.0002)])
def test_it_is_the_same_outline(scale: float, off: float) -> None:
    words = [word if word.isalpha() else f"{float(word) * scale:.6f}" for word in LETTER.split()]
    whole = f'<path style="fill:none" d="{" ".join(words)} "/>'
    short = brief(whole)
    assert len(short) < 0.8 * len(whole)
    before, after = (text.split(' d="')[1].split('"')[0] for text in (whole, short))
    last = before.rindex("M")  # cairo's move to nowhere
    assert np.abs(along(before[:last]) - along(after)).max() < off
    assert after.count("c") == 1  # of two curves one is straight
    assert short.startswith('<path style="fill:none" d="M')


def test_signs_and_noughts() -> None:
    assert brief(' d="M 0.5 -0.25 L 1 0 L -0.05 0.000001 Z M 0.5 -0.25 "') == ' d="M.5-.25l.5 .25l-1.05 0z"'


def test_what_is_no_outline_stays() -> None:
    text = '<svg viewBox="0 0 1.500000 2"><title>d = "M 1.000000"</title></svg>'
    assert brief(text) == text
